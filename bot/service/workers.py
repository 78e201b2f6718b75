"""One of several workers: once a second it tells the others, hears them, and sees who is on duty.

The one on duty does what only one may do: rounds, reminders, the outbox, evidence. It looks after
what dead workers left as well. Who loses the database is off duty until it holds it again.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Connection

from bot.operations.logs import report
from bot.sending.pacing import Pacing
from bot.service.exit_error import ExitError
from storage import inbox, worker_calls
from storage.errors import AloneRunning, Closed, StorageError
from storage.worker_calls import Heard

if TYPE_CHECKING:
    from storage.engine.worker_session import WorkerSession  # PostgreSQL only

log = structlog.get_logger(__name__)

BEAT_SECONDS = 1.0
BEATS_OF_A_LOOK = 3  # what waits at two looks one after the other was left by somebody


@dataclass(frozen=True, slots=True)
class Duty:
    """What there is to do for the worker on duty."""

    take_over: Callable[[], Awaitable[None]]
    wake: Callable[[], None]  # others may have put something in
    look_into: Callable[[Iterable[str]], None]  # chats
    show_again: Callable[[], Awaitable[None]]


class Workers:
    """What one process has to do with the others."""

    def __init__(
        self, session: "WorkerSession", pacing: Pacing, active: asyncio.Event, duty: Duty
    ) -> None:
        self._session = session
        self._pacing = pacing
        self._active = active
        self._duty = duty
        self._name = secrets.token_hex(8)
        self._waiting: dict[str, int] = {}  # the oldest update of each chat, at the last look
        self._living: frozenset[int] = frozenset()
        self._ended = False  # a worker, at the last look
        self._beats = 0
        self._failing = False

    async def run(self) -> None:
        """Beat until cancelled; raises an ExitError when another bot has taken the database."""
        while True:
            try:
                await self._beat()
            except Closed:
                return
            except AloneRunning as error:
                raise ExitError(str(error)) from error
            except StorageError as error:
                self._off_duty()
                if not self._failing:
                    report(log, "not in touch with the other workers", error)
                self._failing = True
            else:
                if self._failing:
                    log.info("in touch with the other workers again")
                self._failing = False
            await asyncio.sleep(BEAT_SECONDS)

    async def _beat(self) -> None:
        now = asyncio.get_running_loop().time()
        calls, pause = self._pacing.used(now), self._pacing.told(now)
        heard = await self._session.run(
            partial(_exchange, worker=self._name, calls=calls, pause=pause)
        )
        self._pacing.heard(now, heard.calls, heard.pause)
        if not await self._session.try_duty():
            self._off_duty()
            return
        if not self._active.is_set():
            await self._duty.take_over()
            self._active.set()
            log.info("on duty")
            # Who dies from here on is missed at a look; one may have died before.
            self._waiting, self._living = {}, await self._session.workers()
            self._ended = True
            await self._duty.show_again()
        self._duty.wake()
        self._beats += 1
        if self._beats % BEATS_OF_A_LOOK == 0:
            await self._look()

    def _off_duty(self) -> None:
        if self._active.is_set():
            log.warning("off duty")
            self._active.clear()

    async def _look(self) -> None:
        """See to what others left: updates that nobody handles, replies that nobody showed."""
        waiting = await self._session.run(inbox.oldest)
        left = [chat for chat, oldest in waiting.items() if self._waiting.get(chat) == oldest]
        self._waiting = waiting
        self._duty.look_into(left)
        living = await self._session.workers()
        ended = bool(self._living - living)
        if ended:
            log.info("a worker ended", living=len(living))
        if ended or self._ended:  # once more: its last commit may have come after its end
            await self._duty.show_again()
        self._living, self._ended = living, ended
        await self._session.run(worker_calls.sweep)


def _exchange(tx: Connection, *, worker: str, calls: int, pause: float) -> Heard:
    if calls or pause:
        worker_calls.say(tx, worker, calls, pause)
    return worker_calls.hear(tx, worker)
