"""A round for all communes of an operator: its name, its deadline, a look before, the opening.

What was said so far stands in the place of the conversation, never in a button.
"""

from datetime import date, datetime, time, timedelta

from criteria.dates import read_date
from criteria.set_file import shipped_text
from handlers.channel import Button, Reply, Screen
from handlers.operating.communes import operated
from handlers.presses import Press, pack
from handlers.status.picture import listed
from handlers.turn import Turn
from handlers.waiting import await_text, cancels, place_of, shown, stop_waiting, typed_press
from storage import rounds
from storage.places import Commune
from storage.rounds import RoundExists

AWAITS_NAME = "o.name"
AWAITS_DAY = "o.day"  # the name
AWAITS_GO = "o.go"  # the name, the day
CRITERIA = "phu-tho-2024"
CLOSES_AFTER = timedelta(days=5)
_LONGEST_NAME = 60
_FARTHEST = timedelta(days=366)
_OFFERED_DAYS = (7, 10, 14)
_NAMES_LENGTH = 500


def name_asked(turn: Turn, press: Press) -> Reply | None:
    """Ask how the round is called; the present month and the next are offered."""
    if not turn.operator:
        return None
    await_text(turn, AWAITS_NAME)
    return shown(turn, _name_screen(turn))


def name_pressed(turn: Turn, press: Press) -> Reply | None:
    """One of the names offered."""
    month = press.number(0)
    if not turn.operator or month not in {0, 1}:
        return None
    return _day_asked(turn, _months(turn)[month])


def name_given(turn: Turn, awaiting: tuple[str, ...]) -> Reply | None:
    """A typed name."""
    text = " ".join(turn.incoming.text.split())
    if not turn.operator or cancels(text):
        return _left(turn)
    press = typed_press(turn, _name_screen(turn))
    if press is not None and press.action == "o.nm":
        return name_pressed(turn, press)
    if press is not None:
        return _left(turn)
    return _day_asked(turn, text[:_LONGEST_NAME])


def day_pressed(turn: Turn, press: Press) -> Reply | None:
    """One of the days offered, for the name that was given."""
    days, said = press.number(0), place_of(turn).awaiting
    if not turn.operator or days not in _OFFERED_DAYS:
        return None
    if said[:1] not in {(AWAITS_DAY,), (AWAITS_GO,)}:
        return name_asked(turn, press)
    return _preview(turn, said[1], _today(turn) + timedelta(days=days))


def day_given(turn: Turn, awaiting: tuple[str, ...]) -> Reply | None:
    """A typed day."""
    name, text = awaiting[1], turn.incoming.text
    if not turn.operator or cancels(text):
        return _left(turn)
    press = typed_press(turn, _day_screen(turn, name))
    if press is not None:
        return day_pressed(turn, press) if press.action == "o.dy" else _left(turn)
    day = read_date(text, _today(turn)).day
    if day is None:
        return shown(turn, _day_screen(turn, name, turn.texts.say("operating.day_unclear")))
    if not _today(turn) <= day <= _today(turn) + _FARTHEST:
        return shown(turn, _day_screen(turn, name, turn.texts.say("operating.day_wrong")))
    return _preview(turn, name, day)


def go_given(turn: Turn, awaiting: tuple[str, ...]) -> Reply | None:
    """Typed on the preview: its buttons by their captions, or leaving."""
    name, day = awaiting[1], date.fromisoformat(awaiting[2])
    if not turn.operator or cancels(turn.incoming.text):
        return _left(turn)
    press = typed_press(turn, _preview_screen(turn, name, day))
    if press is None:
        return shown(turn, _preview_screen(turn, name, day))
    if press.action == "o.open":
        return opened(turn, press)
    return name_asked(turn, press) if press.action == "o.round" else _left(turn)


def opened(turn: Turn, press: Press) -> Reply | None:
    """Open it for every commune that has none open; the others are left alone."""
    said = place_of(turn).awaiting
    if not turn.operator:
        return None
    if said[:1] != (AWAITS_GO,):
        return name_asked(turn, press)
    name, day = said[1], date.fromisoformat(said[2])
    stop_waiting(turn)
    deadline = _end_of(turn, day)
    if deadline <= turn.now:
        await_text(turn, AWAITS_DAY, name)
        return shown(turn, _day_screen(turn, name, turn.texts.say("operating.day_wrong")))
    made, left = _open_each(turn, name, deadline)
    lines: list[str] = [
        turn.texts.say(
            "operating.opened" if made else "operating.opened_none",
            count=len(made),
            name=name,
            deadline=turn.texts.full_day(deadline, turn.house.zone),
        )
    ]
    if left:
        lines.append(_left_alone(turn, left))
    rows = (
        (Button(turn.texts.say("operating.button.communes"), pack("s.all")),),
        (Button(turn.texts.say("operating.button.desk"), pack("o.home")),),
    )
    return shown(turn, Screen("\n".join(lines), rows))


def _open_each(turn: Turn, name: str, deadline: datetime) -> tuple[list[Commune], list[Commune]]:
    """The communes it was opened for, and those that have one already."""
    text, today = shipped_text(CRITERIA), _today(turn)
    made: list[Commune] = []
    left: list[Commune] = []
    for one in operated(turn):
        try:
            rounds.open_round(
                turn.tx,
                one.id,
                name,
                CRITERIA,
                text,
                today,
                turn.now,
                deadline,
                deadline + CLOSES_AFTER,
                turn.now,
                on=today,
                by=turn.person.id,
                way="button",
            )
        except RoundExists:
            left.append(one)
        else:
            made.append(one)
    return made, left


def _split(turn: Turn) -> tuple[list[Commune], list[Commune]]:
    """The communes without and with an open round of the set."""
    with_one = [
        one
        for one in operated(turn)
        if any(
            r.state == "open" and r.criteria_id == CRITERIA
            for r in rounds.open_rounds(turn.tx, one.id, turn.now)
        )
    ]
    held = {one.id for one in with_one}
    return [one for one in operated(turn) if one.id not in held], with_one


def _name_screen(turn: Turn) -> Screen:
    texts = turn.texts
    offered = tuple(Button(name, pack("o.nm", number)) for number, name in enumerate(_months(turn)))
    rows = (offered, (Button(texts.say("operating.button.desk"), pack("o.home")),))
    return Screen(texts.say("operating.ask_name"), rows)


def _day_asked(turn: Turn, name: str) -> Reply:
    await_text(turn, AWAITS_DAY, name)
    return shown(turn, _day_screen(turn, name))


def _day_screen(turn: Turn, name: str, above: str | None = None) -> Screen:
    texts, today = turn.texts, _today(turn)
    asked = texts.say("operating.ask_day", name=name)
    offered = tuple(
        Button(texts.day(today + timedelta(days=days), turn.house.zone), pack("o.dy", days))
        for days in _OFFERED_DAYS
    )
    rows = (offered, (Button(texts.say("operating.button.desk"), pack("o.home")),))
    return Screen(f"{above}\n\n{asked}" if above else asked, rows)


def _preview(turn: Turn, name: str, day: date) -> Reply:
    await_text(turn, AWAITS_GO, name, day.isoformat())
    return shown(turn, _preview_screen(turn, name, day))


def _preview_screen(turn: Turn, name: str, day: date) -> Screen:
    texts, zone = turn.texts, turn.house.zone
    free, taken = _split(turn)
    deadline = _end_of(turn, day)
    key = "operating.preview" if free else "operating.preview_none"
    lines: list[str] = [texts.say(key, name=name, count=len(free))]
    if free:
        closes = texts.full_day(deadline + CLOSES_AFTER, zone)
        dates = {"deadline": texts.full_day(deadline, zone), "closes": closes}
        lines += ["", texts.say("operating.preview_dates", **dates)]
    if taken:
        lines += ["", _left_alone(turn, taken)]
    rows: list[tuple[Button, ...]] = []
    if free:
        label = texts.say("operating.button.open", count=len(free))
        rows.append((Button(label, pack("o.open")),))
    rows.append(
        (
            Button(texts.say("operating.button.again"), pack("o.round")),
            Button(texts.say("operating.button.desk"), pack("o.home")),
        )
    )
    return Screen("\n".join(lines), tuple(rows))


def _left_alone(turn: Turn, taken: list[Commune]) -> str:
    names = listed((one.name for one in taken), turn.texts, most=_NAMES_LENGTH)
    return turn.texts.say("operating.left_alone", count=len(taken), names=names)


def _left(turn: Turn) -> Reply:
    stop_waiting(turn)
    rows = ((Button(turn.texts.say("operating.button.desk"), pack("o.home")),),)
    return shown(turn, Screen(turn.texts.say("operating.left"), rows))


def _months(turn: Turn) -> tuple[str, str]:
    """The present month and the next, as rounds are called."""
    today = _today(turn)
    after = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    return _month(turn, today), _month(turn, after)


def _month(turn: Turn, day: date) -> str:
    return turn.texts.say("operating.month", month=day.month, year=str(day.year))


def _today(turn: Turn) -> date:
    return turn.now.astimezone(turn.house.zone).date()


def _end_of(turn: Turn, day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), tzinfo=turn.house.zone)
