"""What if: the same score over facts in which one answer, or one expected total, is another."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from criteria.answers import Ratio, Value
from criteria.scoring.facts import Facts


def suppose(facts: Facts, unit: int, code: str, value: Value) -> Facts:
    """Give the facts as they would be if the unit's answer to this indicator were `value`."""
    counted: Mapping[tuple[int, str], Value] = {**facts.counted, (unit, code): value}
    return replace(facts, counted=counted)


def suppose_total(facts: Facts, unit: int, codes: Iterable[str], total: int) -> Facts:
    """Give the facts as they would be if the unit's expected total of these indicators were this.

    Answers that count keep their own totals.
    """
    expected = {**facts.expected, **{(unit, code): total for code in codes}}
    return replace(facts, expected=expected)


def reaching(facts: Facts, unit: int, code: str, share: Fraction) -> Ratio | None:
    """Give the fewest that are `share` of the unit's total: counted, else expected.

    None when nobody knows the total.
    """
    counted = facts.counted.get((unit, code))
    total = counted.denominator if isinstance(counted, Ratio) else facts.expected.get((unit, code))
    if total is None:
        return None
    return Ratio(-(-share.numerator * total // share.denominator), total)
