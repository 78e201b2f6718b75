"""Raising a difficulty outside of a question: which unit, a sentence, a photo with or after it."""

from handlers.flow.channel import Attachment, Button, Screen
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import button, listed, to, to_home
from handlers.flow.press import Press, pack
from handlers.report.rights import may_write
from handlers.report.use_cases import LONGEST_DIFFICULTY, no_difficulty, tell_of_difficulty
from handlers.report.wording import unit_text
from storage import difficulties, places, rounds
from storage.difficulties import Difficulty
from storage.places import Unit

_ENDS = frozenset({"left", "left_photo", "too_late", "photo_added", "nobody"})


def begin(context: Context, text: str = "") -> Next:
    """Ask for the sentence, or first which unit it is about; `text` is said already."""
    units = own_units(context)
    if not units:
        return Next(_over("nobody"))
    if len(units) > 1:
        return Next(to("d.new"), said=(text,) if text else ())
    return _keep(context, units[0], text, None) if text else Next(to("d.ask", units[0].id))


def own_units(context: Context) -> list[Unit]:
    """The units in whose name the person can raise something."""
    areas = [places.unit(context.tx, one) for one in context.areas]
    return areas + [places.office_of(context.tx, one) for one in context.office_communes]


def _which_unit(context: Context, press: Press, said: Said) -> Screen | None:
    units, texts = own_units(context), context.texts
    if not units:
        return None
    rows = listed(
        texts,
        units,
        press.number(0),
        lambda one: Button(unit_text(one, texts), pack("d.pick", one.id)),
        lambda page: pack("d.new", page),
    )
    return Screen(texts.say("difficulties.which"), (*rows, to_home(texts)))


def _pick(context: Context, press: Press, said: Said) -> Next | None:
    """The unit that was picked, if it is still this person's."""
    unit = _unit(context, press.number(0))
    if unit is None:
        return None
    return _keep(context, unit, said[0], None) if said else Next(to("d.ask", unit.id))


def _ask(context: Context, press: Press, said: Said) -> Screen | None:
    unit = _unit(context, press.number(0))
    if unit is None:
        return None
    key = "difficulties.ask_office" if unit.office else "difficulties.ask"
    text = context.texts.say(key, unit=unit_text(unit, context.texts))
    return Screen(text, (to_home(context.texts),))


def _take_sentence(context: Context, press: Press, said: Said, text: str) -> Next:
    """The sentence, with the photo that came before it."""
    unit, nothing = _unit(context, press.number(0)), no_difficulty(text)
    if unit is None or nothing == "leave":
        return Next(_over("left"))
    if nothing == "again":
        return Next(press, said=said)
    return _keep(context, unit, text, said[0] if said else None)


def _take_photo(context: Context, press: Press, said: Said, item: Attachment) -> Next:
    """A photo with its sentence, or before it."""
    unit, text = _unit(context, press.number(0)), context.incoming.text.strip()
    if item.kind != "photo":
        return Next(press, context.texts.say("difficulties.photo_only"), said)
    if unit is None:
        return Next(_over("left"))
    if text:
        return _keep(context, unit, text, item.reference)
    return Next(to("d.first", unit.id), said=(item.reference,))


def _photo_first(context: Context, press: Press, said: Said) -> Screen | None:
    """The photo is there; its sentence comes."""
    if not said:
        return _ask(context, press, said)
    return Screen(context.texts.say("difficulties.photo_first"), (to_home(context.texts),))


def _keep(context: Context, unit: Unit, text: str, photo: str | None) -> Next:
    """Keep it in general, in the unit's present round if there is one."""
    open_ = rounds.open_rounds(context.tx, unit.commune_id, context.now)
    made = difficulties.raise_difficulty(
        context.tx,
        commune_id=unit.commune_id,
        round_id=open_[-1].id if open_ else None,
        unit_id=unit.id,
        text=text[:LONGEST_DIFFICULTY],
        photo=photo,
        by=context.person.id,
        now=context.now,
    )
    tell_of_difficulty(context, unit.id, made, text)
    return Next(to("d.raised", made))


def _raised(context: Context, press: Press, said: Said) -> Screen | None:
    """What was raised is on its way; a photo can follow."""
    one, texts = _own_open(context, press.number(0)), context.texts
    if one is None or one.unit_id is None:
        return None
    unit = places.unit(context.tx, one.unit_id)
    key = "difficulties.raised_office" if unit.office else "difficulties.raised"
    add = (button(texts, "difficulties.button.add_photo", "d.photo", one.id),)
    rows = (to_home(texts),) if one.photo is not None else (add, to_home(texts))
    return Screen(texts.say(key, unit=unit_text(unit, texts)), rows)


# --- a photo afterwards -------------------------------------------------------------------------


def _ask_photo(context: Context, press: Press, said: Said) -> Screen | None:
    """Ask for a photo beside what this person raised, while it is not settled."""
    if _own_open(context, press.number(0)) is None:
        return None
    return Screen(context.texts.say("difficulties.photo_ask"), (to_home(context.texts),))


def _add_photo(context: Context, press: Press, said: Said, item: Attachment) -> Next:
    if item.kind != "photo":
        return Next(press, context.texts.say("difficulties.photo_only"))
    one = _own_open(context, press.number(0))
    if one is None:
        return Next(_over("too_late"))
    difficulties.add_photo(context.tx, one, item.reference, by=context.person.id, now=context.now)
    return Next(_over("photo_added"))


def _own_open(context: Context, number: int | None) -> Difficulty | None:
    one = difficulties.difficulty_by_id(context.tx, number) if number is not None else None
    if one is None or one.raised_by != context.person.id or one.settled_at is not None:
        return None
    return one if one.unit_id is not None and may_write(context, one.unit_id) else None


def _unit(context: Context, unit_id: int | None) -> Unit | None:
    return next((one for one in own_units(context) if one.id == unit_id), None)


def _over(key: str) -> Press:
    return to("d.over", key)


def _last_sentence(context: Context, press: Press, said: Said) -> Screen | None:
    """How it ended, and the way home."""
    if press.text(0) not in _ENDS:
        return None
    text = context.texts.say(f"difficulties.{press.text(0)}")
    return Screen(text, (to_home(context.texts),))


STEPS = Steps(
    views={
        "d.new": _which_unit,
        "d.ask": _ask,
        "d.first": _photo_first,
        "d.raised": _raised,
        "d.photo": _ask_photo,
        "d.over": _last_sentence,
    },
    deeds={"d.pick": _pick},
    takes={"d.ask": _take_sentence, "d.first": _take_sentence},
    photos={"d.ask": _take_photo, "d.first": _take_photo, "d.photo": _add_photo},
    asking=frozenset({"d.ask", "d.first"}),
    leaves={
        "d.ask": lambda _: _over("left"),
        "d.first": lambda _: _over("left"),
        "d.photo": lambda _: _over("left_photo"),
    },
)
