"""The form field of a step that is answered by typing: text, line, number, date, time.

Where a person types words in the chat, a page has a field of the right type. The field's value is
turned into the words for the chat's screen. Lists need no field: a page shows the whole list.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

FieldParts = Mapping[str, str]  # the parts of a field by name


def _as_typed(parts: FieldParts) -> str:
    return parts["text"]


def _day(parts: FieldParts) -> str:
    """Return a date as typed in the chat: 25/12/2026."""
    try:
        return f"{date.fromisoformat(parts['text']):%d/%m/%Y}"
    except ValueError:
        return parts["text"]


def _uses(parts: FieldParts) -> str:
    """Return both numbers as typed in the chat: "12 người, 14 ngày"; empty if one is missing."""
    people, days = parts["people"], parts["days"]
    return f"{people} người, {days} ngày" if people.isdecimal() and days.isdecimal() else ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its block of the template, its caption, and how its value becomes a typed text."""

    block: str
    caption: str
    to_text: Callable[[FieldParts], str] = _as_typed


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

ANSWER = Field("sentence", "desk.type")  # of a report's question, which takes any text


def text_of(action: str, parts: FieldParts) -> str:
    """Return the value of a step's field as a typed text; empty if nothing was typed."""
    field = FIELDS.get(action)
    to_text = field.to_text if field is not None else _as_typed
    return to_text(parts)
