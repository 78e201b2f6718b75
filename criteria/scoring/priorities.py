"""The actions with the largest gain for the smallest effort."""

from collections.abc import Iterator
from fractions import Fraction

from criteria.definition import CriteriaSet
from criteria.kinds.base import kind_of
from criteria.scoring.actions import Action, ActionKind
from criteria.scoring.facts import Facts
from criteria.scoring.result import IndicatorResult, Result, Share, Verdict


def best_actions(
    criteria: CriteriaSet, result: Result, facts: Facts, *, most: int = 6
) -> tuple[Action, ...]:
    """Return at most `most` actions, those of least effort and most indicators first."""
    found: list[Action] = []
    for one in result.indicators:
        if one.verdict is Verdict.NOT_MET or one.verdict is Verdict.INSUFFICIENT:
            found += _actions(one, facts)
    order = {indicator.code: place for place, indicator in enumerate(criteria.indicators)}
    joined = _joined(found)
    joined.sort(key=lambda act: (act.effort, -len(act.codes), order[act.codes[0]]))
    return tuple(joined[:most])


def _actions(one: IndicatorResult, facts: Facts) -> Iterator[Action]:
    office = facts.office
    if one.verdict is Verdict.INSUFFICIENT and office is not None and office in one.missing:
        yield Action(ActionKind.OFFICE, (one.code,), 1, (Share(office, 0),), Fraction(0))
    yield from kind_of(one.kind).actions(one, facts)


def _joined(found: list[Action]) -> list[Action]:
    """Join the actions of one kind that ask the same units."""
    together: dict[tuple[object, ...], Action] = {}
    for act in found:
        units = tuple(sorted(share.unit for share in act.units))
        key: tuple[object, ...] = (act.kind, units)
        if act.kind in {ActionKind.REACH, ActionKind.AGREE}:
            key = (act.kind, act.codes)
        if (first := together.get(key)) is None:
            together[key] = act
            continue
        bare = tuple(Share(share.unit, 0) for share in first.units)
        codes = (*first.codes, *act.codes)
        count, effort = max(first.count, act.count), min(first.effort, act.effort)
        together[key] = Action(act.kind, codes, count, bare, effort)
    return list(together.values())
