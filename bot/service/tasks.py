"""The only module that starts tasks: it keeps references, logs failures and cancels at the end."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from bot.operations.logs import report

log = structlog.get_logger(__name__)


class Tasks:
    """Background tasks of the program; `on_crash` is called when an essential one fails."""

    def __init__(self, on_crash: Callable[[BaseException], None] | None = None) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._essential: set[asyncio.Task[Any]] = set()
        self._on_crash = on_crash

    def start(
        self, work: Coroutine[Any, Any, Any], name: str, *, essential: bool = False
    ) -> asyncio.Task[Any]:
        """Run `work` in the background."""
        task = asyncio.create_task(work, name=name)  # noqa: TID251 - this is the one place
        self._running.add(task)
        if essential:
            self._essential.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        essential = task in self._essential
        self._essential.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        if essential and self._on_crash:
            self._on_crash(error)
        else:
            report(log, "task failed", error, task=task.get_name())

    async def close(self) -> None:
        """Cancel the running tasks and wait until they have ended."""
        while self._running:
            running = tuple(self._running)
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            # Since Python 3.12 gather() doesn't yield when all tasks have ended already, but
            # _ended() runs in the loop's next iteration.
            await asyncio.sleep(0)
