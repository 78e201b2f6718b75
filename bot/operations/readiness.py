"""The program's readiness: which parts work now, and why the others don't."""

import asyncio
from collections.abc import Callable, Mapping

from storage.engine.database import Database
from storage.errors import StorageError

OK = "ok"
SECONDS_TO_WRITE = 2.0


class Readiness:
    """The state that `/readyz` shows.

    Each of `bots` returns why no updates or messages pass, or None. `clock` returns what is wrong
    with the clock, or None. `pauses` returns sentences about long pauses that messengers demand.
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
        """Return for each part "ok", or one sentence that says what is wrong."""
        return {
            "program": "it is stopping" if self.stopping else OK,
            "database": await self._writes(),
            **{name: trouble() or OK for name, trouble in self._bots.items()},
            "clock": self._clock() or OK,
        }

    async def _writes(self) -> str:
        """Return "ok" if the database accepts writes, else why not."""
        # The real writes come first, because a test write may succeed on an almost full disk.
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
