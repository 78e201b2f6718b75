"""The input of the score: the answers that count, and the expected totals of the missing ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from criteria.answers import Value
from criteria.definition import Indicator


@dataclass(frozen=True, slots=True)
class ConfirmedAnswer:
    """An officer's confirmation of a yes/no indicator, for the whole commune."""

    answer: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """One round of one commune.

    `areas` are ids in area order, `office` is the office's id; only those that the set asks.
    `counted` has the answers that count, by (unit, indicator). `expected` has the expected
    denominators: the unit's figure, else its newest earlier denominator that counted. A missing key
    means that the denominator is unknown.
    """

    areas: tuple[int, ...]
    office: int | None
    counted: Mapping[tuple[int, str], Value] = field(default_factory=dict)
    expected: Mapping[tuple[int, str], int] = field(default_factory=dict)
    confirmations: Mapping[str, ConfirmedAnswer] = field(default_factory=dict)

    @property
    def units(self) -> tuple[int, ...]:
        """All units that are asked, in area order, the office last."""
        return self.areas if self.office is None else (*self.areas, self.office)

    def units_of(self, indicator: Indicator) -> tuple[int, ...]:
        """Return the units that are asked this indicator, in area order, the office last."""
        areas = self.areas if indicator.asks(office=False) else ()
        office = self.office if indicator.asks(office=True) else None
        return areas if office is None else (*areas, office)
