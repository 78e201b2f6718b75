"""When a round sends reminders: its plan, the times of its entries, and the entry due on a day.

Hours are in the time zone of the commune; results are instants. Nothing is sent here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MORNING, EVENING = time(7), time(21)  # nobody gets a message between evening and morning
USUAL_HOUR = time(8)
WEEKLY_HOUR = time(7, 30)  # of the leaders' summary, on Mondays
_DAY = timedelta(days=1)


class Anchor(StrEnum):
    """What the days of an entry are counted from; WEEK is every Monday, END the close itself."""

    OPENING = "opening"
    DEADLINE = "deadline"
    CLOSE = "close"
    WEEK = "week"
    END = "end"


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A number of days after the anchor, or before it if negative."""

    anchor: Anchor
    days: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """The entries by which people who have not reported are reminded, and the hour of the day."""

    entries: tuple[Entry, ...]
    at: time = USUAL_HOUR


@dataclass(frozen=True, slots=True)
class Dates:
    """The three instants of a round, and the time zone of its days."""

    opens_at: datetime
    deadline: datetime
    closes_at: datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """An entry with its instant."""

    at: datetime
    entry: Entry


USUAL = Plan(
    (
        Entry(Anchor.OPENING),
        *(Entry(Anchor.DEADLINE, days) for days in (-7, -3, -1, 0, 1)),
        Entry(Anchor.CLOSE, -1),
    )
)
_SUMMARIES = (Entry(Anchor.WEEK), Entry(Anchor.DEADLINE, -1))


def course_of_reports(plan: Plan, dates: Dates) -> tuple[Due, ...]:
    """Give when people who have not reported are reminded, in order of time.

    Entries before the opening or after the close are left out.
    """
    return _course((Due(at, entry) for entry in plan.entries for at in _at(entry, plan.at, dates)),
                   dates)  # fmt: skip


def course_of_summaries(dates: Dates) -> tuple[Due, ...]:
    """Give when leaders get a summary: on Mondays and on the day before the deadline."""
    found = (Due(at, entry) for entry in _SUMMARIES for at in _at(entry, USUAL_HOUR, dates))
    return _course(found, dates)


def course_of_end(dates: Dates) -> tuple[Due, ...]:
    """Give when everybody gets the result of a closed round."""
    return (Due(waking(dates.closes_at, dates.zone, USUAL_HOUR), Entry(Anchor.END)),)


def due_from(
    course: Sequence[Due], since: datetime, now: datetime, zone: ZoneInfo
) -> tuple[datetime, Due] | None:
    """Give the entry that must still be sent today, and when; None if there is none.

    Entries before `since` are done. Entries of today become one message at the earliest of their
    times, or at once if one of them is due already. Otherwise only the newest overdue entry is
    sent, at once or when people wake, and none if that day has an entry of its own.
    """
    night = end_of_day(now, zone)
    to_come = [one for one in course if since <= one.at and now < one.at < night]
    overdue = [one for one in course if since <= one.at <= now]
    if to_come:
        due_today = bool(overdue) and local_day(overdue[-1].at, zone) == local_day(now, zone)
        return (waking(now, zone), overdue[-1]) if due_today else (to_come[0].at, to_come[0])
    if not overdue:
        return None
    when = waking(now, zone)
    if any(now < one.at < end_of_day(when, zone) for one in course):
        return None
    return when, overdue[-1]


def still_due(course: Sequence[Due], planned: Due, now: datetime, zone: ZoneInfo) -> bool:
    """Whether a planned entry must still be sent: it exists, and no later one is due."""
    if planned not in course:
        return False
    night = end_of_day(now, zone)
    today = local_day(planned.at, zone) == local_day(now, zone)
    return today or not any(planned.at < one.at < night for one in course)


def waking(moment: datetime, zone: ZoneInfo, morning: time = MORNING) -> datetime:
    """Give this instant, or the next morning if people sleep."""
    local = moment.astimezone(zone)
    if MORNING <= local.time() < EVENING:
        return moment
    day = local.date() + timedelta(days=local.time() >= EVENING)
    return _instant(day, morning, zone, moment)


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """Give the calendar day in the time zone."""
    return moment.astimezone(zone).date()


def end_of_day(moment: datetime, zone: ZoneInfo) -> datetime:
    """Give the instant at which that calendar day ends."""
    return _instant(local_day(moment, zone) + _DAY, time(), zone, moment)


def _course(found: Iterable[Due], dates: Dates) -> tuple[Due, ...]:
    kept = {one for one in found if dates.opens_at <= one.at < dates.closes_at}
    # At the same instant the opening comes first: it says more than a reminder.
    return tuple(
        sorted(kept, key=lambda one: (one.at, one.entry.anchor is not Anchor.OPENING, one))
    )


def _at(entry: Entry, hour: time, dates: Dates) -> Iterator[datetime]:
    """Give the instants of an entry: one, or many for a weekly entry."""
    zone = dates.zone
    if entry.anchor is Anchor.OPENING:
        yield waking(dates.opens_at, zone, USUAL_HOUR)
    elif entry.anchor is Anchor.WEEK:
        day = local_day(dates.opens_at, zone)
        day += timedelta(days=-day.weekday() % 7)
        while day <= local_day(dates.closes_at, zone):
            yield _instant(day, WEEKLY_HOUR, zone, dates.opens_at)
            day += 7 * _DAY
    else:
        anchor = dates.closes_at if entry.anchor is Anchor.CLOSE else dates.deadline
        day = local_day(anchor, zone) + timedelta(days=entry.days)
        yield _instant(day, hour, zone, anchor)


def _instant(day: date, hour: time, zone: ZoneInfo, like: datetime) -> datetime:
    return datetime.combine(day, hour, tzinfo=zone).astimezone(like.tzinfo)
