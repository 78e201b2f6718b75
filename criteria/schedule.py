"""Schedules of rounds: the day and month in which a round opens, and its deadline."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LATEST_OPENING = 28  # every month has this day
MONTH_END = 31  # a deadline on this day is the last day of any month
CLOSE_AFTER = timedelta(days=5)  # the time from deadline to close, unless another close is given
_MONTHS_OF_QUARTER = 3


class Every(StrEnum):
    """The interval between the rounds of a schedule."""

    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class Schedule:
    """The days of the month on which a round opens and has its deadline.

    If the deadline is not after the opening, it is in the next month.
    """

    every: Every
    opens_on: int
    deadline_on: int


@dataclass(frozen=True, slots=True)
class Period:
    """One round of a schedule; `number` is its month (1 to 12) or quarter (1 to 4)."""

    every: Every
    number: int
    year: int
    opens: date
    deadline: date


def periods(schedule: Schedule, on: date) -> Iterator[Period]:
    """Yield the periods that open on the day `on` or later, without an end.

    A quarterly round opens in the last month of its quarter.
    """
    first = date(on.year, on.month, 1)
    while True:
        opens = first.replace(day=min(schedule.opens_on, LATEST_OPENING))
        quarterly = schedule.every is Every.QUARTER
        if opens >= on and not (quarterly and first.month % _MONTHS_OF_QUARTER):
            number = first.month // _MONTHS_OF_QUARTER if quarterly else first.month
            yield Period(schedule.every, number, first.year, opens, _deadline(schedule, first))
        first = _month_after(first)


def period_due(schedule: Schedule, next_on: date, today: date) -> tuple[Period | None, date]:
    """Return the period to open today (None: none), and the day of the next opening.

    If several openings were missed, only the newest is opened, and only before its deadline.
    """
    due: Period | None = None
    for period in periods(schedule, next_on):
        if period.opens > today:
            return due, period.opens
        due = period if period.deadline >= today else None
    raise AssertionError("periods never end")


def _deadline(schedule: Schedule, first: date) -> date:
    later = schedule.deadline_on <= schedule.opens_on
    month = _month_after(first) if later else first
    return month.replace(day=min(schedule.deadline_on, monthrange(month.year, month.month)[1]))


def _month_after(first: date) -> date:
    return (first + timedelta(days=MONTH_END)).replace(day=1)
