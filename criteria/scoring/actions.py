"""The actions that would gain most: deciding reports, people to reach, areas that said "chưa"."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from criteria.scoring.facts import Facts
from criteria.scoring.result import Share

_SHOWN_UNITS = 3


class Kind(StrEnum):
    """The kind of an action."""

    OFFICE = "office"  # the office answers its own indicators
    REPORT = "report"  # the missing answers of these units decide
    FIGURE = "figure"  # nobody knows the totals of these missing units
    REACH = "reach"  # `count` people, cadres, businesses … are still needed
    AGREE = "agree"  # `count` areas that said "chưa" are still needed


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: for which indicators, how many are needed, in which units.

    The counts of `units` say what each could add: people not yet covered (REACH), the expected
    total (REPORT of one ratio), or 0 where nothing is counted.
    """

    kind: Kind
    codes: tuple[str, ...]
    count: int
    units: tuple[Share, ...]
    effort: Fraction


def figures_wanted(code: str, units: Sequence[int], facts: Facts) -> Action:
    """Ask for the unknown totals of these units."""
    wanted = tuple(Share(unit, 0) for unit in units)
    return Action(Kind.FIGURE, (code,), len(wanted), wanted, _part(len(wanted), facts))


def reports_wanted(code: str, units: Sequence[int], facts: Facts) -> Action:
    """Ask these units for their answers; each has its expected total."""
    wanted = tuple(Share(unit, facts.expected[unit, code]) for unit in units)
    return Action(Kind.REPORT, (code,), len(wanted), wanted, _part(len(wanted), facts))


def some_reports_wanted(code: str, needed: int, units: Sequence[int], facts: Facts) -> Action:
    """Ask `needed` of these units for their answers."""
    needed = min(needed, len(units))
    wanted = tuple(Share(unit, 0) for unit in units)
    return Action(Kind.REPORT, (code,), needed, wanted, _part(needed, facts))


def agreement_wanted(code: str, needed: int, units: Sequence[int], effort: Fraction) -> Action:
    """Ask `needed` of these units that said "chưa" or nothing."""
    wanted = tuple(Share(unit, 0) for unit in units)
    return Action(Kind.AGREE, (code,), min(needed, len(wanted)), wanted, 1 + effort)


def reach(code: str, gap: int, denominator: int, uncovered: Sequence[Share]) -> Action:
    """Ask for people to reach; that costs more than a report: a visit instead of one call."""
    most = tuple(uncovered[:_SHOWN_UNITS])
    return Action(Kind.REACH, (code,), gap, most, 1 + Fraction(gap, denominator))


def _part(units: int, facts: Facts) -> Fraction:
    return Fraction(units, max(1, len(facts.areas)))
