"""A label: a place in a message that names questions by number or code."""

from dataclasses import dataclass
from typing import Literal

from criteria.reading.whole_report.message import TypedReport

Way = Literal["number", "code", "list", "bare"]
PICTURES = frozenset("✅✔☑❌✖✗✘")  # words that answer yes or no

_CLOSING = frozenset(":=)→>|")


@dataclass(frozen=True, slots=True)
class Label:
    """One or more questions, named by `tokens[start:end]`.

    `closed`: a colon or a similar sign follows, so the next text belongs to it. `proven`: its sign
    cannot be part of a figure ("5/9").
    """

    start: int
    end: int
    questions: tuple[int, ...]
    way: Way
    closed: bool = False
    sign: str = ""
    proven: bool = True


def closed_label(
    message: TypedReport, start: int, end: int, questions: list[int], way: Way
) -> Label:
    """Return the label, extended by the sign after it."""
    sign = message.text_at(end)
    parts = sign in _CLOSING or (sign in {"-", "."} and end + 1 < len(message.tokens))
    if sign == "/":
        parts = message.number(end + 1, most=None) is None
    if parts and not (sign == "-" and _is_minus(message, end)):
        return Label(start, end + 1, tuple(questions), way, closed=True)
    return Label(start, end, tuple(questions), way)


def begins_an_answer(message: TypedReport, at: int) -> bool:
    """Return whether an answer in words or signs begins here."""
    return message.text_at(at) in PICTURES or message.has(at, "opening")


def _is_minus(message: TypedReport, at: int) -> bool:
    """Return whether the dash is a minus: it is in "câu 1 -5", but not in "câu 1-5"."""
    joined = message.touches(at + 1) and message.is_number(at + 1)
    return joined and not message.touches(at)
