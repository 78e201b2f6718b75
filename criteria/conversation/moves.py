"""What a person can do in a report, by typing or by pressing a button."""

from dataclasses import dataclass
from typing import Literal

from criteria.answers import CountingMethod, Value
from criteria.reading.outcome import All, Reading

Does = Literal[
    "give",  # an answer, or a part of one
    "unclear",  # the text has nothing usable
    "yes",
    "no",  # "yes" and "no" reply to a confirmation
    "skip",
    "unknown",
    "none",
    "same",
    "keep",  # a returned answer is correct without a change
    "back",
    "undo",
    "done",
    "send",
    "cancel",
    "edit",
    "help",
    "explain",
    "more",
    "fix_total",
    "evidence",
    "difficulty",
    "resume",
]


@dataclass(frozen=True, slots=True)
class Move:
    """One move. `code` is the question that it is about, if that is not the present one.

    `sure`: the person has just chosen this question and value, so a correction needs no
    confirmation.
    """

    does: Does
    value: Value | All | int | None = None
    clear: bool = True
    reason: str | None = None
    code: str | None = None
    number: int | None = None  # the question's number in "sửa câu 3"
    text: str | None = None  # the text of a difficulty in the same message
    then: "Move | None" = None  # the reply in "sửa câu 3: 5/6"
    how: CountingMethod | None = None  # the counting method, if it came with the number
    sure: bool = False


_COMMANDS: dict[str, Does] = {
    "skip": "skip",
    "unknown": "unknown",
    "none": "none",
    "same": "same",
    "back": "back",
    "undo": "undo",
    "done": "done",
    "send": "send",
    "cancel": "cancel",
    "edit": "edit",
    "help": "help",
    "difficulty": "difficulty",
    "explain": "explain",
    "fix_total": "fix_total",
}


def move_of(reading: Reading) -> Move:
    """Return the move that a typed reply makes."""
    if reading.outcome == "command" and reading.command in _COMMANDS:
        return Move(_COMMANDS[reading.command], number=reading.question, text=reading.reply)
    if reading.outcome in {"value", "confirm"}:
        return Move("give", reading.value, clear=reading.outcome == "value", reason=reading.reason)
    return Move("unclear", reason=reading.reason or "not_understood")
