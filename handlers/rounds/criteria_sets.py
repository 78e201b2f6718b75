"""The criteria set of a round, as it was frozen into it, and the names that rounds have."""

from collections import Counter
from collections.abc import Container, Iterable
from datetime import date
from functools import lru_cache
from itertools import chain, count

from sqlalchemy import Connection

from criteria.definition import CriteriaSet
from criteria.set_file import SetFile, parse_criteria
from handlers.texts import DEFAULT_LANGUAGE
from storage.rounds import Round, list_rounds


def set_of(round_: Round) -> CriteriaSet:
    """The round's own set: a later edit of the file never reaches a round that has begun."""
    return _parsed(round_.criteria)


@lru_cache(maxsize=64)
def _parsed(text: str) -> CriteriaSet:
    return parse_criteria(text, "the round's criteria set")


def round_names(rounds: Iterable[Round], language: str) -> dict[int, str]:
    """The rounds' names by id, no two of a commune alike.

    Where two share a name, with the set's title if they are of several sets, else with the year.
    """
    every = list({one.id: one for one in rounds}.values())
    sets: dict[str, set[str]] = {}
    for one in every:
        sets.setdefault(one.name, set()).add(one.criteria_id)
    names = {
        one.id: one.name
        if len(sets[one.name]) == 1
        else f"{one.name} · {set_of(one).title.text(language)}"
        for one in every
    }
    alike = Counter((one.commune_id, names[one.id]) for one in every)
    with_year = {
        one.id: f"{names[one.id]} · {one.opens_at.year}"
        for one in every
        if alike[one.commune_id, names[one.id]] > 1
    }
    found: dict[int, str] = {}
    taken: dict[int, set[str]] = {one.commune_id: set() for one in every}
    for one in sorted(every, key=lambda one: one.id):
        found[one.id] = _numbered(with_year.get(one.id, names[one.id]), taken[one.commune_id])
        taken[one.commune_id].add(found[one.id])
    return found


def free_name(tx: Connection, commune_id: int, name: str, criteria: SetFile, on: date) -> str:
    """The name of a round that opens on this day: no other of the commune's year has it.

    One that is taken gets the set's title behind it if the other is of another set, else "(2)".
    """
    others = {
        one.name: one.criteria_id
        for one in list_rounds(tx, commune_id)
        if one.state != "cancelled" and one.opens_at.year == on.year
    }
    if others.get(name, criteria.id) != criteria.id:
        name = f"{name} · {criteria.title(DEFAULT_LANGUAGE)}"
    return _numbered(name, others)


def _numbered(name: str, taken: Container[str]) -> str:
    numbers = (f"{name} ({number})" for number in count(2))
    return next(one for one in chain([name], numbers) if one not in taken)
