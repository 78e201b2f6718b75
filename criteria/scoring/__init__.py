"""The score of a round: exact integers and fractions, computed from plain data."""

from criteria.scoring.actions import Action
from criteria.scoring.change import IndicatorChange, compare, effect
from criteria.scoring.deciding import by_weight, decides, undecided_for
from criteria.scoring.facts import ConfirmedAnswer, Facts
from criteria.scoring.fields import result_fields
from criteria.scoring.priorities import best_actions
from criteria.scoring.result import (
    GroupResult,
    IndicatorResult,
    RatioFigures,
    Result,
    Share,
    Verdict,
    YesNoFigures,
)
from criteria.scoring.score import score
from criteria.scoring.supposing import ratio_reaching, suppose, suppose_total

__all__ = [
    "Action",
    "ConfirmedAnswer",
    "Facts",
    "GroupResult",
    "IndicatorChange",
    "IndicatorResult",
    "RatioFigures",
    "Result",
    "Share",
    "Verdict",
    "YesNoFigures",
    "best_actions",
    "by_weight",
    "compare",
    "decides",
    "effect",
    "ratio_reaching",
    "result_fields",
    "score",
    "suppose",
    "suppose_total",
    "undecided_for",
]
