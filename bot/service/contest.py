"""What it means that another program takes this bot's messages: who goes on, and who is told.

A bot that has been alone for a minute is in service and goes on, whoever comes; one that has just
come gives way. Telegram refuses both in turn (409), so it is the first that must not give up.
"""

import time
from collections.abc import Callable

import structlog

from bot.service.exit_error import another_poller

log = structlog.get_logger(__name__)

SECONDS_TO_SERVICE = 60.0
LASTING_SECONDS = 90.0  # longer than the pauses after which both ways look again
SAID_AGAIN_SECONDS = 600.0


class Contest:
    """Told how each poll, or each look at the webhook, went; times are monotonic seconds."""

    def __init__(self, tell: Callable[[], None], *, forgiven: int) -> None:
        self._tell = tell
        self._forgiven = forgiven  # of the conflicts that a newcomer meets
        self._well_since: float | None = None
        self._in_service = False
        self._met_at: float | None = None
        self._said_at = float("-inf")

    def well(self, began: float) -> None:
        """It was alone from `began` until now."""
        if self._well_since is None:
            self._well_since = began
        now = time.monotonic()
        self._in_service |= now - self._well_since >= SECONDS_TO_SERVICE
        if self._met_at is not None and not self._lasts(now):
            self._met_at = None
            log.info("no other program takes this bot's messages any more")

    def failed(self) -> None:
        """It could not find out; the minute begins anew."""
        self._well_since = None

    def met(self) -> None:
        """Another one was there. Raises the ExitError of a newcomer; in service it warns."""
        self._well_since = None
        if not self._in_service:
            self._forgiven -= 1
            if self._forgiven < 0:
                raise another_poller()
            log.warning("another program seems to take this bot's messages")
            return
        self._met_at = time.monotonic()
        if self._met_at - self._said_at >= SAID_AGAIN_SECONDS:
            self._said_at = self._met_at
            log.error("another program takes this bot's messages; stop it, or replace the token")
            self._tell()

    def trouble(self) -> str | None:
        """That another program is there, in one sentence; None when it isn't."""
        if self._lasts(time.monotonic()):
            return "another program takes this bot's messages; stop it, or replace the token"
        return None

    def _lasts(self, now: float) -> bool:
        return self._met_at is not None and now - self._met_at < LASTING_SECONDS
