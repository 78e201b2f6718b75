"""Checks of an answer that was read: which are refused, and which the person must confirm once."""

from dataclasses import dataclass
from enum import StrEnum

from criteria.answers import Ratio, Value


class Refusal(StrEnum):
    """The reason why two counts cannot be stored."""

    NEGATIVE = "negative"
    MORE_THAN_TOTAL = "more_than_total"


class DoubtedNumber(StrEnum):
    """The number that a doubt is about."""

    TOTAL = "total"
    NUMERATOR = "numerator"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A count that is far from the usual one and must be confirmed once."""

    about: DoubtedNumber
    given: int
    usual: int

    def __str__(self) -> str:
        return self.about.value


def refusal(numerator: int, denominator: int) -> Refusal | None:
    """Return the reason why these counts must be corrected, or None when they can be stored.

    A count is never negative, and a numerator is never larger than its denominator.
    """
    if numerator < 0 or denominator < 0:
        return Refusal.NEGATIVE
    return Refusal.MORE_THAN_TOTAL if numerator > denominator else None


def check(value: Ratio, expected_total: int | None, last: Value | None) -> tuple[Doubt, ...]:
    """Return the doubts about a ratio that the person must confirm once.

    `expected_total` is the expected denominator; None means that it is unknown. `last` is the
    newest earlier answer that counted. A total is doubted when it differs by more than 20 %, a
    numerator when it differs by more than 20 % and by more than 5.
    """
    doubts: list[Doubt] = []
    if expected_total is not None and _far(value.denominator, expected_total):
        doubts.append(Doubt(DoubtedNumber.TOTAL, value.denominator, expected_total))
    if (
        isinstance(last, Ratio)
        # 20 % of a small number is only one or two people, which is no reason to ask.
        and abs(value.numerator - last.numerator) > 5
        and _far(value.numerator, last.numerator)
    ):
        doubts.append(Doubt(DoubtedNumber.NUMERATOR, value.numerator, last.numerator))
    return tuple(doubts)


def _far(given: int, usual: int) -> bool:
    """Return whether a count differs from the usual one by more than 20 % of the usual one."""
    # Without a division, so that exactly 20 % is never rounded over the limit.
    return 5 * abs(given - usual) > usual
