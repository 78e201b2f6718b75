"""The value of an answer, one class for each kind. A missing answer is `None`, never zero."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Ratio:
    """Two counts. A denominator of 0 means "không có đối tượng" (not applicable)."""

    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes ("Có") or not yet ("Chưa")."""

    yes: bool


@dataclass(frozen=True, slots=True)
class Quantity:
    """One count without a total."""

    number: int


Value = Ratio | YesNo | Quantity

# How a number was obtained: from house to house, from the books, or as an estimate.
CountingMethod = Literal["houses", "books", "estimate"]
COUNTING_METHODS: tuple[CountingMethod, ...] = ("houses", "books", "estimate")
