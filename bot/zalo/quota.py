"""The month of a Zalo bot's plan: what was sent, and what may still be.

Replies come first: near the end of the plan reminders and notices are held, so that whoever writes
gets an answer.
"""

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.service.clock import Clock
from storage import bot_usage
from storage.engine.database import Database

log = structlog.get_logger(__name__)

# Zalo's month: where it begins isn't written; the office's own is taken.
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NEARLY = 0.8  # of the plan: then officers are told
# What is left of the plan for what matters more, as parts of it, by the kind of message.
KEPT_FOR_REPLIES = {
    "answer": 0.0,
    "difficulty": 0.0,
    "on_behalf": 0.0,
    "returned": 0.04,
    "correction": 0.04,
    "total": 0.04,
    "reminder": 0.08,
}
KEPT_FROM_NOTICES = 0.12
LOOK_AGAIN = timedelta(hours=1)


class Quota:
    """Counts in memory; the database has the count across restarts."""

    def __init__(self, bot: str, database: Database, clock: Clock, messages: int) -> None:
        self._bot = bot
        self._database = database
        self._clock = clock
        self._messages = messages
        self._month = ""
        self._sent = 0
        self._refused_until: datetime | None = None  # Zalo refuses messages, and not until when

    async def load(self) -> None:
        """Read how many messages were sent this month."""
        month = month_of(self._clock.now())
        self._sent = await self._database.read(lambda tx: bot_usage.sent(tx, self._bot, month))
        self._month = month

    def sent(self) -> None:
        """Count a message that was sent."""
        self._turn()
        self._sent += 1
        month, bot = self._month, self._bot
        self._database.submit_soon(lambda tx: bot_usage.count(tx, bot, month)).add_done_callback(
            _not_counted
        )

    def exceeded(self) -> None:
        """Note that Zalo refused a message: of the plan, or because of a rate."""
        self._refused_until = self.again()

    def holds(self, kind: str) -> bool:
        """Whether a message of the outbox of this kind waits, so that replies can go out."""
        self._turn()
        kept = KEPT_FOR_REPLIES.get(kind, KEPT_FROM_NOTICES)
        return self._refuses or self._sent >= self._messages * (1 - kept)

    @property
    def nearly(self) -> bool:
        """Whether the greater part of the month's messages is used up."""
        self._turn()
        return self._refuses or self._sent >= self._messages * NEARLY

    @property
    def used(self) -> tuple[int, int]:
        """The messages of this month, and those of the plan."""
        self._turn()
        return self._sent, self._messages

    def again(self) -> datetime:
        """When a held message is looked at again: the month, or the plan, may be another then."""
        return self._clock.now() + LOOK_AGAIN

    def _turn(self) -> None:
        month = month_of(self._clock.now())
        if month != self._month:
            self._month, self._sent = month, 0

    @property
    def _refuses(self) -> bool:
        return self._refused_until is not None and self._clock.now() < self._refused_until


def month_of(now: datetime) -> str:
    """The month as it is stored: "2026-11"."""
    return f"{now.astimezone(ZONE):%Y-%m}"


def _not_counted(done: "asyncio.Future[None]") -> None:
    error = None if done.cancelled() else done.exception()
    if error is not None:
        log.warning("a message was not counted", reason=type(error).__name__)
