"""When a round sends reminders: its plan, the times of its entries, and the entry due on a day.

Hours are in the commune's time zone; the results are instants. This module sends nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MORNING, EVENING = time(7), time(21)  # nobody gets a message between evening and morning
USUAL_HOUR = time(8)
WEEKLY_HOUR = time(7, 30)  # the time of the leaders' summary, on Mondays
_DAY = timedelta(days=1)


class Anchor(StrEnum):
    """The day from which an entry's days are counted.

    OPENING, DEADLINE and CLOSE are days of the round, and WEEK is every Monday. END is the day on
    which everybody gets the result of the closed round.
    """

    OPENING = "opening"
    DEADLINE = "deadline"
    CLOSE = "close"
    WEEK = "week"
    END = "end"


@dataclass(frozen=True, slots=True, order=True)
class PlanEntry:
    """A number of days after the anchor; a negative number is before it."""

    anchor: Anchor
    days: int = 0


@dataclass(frozen=True, slots=True)
class ReminderPlan:
    """The days on which people who have not reported are reminded, and the hour of the day."""

    entries: tuple[PlanEntry, ...]
    at: time = USUAL_HOUR


@dataclass(frozen=True, slots=True)
class Dates:
    """The three instants of a round, and the time zone in which its days are counted."""

    opens_at: datetime
    deadline: datetime
    closes_at: datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """An entry of a plan and the instant at which it is due."""

    at: datetime
    entry: PlanEntry


USUAL = ReminderPlan(
    (
        PlanEntry(Anchor.OPENING),
        *(PlanEntry(Anchor.DEADLINE, days) for days in (-7, -3, -1, 0, 1)),
        PlanEntry(Anchor.CLOSE, -1),
    )
)
_SUMMARIES = (PlanEntry(Anchor.WEEK), PlanEntry(Anchor.DEADLINE, -1))


def report_reminders(plan: ReminderPlan, dates: Dates) -> tuple[Due, ...]:
    """Return when people who have not reported are reminded, in order of time.

    Entries before the opening or after the close are left out.
    """
    found = (Due(at, entry) for entry in plan.entries for at in _at(entry, plan.at, dates))
    return _within_round(found, dates)


def leader_summaries(dates: Dates) -> tuple[Due, ...]:
    """Return when leaders get a summary: on Mondays and on the day before the deadline."""
    found = (Due(at, entry) for entry in _SUMMARIES for at in _at(entry, USUAL_HOUR, dates))
    return _within_round(found, dates)


def end_messages(dates: Dates) -> tuple[Due, ...]:
    """Return when everybody gets the result of a closed round."""
    return (Due(next_daytime(dates.closes_at, dates.zone, USUAL_HOUR), PlanEntry(Anchor.END)),)


def due_from(
    timetable: Sequence[Due], since: datetime, now: datetime, zone: ZoneInfo
) -> tuple[datetime, Due] | None:
    """Return when to send today's message and the entry that it is for; None if none is due.

    Entries before `since` are processed already. A person gets one message a day, so all entries
    of today become one. It is sent at the earliest of their times, or at once if one of them is due
    already. If today has no entry, only the newest overdue entry is sent: at once, or at night in
    the morning. It is not sent if the day of sending has a later entry, which replaces it.
    """
    night = end_of_day(now, zone)
    to_come = [one for one in timetable if since <= one.at and now < one.at < night]
    overdue = [one for one in timetable if since <= one.at <= now]
    if to_come:
        due_today = bool(overdue) and local_day(overdue[-1].at, zone) == local_day(now, zone)
        return (next_daytime(now, zone), overdue[-1]) if due_today else (to_come[0].at, to_come[0])
    if not overdue:
        return None
    when = next_daytime(now, zone)
    if any(now < one.at < end_of_day(when, zone) for one in timetable):
        return None
    return when, overdue[-1]


def still_due(timetable: Sequence[Due], planned: Due, now: datetime, zone: ZoneInfo) -> bool:
    """Return whether a planned entry must still be sent: it exists, and no later one is due."""
    if planned not in timetable:
        return False
    night = end_of_day(now, zone)
    today = local_day(planned.at, zone) == local_day(now, zone)
    return today or not any(planned.at < one.at < night for one in timetable)


def next_daytime(moment: datetime, zone: ZoneInfo, morning: time = MORNING) -> datetime:
    """Return this instant, or the next `morning` if it is between evening and morning."""
    local = moment.astimezone(zone)
    if MORNING <= local.time() < EVENING:
        return moment
    day = local.date() + timedelta(days=local.time() >= EVENING)
    return _instant(day, morning, zone, moment)


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """Return the calendar day of this instant in the time zone."""
    return moment.astimezone(zone).date()


def end_of_day(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant at which that calendar day ends."""
    return _instant(local_day(moment, zone) + _DAY, time(), zone, moment)


def _within_round(found: Iterable[Due], dates: Dates) -> tuple[Due, ...]:
    kept = {one for one in found if dates.opens_at <= one.at < dates.closes_at}
    # At the same instant the opening comes first: it has more content than a reminder.
    return tuple(
        sorted(kept, key=lambda one: (one.at, one.entry.anchor is not Anchor.OPENING, one))
    )


def _at(entry: PlanEntry, hour: time, dates: Dates) -> Iterator[datetime]:
    """Yield the instants of an entry: one, or many for a weekly entry."""
    zone = dates.zone
    if entry.anchor is Anchor.OPENING:
        yield next_daytime(dates.opens_at, zone, USUAL_HOUR)
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
