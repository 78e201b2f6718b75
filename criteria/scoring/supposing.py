"""Hypothetical facts: one answer or one expected total is changed, for the same score."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from criteria.answers import Ratio, Value
from criteria.scoring.facts import Facts


def suppose(facts: Facts, unit: int, code: str, value: Value) -> Facts:
    """Return the facts with `value` as the unit's answer to this indicator."""
    counted: Mapping[tuple[int, str], Value] = {**facts.counted, (unit, code): value}
    return replace(facts, counted=counted)


def suppose_total(facts: Facts, unit: int, codes: Iterable[str], total: int) -> Facts:
    """Return the facts with another expected total of the unit for these indicators.

    Answers that count keep their own totals.
    """
    expected = {**facts.expected, **{(unit, code): total for code in codes}}
    return replace(facts, expected=expected)


def ratio_reaching(facts: Facts, unit: int, code: str, share: Fraction) -> Ratio | None:
    """Return the least count that is `share` of the unit's total (counted, else expected).

    Return None when the total is unknown.
    """
    counted = facts.counted.get((unit, code))
    total = counted.denominator if isinstance(counted, Ratio) else facts.expected.get((unit, code))
    if total is None:
        return None
    return Ratio(-(-share.numerator * total // share.denominator), total)
