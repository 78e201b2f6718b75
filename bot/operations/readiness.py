"""The program's readiness: which of its parts work now, and why others don't."""

import asyncio
from collections.abc import Callable, Mapping

from storage.engine.database import Database
from storage.errors import StorageError

OK = "ok"
SECONDS_TO_WRITE = 2.0


class Readiness:
    """The state that `/readyz` shows.

    Each of `bots` returns why no updates or messages pass, or None; `clock` what is wrong with the
    clock, or None; `pauses` the long pauses that messengers demand, in words.
    """

    def __init__(
        self,
        database: Database,
        bots: Mapping[str, Callable[[], str | None]],
        clock: Callable[[], str | None],
        pauses: Callable[[], list[str]],
    ) -> None:
        self._database = database
        self._bots = bots
        self._clock = clock
        self.pauses = pauses
        self.stopping = False

    async def look(self) -> dict[str, str]:
        """For each part "ok", or one sentence that says what is wrong."""
        return {
            "program": "it is stopping" if self.stopping else OK,
            "database": await self._writes(),
            **{name: trouble() or OK for name, trouble in self._bots.items()},
            "clock": self._clock() or OK,
        }

    async def _writes(self) -> str:
        """Whether the database accepts writes: recent ones, and a test write made now."""
        # First the real writes: a test write may succeed on an almost full disk.
        if self._database.failing:
            return "the last write failed; the log says why"
        try:
            async with asyncio.timeout(SECONDS_TO_WRITE):
                await self._database.try_writing()
        except TimeoutError:
            return f"a write took more than {SECONDS_TO_WRITE:g} seconds"
        except StorageError as error:
            return (type(error).__doc__ or "").strip()
        return OK
