"""A reading together with the names of the rules that led to it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from criteria.reading.outcome import Reading


@dataclass(frozen=True, slots=True)
class Decision:
    """How a reply was read, and by which rules, the deciding one first."""

    reading: Reading
    rules: tuple[str, ...]


Said = TypeVar("Said")


def first_that_decides(
    rules: Iterable[Callable[[Said], Reading | None]], said: Said
) -> Decision | None:
    """The decision of the first rule that has one; a rule's name is its function's."""
    for rule in rules:
        reading = rule(said)
        if reading is not None:
            return Decision(reading, (rule.__name__,))
    return None
