"""Decides which program continues when two use the same bot token.

Telegram answers both in turn with a conflict (409). A bot that has received updates alone for a
minute is in service: it continues and warns the operators. A bot that has just started exits.
"""

import time
from collections.abc import Callable

import structlog

from bot.service.exit_error import another_poller

log = structlog.get_logger(__name__)

# Telegram refuses two programs in turn, so the time without a conflict decides which one stays.
SECONDS_TO_SERVICE = 60.0
LASTING_SECONDS = 90.0  # a conflict counts this long; two polls or checks are less apart
# between two log entries of a lasting conflict; operators get at most one message a day
REPEAT_SECONDS = 600.0


class ConflictMonitor:
    """Is told the result of each poll or webhook check. Times are monotonic seconds.

    `tell` warns the operators. A new bot ignores the first `forgiven` conflicts.
    """

    def __init__(self, tell: Callable[[], None], *, forgiven: int) -> None:
        self._tell = tell
        self._conflicts_to_ignore = forgiven  # counts down while the bot is new
        self._alone_since: float | None = None
        self._in_service = False
        self._conflict_at: float | None = None
        self._logged_at = float("-inf")

    def succeeded(self, began: float) -> None:
        """Note that this bot received updates alone from `began` until now."""
        if self._alone_since is None:
            self._alone_since = began
        now = time.monotonic()
        self._in_service |= now - self._alone_since >= SECONDS_TO_SERVICE
        if self._conflict_at is not None and not self._lasts(now):
            self._conflict_at = None
            log.info("no other program takes this bot's messages any more")

    def failed(self) -> None:
        """Note a check without a result; the minute of service starts again."""
        self._alone_since = None

    def conflicted(self) -> None:
        """Note a conflict: a new bot raises an ExitError, a bot in service warns the operators."""
        self._alone_since = None
        if not self._in_service:
            # The first conflict may come from this bot's own last poll or an old webhook.
            if self._conflicts_to_ignore == 0:
                raise another_poller()
            self._conflicts_to_ignore -= 1
            log.warning("another program seems to take this bot's messages")
            return
        self._conflict_at = time.monotonic()
        if self._conflict_at - self._logged_at >= REPEAT_SECONDS:
            self._logged_at = self._conflict_at
            log.error("another program takes this bot's messages; stop it, or replace the token")
            self._tell()

    def trouble(self) -> str | None:
        """Return a sentence when another program uses the token; else None."""
        if self._lasts(time.monotonic()):
            return "another program takes this bot's messages; stop it, or replace the token"
        return None

    def _lasts(self, now: float) -> bool:
        return self._conflict_at is not None and now - self._conflict_at < LASTING_SECONDS
