"""An event loop whose clock stands still during work and jumps when everything waits.

Ten minutes of waiting take only as long as the work itself. The speed of the machine does not
change the virtual time.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.service.clock import Clock
from storage.engine.database import Database

BEGAN = datetime(2026, 11, 20, 2, tzinfo=UTC)
TURN = 1e-9  # seconds of each turn of the loop; a timer may be early by this much and is set again


class VirtualLoop(asyncio.SelectorEventLoop):
    """`busy()` says whether something outside the loop works: a thread, the network."""

    def __init__(self, busy: Callable[[], bool]) -> None:
        self.ahead = 0.0
        super().__init__(_Selector(self, busy))

    def time(self) -> float:
        """Virtual seconds."""
        return self.ahead


class _Selector(selectors.DefaultSelector):
    def __init__(self, loop: VirtualLoop, busy: Callable[[], bool]) -> None:
        super().__init__()
        self._loop = loop
        self._busy = busy

    def select(self, timeout: float | None = None) -> list[Any]:
        """Give what is ready; if nothing is, the clock jumps to the next timer."""
        self._loop.ahead += TURN
        found = super().select(0)
        if found or timeout == 0:
            return found
        if timeout is None:
            return super().select(None)
        while self._busy():
            if found := super().select(0.05):
                return found
        self._loop.ahead += timeout
        return []


class VirtualClock(Clock):
    """The clock of the program, driven by the clock of the loop."""

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.get_running_loop()

    def now(self) -> datetime:
        """The present instant."""
        return BEGAN + timedelta(seconds=self._loop.time())


class CountedDatabase(Database):
    """Counts its units of work under way."""

    asked = 0

    async def write(self, work: Any) -> Any:
        """As in the database."""
        self.asked += 1
        try:
            return await super().write(work)
        finally:
            self.asked -= 1

    async def read(self, work: Any) -> Any:
        """As in the database."""
        self.asked += 1
        try:
            return await super().read(work)
        finally:
            self.asked -= 1


def run_virtually(main: Coroutine[Any, Any, Any], busy: Callable[[], bool]) -> Any:
    """Like asyncio.run, in virtual time."""
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(busy)) as runner:
        return runner.run(main)
