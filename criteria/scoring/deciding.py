"""Which missing reports can still change a verdict, and of which indicators."""

from collections.abc import Iterable

from criteria.scoring.result import IndicatorResult, Result, Verdict


def open_to(result: Result, unit: int) -> tuple[str, ...]:
    """The indicators whose verdict this unit's missing answer can still change.

    Those come first for which it is among the fewest that would settle "met".
    """
    found = [one for one in result.indicators if _open(one) and unit in one.missing]
    return tuple(one.code for one in sorted(found, key=lambda one: not _decides(one, unit)))


def decides(result: Result, unit: int) -> bool:
    """Whether the unit is among the fewest whose reports would settle an indicator."""
    return any(_open(one) and _decides(one, unit) for one in result.indicators)


def by_weight(result: Result, units: Iterable[int]) -> list[int]:
    """The units whose missing reports can change most first: those that decide before the others.

    Of equals in the order given.
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
