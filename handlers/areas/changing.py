"""Changes of areas, from the roster's workbook or from an officer in the chat."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from criteria.definition import CriteriaSet
from criteria.kinds import kind_of
from handlers.rounds.criteria_sets import set_of
from storage.places import places, roster
from storage.places.roster import Author, FigureChange
from storage.results import total_marks
from storage.rounds import rounds

PARTS_OF_POPULATION = ("adults", "working_age")


def change_figures(
    tx: Connection, changes: Sequence[FigureChange], now: datetime, author: Author
) -> None:
    """Store figures; mark the answers of open rounds that have another total.

    The answers do not change. The office decides about each marked total later.
    """
    roster.change_figures(tx, changes, now, author)
    after: dict[int, dict[str, int | None]] = {}
    for one in changes:
        after.setdefault(one.unit_id, {})[one.kind] = one.new
    if not after:
        return
    units = {one.id: one for one in places.units_by_ids(tx, list(after))}
    communes = sorted({one.commune_id for one in units.values()})
    for round_ in rounds.open_rounds_of(tx, communes, now):
        criteria = set_of(round_)
        totals = {
            (unit, code): new
            for unit in after.keys() & rounds.open_units(tx, round_, now)
            for kind, new in after[unit].items()
            for code in codes_of(criteria, kind, office=units[unit].office)
        }
        if totals:
            total_marks.mark(tx, round_.id, totals, now, author)


def codes_of(criteria: CriteriaSet, kind: str, *, office: bool) -> list[str]:
    """Return the indicators whose denominator is this figure of an area, or of the office."""
    return [
        one.code
        for one in criteria.indicators
        if kind_of(one.kind).has_total
        and one.asks(office=office)
        and one.figure_of(office=office).value == kind
    ]


def parts_above_population(
    after: Mapping[str, object], before: Mapping[str, int]
) -> Iterator[tuple[str, int, int]]:
    """Yield kind, figure and population where it is above the population, unless unchanged."""
    population = after.get("population")
    for key in PARTS_OF_POPULATION:
        part = after.get(key)
        if not (isinstance(part, int) and isinstance(population, int) and part > population):
            continue
        if (before.get(key), before.get("population")) != (part, population):
            yield key, part, population
