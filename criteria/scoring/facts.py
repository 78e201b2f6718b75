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

    `areas` are ids in area order, `office` is the office's; both only as far as the set asks them
    anything. `counted` holds, by (unit, indicator), only the answers that
    count. `expected` holds expected denominators (the unit's figure, else its newest earlier
    one that counted); a missing key is "nobody knows".
    """

    areas: tuple[int, ...]
    office: int | None
    counted: Mapping[tuple[int, str], Value] = field(default_factory=dict)
    expected: Mapping[tuple[int, str], int] = field(default_factory=dict)
    confirmations: Mapping[str, Confirmation] = field(default_factory=dict)

    @property
    def units(self) -> tuple[int, ...]:
        """Give everybody who is asked, in area order, the office last."""
        return self.areas if self.office is None else (*self.areas, self.office)

    def units_of(self, indicator: Indicator) -> tuple[int, ...]:
        """Give the units that are asked this, in area order, the office last."""
        return tuple(unit for unit in self.units if indicator.asks(office=unit == self.office))
