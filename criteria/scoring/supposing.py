"""What if: the same score over facts in which one answer is another one."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from criteria.answers import Ratio, Value
from criteria.scoring.facts import Facts


def suppose(facts: Facts, unit: int, code: str, value: Value) -> Facts:
    """Give the facts as they would be if the unit's answer to this indicator were `value`."""
    counted: Mapping[tuple[int, str], Value] = {**facts.counted, (unit, code): value}
    return replace(facts, counted=counted)


def reaching(facts: Facts, unit: int, code: str, share: Fraction) -> Ratio | None:
    """Give the fewest that are `share` of the unit's total: counted, else expected.

    None when nobody knows the total.
    """
    counted = facts.counted.get((unit, code))
    total = counted.denominator if isinstance(counted, Ratio) else facts.expected.get((unit, code))
    if total is None:
        return None
    return Ratio(-(-share.numerator * total // share.denominator), total)
