"""Days, times and texts of rounds, shared by the screens that open and change them."""

import zlib
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from criteria.dates import end_of_month, read_date
from criteria.reminders import Anchor, PlanEntry
from criteria.schedule import MONTH_END, Schedule
from handlers.flow.channel import Button
from handlers.flow.context import Context
from handlers.flow.page import Rows, in_rows
from handlers.flow.press import Press
from handlers.flow.routes import Next
from handlers.officer import access
from handlers.rounds.changes import dates_suffix
from handlers.texts import Html, Texts

CLOSE_AFTER = timedelta(days=5)
_LONGEST_REASON = 300
_FURTHEST = timedelta(days=366)
_LIKELY = (3, 7, 14)  # days to report


def day_of(context: Context, moment: datetime) -> date:
    """Return the local day of a moment."""
    return moment.astimezone(context.deployment.zone).date()


def end_of(context: Context, day: date, present: datetime | None = None) -> datetime:
    """Return the last second of a day, or the `present` moment if it is on this day already."""
    if present is not None and day_of(context, present) == day:
        return present
    return datetime.combine(day, time(23, 59, 59), tzinfo=context.deployment.zone).astimezone(UTC)


def on_day(
    context: Context, text: str, onward: Callable[[date], Press], *, not_before: date
) -> Next:
    """Return the next screen for a typed day, or the same screen with the reason of a refusal."""
    reading = read_date(text, access.today(context))
    if reading.day is None:
        refused: Html | None = context.texts.say(f"period.{reading.reason}")
    else:
        refused = refused_day(context, reading.day, not_before=not_before)
    if reading.day is None or refused is not None:
        return Next(context.here, refused, context.typed)
    return Next(onward(reading.day), typed=context.typed)


def refused_day(context: Context, day: date, *, not_before: date) -> Html | None:
    """Return the sentence why a day is refused; None when it isn't."""
    shown = full_day(context, day)
    if day < access.today(context):
        return context.texts.say("period.past", day=shown)
    if day < not_before:
        earliest = full_day(context, not_before)
        return context.texts.say("period.too_early", day=shown, earliest=earliest)
    if day > access.today(context) + _FURTHEST:
        return context.texts.say("period.too_far", day=shown)
    return None


def full_day(context: Context, moment: datetime | date) -> str:
    """Return a day with its year, in the communes' zone."""
    return context.texts.full_day(moment, context.deployment.zone)


def dates_text(context: Context, deadline: datetime | date, closes: datetime | date) -> Html:
    """Return a sentence on the deadline, late reports and the close; one day if both are equal."""
    texts, zone = context.texts, context.deployment.zone
    return texts.say(
        f"period.dates{dates_suffix(deadline, closes)}",
        deadline=texts.day(deadline, zone),
        closes=texts.day(closes, zone),
    )


def suggested(context: Context, after: date, chosen: Callable[[date], Press]) -> Rows:
    """Return buttons for likely days after `after`: in 3, 7 and 14 days, and the month's end."""
    texts, zone = context.texts, context.deployment.zone
    end = end_of_month(after)
    if end == after:
        end = end_of_month(end + timedelta(days=1))
    days = sorted({end, *(after + timedelta(days=one) for one in _LIKELY)})
    buttons = [Button(f"📅 {texts.day(one, zone)}", chosen(one).data) for one in days]
    return in_rows(buttons, 2)


def cut_reason(text: str) -> str:
    """Return a reason in its stored form."""
    return " ".join(text.split())[:_LONGEST_REASON]


def checksum(words: str) -> int:
    """Return the checksum of a preview's text, so that its button only does what was shown."""
    return zlib.crc32(words.encode())


# --- schedules and reminders as text; also for the history ----------------------------------------


def schedule_words(texts: Texts, schedule: Schedule) -> Html:
    """Return a sentence on the days when rounds open and are due."""
    due = "schedule.due_month_end" if schedule.deadline_on == MONTH_END else "schedule.due"
    if schedule.deadline_on <= schedule.opens_on:
        due = "schedule.due_next_month"
    return texts.say(
        f"schedule.{schedule.every.value}",
        day=str(schedule.opens_on),
        due=texts.say(due, day=str(schedule.deadline_on)),
    )


def entry_words(texts: Texts, entry: PlanEntry) -> Html:
    """Return the text of one reminder of a plan: "trước hạn 3 ngày"."""
    if entry.anchor is Anchor.OPENING:
        return texts.say("plan.opening")
    if not entry.days:
        return texts.say(f"plan.{entry.anchor.value}_day")
    side = "before" if entry.days < 0 else "after"
    return texts.say(f"plan.{entry.anchor.value}_{side}", days=abs(entry.days))
