"""The input of the score: the answers that count, and the expected totals of the others."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from criteria.answers import Value
from criteria.definition import Indicator


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The confirmation of a yes/no indicator by an officer, for the whole commune."""

    answer: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """One round of one commune.

    `areas` are ids in area order, `office` is the id of the office; both only if the set asks them.
    `counted` has the answers that count, by (unit, indicator). `expected` has the expected
    denominators: the figure of the unit, else its newest earlier denominator that counted. A
    missing key means that nobody knows it.
    """

    areas: tuple[int, ...]
    office: int | None
    counted: Mapping[tuple[int, str], Value] = field(default_factory=dict)
    expected: Mapping[tuple[int, str], int] = field(default_factory=dict)
    confirmations: Mapping[str, Confirmation] = field(default_factory=dict)

    @property
    def units(self) -> tuple[int, ...]:
        """Give all units that are asked, in area order, the office last."""
        return self.areas if self.office is None else (*self.areas, self.office)

    def units_of(self, indicator: Indicator) -> tuple[int, ...]:
        """Give the units that are asked this indicator, in area order, the office last."""
        areas = self.areas if indicator.asks(office=False) else ()
        office = self.office if indicator.asks(office=True) else None
        return areas if office is None else (*areas, office)
