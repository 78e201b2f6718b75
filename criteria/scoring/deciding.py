"""Which missing reports can still change a verdict, and of which indicators."""

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


def _open(one: IndicatorResult) -> bool:
    return one.verdict is Verdict.INSUFFICIENT


def _decides(one: IndicatorResult, unit: int) -> bool:
    return unit in one.figures.deciding
