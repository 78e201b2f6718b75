"""How a difficulty is named: where, about what, how far it has come."""

from handlers.criteria_sets import set_of
from handlers.reporting.wording import unit_text
from handlers.texts import Html, Texts
from handlers.turn import Turn
from storage import places, rounds
from storage.difficulties import Difficulty

MARKS = {"open": "🔸", "passed_up": "⬆️", "answered": "💬", "settled": "✅"}
_SHORTENED = 90


def where(turn: Turn, one: Difficulty) -> str:
    """The unit that raised it."""
    if one.unit_id is None:
        return turn.texts.say("difficulties.commune_wide")
    return unit_text(places.unit(turn.tx, one.unit_id), turn.texts)


def about(turn: Turn, one: Difficulty, texts: Texts | None = None) -> str:
    """The indicator's short name, or that it is about no one indicator."""
    texts = texts or turn.texts
    if one.indicator is None:
        return texts.say("difficulties.general")
    round_ = rounds.round_by_id(turn.tx, one.round_id) if one.round_id is not None else None
    known = set_of(round_).indicators if round_ is not None else ()
    found = next((i for i in known if i.code == one.indicator), None)
    return found.text(texts.language).short if found is not None else one.indicator


def line(turn: Turn, number: int, one: Difficulty, place: str) -> Html:
    """A difficulty in a list."""
    return turn.texts.say(
        "difficulties.line",
        number=number,
        mark=MARKS[one.state],
        where=place,
        about=about(turn, one),
        text=shortened(one.text),
    )


def shortened(text: str, most: int = _SHORTENED) -> str:
    """What was said, cut for a list."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[: most - 1].rstrip()}…"
