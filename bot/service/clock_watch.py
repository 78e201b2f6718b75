"""Checks the machine's clock before actions that can't be undone.

It compares the clock with the messenger's: the Date header of its answers, else the dates of
messages. Between two comparisons time.monotonic shows whether the clock was set. A clock that the
demo or a test moves counts as right, because the simulated messenger uses the same one.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import structlog

from bot.language import Words
from bot.service.clock import Clock

log = structlog.get_logger(__name__)

DOUBTFUL = timedelta(minutes=2)


class ClockWatch:
    """Compares the clock with the messenger's; `last_contact` is the newest stored contact."""

    def __init__(
        self,
        clock: Clock,
        system: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._system = system
        self._steady = steady
        self._ahead: timedelta | None = None  # of the messenger's time, at the last comparison
        self._offset = 0.0  # system time minus monotonic time at that moment
        self._has_header = False  # whether the messenger's answers have a Date header
        self._doubted = False  # as last logged
        self.last_contact: datetime | None = None

    @property
    def ahead(self) -> timedelta | None:
        """How far the clock is ahead of the messenger's; None before the first comparison."""
        if self._ahead is None:
            return None
        # Add how far the system clock was moved since then, relative to the monotonic one.
        return self._ahead + timedelta(seconds=self._system() - self._steady() - self._offset)

    @property
    def messengers_time(self) -> datetime | None:
        """The messenger's present time; None before the first comparison."""
        ahead = self.ahead
        return None if ahead is None else self._clock.now() - ahead

    @property
    def trusted(self) -> bool:
        """Whether the clock is right enough to close, erase or remind; each change is logged."""
        why = self.trouble()
        if (why is not None) != self._doubted:
            self._doubted = why is not None
            if why is not None:
                log.error("the clock is doubtful: nothing is closed, erased or reminded", why=why)
            else:
                log.info("the clock agrees with Telegram's again")
        return why is None

    def trouble(self, words: Words = str.format) -> str | None:
        """Return why the clock is doubtful, in one sentence; None when it is right.

        `words` translates the sentence; the log has it in English.
        """
        ahead = self.ahead
        if ahead is None:
            return words("it couldn't be compared with Telegram's since the start")
        if abs(ahead) > DOUBTFUL:
            time = _in_words(abs(ahead), words)
            if ahead > timedelta():
                return words("it is {time} ahead of Telegram's; set it right", time=time)
            return words("it is {time} behind Telegram's; set it right", time=time)
        if self.last_contact is not None and self._clock.now() < self.last_contact - DOUBTFUL:
            return words(
                "it is before {kept:%Y-%m-%d %H:%M} UTC, a time that has passed already",
                kept=self.last_contact,
            )
        return None

    def answered(self, date: str | None) -> None:
        """Compare the clock with `date`, the Date header of a messenger's answer."""
        if date is None:
            return
        try:
            at = parsedate_to_datetime(date)
        except ValueError:
            return
        self._has_header = True
        self._compare(at if at.tzinfo else at.replace(tzinfo=UTC))

    def dated(self, seconds: int) -> None:
        """Compare the clock with a message's date, which is older when the message had to wait.

        It is used only when answers have no Date header, as those of a local Bot API server.
        """
        at = datetime.fromtimestamp(seconds, UTC)
        if not self._has_header and self._clock.now() - at <= DOUBTFUL:
            self._compare(at)

    def _compare(self, at: datetime) -> None:
        self._ahead = self._clock.now() - at
        self._offset = self._system() - self._steady()


def _in_words(span: timedelta, words: Words) -> str:
    minutes = round(span.total_seconds() / 60)
    if minutes < 120:
        return words("{minutes} minutes", minutes=minutes)
    hours = round(minutes / 60)
    return (
        words("{hours} hours", hours=hours)
        if hours < 48
        else words("{days} days", days=round(hours / 24))
    )
