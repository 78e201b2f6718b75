"""One question an evening, for people who chose it: on which evenings a round asks.

Hours are in the commune's time zone; the results are instants. This module sends nothing.
"""

from datetime import datetime, time, timedelta

from criteria.reminders import Dates, local_day

HOUR = time(19, 30)
# before the deadline: from that day on the usual reminders are sent again
ENDS_BEFORE = timedelta(days=2)


def evening_of(moment: datetime, dates: Dates) -> datetime | None:
    """Return when the round asks on the day of this instant; None if it does not ask that day."""
    day = local_day(moment, dates.zone)
    asks = datetime.combine(day, HOUR, tzinfo=dates.zone).astimezone(moment.tzinfo)
    is_open = dates.opens_at <= asks < dates.closes_at
    return asks if is_open and not evenings_over(asks, dates) else None


def next_evening(now: datetime, dates: Dates) -> datetime | None:
    """Return the next evening after `now` on which the round asks; None if there is none."""
    start = max(now, dates.opens_at.astimezone(now.tzinfo))
    # Today's evening may be over or before the opening; then it is tomorrow's. If that one is not
    # asked either, no later one is: the evenings follow each other without a gap until they end.
    found = (evening_of(start + timedelta(days=days), dates) for days in (0, 1))
    return next((one for one in found if one is not None and one > now), None)


def evenings_over(moment: datetime, dates: Dates) -> bool:
    """Return whether the evenings are over, so that reminders ask for the whole report again."""
    return local_day(moment, dates.zone) >= local_day(dates.deadline, dates.zone) - ENDS_BEFORE
