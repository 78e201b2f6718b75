"""Sends the messages of the outbox at the rate that Telegram allows, and stores the results.

Only a message that certainly didn't arrive is sent again. When the answer to a call is lost, nobody
knows; a reminder that comes twice is worse than one that may be missing, so it stays uncertain.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection
from telegram.error import TelegramError

from bot.operations.logs import report
from bot.operations.metrics import Metrics
from bot.sending.delivery import LEFT_OUT, NOT_YET, UNREACHABLE, Delivery, Outcome
from bot.sending.pacing import Pacing
from bot.service.clock import Clock
from bot.service.outage import Outage
from bot.service.tasks import Tasks
from bot.telegram.calls import reason
from bot.telegram.channel import TelegramChannel
from handlers.conversation.shown_messages import keep_delivered
from handlers.flow.channel import TELEGRAM
from handlers.messages.claim import Claimed
from storage import outbox
from storage.engine.database import Database
from storage.errors import Closed, StorageError
from storage.people import set_reachable

log = structlog.get_logger(__name__)
Claim = Callable[[Connection, datetime, int, Collection[str]], Claimed]

CLAIMED_AT_ONCE = 5  # so few that a crash leaves hardly anything uncertain
IN_FLIGHT = 20  # enough for the whole pace through a proxy that takes 0.7 s
FIRST_PAUSE = 1.0  # seconds, while the database fails
LONGEST_SLEEP = 30.0  # seconds between looks when nothing wakes it
LOOKS_APART = 0.02  # seconds; every handled update wakes it
SHORT_WAIT = 1.5  # seconds; for longer ones what was claimed is put back


class Sender:
    """One loop over the outbox; call wake() after a message was added or the clock moved."""

    def __init__(
        self,
        channel: TelegramChannel,
        database: Database,
        clock: Clock,
        tasks: Tasks,
        pacing: Pacing,
        metrics: Metrics,
        active: asyncio.Event,
        claim: Claim,
        held: Callable[[], Collection[str]] = frozenset,
    ) -> None:
        self._channel = channel
        self._database = database
        self._clock = clock
        self._tasks = tasks
        self._pacing = pacing
        self._metrics = metrics
        self._claim = claim
        self._held = held  # kinds that go on waiting at this moment
        self._active = active
        self._outage = Outage()
        self._delivery = Delivery(channel, clock, self._outage)
        self._wake = asyncio.Event()
        self._quiet = asyncio.Event()
        self._landed = asyncio.Event()
        self._closing = asyncio.Event()
        self._ended = asyncio.Event()
        self._in_flight = 0
        self._mine: set[int] = set()  # claimed, and not yet kept what became of them

    def wake(self) -> None:
        """Check the outbox now."""
        self._quiet.clear()
        self._wake.set()

    async def idle(self) -> None:
        """Wait until no message is due and none is being sent."""
        await self._quiet.wait()

    async def close(self, seconds: float) -> None:
        """Claim no more messages, put back those not begun, wait for those being sent."""
        self._closing.set()
        self._wake.set()
        try:
            async with asyncio.timeout(seconds):
                await self._ended.wait()
                while self._in_flight:
                    await self._landing()
        except TimeoutError:
            log.warning("stopped with messages on their way", messages=self._in_flight)

    async def take_over(self) -> None:
        """Mark messages of an ended process as uncertain: they may have arrived.

        Called at the start, and when this process becomes the active worker.
        """
        now, mine = self._clock.now(), frozenset(self._mine)
        await self._write(lambda tx: outbox.recover(tx, now, mine))

    async def run(self) -> None:
        """Send until closed, while this is the active worker."""
        pause = FIRST_PAUSE
        try:
            if self._active.is_set():
                await self.take_over()
            while not self._closing.is_set():
                self._wake.clear()
                if not self._active.is_set():
                    self._quiet.set()
                    await _wait(self._wake, LONGEST_SLEEP)
                    continue
                try:
                    due = await self._look()
                except Closed:
                    return
                except StorageError as error:
                    report(log, "outbox not read", error)
                    await _wait(self._closing, pause)
                    pause = min(pause * 2, LONGEST_SLEEP)
                else:
                    pause = FIRST_PAUSE
                    await self._rest(due)
        except Closed:
            return  # told to stop while the disk was full; the next start looks again
        finally:
            self._ended.set()

    async def _look(self) -> datetime | None:
        """Send a few due messages; return when the next one is due, None without any."""
        held = self._held()
        due = await self._database.read(lambda tx: outbox.next_due(tx, held))
        if due is None or due > self._clock.now():  # mostly so, and then nobody is troubled
            return due
        self._quiet.clear()
        if await self._way_is_free():
            now = self._clock.now()
            claimed = await self._database.write(
                lambda tx: self._claim(tx, now, CLAIMED_AT_ONCE, held)
            )
            rows = claimed.to_send
            self._mine.update(row.id for row in rows)
            self._note(claimed)
            await self._hand_out(rows)
            if not rows:  # what was due isn't wanted any more
                await asyncio.sleep(LOOKS_APART)
        return self._clock.now()

    def _note(self, claimed: Claimed) -> None:
        """Count messages that ended at the claim, and log bugs."""
        for state, number in claimed.ended.items():
            if state in self._metrics.ended:
                self._metrics.ended[state].inc(number)
        for bug in claimed.bugs:
            report(log, "message not worded", bug.error, message=bug.id, kind=bug.kind)

    async def _rest(self, due: datetime | None) -> None:
        """Wait until the next message is due."""
        late = LONGEST_SLEEP if due is None else (due - self._clock.now()).total_seconds()
        if late <= 0:
            return
        if not self._in_flight and not self._wake.is_set():
            self._quiet.set()
        await _wait(self._wake, min(max(late, 0.05), LONGEST_SLEEP))
        await asyncio.sleep(LOOKS_APART)

    async def _way_is_free(self) -> bool:
        """Wait for the end of a pause; after an outage, check first whether Telegram answers."""
        while (wait := self._wait_for_turn()) > SHORT_WAIT or self._outage.wait(_now()) > 0:
            if await _wait(self._closing, wait):
                return False
        if self._outage.doubtful:
            try:
                await self._channel.ask()
            except TelegramError as error:  # also when it refuses to be asked: the next try waits
                self._outage.failed(_now())
                log.warning("Telegram not reached", reason=reason(error), pause=self._outage.pause)
                return False
        return not self._closing.is_set() and self._active.is_set()

    async def _hand_out(self, rows: Sequence[outbox.Outgoing]) -> None:
        """Start sending each in its slot; put back those that would have to wait for long."""
        passed: set[str] = set()  # no later message to them overtakes the one put back
        for place, row in enumerate(rows):
            address = row.address
            if row.channel != TELEGRAM or address is None or row.unreachable:
                await self._keep(row, LEFT_OUT)
            elif (busy := self._pacing.chat_wait(_now(), address)) or address in passed:
                passed.add(address)
                await self._put_back([row], _next_second(self._clock.now(), busy))
            elif await self._turn():
                self._pacing.take(_now(), address)
                self._in_flight += 1
                self._tasks.start(self._send(row, address), "send")
            else:
                await self._put_back(rows[place:])
                return

    async def _turn(self) -> bool:
        """Wait for the slot of one message; False when that would take long."""
        while not self._closing.is_set():
            wait = self._wait_for_turn()
            if wait > SHORT_WAIT or self._outage.wait(_now()) > 0:
                return False
            if wait > 0:
                await _wait(self._closing, wait)
            elif self._in_flight >= (1 if self._outage.doubtful else IN_FLIGHT):
                await self._landing()
            else:
                return True
        return False

    def _wait_for_turn(self) -> float:
        return max(self._pacing.bulk_wait(_now()), self._outage.wait(_now()))

    async def _landing(self) -> None:
        self._landed.clear()
        await self._landed.wait()

    async def _send(self, row: outbox.Outgoing, address: str) -> None:
        try:
            outcome = await self._delivery.attempt(row, address)
            await self._keep(row, outcome)
        except Closed:  # it stays `sending` and is uncertain after a restart
            log.warning("closed before it was kept", message=row.id)
        finally:
            self._in_flight -= 1
            self._landed.set()
            self._wake.set()

    async def _keep(self, row: outbox.Outgoing, outcome: Outcome) -> None:
        if outcome is NOT_YET:
            await self._put_back([row])
            return
        now = self._clock.now()

        def keep(tx: Connection) -> None:
            if outcome.not_before is not None:
                outbox.postpone(tx, row.id, outcome.not_before)
                return
            outbox.finish(tx, row.id, outcome.state, now, outcome.why)
            if outcome.landed is not None:
                keep_delivered(tx, row, outcome.landed.message, outcome.landed.at)
            if outcome is UNREACHABLE:
                set_reachable(tx, row.person_id, reachable=False, now=now)

        await self._write(keep)
        if outcome.state in self._metrics.ended:
            self._metrics.ended[outcome.state].inc()
        self._mine.discard(row.id)

    async def _put_back(
        self, rows: Sequence[outbox.Outgoing], not_before: datetime | None = None
    ) -> None:
        numbers = [row.id for row in rows]
        await self._write(lambda tx: outbox.put_back(tx, numbers, not_before))
        self._mine.difference_update(numbers)

    async def _write(self, work: Callable[[Connection], object]) -> None:
        """Retry until it succeeds: a full disk must not lose the result of a message."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self._database.write(work)
            except Closed:
                raise
            except StorageError as error:
                report(log, "outbox not written", error)
                if await _wait(self._closing, pause):
                    raise Closed from error
                pause = min(pause * 2, LONGEST_SLEEP)
            else:
                return


async def _wait(event: asyncio.Event, seconds: float) -> bool:
    """Wait for the event; return whether it came within so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True


def _next_second(now: datetime, seconds: float) -> datetime:
    """The whole second after that time, the same for all messages put back: so they keep order."""
    return (now + timedelta(seconds=seconds + 1)).replace(microsecond=0)


def _now() -> float:
    return asyncio.get_running_loop().time()
