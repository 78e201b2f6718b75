"""The events for the browser page, and a bell that wakes waiting tasks."""

import asyncio
import contextlib
from collections import deque
from typing import Any


class Bell:
    """Wakes all waiting tasks. It isn't bound to an event loop until a task waits."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake all waiting tasks."""
        rung, self._rung = self._rung, asyncio.Event()
        rung.set()

    async def wait(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 - a long poll's
        """Return at the next ring, or after `timeout` seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._rung.wait()


class Journal:
    """The last events, numbered from 1; older ones are deleted."""

    def __init__(self, bell: Bell, keep: int) -> None:
        self._events: deque[dict[str, Any]] = deque(maxlen=keep)
        self._bell = bell
        self.last = 0

    def add(self, kind: str, phone: int | None, **what: object) -> None:
        """Add an event and wake the requests of the page that wait for one."""
        self.last += 1
        self._events.append({**what, "seq": self.last, "phone": phone, "type": kind})
        self._bell.ring()

    def after(self, number: int) -> list[dict[str, Any]]:
        """Return the events after `number` that are still stored."""
        if number >= self.last:
            return []
        return [event for event in self._events if event["seq"] > number]
