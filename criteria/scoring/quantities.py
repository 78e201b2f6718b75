"""The verdict on a quantity: the sum, or the number of each unit, against the threshold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from criteria.answers import Quantity
from criteria.definition import Indicator, RollUp
from criteria.scoring.result import Figures, Judged, Share, Verdict


@dataclass(frozen=True, slots=True)
class QuantityFigures(Figures):
    """The numbers behind the verdict on a quantity.

    A missing unit can only add to `total`. So `total` is the lower bound, and there is no upper
    bound while a unit is missing. `least` is the smallest number that a unit gave. `reached` are
    the units with at least their part of the threshold, `below` the others. With `each` the part is
    the threshold itself, else an even share of it. `lacking` is how much each unit below is short
    of its part.
    """

    total: int
    threshold: int
    each: bool
    units: int
    least: int | None
    reached: tuple[int, ...]
    below: tuple[int, ...]
    lacking: tuple[Share, ...]
    gap: int | None
    out_of_reach: bool
    deciding: tuple[int, ...] = ()

    @property
    def missing(self) -> int:
        """The number of units that have not answered."""
        return self.units - len(self.reached) - len(self.below)

    def counts(self) -> tuple[int, ...]:
        """Return the sum, the number of missing units and, with `each`, of reached ones."""
        return self.total, self.missing, len(self.reached) if self.each else 0

    def fields(self) -> dict[str, Any]:
        """Return the sum and its bounds as whole numbers; with `each` also the numbers of areas."""
        fields: dict[str, Any] = {
            "numerator": self.total,
            "value": self.total if self.least is not None else None,
            "threshold": self.threshold,
            "gap": self.gap,
        }
        if self.each:
            areas = {"yes": len(self.reached), "no": len(self.below), "unknown": self.missing}
            return {**fields, **areas}
        return {**fields, "low": self.total, "high": None if self.missing else self.total}


def judge_quantity(
    indicator: Indicator,
    threshold: Fraction,
    units: Sequence[int],
    counted: Mapping[int, Quantity],
) -> Judged:
    """Return the verdict on the numbers of the units, and the figures behind it."""
    least = int(threshold)
    each = indicator.roll_up is RollUp.EACH
    total = sum(one.number for one in counted.values())
    part = least if each else -(-least // max(1, len(units)))
    answered = [unit for unit in units if unit in counted]
    below = tuple(unit for unit in answered if counted[unit].number < part)
    lacking = sorted(
        (Share(unit, part - counted[unit].number) for unit in below), key=lambda one: -one.count
    )
    missing = len(answered) < len(units)
    if not units:
        verdict = Verdict.INSUFFICIENT
    elif each:
        verdict = _judge_each(below=bool(below), missing=missing)
    else:
        verdict = _judge_sum(reached=total >= least, missing=missing)
    short = sum(one.count for one in lacking) if each else max(0, least - total)
    figures = QuantityFigures(
        total=total,
        threshold=least,
        each=each,
        units=len(units),
        least=min((counted[unit].number for unit in answered), default=None),
        reached=tuple(unit for unit in answered if unit not in below),
        below=below,
        lacking=tuple(lacking),
        gap=short if answered else None,
        out_of_reach=missing and verdict is Verdict.NOT_MET,
    )
    return Judged(verdict, figures)


def _judge_each(*, below: bool, missing: bool) -> Verdict:
    """Return the verdict for `each`: met needs all units, and one unit below makes it not met."""
    if below:
        return Verdict.NOT_MET
    return Verdict.INSUFFICIENT if missing else Verdict.MET


def _judge_sum(*, reached: bool, missing: bool) -> Verdict:
    """Return the verdict for a sum: once reached it stays so, because a missing unit only adds."""
    if reached:
        return Verdict.MET
    return Verdict.INSUFFICIENT if missing else Verdict.NOT_MET
