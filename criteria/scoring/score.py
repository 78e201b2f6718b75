"""The result of a round: every indicator judged, then added up by group and commune."""

from collections import Counter

from criteria.answers import Ratio, YesNo
from criteria.definition import CriteriaSet, Indicator, Kind
from criteria.scoring.facts import Facts
from criteria.scoring.ratios import judge_ratio
from criteria.scoring.result import GroupResult, IndicatorResult, Result, Verdict
from criteria.scoring.yes_no import judge_yes_no


def score(criteria: CriteriaSet, facts: Facts) -> Result:
    """Give the commune's result; exact, from counted answers only."""
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
    if indicator.kind is Kind.RATIO:
        return _judge_ratio(indicator, facts)
    return _judge_yes_no(indicator, facts)


def _judge_ratio(indicator: Indicator, facts: Facts) -> IndicatorResult:
    if indicator.threshold is None:
        raise ValueError(f"{indicator.code} is a ratio without a threshold")
    units = facts.units_of(indicator)
    counted: dict[int, Ratio] = {}
    for unit in units:
        value = facts.counted.get((unit, indicator.code))
        if isinstance(value, Ratio):
            counted[unit] = value
    expected = {
        unit: facts.expected[unit, indicator.code]
        for unit in units
        if (unit, indicator.code) in facts.expected
    }
    verdict, by_totals, figures = judge_ratio(indicator.threshold, units, counted, expected)
    return IndicatorResult(
        code=indicator.code,
        group=indicator.group,
        kind=indicator.kind,
        roll_up=indicator.roll_up,
        unit=indicator.unit,
        verdict=verdict,
        own=verdict,
        by_totals=by_totals,
        units=units,
        missing=tuple(unit for unit in units if unit not in counted),
        ratio=figures,
    )


def _judge_yes_no(indicator: Indicator, facts: Facts) -> IndicatorResult:
    units = facts.units_of(indicator)
    counted: dict[int, YesNo] = {}
    for unit in units:
        value = facts.counted.get((unit, indicator.code))
        if isinstance(value, YesNo):
            counted[unit] = value
    own, figures = judge_yes_no(indicator, units, counted)
    confirmation = facts.confirmations.get(indicator.code) if indicator.confirmable else None
    verdict = own
    if confirmation is not None:
        verdict = Verdict.MET if confirmation.answer else Verdict.NOT_MET
    return IndicatorResult(
        code=indicator.code,
        group=indicator.group,
        kind=indicator.kind,
        roll_up=indicator.roll_up,
        unit=None,
        verdict=verdict,
        own=own,
        by_totals=False,
        units=units,
        missing=tuple(unit for unit in units if unit not in counted),
        yes_no=figures,
        confirmation=confirmation,
    )
