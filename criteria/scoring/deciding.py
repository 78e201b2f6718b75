"""Which missing reports can still change which verdicts."""

from collections.abc import Iterable

from criteria.scoring.result import IndicatorResult, Result, Verdict


def open_to(result: Result, unit: int) -> tuple[str, ...]:
    """Give the indicators whose verdict the missing answer of this unit can still change.

    Indicators for which the unit is among the fewest that would settle "met" come first.
    """
    found = [one for one in result.indicators if _open(one) and unit in one.missing]
    return tuple(one.code for one in sorted(found, key=lambda one: not _decides(one, unit)))


def decides(result: Result, unit: int) -> bool:
    """Whether the unit is among the fewest whose reports would settle an indicator."""
    return any(_open(one) and _decides(one, unit) for one in result.indicators)


def by_weight(result: Result, units: Iterable[int]) -> list[int]:
    """Sort units by the weight of their missing reports: deciding units come first.

    Equal units keep their order.
    """
    weights = {
        unit: (
            sum(_open(one) and _decides(one, unit) for one in result.indicators),
            len(open_to(result, unit)),
        )
        for unit in units
    }
    return sorted(weights, key=lambda unit: weights[unit], reverse=True)


def _open(one: IndicatorResult) -> bool:
    return one.verdict is Verdict.INSUFFICIENT


def _decides(one: IndicatorResult, unit: int) -> bool:
    return unit in one.figures.deciding
