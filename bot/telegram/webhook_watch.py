"""Asks Telegram every minute whether the webhook's updates arrive, which only Telegram knows.

When another program has removed or changed the webhook, a bot in service sets it again. Errors and
numbers are compared with those of a minute before, not with this machine's clock. An error before a
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
STALE_SECONDS = 180.0  # an older answer doesn't count
CONNECTIONS = 40  # the most updates that Telegram delivers at once


@dataclass(frozen=True, slots=True)
class _Status:
    """The number of updates that wait at Telegram, and of its calls to the webhook so far."""

    waiting: int
    calls: int


class WebhookWatch:
    """Telegram's last answers about the webhook, and the time of its last call."""

    def __init__(
        self,
        bot: Bot,
        address: str | None,
        conflicts: ConflictMonitor,
        set_webhook: Callable[[], Awaitable[object]],
    ) -> None:
        self._bot = bot
        self._address = address
        self._conflicts = conflicts
        self._set_webhook = set_webhook
        self._calls = 0
        self._called_at = time.monotonic()
        self._asked_at: float | None = None
        self._foreign = False
        self._statuses: tuple[_Status, ...] = ()  # the last three, newest last
        self._error: str | None = None
        self._error_date: datetime | None = None
        self._new_error = False  # whether the error changed between the last two checks

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

        It raises an ExitError when another program takes the webhook of a bot that just started.
        """
        before: str | None = None
        while True:
            await self.check()
            if self._foreign:
                await self._set_again()
            trouble = self.trouble()
            if trouble != before:
                if trouble is None:
                    log.info("the webhook's updates arrive again")
                else:
                    log.error("the webhook's updates don't arrive", why=trouble)
            before = trouble
            await asyncio.sleep(SECONDS_APART)

    async def check(self) -> None:
        """Ask Telegram once for the webhook's status."""
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

    async def _set_again(self) -> None:
        self._conflicts.conflicted()
        try:
            await self._set_webhook()
        except TelegramError as error:
            log.warning("webhook not set again", reason=reason(error))

    def _note(self, info: WebhookInfo) -> None:
        first, self._asked_at = self._asked_at is None, time.monotonic()
        self._foreign = info.url != self._address
        self._statuses = (*self._statuses[-2:], _Status(info.pending_update_count, self._calls))
        self._new_error = info.last_error_date != self._error_date and not first
        self._error, self._error_date = info.last_error_message, info.last_error_date

    def trouble(self) -> str | None:
        """Return why updates don't arrive, in one sentence; None when they do."""
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
        if waiting and self._new_error:
            return f"Telegram can't deliver, {waiting} updates wait: {(self._error or '')[:100]}"
        if self._gets_no_calls():
            return f"{waiting} updates wait at Telegram, and it doesn't call"
        if self._backlog_grows():
            return f"{waiting} updates wait at Telegram, more each minute"
        return None

    def _gets_no_calls(self) -> bool:
        """Return whether updates have waited for a minute without a single call."""
        if len(self._statuses) < 2:
            return False
        before, last = self._statuses[-2:]
        return min(before.waiting, last.waiting) > 0 and before.calls == last.calls

    def _backlog_grows(self) -> bool:
        """Return whether the number of waiting updates grows and exceeds one delivery."""
        waiting = [one.waiting for one in self._statuses]
        return (
            len(waiting) > 2 and waiting[0] < waiting[1] < waiting[2] and waiting[2] > CONNECTIONS
        )
