"""A reading with the names of the rules that decided it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from criteria.reading.outcome import Reading


@dataclass(frozen=True, slots=True)
class Decision:
    """A reading and its rules; the deciding rule is the first."""

    reading: Reading
    rules: tuple[str, ...]


Reply = TypeVar("Reply")


def first_that_decides(
    rules: Iterable[Callable[[Reply], Reading | None]], reply: Reply
) -> Decision | None:
    """Return the decision of the first rule that decides; None if no rule does.

    A rule has the name of its function.
    """
    for rule in rules:
        reading = rule(reply)
        if reading is not None:
            return Decision(reading, (rule.__name__,))
    return None
