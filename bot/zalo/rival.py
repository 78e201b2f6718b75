"""Notices that another program, with the same token, sets a bot's webhook to its own address."""

import time
from collections.abc import Callable

import structlog

log = structlog.get_logger(__name__)

TOLD_FOR = 600.0  # seconds after it was last seen: both set it again each minute


class Rival:
    """What was seen of the other program."""

    def __init__(self, bot: str, steady: Callable[[], float] = time.monotonic) -> None:
        self._bot = bot
        self._steady = steady
        self._seen_at: float | None = None
        self._was_ours = False

    def look(self, *, ours: bool) -> None:
        """Note whether the webhook is this program's; another one counts only after it was."""
        if self._was_ours and not ours:
            log.error("another program set the webhook", bot=self._bot)
            self._seen_at = self._steady()
        self._was_ours = ours

    def trouble(self) -> str | None:
        """Why events may not arrive; None while nobody else takes them."""
        if self._seen_at is None or self._steady() - self._seen_at > TOLD_FOR:
            return None
        return "another program takes this bot's messages with the same token; stop it, or reset it"
