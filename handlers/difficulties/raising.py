"""Raising a difficulty outside of a question: which unit, a sentence, a photo with or after it."""

from handlers.channel import Attachment, Button, Reply, Screen
from handlers.presses import Press, pack, packed
from handlers.reporting.filling import LONGEST_DIFFICULTY, may_write
from handlers.reporting.wording import unit_text
from handlers.status.pages import page_of, turning
from handlers.turn import Turn
from handlers.waiting import AT, await_text, cancels, menu, place_of, shown, stop_waiting
from storage import difficulties, places, rounds
from storage.places import Unit

AWAITS_SENTENCE = "d.sentence"  # the unit, and the photo that came before
AWAITS_PHOTO = "d.photo"  # the difficulty
_PAGE = 5


def begin(turn: Turn, text: str = "", page: int = 0) -> Reply:
    """Ask for the sentence, or first which unit it is about; `text` is said already."""
    units = own_units(turn)
    if not units:
        return shown(turn, _home(turn, "difficulties.nobody"))
    if len(units) == 1:
        return keep(turn, units[0], text, None) if text else _ask(turn, units[0])
    some, page, pages = page_of(units, page, _PAGE)
    rows: list[tuple[Button, ...]] = [
        (Button(unit_text(one, turn.texts), pack("d.pick", one.id)),) for one in some
    ]
    rows += turning(page, pages, lambda n: pack("d.new", n), turn.texts)
    rows.append((Button(turn.texts.say("button.home"), pack("home")),))
    screen = Screen(turn.texts.say("difficulties.which"), tuple(rows))
    return menu(turn, screen, Press("d.new", (packed(page), *([text] if text else []))))


def asked_again(turn: Turn, press: Press) -> Reply:
    """Another page of the units, or the question anew; what was said already stays said."""
    return begin(turn, _said(turn), press.number(0) or 0)


def _said(turn: Turn) -> str:
    """The sentence that came before it was asked which unit it is about."""
    awaiting = place_of(turn).awaiting
    return awaiting[3] if awaiting[:2] == (AT, "d.new") and len(awaiting) > 3 else ""


def own_units(turn: Turn) -> list[Unit]:
    """The units in whose name the person can raise something."""
    areas = [places.unit(turn.tx, one) for one in turn.areas]
    return areas + [places.office_of(turn.tx, one) for one in turn.office_communes]


def picked(turn: Turn, press: Press) -> Reply | None:
    """The unit that was picked, if it is still this person's."""
    unit, text = _unit(turn, press.number(0)), _said(turn)
    if unit is None:
        return None
    return keep(turn, unit, text, None) if text else _ask(turn, unit)


def sentence_given(turn: Turn, awaiting: tuple[str, ...]) -> Reply:
    """The typed sentence; "huỷ" leaves everything as it was."""
    unit = _unit(turn, int(awaiting[1]))
    text = turn.incoming.text.strip()
    stop_waiting(turn)
    if unit is None or cancels(text):
        return shown(turn, _home(turn, "difficulties.left"))
    return keep(turn, unit, text, awaiting[2] if len(awaiting) > 2 else None)


def photo_given(turn: Turn, awaiting: tuple[str, ...], item: Attachment) -> Reply:
    """A photo: with its sentence, before it, or beside a difficulty that was just raised."""
    if item.kind != "photo":
        return shown(turn, _home(turn, "difficulties.photo_only"))
    if awaiting[0] == AWAITS_PHOTO:
        return _photo_added(turn, int(awaiting[1]), item.reference)
    unit = _unit(turn, int(awaiting[1]))
    text = turn.incoming.text.strip()
    if unit is None:
        stop_waiting(turn)
        return shown(turn, _home(turn, "difficulties.left"))
    if text:
        stop_waiting(turn)
        return keep(turn, unit, text, item.reference)
    await_text(turn, AWAITS_SENTENCE, str(unit.id), item.reference)
    return shown(turn, _home(turn, "difficulties.photo_first"))


def keep(turn: Turn, unit: Unit, text: str, photo: str | None) -> Reply:
    """Keep it in general, in the unit's present round if there is one."""
    open_ = rounds.open_rounds(turn.tx, unit.commune_id, turn.now)
    made = difficulties.raise_difficulty(
        turn.tx,
        commune_id=unit.commune_id,
        round_id=open_[-1].id if open_ else None,
        unit_id=unit.id,
        text=text[:LONGEST_DIFFICULTY],
        photo=photo,
        by=turn.person.id,
        now=turn.now,
    )
    key = "difficulties.raised_office" if unit.office else "difficulties.raised"
    screen = _home(turn, key, unit=unit_text(unit, turn.texts))
    if photo is None:
        button = Button(turn.texts.say("difficulties.button.add_photo"), pack("d.photo", made))
        screen = Screen(screen.text, ((button,), *screen.rows))
    return menu(turn, screen, Press("d.raised", (packed(made),)))


def raised_again(turn: Turn, press: Press) -> Reply | None:
    """The screen after the raising, for who types its button."""
    number = press.number(0)
    if number is None:
        return None
    button = Button(turn.texts.say("difficulties.button.add_photo"), pack("d.photo", number))
    home = Button(turn.texts.say("button.home"), pack("home"))
    return shown(turn, Screen(turn.texts.say("difficulties.raised_before"), ((button,), (home,))))


def photo_asked(turn: Turn, press: Press) -> Reply | None:
    """Ask for a photo beside what this person raised, while it is not settled."""
    number = press.number(0)
    if number is None or not _own_open(turn, number):
        return None
    await_text(turn, AWAITS_PHOTO, str(number))
    return shown(turn, _home(turn, "difficulties.photo_ask"))


def photo_not_sent(turn: Turn, awaiting: tuple[str, ...]) -> Reply | None:
    """Text instead of the photo: it is about something else."""
    stop_waiting(turn)
    if cancels(turn.incoming.text):
        return shown(turn, _home(turn, "difficulties.left_photo"))
    return None


def _photo_added(turn: Turn, number: int, reference: str) -> Reply:
    stop_waiting(turn)
    one = difficulties.difficulty_by_id(turn.tx, number)
    if one is None or not _own_open(turn, number):
        return shown(turn, _home(turn, "difficulties.too_late"))
    difficulties.add_photo(turn.tx, one, reference, by=turn.person.id, now=turn.now)
    return shown(turn, _home(turn, "difficulties.photo_added"))


def _own_open(turn: Turn, number: int) -> bool:
    one = difficulties.difficulty_by_id(turn.tx, number)
    return (
        one is not None
        and one.raised_by == turn.person.id
        and one.settled_at is None
        and one.unit_id is not None
        and may_write(turn, one.unit_id)
    )


def _unit(turn: Turn, unit_id: int | None) -> Unit | None:
    return next((one for one in own_units(turn) if one.id == unit_id), None)


def _ask(turn: Turn, unit: Unit) -> Reply:
    await_text(turn, AWAITS_SENTENCE, str(unit.id))
    key = "difficulties.ask_office" if unit.office else "difficulties.ask"
    return shown(turn, _home(turn, key, unit=unit_text(unit, turn.texts)))


def _home(turn: Turn, key: str, **parameters: object) -> Screen:
    rows = ((Button(turn.texts.say("button.home"), pack("home")),),)
    return Screen(turn.texts.say(key, **parameters), rows)
