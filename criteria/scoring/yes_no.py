"""The verdict on a yes/no indicator: how many units must answer "có"."""

from collections.abc import Mapping, Sequence

from criteria.answers import YesNo
from criteria.definition import Indicator, RollUp
from criteria.scoring.result import Judged, Verdict, YesNoFigures


def judge_yes_no(
    indicator: Indicator, units: Sequence[int], counted: Mapping[int, YesNo]
) -> Judged:
    """Return the verdict on the answers of the units, and the figures behind it."""
    yes = tuple(unit for unit in units if unit in counted and counted[unit].yes)
    no = tuple(unit for unit in units if unit in counted and not counted[unit].yes)
    unknown = len(units) - len(yes) - len(no)
    needed = yes_needed(indicator, len(units))
    if not units:
        verdict = Verdict.INSUFFICIENT
    elif len(yes) >= needed:
        verdict = Verdict.MET
    elif len(yes) + unknown < needed:
        verdict = Verdict.NOT_MET
    else:
        verdict = Verdict.INSUFFICIENT
    figures = YesNoFigures(
        said_yes=yes,
        said_no=no,
        unknown=unknown,
        needed=max(0, needed - len(yes)),
        out_of_reach=unknown > 0 and verdict is Verdict.NOT_MET,
        share=indicator.share,
    )
    return Judged(verdict, figures)


def yes_needed(indicator: Indicator, units: int) -> int:
    """Return how many units must answer "có": one, all, or the share rounded up."""
    if indicator.roll_up is RollUp.ALL:
        return units
    if indicator.roll_up is RollUp.SHARE and indicator.share is not None:
        return -(-indicator.share.numerator * units // indicator.share.denominator)
    return 1
