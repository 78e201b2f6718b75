"""Sends what lies in the outbox, evenly paced, and keeps what became of each message.

Only what surely didn't arrive is sent again. After a lost answer nobody knows, and a reminder that
comes twice is worse than one that may not have come: it is kept as uncertain.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.clock import Clock
from bot.logs import report
from bot.tasks import Tasks
from bot.telegram_channel import NO_CHAT, TelegramChannel, reason, retry_seconds
from bot.transport import never_arrived, refused_by_server
from handlers.channel import TELEGRAM
from handlers.screen_json import from_json
from storage import outbox
from storage.database import Database
from storage.errors import Closed, StorageError
from storage.people import set_reachable

log = structlog.get_logger(__name__)
Claim = Callable[[Connection, datetime, int], list[outbox.Outgoing]]

PER_SECOND = 25
CLAIMED_AT_ONCE = 5  # so few that a crash leaves hardly anything uncertain
IN_FLIGHT = 30
TRIES_AT_A_BROKEN_SERVER = 3  # what it did with the message is nearly sure, not quite
LONGEST_SLEEP = 30.0  # seconds between looks when nothing wakes it
LOOKS_APART = 0.02  # seconds; every handled update wakes it
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0


class Sender:
    """One loop over the outbox; wake() it when something was put in or the clock moved."""

    def __init__(
        self,
        channel: TelegramChannel,
        database: Database,
        clock: Clock,
        tasks: Tasks,
        claim: Claim = outbox.claim,
    ) -> None:
        self._claim = claim
        self._channel = channel
        self._database = database
        self._clock = clock
        self._tasks = tasks
        self._wake = asyncio.Event()
        self._quiet = asyncio.Event()
        self._landed = asyncio.Event()
        self._landed.set()
        self._flying = asyncio.Semaphore(IN_FLIGHT)
        self._in_flight = 0
        self._next_slot = 0.0  # of the monotonic clock
        self._closing = False
        self.sent = 0

    def wake(self) -> None:
        """Look into the outbox now."""
        self._quiet.clear()
        self._wake.set()

    async def idle(self) -> None:
        """Wait until nothing is due and nothing is on its way."""
        await self._quiet.wait()

    async def close(self, seconds: float) -> None:
        """Claim nothing new and wait for what is on its way."""
        self._closing = True
        self._wake.set()
        try:
            async with asyncio.timeout(seconds):
                await self._landed.wait()
        except TimeoutError:
            log.warning("stopped with messages on their way", messages=self._in_flight)

    async def run(self) -> None:
        """Send until closed."""
        await self._database.write(lambda tx: outbox.recover(tx, self._clock.now()))
        while not self._closing:
            self._wake.clear()
            try:
                rows, due = await self._look()
            except Closed:
                return
            except StorageError as error:
                report(log, "outbox not read", error)
                await asyncio.sleep(LONGEST_SLEEP)
                continue
            for row in rows:
                await self._pace()
                await self._flying.acquire()
                self._in_flight += 1
                self._landed.clear()
                self._tasks.start(self._send(row), "send")
            if not rows:
                self._settle()
                late = LONGEST_SLEEP if due is None else (due - self._clock.now()).total_seconds()
                await _wait(self._wake, min(max(late, 0.05), LONGEST_SLEEP))
                await asyncio.sleep(LOOKS_APART)

    async def _look(self) -> tuple[list[outbox.Outgoing], datetime | None]:
        """Claim what is due; when nothing is, say when something will be."""
        now = self._clock.now()
        due = await self._database.read(outbox.next_due)
        if due is None or due > now:  # mostly so, and then the writer isn't troubled
            return [], due
        self._quiet.clear()
        return await self._database.write(lambda tx: self._claim(tx, now, CLAIMED_AT_ONCE)), due

    def _settle(self) -> None:
        if not self._in_flight and not self._wake.is_set():
            self._quiet.set()

    async def _pace(self) -> None:
        present = time.monotonic()
        slot = max(self._next_slot, present)
        self._next_slot = slot + 1 / PER_SECOND
        if slot > present:
            await asyncio.sleep(slot - present)

    async def _send(self, row: outbox.Outgoing) -> None:
        try:
            state, why = await self._try(row)
            now = self._clock.now()

            def keep(tx: Connection) -> None:
                outbox.finish(tx, row.id, state, now, why)

            if state != "waiting":
                await self._database.write(keep)
        except StorageError as error:  # it stays `sending` and is uncertain after a restart
            report(log, "outbox not written", error, message=row.id)
        finally:
            self._flying.release()
            self._in_flight -= 1
            if not self._in_flight:
                self._landed.set()
            self._wake.set()

    async def _try(self, row: outbox.Outgoing) -> tuple[str, str | None]:
        """Send once; gives the state that follows and why."""
        if row.channel != TELEGRAM or row.address is None or row.unreachable:
            return "dropped", "the person can't be reached"
        try:
            await self._channel.deliver(row.address, from_json(row.payload))
        except RetryAfter as error:
            seconds = retry_seconds(error)
            self._next_slot = time.monotonic() + seconds
            await self._later(row, seconds)
            return "waiting", None
        except Forbidden as error:
            await self._unreachable(row)
            return "failed", reason(error)
        except BadRequest as error:
            if any(sign in str(error).lower() for sign in NO_CHAT):
                await self._unreachable(row)
            return "failed", reason(error)
        except NetworkError as error:
            refused = refused_by_server(error) and row.tries + 1 < TRIES_AT_A_BROKEN_SERVER
            if not (never_arrived(error) or refused):
                return "uncertain", reason(error)
            await self._later(row, min(FIRST_PAUSE * 2**row.tries, LONGEST_PAUSE))
            return "waiting", None
        except TelegramError as error:
            return "failed", reason(error)
        except Exception as error:  # noqa: BLE001 - a bug with one message must not stop the others
            report(log, "message failed", error, message=row.id)
            return "failed", type(error).__name__
        self.sent += 1
        return "sent", None

    async def _later(self, row: outbox.Outgoing, seconds: float) -> None:
        when = self._clock.now() + timedelta(seconds=seconds)
        await self._database.write(lambda tx: outbox.postpone(tx, row.id, when))

    async def _unreachable(self, row: outbox.Outgoing) -> None:
        now = self._clock.now()
        await self._database.write(
            lambda tx: set_reachable(tx, row.person_id, reachable=False, now=now)
        )


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
