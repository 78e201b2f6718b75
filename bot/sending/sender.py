"""Sends the messages of the outbox at the rate that each bot's messenger allows.

It sends a message again only if it certainly didn't arrive. If the response to a call is lost, the
message stays uncertain, because a reminder that comes twice is worse than a missing one.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from bot.operations.logs import report
from bot.operations.metrics import Metrics
from bot.sending.bot_queue import NO_ADDRESS, NOT_YET, BotQueue, DeliveryOutcome
from bot.service.clock import Clock
from bot.service.tasks import Tasks
from bot.service.waiting import wait_for_event
from handlers.conversation.shown_messages import store_delivered
from handlers.messages.claim import Claimed
from storage.engine.database import Database
from storage.errors import Closed, StorageError
from storage.messages import outbox
from storage.people.addresses import set_reachable

log = structlog.get_logger(__name__)
Claim = Callable[[Connection, datetime, int, Collection[str], Collection[str]], Claimed]

CLAIMED_AT_ONCE = 5  # few, because a crash makes claimed messages uncertain
FIRST_PAUSE = 1.0  # seconds, while the database fails
LONGEST_SLEEP = 30.0  # seconds until it looks for due messages if nothing wakes it
LOOKS_APART = 0.02  # seconds between looks, because every handled update wakes it


class OutboxSender:
    """One loop over the outbox; call wake() after a message was added or the clock moved."""

    def __init__(
        self,
        queues: Mapping[str, BotQueue],
        database: Database,
        clock: Clock,
        tasks: Tasks,
        metrics: Metrics,
        active: asyncio.Event,
        claim: Claim,
        paused_kinds: Callable[[], Collection[str]] = frozenset,
    ) -> None:
        self._queues = queues  # by bot
        self._database = database
        self._clock = clock
        self._tasks = tasks
        self._metrics = metrics
        self._claim = claim
        self._paused_kinds = paused_kinds  # kinds of messages that must wait now
        self._active = active
        self._wake = asyncio.Event()
        self._quiet = asyncio.Event()
        self._one_done = asyncio.Event()  # one message has its result
        self._closing = asyncio.Event()
        self._ended = asyncio.Event()
        self._claimed: set[int] = set()  # claimed messages whose result isn't stored yet

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
                while self._in_flight():
                    await self._next_done()
        except TimeoutError:
            log.warning("stopped while messages were being sent", messages=self._in_flight())

    async def take_over(self) -> None:
        """Mark messages of an ended process as uncertain, because they may have arrived.

        It runs at the start, and when this process becomes the active worker.
        """
        now, claimed_ids = self._clock.now(), frozenset(self._claimed)

        def recover(tx: Connection) -> None:
            for bot, messages in outbox.recover(tx, now, claimed_ids).items():
                count = self._queues[bot].count if bot in self._queues else None
                if count is not None:  # they may have arrived, so they count in the bot's plan
                    count(tx, messages)

        await self._write(recover)

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
                    await wait_for_event(self._wake, LONGEST_SLEEP)
                    continue
                try:
                    look_again = await self._send_due()
                except Closed:
                    return
                except StorageError as error:
                    report(log, "outbox not read", error)
                    await wait_for_event(self._closing, pause)
                    pause = min(pause * 2, LONGEST_SLEEP)
                else:
                    pause = FIRST_PAUSE
                    await self._wait_until(look_again)
        except Closed:
            return  # closed while a write was retried; the next start recovers the messages
        finally:
            self._ended.set()

    async def _send_due(self) -> datetime | None:
        """Send a few due messages; return when to look at the outbox again.

        That is now, if more messages may be due; the time when the next one is due, or when the
        first closed bot can send again; None if no message waits.
        """
        paused = self._paused_kinds()
        due = await self._database.read(lambda tx: outbox.next_due(tx, paused))
        if due is None or due > self._clock.now():  # the usual case, without a write
            return due
        self._quiet.clear()
        shut = await self._closed_bots()
        if len(shut) == len(self._queues):
            await wait_for_event(self._closing, self._seconds_until_open(shut))
            return self._clock.now()
        if self._closing.is_set() or not self._active.is_set():
            return self._clock.now()
        now = self._clock.now()
        claimed = await self._database.write(
            lambda tx: self._claim(tx, now, CLAIMED_AT_ONCE, paused, shut)
        )
        rows = claimed.to_send
        self._claimed.update(row.id for row in rows)
        self._count(claimed)
        await self._start(rows)
        if not rows and not claimed.ended and shut:  # the due messages are of bots that can't send
            due = await self._database.read(lambda tx: outbox.next_due(tx, paused, shut))
            opening = self._clock.now() + timedelta(seconds=self._seconds_until_open(shut))
            return opening if due is None else min(due, opening)
        if not rows:  # the due messages were dropped or postponed
            await asyncio.sleep(LOOKS_APART)
        return self._clock.now()

    async def _closed_bots(self) -> list[str]:
        """Return the bots that can't send soon."""
        return [bot for bot, queue in self._queues.items() if not await queue.check_ready(_now())]

    def _seconds_until_open(self, shut: Sequence[str]) -> float:
        """Return the seconds until the first of these bots can send again."""
        return min((self._queues[bot].wait(_now()) for bot in shut), default=LONGEST_SLEEP)

    def _in_flight(self) -> int:
        return sum(queue.in_flight for queue in self._queues.values())

    def _count(self, claimed: Claimed) -> None:
        """Count the messages that ended at the claim, and log bugs."""
        for state, number in claimed.ended.items():
            if state in self._metrics.ended:
                self._metrics.ended[state].inc(number)
        for bug in claimed.bugs:
            report(log, "message not worded", bug.error, message=bug.id, kind=bug.kind)

    async def _wait_until(self, look_again: datetime | None) -> None:
        """Wait until that time (None: until a message is added), or until something wakes it."""
        left = (
            LONGEST_SLEEP
            if look_again is None
            else (look_again - self._clock.now()).total_seconds()
        )
        if left <= 0:
            return
        if not self._in_flight() and not self._wake.is_set():
            self._quiet.set()
        await wait_for_event(self._wake, min(left, LONGEST_SLEEP))
        await asyncio.sleep(LOOKS_APART)

    async def _start(self, rows: Sequence[outbox.Outgoing]) -> None:
        """Start sending each message in its slot; put back those that would wait for long."""
        passed: set[tuple[str, str]] = set()  # chats with a message put back, to keep their order
        late: set[str] = set()  # bots that can't send more now
        for row in rows:
            bot, address = row.bot or "", row.address
            queue = self._queues.get(bot)
            if queue is None or address is None or row.unreachable:
                await self._store_outcome(row, NO_ADDRESS)
            elif bot in late:
                await self._put_back([row])
            elif (busy := queue.pacing.chat_wait(_now(), address)) or (bot, address) in passed:
                passed.add((bot, address))
                await self._put_back([row], _next_second(self._clock.now(), busy))
            elif await self._turn(queue):
                queue.pacing.take(_now(), address)
                queue.in_flight += 1
                self._tasks.start(self._send(queue, row, address), "send")
            else:
                late.add(bot)
                await self._put_back([row])

    async def _turn(self, queue: BotQueue) -> bool:
        """Wait for the slot of one message; return False if that would take long."""
        while not self._closing.is_set():
            if queue.shut(_now()):
                return False
            if (wait := queue.wait(_now())) > 0:
                await wait_for_event(self._closing, wait)
            elif queue.full():
                await self._next_done()
            else:
                return True
        return False

    async def _next_done(self) -> None:
        """Wait until one message has its result."""
        self._one_done.clear()
        await self._one_done.wait()

    async def _send(self, queue: BotQueue, row: outbox.Outgoing, address: str) -> None:
        try:
            outcome = await queue.delivery.attempt(row, address)
            await self._store_outcome(row, outcome)
        except Closed:  # it stays `sending` and is uncertain after a restart
            log.warning("closed before the result was stored", message=row.id)
        finally:
            queue.in_flight -= 1
            self._one_done.set()
            self._wake.set()

    async def _store_outcome(self, row: outbox.Outgoing, outcome: DeliveryOutcome) -> None:
        if outcome == NOT_YET:
            await self._put_back([row])
            return
        now = self._clock.now()

        def store(tx: Connection) -> None:
            if outcome.not_before is not None:
                outbox.postpone(tx, row.id, outcome.not_before, outcome.why)
                return
            outbox.finish(tx, row.id, outcome.state, now, outcome.why)
            if outcome.sent is not None:
                store_delivered(tx, row, outcome.sent.message, outcome.sent.at)
            if outcome.mark_unreachable and row.bot is not None and row.address is not None:
                set_reachable(tx, row.bot, row.address, reachable=False, now=now)

        await self._write(store)
        if outcome.state in self._metrics.ended:
            self._metrics.ended[outcome.state].inc()
        self._claimed.discard(row.id)

    async def _put_back(
        self, rows: Sequence[outbox.Outgoing], not_before: datetime | None = None
    ) -> None:
        numbers = [row.id for row in rows]
        await self._write(lambda tx: outbox.put_back(tx, numbers, not_before))
        self._claimed.difference_update(numbers)

    async def _write(self, work: Callable[[Connection], object]) -> None:
        """Retry until it succeeds, because a full disk must not lose the result of a message."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self._database.write(work)
            except Closed:
                raise
            except StorageError as error:
                report(log, "outbox not written", error)
                if await wait_for_event(self._closing, pause):
                    raise Closed from error
                pause = min(pause * 2, LONGEST_SLEEP)
            else:
                return


def _next_second(now: datetime, seconds: float) -> datetime:
    """Return the next whole second after that time, one for all messages, to keep their order."""
    return (now + timedelta(seconds=seconds + 1)).replace(microsecond=0)


def _now() -> float:
    return asyncio.get_running_loop().time()
