"""The result of a round: every indicator is judged, then counted by group and commune."""

from collections import Counter

from criteria.answers import Value
from criteria.definition import CriteriaSet, Indicator
from criteria.kinds.base import kind_of
from criteria.scoring.facts import Facts
from criteria.scoring.result import GroupResult, IndicatorResult, Result, Verdict


def score(criteria: CriteriaSet, facts: Facts) -> Result:
    """Return the commune's result: exact, and computed from counted answers only."""
    indicators = tuple(_judge(one, facts) for one in criteria.indicators)
    verdicts = Counter(one.verdict for one in indicators)
    met = Counter(one.group for one in indicators if one.verdict is Verdict.MET)
    sizes = Counter(one.group for one in indicators)
    return Result(
        indicators=indicators,
        groups=tuple(
            GroupResult(group.code, met[group.code], sizes[group.code]) for group in criteria.groups
        ),
        met=verdicts[Verdict.MET],
        not_met=verdicts[Verdict.NOT_MET],
        open=verdicts[Verdict.INSUFFICIENT],
        not_applicable=verdicts[Verdict.NOT_APPLICABLE],
    )


def _judge(indicator: Indicator, facts: Facts) -> IndicatorResult:
    kind, code = kind_of(indicator.kind), indicator.code
    units = facts.units_of(indicator)
    answers, totals = facts.counted, facts.expected if kind.has_total else {}
    given = ((unit, answers.get((unit, code))) for unit in units)
    counted: dict[int, Value] = {
        unit: value for unit, value in given if isinstance(value, kind.value)
    }
    missing = tuple(unit for unit in units if unit not in counted)
    expected = {unit: totals[unit, code] for unit in missing if (unit, code) in totals}
    judged = kind.judge(indicator, units, counted, expected)
    confirmation = facts.confirmations.get(code) if indicator.confirmable else None
    verdict = judged.verdict
    if confirmation is not None:
        verdict = Verdict.MET if confirmation.answer else Verdict.NOT_MET
    return IndicatorResult(
        code=code,
        group=indicator.group,
        kind=indicator.kind,
        roll_up=indicator.roll_up,
        unit=indicator.unit,
        verdict=verdict,
        own=judged.verdict,
        by_totals=judged.by_totals,
        units=units,
        missing=missing,
        figures=judged.figures,
        confirmation=confirmation,
    )
