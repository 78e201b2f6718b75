"""Days, moments and words of a round, shared by the screens that open and change one."""

import zlib
from datetime import UTC, date, datetime, time, timedelta

from criteria.dates import end_of_month, read_date
from handlers.flow.channel import Button
from handlers.flow.context import Context
from handlers.flow.press import pack
from handlers.messages import notifications
from handlers.officer import access
from handlers.texts import Html
from storage import people, rounds
from storage.rounds import Round

CLOSE_AFTER = timedelta(days=5)
HOME: tuple[str | int, ...] = ("button.home", "home")
_LONGEST_REASON = 300
_FURTHEST = timedelta(days=366)


def day_of(context: Context, moment: datetime) -> date:
    """The local day of a moment."""
    return moment.astimezone(context.deployment.zone).date()


def end_of(context: Context, day: date, standing: datetime | None = None) -> datetime:
    """The last second of a day; a moment that stands on this day already stays as it is."""
    if standing is not None and day_of(context, standing) == day:
        return standing
    return datetime.combine(day, time(23, 59, 59), tzinfo=context.deployment.zone).astimezone(UTC)


def day_from(number: int | None) -> date | None:
    """The day that a button carries."""
    try:
        return date.fromordinal(number) if number else None
    except (ValueError, OverflowError):
        return None


def said_day(context: Context, text: str, *, not_before: date) -> tuple[date | None, Html]:
    """The day in a typed text, or the sentence why it can't be taken."""
    today = access.today(context)
    reading = read_date(text, today)
    if reading.day is None:
        return None, context.texts.say(f"period.{reading.reason}")
    refused = refused_day(context, reading.day, not_before=not_before)
    return (reading.day, Html()) if refused is None else (None, refused)


def refused_day(context: Context, day: date, *, not_before: date) -> Html | None:
    """Why a day can't be taken; None when it can."""
    shown = Html(context.texts.full_day(day, context.deployment.zone))
    if day < access.today(context):
        return context.texts.say("period.past", day=shown)
    if day < not_before:
        earliest = Html(context.texts.full_day(not_before, context.deployment.zone))
        return context.texts.say("period.too_early", day=shown, earliest=earliest)
    if day > access.today(context) + _FURTHEST:
        return context.texts.say("period.too_far", day=shown)
    return None


def dates_text(context: Context, deadline: datetime | date, closes: datetime | date) -> Html:
    """Say the deadline, that late reports are taken, and the close; nothing is late on one day."""
    texts, zone = context.texts, context.deployment.zone
    return texts.say(
        f"period.dates{at_once(deadline, closes)}",
        deadline=Html(texts.day(deadline, zone)),
        closes=Html(texts.day(closes, zone)),
    )


def at_once(deadline: datetime | date, closes: datetime | date) -> str:
    """The end of a text's key where the close is the deadline, so that nothing can be late."""
    return "_at_once" if deadline == closes else ""


def suggested(
    context: Context, action: str, *arguments: int | str, after: date
) -> tuple[tuple[Button, ...], ...]:
    """Buttons for a few likely days from `after` on: a week, ten days, the end of the month."""
    texts, zone = context.texts, context.deployment.zone
    end = end_of_month(after)
    days = sorted({after + timedelta(days=3), after + timedelta(days=7),
                   after + timedelta(days=14), end if end > after else end_of_month(
                       end + timedelta(days=1))})  # fmt: skip
    buttons = [
        Button(f"📅 {texts.day(one, zone)}", pack(action, *arguments, one.toordinal()))
        for one in days
    ]
    return tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))


def cut_reason(text: str) -> str:
    """A reason as it is kept."""
    return " ".join(text.split())[:_LONGEST_REASON]


def tag(*words: str) -> int:
    """A short sign of what a preview showed, so that its button can do nothing else."""
    return zlib.crc32("\n".join(words).encode())


def members_of_round(context: Context, round_: Round, unit_id: int = 0) -> list[int]:
    """The people who report in a round (or for one unit of it), without the one who acts."""
    found = rounds.units_of_round(context.tx, round_.id)
    units = {one.id for one in found if not unit_id or one.id == unit_id}
    with_office = any(one.office and one.id in units for one in found)
    held = people.people_of_commune(context.tx, round_.commune_id)
    ids = {
        one.person.id
        for one in held
        if one.membership.unit_id in units or (with_office and one.membership.role == "officer")
    }
    return sorted(ids - {context.person.id})


def tell_all(
    context: Context,
    whom: list[int],
    key: str,
    *,
    press: tuple[str | int, ...] = HOME,
    **said: object,
) -> None:
    """Tell each of them, in their own language, when people are awake; with a button."""
    notifications.tell_all(
        context.tx, whom, key, context.now, context.deployment.zone, button=press, **said
    )
