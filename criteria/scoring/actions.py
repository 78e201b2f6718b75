"""The actions that gain most: deciding reports, people to reach, areas that answered "chưa"."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from criteria.scoring.facts import Facts
from criteria.scoring.result import Share

_SHOWN_UNITS = 3


class ActionKind(StrEnum):
    """The kind of an action."""

    OFFICE = "office"  # the office answers its own indicators
    REPORT = "report"  # the missing answers of these units can decide the verdict
    FIGURE = "figure"  # the totals of these missing units are unknown
    REACH = "reach"  # `count` people, cadres, businesses … are still needed
    AGREE = "agree"  # `count` more areas must answer "có"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: for which indicators, how many are needed, in which units.

    The count of each unit is what it can add: people not yet covered (REACH), the expected total
    (REPORT of one ratio), or 0 if nothing is counted.
    """

    kind: ActionKind
    codes: tuple[str, ...]
    count: int
    units: tuple[Share, ...]
    effort: Fraction


def figures_wanted(code: str, units: Sequence[int], facts: Facts) -> Action:
    """Return the action to find the unknown totals of these units."""
    wanted = tuple(Share(unit, 0) for unit in units)
    return Action(ActionKind.FIGURE, (code,), len(wanted), wanted, _effort(len(wanted), facts))


def reports_wanted(code: str, units: Sequence[int], facts: Facts) -> Action:
    """Return the action to get these units' answers; each unit has its expected total."""
    wanted = tuple(Share(unit, facts.expected[unit, code]) for unit in units)
    return Action(ActionKind.REPORT, (code,), len(wanted), wanted, _effort(len(wanted), facts))


def some_reports_wanted(code: str, needed: int, units: Sequence[int], facts: Facts) -> Action:
    """Return the action to get the answers of `needed` of these units."""
    needed = min(needed, len(units))
    wanted = tuple(Share(unit, 0) for unit in units)
    return Action(ActionKind.REPORT, (code,), needed, wanted, _effort(needed, facts))


def agreement_wanted(code: str, needed: int, units: Sequence[int], effort: Fraction) -> Action:
    """Return the action to get a "có" from `needed` of these units, which have none yet."""
    wanted = tuple(Share(unit, 0) for unit in units)
    return Action(ActionKind.AGREE, (code,), min(needed, len(wanted)), wanted, 1 + effort)


def reach(code: str, gap: int, denominator: int, uncovered: Sequence[Share]) -> Action:
    """Return the action to reach `gap` more people.

    It costs more than a report, because a visit takes more effort than a call.
    """
    most = tuple(uncovered[:_SHOWN_UNITS])
    return Action(ActionKind.REACH, (code,), gap, most, 1 + Fraction(gap, denominator))


def _effort(units: int, facts: Facts) -> Fraction:
    return Fraction(units, max(1, len(facts.areas)))
