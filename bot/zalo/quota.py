"""The monthly plan of a Zalo bot: how many messages were sent, and which may still be sent.

Replies have priority. Near the end of the plan reminders and notices wait, so that a person who
writes gets an answer. The count is in the database, so it is the same for all workers and restarts.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from bot.service.clock import Clock
from storage.engine.database import Database
from storage.errors import Closed
from storage.messages import bot_usage

log = structlog.get_logger(__name__)

# Zalo doesn't document when its month begins; the office's own month is used.
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NEARLY = 0.8  # the share of the plan from which officers are told
# The share of the plan that each kind of message leaves unused for more important messages.
RESERVED_SHARES = {
    "answer": 0.0,
    "difficulty": 0.0,
    "on_behalf": 0.0,
    "plan": 0.0,
    "returned": 0.04,
    "correction": 0.04,
    "total": 0.04,
    "reminder": 0.08,
}
RESERVED_FROM_NOTICES = 0.12
RETRY_PAUSE = timedelta(hours=1)


class Quota:
    """The plan of one bot. The commit that stores that a message was sent also counts it."""

    def __init__(self, bot: str, database: Database, clock: Clock, messages: int) -> None:
        self._bot = bot
        self._database = database
        self._clock = clock
        self._messages = messages
        self._in_flight = 0  # messages of the outbox that are being sent
        self._sent = 0  # sent messages whose count isn't submitted to the database yet
        self._being_counted = 0  # sent messages whose count is being committed
        self._reserving = asyncio.Lock()  # no two messages reserve the same one of the plan
        self._refused_until: datetime | None = None  # an assumption: Zalo gives no time

    def sent(self) -> None:
        """Note a message that was sent, or may have been sent."""
        self._sent += 1

    def count_soon(self) -> None:
        """Count the sent messages, in the same commit as the caller's next write."""
        if not self._sent:
            return
        messages = self._sent
        try:
            done = self._database.submit_soon(partial(self.count, messages=messages))
        except Closed:
            log.warning("messages not counted", bot=self._bot, messages=messages)
            return
        self._sent, self._being_counted = 0, self._being_counted + messages
        done.add_done_callback(partial(self._counted, messages))

    def count(self, tx: Connection, messages: int) -> None:
        """Add messages that were sent, or may have been sent, to the stored count."""
        bot_usage.count(tx, self._bot, month_of(self._clock.now()), messages)

    def exceeded(self) -> None:
        """Note that Zalo refused a message because of the plan or of a rate."""
        self._refused_until = self.next_try()

    @asynccontextmanager
    async def reserve(self, kind: str) -> AsyncIterator[bool]:
        """Reserve one message of the plan within the context; yield whether that was possible.

        After False the message of the outbox waits, so that the rest of the plan is for replies.
        """
        reserved = RESERVED_SHARES.get(kind, RESERVED_FROM_NOTICES)
        async with self._reserving:
            sent, most = await self.used()
            free = not self._refuses and sent + self._in_flight < most * (1 - reserved)
            self._in_flight += free
        try:
            yield free
        finally:
            self._in_flight -= free
            self.count_soon()

    async def nearly_used(self) -> bool:
        """Return whether the share NEARLY of the month's messages is used up."""
        sent, most = await self.used()
        return self._refuses or sent >= most * NEARLY

    async def used(self) -> tuple[int, int]:
        """Return how many messages all workers sent in this month, and how many the plan has."""
        month = month_of(self._clock.now())
        stored = await self._database.read(lambda tx: bot_usage.sent(tx, self._bot, month))
        return stored + self._sent + self._being_counted, self._messages

    def next_try(self) -> datetime:
        """Return when to try a waiting message again; a new month or plan may have begun then."""
        return self._clock.now() + RETRY_PAUSE

    @property
    def _refuses(self) -> bool:
        return self._refused_until is not None and self._clock.now() < self._refused_until

    def _counted(self, messages: int, done: "asyncio.Future[None]") -> None:
        self._being_counted -= messages
        error = None if done.cancelled() else done.exception()
        if error is not None:  # they are counted with the next message
            self._sent += messages
            log.warning("messages not counted yet", bot=self._bot, reason=type(error).__name__)


def month_of(now: datetime) -> str:
    """Return the month in its stored form, such as "2026-11"."""
    return f"{now.astimezone(ZONE):%Y-%m}"
