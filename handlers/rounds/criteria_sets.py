"""The criteria set of a round, as it was frozen into it."""

from collections.abc import Iterable
from functools import lru_cache

from criteria.definition import CriteriaSet
from criteria.set_file import parse_criteria
from storage.rounds import Round


def set_of(round_: Round) -> CriteriaSet:
    """The round's own set: a later edit of the file never reaches a round that has begun."""
    return _parsed(round_.criteria)


@lru_cache(maxsize=64)
def _parsed(text: str) -> CriteriaSet:
    return parse_criteria(text, "the round's criteria set")


def round_names(rounds: Iterable[Round], language: str) -> dict[int, str]:
    """The rounds' names by id; where two of several sets share a name, with the set's title."""
    every = list(rounds)
    sets: dict[str, set[str]] = {}
    for one in every:
        sets.setdefault(one.name, set()).add(one.criteria_id)
    return {one.id: _name(one, language, alone=len(sets[one.name]) == 1) for one in every}


def _name(round_: Round, language: str, *, alone: bool) -> str:
    return round_.name if alone else f"{round_.name} · {set_of(round_).title.text(language)}"
