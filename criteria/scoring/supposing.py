"""What if: facts in which one answer or one expected total is changed, for the same score."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from criteria.answers import Ratio, Value
from criteria.scoring.facts import Facts


def suppose(facts: Facts, unit: int, code: str, value: Value) -> Facts:
    """Give the facts with `value` as the answer of the unit to this indicator."""
    counted: Mapping[tuple[int, str], Value] = {**facts.counted, (unit, code): value}
    return replace(facts, counted=counted)


def suppose_total(facts: Facts, unit: int, codes: Iterable[str], total: int) -> Facts:
    """Give the facts with another expected total of the unit for these indicators.

    Answers that count keep their own totals.
    """
    expected = {**facts.expected, **{(unit, code): total for code in codes}}
    return replace(facts, expected=expected)


def reaching(facts: Facts, unit: int, code: str, share: Fraction) -> Ratio | None:
    """Give the least count that is `share` of the total of the unit (counted, else expected).

    None when nobody knows the total.
    """
    counted = facts.counted.get((unit, code))
    total = counted.denominator if isinstance(counted, Ratio) else facts.expected.get((unit, code))
    if total is None:
        return None
    return Ratio(-(-share.numerator * total // share.denominator), total)
