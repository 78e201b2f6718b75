"""Whether the program can do its work at this moment, part by part, and if not why."""

import asyncio
from collections.abc import Callable

from storage.engine.database import Database
from storage.errors import StorageError

OK = "ok"
SECONDS_TO_WRITE = 2.0


class Readiness:
    """Asked by `/readyz`.

    `telegram` gives why nothing comes from Telegram or goes to it, or None; `clock` what is wrong
    with the clock; `pauses` what Telegram wants to be left alone with, in words.
    """

    def __init__(
        self,
        database: Database,
        telegram: Callable[[], str | None],
        clock: Callable[[], str | None],
        pauses: Callable[[], list[str]],
    ) -> None:
        self._database = database
        self._telegram = telegram
        self._clock = clock
        self.pauses = pauses
        self.stopping = False

    async def look(self) -> dict[str, str]:
        """Each part as "ok", or with what is wrong in one sentence."""
        return {
            "program": "it is stopping" if self.stopping else OK,
            "database": await self._writes(),
            "telegram": self._telegram() or OK,
            "clock": self._clock() or OK,
        }

    async def _writes(self) -> str:
        """Whether the database takes writes: answers and a write of its own, tried just now."""
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
