"""Checks whether the webhook's updates arrive: only Telegram knows, so it is asked every minute.

When another program has removed or changed the webhook, a bot in service sets it again. Errors and
numbers are compared with those of a minute before, not with this machine's clock; an error before a
successful delivery doesn't count.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from telegram import Bot, WebhookInfo
from telegram.error import TelegramError

from bot.service.workers.conflict_monitor import ConflictMonitor
from bot.telegram.calls import reason

log = structlog.get_logger(__name__)

SECONDS_APART = 60.0
SECONDS_TO_ANSWER = 20.0
STALE_SECONDS = 180.0  # an older answer says nothing
CONNECTIONS = 40  # the most updates that Telegram delivers at once


@dataclass(frozen=True, slots=True)
class _Status:
    """Telegram's number of waiting updates, and its calls to the webhook so far."""

    waiting: int
    calls: int


class WebhookWatch:
    """Keeps Telegram's status of the webhook, and the time of its last call."""

    def __init__(
        self,
        bot: Bot,
        address: str | None,
        conflicts: ConflictMonitor,
        put_back: Callable[[], Awaitable[object]],
    ) -> None:
        self._bot = bot
        self._address = address
        self._conflicts = conflicts
        self._put_back = put_back
        self._calls = 0
        self._called_at = time.monotonic()
        self._asked_at: float | None = None
        self._foreign = False
        self._statuses: tuple[_Status, ...] = ()  # the last three, newest last
        self._error: str | None = None
        self._error_date: datetime | None = None
        self._failed_anew = False  # between the last two checks

    @property
    def age(self) -> float:
        """Seconds since Telegram called, or since the start."""
        return time.monotonic() - self._called_at

    def called(self) -> None:
        """Note a call of Telegram whose update was stored."""
        self._calls += 1
        self._called_at = time.monotonic()

    async def run(self) -> None:
        """Check until cancelled; log when updates stop or start to arrive.

        Raises an ExitError when another program takes the webhook of a bot that has just started.
        """
        before: str | None = None
        while True:
            await self.check()
            if self._foreign:
                await self._take_back()
            trouble = self.trouble()
            if trouble != before:
                if trouble is None:
                    log.info("the webhook's updates arrive again")
                else:
                    log.error("the webhook's updates don't arrive", why=trouble)
            before = trouble
            await asyncio.sleep(SECONDS_APART)

    async def check(self) -> None:
        """Ask Telegram once."""
        try:
            async with asyncio.timeout(SECONDS_TO_ANSWER):
                info = await self._bot.get_webhook_info()
        except (TelegramError, TimeoutError) as error:
            why = reason(error) if isinstance(error, TelegramError) else "no answer"
            log.warning("webhook not checked", reason=why)
            self._conflicts.failed()
        else:
            self._note(info)
            if not self._foreign:
                self._conflicts.succeeded(time.monotonic())

    async def _take_back(self) -> None:
        self._conflicts.conflicted()
        try:
            await self._put_back()
        except TelegramError as error:
            log.warning("webhook not set again", reason=reason(error))

    def _note(self, info: WebhookInfo) -> None:
        first, self._asked_at = self._asked_at is None, time.monotonic()
        self._foreign = info.url != self._address
        self._statuses = (*self._statuses[-2:], _Status(info.pending_update_count, self._calls))
        self._failed_anew = info.last_error_date != self._error_date and not first
        self._error, self._error_date = info.last_error_message, info.last_error_date

    def trouble(self) -> str | None:
        """Why updates don't arrive, in one sentence; None when they do."""
        now = time.monotonic()
        if self._asked_at is None:
            return "Telegram hasn't reported on the webhook yet"
        if now - self._asked_at > STALE_SECONDS:
            return f"Telegram wasn't reached for {now - self._asked_at:.0f} seconds"
        if self._foreign:
            return "the webhook was set to another address, or taken away"
        if (rival := self._conflicts.trouble()) is not None:
            return rival
        waiting = self._statuses[-1].waiting
        if waiting and self._failed_anew:
            return f"Telegram can't deliver, {waiting} updates wait: {(self._error or '')[:100]}"
        if self._stands_still():
            return f"{waiting} updates wait at Telegram, and it doesn't call"
        if self._grows():
            return f"{waiting} updates wait at Telegram, more each minute"
        return None

    def _stands_still(self) -> bool:
        """Whether updates have waited for a minute without a single call."""
        if len(self._statuses) < 2:
            return False
        before, last = self._statuses[-2:]
        return min(before.waiting, last.waiting) > 0 and before.calls == last.calls

    def _grows(self) -> bool:
        """Whether the number waiting grows at each check, beyond what is delivered at once."""
        waiting = [one.waiting for one in self._statuses]
        return (
            len(waiting) > 2 and waiting[0] < waiting[1] < waiting[2] and waiting[2] > CONNECTIONS
        )
