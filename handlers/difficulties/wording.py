"""Texts about a difficulty: its unit, its indicator, its line in a list."""

from handlers.flow.context import Context
from handlers.rounds.criteria_sets import set_of
from handlers.texts import Html, Texts, shortened
from storage.difficulties.difficulties import Difficulty
from storage.places import places
from storage.rounds import rounds

MARKS = {"open": "🔸", "passed_up": "⬆️", "answered": "💬", "settled": "✅"}
_IN_A_LIST = 90


def where(context: Context, one: Difficulty) -> str:
    """Return the name of the unit that raised it."""
    if one.unit_id is None:
        return context.texts.say("difficulties.commune_wide")
    return context.texts.unit(places.unit(context.tx, one.unit_id))


def about(context: Context, one: Difficulty, texts: Texts | None = None) -> str:
    """Return the indicator's short name; a general text if it is about none."""
    texts = texts or context.texts
    if one.indicator is None:
        return texts.say("difficulties.general")
    round_ = rounds.round_by_id(context.tx, one.round_id) if one.round_id is not None else None
    known = set_of(round_).indicators if round_ is not None else ()
    found = next((i for i in known if i.code == one.indicator), None)
    return texts.short(found) if found is not None else one.indicator


def line(context: Context, number: int, one: Difficulty, place: str) -> Html:
    """Return the line of a difficulty in a list."""
    return context.texts.say(
        "difficulties.line",
        number=number,
        mark=MARKS[one.state],
        where=place,
        about=about(context, one),
        text=shortened(one.text, _IN_A_LIST),
    )
