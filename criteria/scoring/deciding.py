"""Which missing reports can still change which verdicts."""

from collections.abc import Iterable

from criteria.scoring.result import IndicatorResult, Result, Verdict


def undecided_for(result: Result, unit: int) -> tuple[str, ...]:
    """Return the indicators whose verdict this unit's missing answer can still change.

    Indicators for which the unit is among the fewest that would settle "met" come first.
    """
    found = [one for one in result.indicators if _open(one) and unit in one.missing]
    return tuple(one.code for one in sorted(found, key=lambda one: not _decides(one, unit)))


def decides(result: Result, unit: int) -> bool:
    """Return whether the unit is among the fewest whose reports would settle an indicator."""
    return any(_open(one) and _decides(one, unit) for one in result.indicators)


def by_weight(result: Result, units: Iterable[int]) -> list[int]:
    """Return the units sorted by the weight of their missing reports: deciding units come first.

    Units of equal weight stay in their order.
    """
    weights = {
        unit: (
            sum(_open(one) and _decides(one, unit) for one in result.indicators),
            len(undecided_for(result, unit)),
        )
        for unit in units
    }
    return sorted(weights, key=lambda unit: weights[unit], reverse=True)


def _open(one: IndicatorResult) -> bool:
    return one.verdict is Verdict.INSUFFICIENT


def _decides(one: IndicatorResult, unit: int) -> bool:
    return unit in one.figures.deciding
