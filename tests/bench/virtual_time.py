"""An event loop whose clock stands still while anything is being done and jumps when all wait.

Ten minutes of waiting pass in the time that the work itself takes; the machine's speed costs no
virtual time, only what the program waits for does.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.service.clock import Clock
from storage.engine.database import Database

BEGAN = datetime(2026, 11, 20, 2, tzinfo=UTC)
TURN = 1e-9  # seconds of each turn of the loop; a timer may come so much too early and is set again


class VirtualLoop(asyncio.SelectorEventLoop):
    """`busy()` says whether something outside of the loop is at work: a thread, the network."""

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
        """What is ready; when nothing is, the clock jumps to the next timer."""
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
    """The program's clock, going with the loop's."""

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.get_running_loop()

    def now(self) -> datetime:
        """The instant that counts as now."""
        return BEGAN + timedelta(seconds=self._loop.time())


class CountedDatabase(Database):
    """Knows how much it is asked to do at the moment."""

    asked = 0

    async def write(self, work: Any) -> Any:
        """As the database does."""
        self.asked += 1
        try:
            return await super().write(work)
        finally:
            self.asked -= 1

    async def read(self, work: Any) -> Any:
        """As the database does."""
        self.asked += 1
        try:
            return await super().read(work)
        finally:
            self.asked -= 1


def run_virtually(main: Coroutine[Any, Any, Any], busy: Callable[[], bool]) -> Any:
    """Like asyncio.run, in virtual time."""
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(busy)) as runner:
        return runner.run(main)
