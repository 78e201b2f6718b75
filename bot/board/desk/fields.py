"""The field of a step that is answered by typing: a sentence, a line, a number, a day, an hour.

A page has a proper field where the chat has words; what is chosen in it is said to the chat's own
screen. Lists have none: a page shows all that they hold.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

Given = Mapping[str, str]  # the parts of a field by name


def _as_typed(given: Given) -> str:
    return given["text"]


def _day(given: Given) -> str:
    """25/12/2026."""
    try:
        return f"{date.fromisoformat(given['text']):%d/%m/%Y}"
    except ValueError:
        return given["text"]


def _uses(given: Given) -> str:
    """12 người, 14 ngày."""
    people, days = given["people"], given["days"]
    return f"{people} người, {days} ngày" if people.isdecimal() and days.isdecimal() else ""


@dataclass(frozen=True, slots=True)
class Field:
    """What stands on the page (a block of the template), under which caption, and what is said."""

    block: str
    caption: str
    said: Callable[[Given], str] = _as_typed


SENTENCE, LINE, COUNT, NUMBER, DAY, HOUR, USES = (
    "sentence", "line", "count", "number", "day", "hour", "uses",
)  # fmt: skip
FIELDS: Mapping[str, Field] = {
    **dict.fromkeys(
        ("confy", "confn", "m.rcan", "m.rwhy", "v.fixr"), Field(SENTENCE, "desk.field.reason")
    ),
    "d.ans": Field(SENTENCE, "desk.field.answer"),
    **dict.fromkeys(("n.text", "v.note"), Field(SENTENCE, "desk.field.words")),
    "m.aspl": Field(SENTENCE, "desk.field.names"),
    **dict.fromkeys(("m.aname", "m.amnew", "p.name"), Field(LINE, "desk.field.name")),
    "s.word": Field(LINE, "desk.field.document"),
    "o.inv": Field(LINE, "desk.field.commune"),
    **dict.fromkeys(("m.afig", "v.fixq"), Field(COUNT, "desk.field.count")),
    **dict.fromkeys(("m.sopen", "m.sdue"), Field(NUMBER, "desk.field.day_of_month")),
    **dict.fromkeys(
        ("m.amday", "m.rcl", "m.rdl", "m.rend", "p.cday", "p.day"),
        Field(DAY, "desk.field.day", _day),
    ),
    "m.rplan": Field(HOUR, "desk.field.hour"),
    **dict.fromkeys(("m.iset", "m.ish"), Field(USES, "desk.field.uses", _uses)),
}  # fmt: skip

ANSWER = Field("sentence", "desk.type")  # of a conversation, where anything can be said


def text_of(action: str, given: Given) -> str:
    """What the field of a step says in words; empty where nothing was given."""
    field = FIELDS.get(action)
    said = field.said if field is not None else _as_typed
    return said(given)
