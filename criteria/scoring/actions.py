"""The few things that would win most: reports that decide, people to reach, "chưa" to turn."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from criteria.definition import CriteriaSet
from criteria.scoring.facts import Facts
from criteria.scoring.result import IndicatorResult, Result, Share, Verdict

_SHOWN_UNITS = 3


class Kind(StrEnum):
    """What there is to do."""

    OFFICE = "office"  # the office answers what only it knows
    REPORT = "report"  # these units' missing answers decide
    FIGURE = "figure"  # these missing units' totals are known to nobody
    REACH = "reach"  # `count` people, cadres, businesses … are still needed
    AGREE = "agree"  # `count` areas that said "chưa" are still needed


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: for which indicators, how many are needed, in which units.

    The counts of `units` say what each could bring: those not yet covered (REACH), the expected
    total (REPORT of one ratio); 0 where there is nothing to count.
    """

    kind: Kind
    codes: tuple[str, ...]
    count: int
    units: tuple[Share, ...]
    effort: Fraction


def best_actions(
    criteria: CriteriaSet, result: Result, facts: Facts, *, most: int = 6
) -> tuple[Action, ...]:
    """Give at most `most` actions, the ones that win most for the least effort first."""
    found: list[Action] = []
    for one in result.indicators:
        if one.verdict is Verdict.NOT_MET or one.verdict is Verdict.INSUFFICIENT:
            found += _actions(one, facts)
    order = {indicator.code: place for place, indicator in enumerate(criteria.indicators)}
    joined = _joined(found)
    joined.sort(key=lambda act: (act.effort, -len(act.codes), order[act.codes[0]]))
    return tuple(joined[:most])


def _actions(one: IndicatorResult, facts: Facts) -> Iterator[Action]:
    if one.verdict is Verdict.INSUFFICIENT:
        yield from _answers_wanted(one, facts)
    elif one.ratio and one.ratio.gap:
        yield _reach(one.code, one.ratio.gap, one.ratio.denominator, one.ratio.uncovered)
    elif one.yes_no and one.yes_no.said_no and one.confirmation is None:
        # Where all must say yes, those that have not answered are needed as well.
        missing = tuple(unit for unit in one.missing if unit != facts.office)
        asked = one.yes_no.said_no
        if one.yes_no.needed > len(asked):
            asked = (*asked, *missing)
        units = tuple(Share(unit, 0) for unit in asked)
        needed = min(one.yes_no.needed, len(units))
        share = Fraction(needed, max(1, len(one.units)))
        yield Action(Kind.AGREE, (one.code,), needed, units, 1 + share)


def _answers_wanted(one: IndicatorResult, facts: Facts) -> Iterator[Action]:
    if facts.office in one.missing:
        yield Action(Kind.OFFICE, (one.code,), 1, (Share(facts.office, 0),), Fraction(0))
    areas = tuple(unit for unit in one.missing if unit != facts.office)
    if one.ratio and any(unit != facts.office for unit in one.ratio.unknown):
        unknown = tuple(Share(unit, 0) for unit in one.ratio.unknown if unit != facts.office)
        yield Action(Kind.FIGURE, (one.code,), len(unknown), unknown, _part(unknown, facts))
    elif one.ratio:
        deciding = [unit for unit in one.ratio.deciding if unit != facts.office]
        wanted = tuple(Share(unit, facts.expected[unit, one.code]) for unit in deciding)
        if wanted:
            yield Action(Kind.REPORT, (one.code,), len(wanted), wanted, _part(wanted, facts))
        if one.ratio.gap:
            yield _reach(one.code, one.ratio.gap, one.ratio.denominator, one.ratio.uncovered)
    elif one.yes_no and areas:
        wanted = tuple(Share(unit, 0) for unit in areas)
        needed = min(one.yes_no.needed, len(areas))
        share = Fraction(needed, len(facts.areas))
        yield Action(Kind.REPORT, (one.code,), needed, wanted, share)


def _reach(code: str, gap: int, denominator: int, uncovered: tuple[Share, ...]) -> Action:
    """Put people after reports: a report is one call, an account is a walk to somebody's door."""
    return Action(
        Kind.REACH, (code,), gap, uncovered[:_SHOWN_UNITS], 1 + Fraction(gap, denominator)
    )


def _part(units: tuple[Share, ...], facts: Facts) -> Fraction:
    return Fraction(len(units), max(1, len(facts.areas)))


def _joined(found: list[Action]) -> list[Action]:
    """Make one action of those of a kind that ask the same units."""
    together: dict[tuple[object, ...], Action] = {}
    for act in found:
        units = tuple(sorted(share.unit for share in act.units))
        key: tuple[object, ...] = (act.kind, units)
        if act.kind in {Kind.REACH, Kind.AGREE}:
            key = (act.kind, act.codes)
        if (first := together.get(key)) is None:
            together[key] = act
            continue
        bare = tuple(Share(share.unit, 0) for share in first.units)
        codes = (*first.codes, *act.codes)
        count, effort = max(first.count, act.count), min(first.effort, act.effort)
        together[key] = Action(act.kind, codes, count, bare, effort)
    return list(together.values())
