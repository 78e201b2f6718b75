"""What the score is computed from: the answers that count, and what is expected of the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from criteria.answers import Value
from criteria.definition import Indicator


@dataclass(frozen=True, slots=True)
class Confirmation:
    """An officer's word on a yes/no indicator for the whole commune."""

    answer: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """One round of one commune.

    `areas` are ids in area order. `counted` holds, by (unit, indicator), only the answers that
    count. `expected` holds expected denominators (the unit's figure, else its newest earlier
    one that counted); a missing key is "nobody knows".
    """

    areas: tuple[int, ...]
    office: int
    counted: Mapping[tuple[int, str], Value] = field(default_factory=dict)
    expected: Mapping[tuple[int, str], int] = field(default_factory=dict)
    confirmations: Mapping[str, Confirmation] = field(default_factory=dict)

    def units_of(self, indicator: Indicator) -> tuple[int, ...]:
        """Give the units that are asked this, in area order, the office last."""
        areas = self.areas if indicator.asks(office=False) else ()
        return (*areas, self.office) if indicator.asks(office=True) else areas
