"""One of several workers: once a second it exchanges call counts and checks whether it is active.

The active worker does what only one worker may do: rounds, reminders, the outbox, evidence. It also
takes over from workers that ended. A worker that loses the database stops being active.
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
from storage.errors import Closed, SingleBotRunning, StorageError
from storage.messages import inbox, worker_calls
from storage.messages.worker_calls import OtherWorkers

if TYPE_CHECKING:
    from storage.engine.worker_session import WorkerSession  # PostgreSQL only

log = structlog.get_logger(__name__)

BEAT_SECONDS = 1.0
BEATS_PER_CHECK = 3  # an update that waits at two checks in a row belonged to an ended worker


@dataclass(frozen=True, slots=True)
class ActiveWorkerCallbacks:
    """The functions that the active worker calls."""

    take_over: Callable[[], Awaitable[None]]
    wake: Callable[[], None]  # other workers may have added messages
    check_chats: Callable[[Iterable[inbox.Address]], None]
    show_again: Callable[[], Awaitable[None]]


class Workers:
    """The cooperation of this worker with the others."""

    def __init__(
        self,
        session: "WorkerSession",
        pacing: Pacing,
        active: asyncio.Event,
        callbacks: ActiveWorkerCallbacks,
    ) -> None:
        self._session = session
        self._pacing = pacing
        self._active = active
        self._callbacks = callbacks
        self._name = secrets.token_hex(8)
        self._waiting: dict[
            inbox.Address, int
        ] = {}  # each chat's oldest waiting update at the last check
        self._living: frozenset[int] = frozenset()
        self._ended = False  # whether a worker had ended at the last check
        self._beats = 0
        self._failing = False

    async def run(self) -> None:
        """Run until cancelled; raise an ExitError when a single bot has taken the database."""
        while True:
            try:
                await self._beat()
            except Closed:
                return
            except SingleBotRunning as error:
                raise ExitError(str(error)) from error
            except StorageError as error:
                self._deactivate()
                if not self._failing:
                    report(log, "no contact with the other workers", error)
                self._failing = True
            else:
                if self._failing:
                    log.info("contact with the other workers again")
                self._failing = False
            await asyncio.sleep(BEAT_SECONDS)

    async def _beat(self) -> None:
        now = asyncio.get_running_loop().time()
        calls, pause = self._pacing.used(now), self._pacing.own_pause(now)
        # This also proves that the connection, and with it every lock, still exists.
        others = await self._session.run(
            partial(_exchange, worker=self._name, calls=calls, pause=pause)
        )
        self._pacing.note_other_workers(now, others.calls, others.pause)
        if not await self._session.try_become_active():
            self._deactivate()
            return
        if not self._active.is_set():
            await self._callbacks.take_over()
            self._active.set()
            log.info("active worker")
            # Checks notice a worker that ends from now on; another one may have ended before.
            self._waiting, self._living = {}, await self._session.workers()
            self._ended = True
            await self._callbacks.show_again()
        self._callbacks.wake()
        self._beats += 1
        if self._beats % BEATS_PER_CHECK == 0:
            await self._check()

    def _deactivate(self) -> None:
        if self._active.is_set():
            log.warning("no longer the active worker")
            self._active.clear()

    async def _check(self) -> None:
        """Take over updates that wait for long and replies that ended workers didn't show."""
        waiting = await self._session.run(inbox.oldest)
        left = [chat for chat, oldest in waiting.items() if self._waiting.get(chat) == oldest]
        self._waiting = waiting
        self._callbacks.check_chats(left)
        living = await self._session.workers()
        ended = bool(self._living - living)
        if ended:
            log.info("a worker ended", living=len(living))
        if ended or self._ended:  # at two checks: its last commit may come after its end
            await self._callbacks.show_again()
        self._living, self._ended = living, ended
        await self._session.run(worker_calls.delete_old)


def _exchange(tx: Connection, *, worker: str, calls: int, pause: float) -> OtherWorkers:
    if calls or pause:
        worker_calls.publish(tx, worker, calls, pause)
    return worker_calls.other_workers(tx, worker)
