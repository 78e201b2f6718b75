"""What an answer can be, by the kind of its indicator. Missing is `None`, never zero."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Ratio:
    """Two counts; a denominator of 0 means "không có đối tượng" (nobody it applies to)."""

    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes ("Có") or not yet ("Chưa")."""

    yes: bool


@dataclass(frozen=True, slots=True)
class Quantity:
    """One count that is a part of no total."""

    number: int


Value = Ratio | YesNo | Quantity

# The counting method of a number: from house to house, from the books, or an estimate.
CountingMethod = Literal["houses", "books", "estimate"]
COUNTING_METHODS: tuple[CountingMethod, ...] = ("houses", "books", "estimate")
