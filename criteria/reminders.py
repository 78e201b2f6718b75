"""When a round reminds: its plan, the course of its entries, and which of them a day still needs.

Hours are those of the commune's zone; what comes out are instants. Nothing here sends anything.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MORNING, EVENING = time(7), time(21)  # between evening and morning nobody is disturbed
USUAL_HOUR = time(8)
WEEKLY_HOUR = time(7, 30)  # of the leaders' summary, on Mondays
_DAY = timedelta(days=1)


class Anchor(StrEnum):
    """What an entry's days are counted from; WEEK is every Monday, END the close itself."""

    OPENING = "opening"
    DEADLINE = "deadline"
    CLOSE = "close"
    WEEK = "week"
    END = "end"


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """So many days after (before, when negative) the deadline or the close."""

    anchor: Anchor
    days: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Who hasn't reported is reminded by these entries, at this hour of the day."""

    entries: tuple[Entry, ...]
    at: time = USUAL_HOUR


@dataclass(frozen=True, slots=True)
class Dates:
    """A round's three instants, in the zone that its days are counted in."""

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
    """When those who haven't reported are reminded, in order of time.

    What lies before the opening or after the close doesn't exist.
    """
    return _course((Due(at, entry) for entry in plan.entries for at in _at(entry, plan.at, dates)),
                   dates)  # fmt: skip


def course_of_summaries(dates: Dates) -> tuple[Due, ...]:
    """When leaders get a summary: on Mondays and on the day before the deadline."""
    found = (Due(at, entry) for entry in _SUMMARIES for at in _at(entry, USUAL_HOUR, dates))
    return _course(found, dates)


def course_of_end(dates: Dates) -> tuple[Due, ...]:
    """When everybody hears what came of a round that has closed."""
    return (Due(waking(dates.closes_at, dates.zone, USUAL_HOUR), Entry(Anchor.END)),)


def due_from(
    course: Sequence[Due], since: datetime, now: datetime, zone: ZoneInfo
) -> tuple[datetime, Due] | None:
    """The entry of today that is still to be said, and when; None when there is none.

    Entries before `since` are dealt with. Those of today are one message at the earliest of their
    times: the first that is to come, or at once when one of today is due already. Else of all that
    are overdue only the newest, at once or when people wake; and not at all when another is due on
    that day.
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
    """Whether what was planned is still to be said: its entry stands, and no later one is due."""
    if planned not in course:
        return False
    night = end_of_day(now, zone)
    today = local_day(planned.at, zone) == local_day(now, zone)
    return today or not any(planned.at < one.at < night for one in course)


def waking(moment: datetime, zone: ZoneInfo, morning: time = MORNING) -> datetime:
    """Give this moment, or when people sleep the next morning."""
    local = moment.astimezone(zone)
    if MORNING <= local.time() < EVENING:
        return moment
    day = local.date() + timedelta(days=local.time() >= EVENING)
    return _instant(day, morning, zone, moment)


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The day of the calendar there."""
    return moment.astimezone(zone).date()


def end_of_day(moment: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which that day of the calendar is over."""
    return _instant(local_day(moment, zone) + _DAY, time(), zone, moment)


def _course(found: Iterable[Due], dates: Dates) -> tuple[Due, ...]:
    kept = {one for one in found if dates.opens_at <= one.at < dates.closes_at}
    # At the same moment the opening stands first: it says more than a reminder.
    return tuple(
        sorted(kept, key=lambda one: (one.at, one.entry.anchor is not Anchor.OPENING, one))
    )


def _at(entry: Entry, hour: time, dates: Dates) -> Iterator[datetime]:
    """The instants of an entry: one, or many of a weekly one."""
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
