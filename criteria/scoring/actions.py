"""The few things that would win most: reports that decide, people to reach, "chưa" to turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from criteria.scoring.facts import Facts
from criteria.scoring.result import Share

_SHOWN_UNITS = 3


class Kind(StrEnum):
    """What there is to do."""

    OFFICE = "office"  # the office answers what only it knows
    REPORT = "report"  # these units' missing answers decide
    FIGURE = "figure"  # these missing units' totals are known to nobody
    REACH = "reach"  # `count` people, cadres, businesses … are still needed
    AGREE = "agree"  # `count` areas that said "chưa" are still needed


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: for which indicators, how many are needed, in which units.

    The counts of `units` say what each could bring: those not yet covered (REACH), the expected
    total (REPORT of one ratio); 0 where there is nothing to count.
    """

    kind: Kind
    codes: tuple[str, ...]
    count: int
    units: tuple[Share, ...]
    effort: Fraction


def figures_wanted(code: str, units: Sequence[int], facts: Facts) -> Action:
    """The totals of these units, which nobody knows."""
    wanted = tuple(Share(unit, 0) for unit in units)
    return Action(Kind.FIGURE, (code,), len(wanted), wanted, _part(len(wanted), facts))


def reports_wanted(code: str, units: Sequence[int], facts: Facts) -> Action:
    """The answers of these units, each with the total that is expected of it."""
    wanted = tuple(Share(unit, facts.expected[unit, code]) for unit in units)
    return Action(Kind.REPORT, (code,), len(wanted), wanted, _part(len(wanted), facts))


def some_reports_wanted(code: str, needed: int, units: Sequence[int], facts: Facts) -> Action:
    """The answers of `needed` of these units."""
    needed = min(needed, len(units))
    wanted = tuple(Share(unit, 0) for unit in units)
    return Action(Kind.REPORT, (code,), needed, wanted, _part(needed, facts))


def agreement_wanted(code: str, needed: int, units: Sequence[int], effort: Fraction) -> Action:
    """`needed` of these units that have said "chưa", or nothing."""
    wanted = tuple(Share(unit, 0) for unit in units)
    return Action(Kind.AGREE, (code,), min(needed, len(wanted)), wanted, 1 + effort)


def reach(code: str, gap: int, denominator: int, uncovered: Sequence[Share]) -> Action:
    """Put people after reports: a report is one call, an account is a walk to somebody's door."""
    most = tuple(uncovered[:_SHOWN_UNITS])
    return Action(Kind.REACH, (code,), gap, most, 1 + Fraction(gap, denominator))


def _part(units: int, facts: Facts) -> Fraction:
    return Fraction(units, max(1, len(facts.areas)))
