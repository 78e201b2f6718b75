"""The month of a Zalo bot's plan: what was sent, and what may still be.

Replies come first: near the end of the plan reminders and notices are held, so that whoever writes
gets an answer. The count is in the database, so all workers and every start have the same one.
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

# Zalo's month: where it begins isn't written; the office's own is taken.
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NEARLY = 0.8  # of the plan: then officers are told
# What is left of the plan for what matters more, as parts of it, by the kind of message.
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
    """The plan of one bot. Messages are counted by the commit that keeps that they were sent."""

    def __init__(self, bot: str, database: Database, clock: Clock, messages: int) -> None:
        self._bot = bot
        self._database = database
        self._clock = clock
        self._messages = messages
        self._on_the_way = 0  # messages of the outbox that are being sent
        self._sent = 0  # messages that no commit was asked to count yet
        self._being_counted = 0
        self._one_by_one = asyncio.Lock()  # no two messages take the same place
        self._refused_until: datetime | None = None  # Zalo refuses messages, and not until when

    def sent(self) -> None:
        """Note a message that was sent, or may have been."""
        self._sent += 1

    def count_soon(self) -> None:
        """Count what was sent, in the commit of what the caller writes next."""
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
        """Count messages that were sent, or may have been."""
        bot_usage.count(tx, self._bot, month_of(self._clock.now()), messages)

    def exceeded(self) -> None:
        """Note that Zalo refused a message: of the plan, or because of a rate."""
        self._refused_until = self.next_try()

    @asynccontextmanager
    async def reserve(self, kind: str) -> AsyncIterator[bool]:
        """Send a message of the outbox in this context; False: it waits, so that replies go out."""
        kept = RESERVED_SHARES.get(kind, RESERVED_FROM_NOTICES)
        async with self._one_by_one:
            sent, most = await self.used()
            free = not self._refuses and sent + self._on_the_way < most * (1 - kept)
            self._on_the_way += free
        try:
            yield free
        finally:
            self._on_the_way -= free
            self.count_soon()

    async def nearly_used(self) -> bool:
        """Whether the greater part of the month's messages is used up."""
        sent, most = await self.used()
        return self._refuses or sent >= most * NEARLY

    async def used(self) -> tuple[int, int]:
        """The messages of this month, of all workers, and those of the plan."""
        month = month_of(self._clock.now())
        kept = await self._database.read(lambda tx: bot_usage.sent(tx, self._bot, month))
        return kept + self._sent + self._being_counted, self._messages

    def next_try(self) -> datetime:
        """When a held message is looked at again: the month, or the plan, may be another then."""
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
    """The month as it is stored: "2026-11"."""
    return f"{now.astimezone(ZONE):%Y-%m}"
