"""Days, moments and words of a round, shared by the screens that open and change one."""

import zlib
from datetime import UTC, date, datetime, time, timedelta

from criteria.dates import end_of_month, read_date
from handlers import telling
from handlers.channel import Button
from handlers.managing import office
from handlers.presses import pack
from handlers.texts import Html
from handlers.turn import Turn
from storage import people, rounds
from storage.rounds import Round

CLOSE_AFTER = timedelta(days=5)
HOME: tuple[str | int, ...] = ("button.home", "home")
_LONGEST_REASON = 300
_FURTHEST = timedelta(days=366)


def day_of(turn: Turn, moment: datetime) -> date:
    """The local day of a moment."""
    return moment.astimezone(turn.house.zone).date()


def end_of(turn: Turn, day: date, standing: datetime | None = None) -> datetime:
    """The last second of a day; a moment that stands on this day already stays as it is."""
    if standing is not None and day_of(turn, standing) == day:
        return standing
    return datetime.combine(day, time(23, 59, 59), tzinfo=turn.house.zone).astimezone(UTC)


def day_from(number: int | None) -> date | None:
    """The day that a button carries."""
    try:
        return date.fromordinal(number) if number else None
    except (ValueError, OverflowError):
        return None


def said_day(turn: Turn, text: str, *, not_before: date) -> tuple[date | None, Html]:
    """The day in a typed text, or the sentence why it can't be taken."""
    today = office.today(turn)
    reading = read_date(text, today)
    if reading.day is None:
        return None, turn.texts.say(f"period.{reading.reason}")
    refused = refused_day(turn, reading.day, not_before=not_before)
    return (reading.day, Html()) if refused is None else (None, refused)


def refused_day(turn: Turn, day: date, *, not_before: date) -> Html | None:
    """Why a day can't be taken; None when it can."""
    shown = Html(turn.texts.full_day(day, turn.house.zone))
    if day < office.today(turn):
        return turn.texts.say("period.past", day=shown)
    if day < not_before:
        earliest = Html(turn.texts.full_day(not_before, turn.house.zone))
        return turn.texts.say("period.too_early", day=shown, earliest=earliest)
    if day > office.today(turn) + _FURTHEST:
        return turn.texts.say("period.too_far", day=shown)
    return None


def dates_text(turn: Turn, deadline: datetime | date, closes: datetime | date) -> Html:
    """Say the deadline, that late reports are taken, and the close; nothing is late on one day."""
    texts, zone = turn.texts, turn.house.zone
    return texts.say(
        f"period.dates{at_once(deadline, closes)}",
        deadline=Html(texts.day(deadline, zone)),
        closes=Html(texts.day(closes, zone)),
    )


def at_once(deadline: datetime | date, closes: datetime | date) -> str:
    """The end of a text's key where the close is the deadline, so that nothing can be late."""
    return "_at_once" if deadline == closes else ""


def suggested(
    turn: Turn, action: str, *arguments: int | str, after: date
) -> tuple[tuple[Button, ...], ...]:
    """Buttons for a few likely days from `after` on: a week, ten days, the end of the month."""
    texts, zone = turn.texts, turn.house.zone
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


def members_of_round(turn: Turn, round_: Round, unit_id: int = 0) -> list[int]:
    """The people who report in a round (or for one unit of it), without the one who acts."""
    found = rounds.units_of_round(turn.tx, round_.id)
    units = {one.id for one in found if not unit_id or one.id == unit_id}
    with_office = any(one.office and one.id in units for one in found)
    held = people.people_of_commune(turn.tx, round_.commune_id)
    ids = {
        one.person.id
        for one in held
        if one.membership.unit_id in units or (with_office and one.membership.role == "officer")
    }
    return sorted(ids - {turn.person.id})


def tell_all(
    turn: Turn, whom: list[int], key: str, *, press: tuple[str | int, ...] = HOME, **said: object
) -> None:
    """Tell each of them, in their own language, when people are awake; with a button."""
    telling.tell_all(turn.tx, whom, key, turn.now, turn.house.zone, button=press, **said)
