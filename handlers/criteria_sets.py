"""The criteria set of a round, as it was frozen into it."""

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
