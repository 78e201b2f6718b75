"""Whether the machine's clock may be trusted with what can't be undone.

It is held against the messenger's own time: the Date of its answers, else the dates of messages.
Between two of them a clock that nobody sets (time.monotonic) tells whether this one was moved.
Nothing is told of a clock that the demo or a test moves on purpose: its messenger moves with it.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import structlog

from bot.service.clock import Clock

log = structlog.get_logger(__name__)

DOUBTFUL = timedelta(minutes=2)


class ClockWatch:
    """Hears the messenger's times; `kept` is the last time that both agreed on, from before."""

    def __init__(
        self,
        clock: Clock,
        system: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._system = system
        self._steady = steady
        self._ahead: timedelta | None = None  # of the messenger's time, when last met
        self._moved = 0.0  # system time less steady time at that moment
        self._by_answers = False
        self._doubted = False  # as it was logged
        self.kept: datetime | None = None

    @property
    def ahead(self) -> timedelta | None:
        """How far the clock is ahead of the messenger's; None before they ever met."""
        if self._ahead is None:
            return None
        return self._ahead + timedelta(seconds=self._system() - self._steady() - self._moved)

    @property
    def messengers_time(self) -> datetime | None:
        """What Telegram's clock says now, as far as it is known."""
        ahead = self.ahead
        return None if ahead is None else self._clock.now() - ahead

    @property
    def trusted(self) -> bool:
        """Whether what can't be undone may be done by this clock; the log is told of a change."""
        why = self.trouble()
        if (why is not None) != self._doubted:
            self._doubted = why is not None
            if why is not None:
                log.error("the clock is doubtful: nothing is closed, erased or reminded", why=why)
            else:
                log.info("the clock agrees with Telegram's again")
        return why is None

    def trouble(self) -> str | None:
        """Why it is doubtful, in one sentence; None when it isn't."""
        ahead = self.ahead
        if ahead is None:
            return "it hasn't met Telegram's time since the start"
        if abs(ahead) > DOUBTFUL:
            side = "ahead of" if ahead > timedelta() else "behind"
            return f"it is {_spoken(abs(ahead))} {side} Telegram's; set it right"
        if self.kept is not None and self._clock.now() < self.kept - DOUBTFUL:
            return f"it is before {self.kept:%Y-%m-%d %H:%M} UTC, a time that has been already"
        return None

    def answered(self, date: str | None) -> None:
        """Telegram answered just now, at the `date` of an HTTP header."""
        if date is None:
            return
        try:
            at = parsedate_to_datetime(date)
        except ValueError:
            return
        self._by_answers = True
        self._met(at if at.tzinfo else at.replace(tzinfo=UTC))

    def dated(self, seconds: int) -> None:
        """A message has this date: the present, or earlier where it had to wait.

        It counts where answers have no date, as those of a Bot API server of one's own.
        """
        at = datetime.fromtimestamp(seconds, UTC)
        if not self._by_answers and self._clock.now() - at <= DOUBTFUL:
            self._met(at)

    def _met(self, at: datetime) -> None:
        self._ahead = self._clock.now() - at
        self._moved = self._system() - self._steady()


def _spoken(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    if minutes < 120:
        return f"{minutes} minutes"
    hours = round(minutes / 60)
    return f"{hours} hours" if hours < 48 else f"{round(hours / 24)} days"
