"""The criteria set of a round, as it was frozen into it."""

from collections.abc import Iterable
from functools import lru_cache

from criteria.definition import CriteriaSet
from criteria.set_file import parse_criteria
from handlers.texts import LANGUAGES, Texts
from storage.rounds import Round


def set_of(round_: Round) -> CriteriaSet:
    """The round's own set: a later edit of the file never reaches a round that has begun."""
    return _parsed(round_.criteria)


@lru_cache(maxsize=64)
def _parsed(text: str) -> CriteriaSet:
    return parse_criteria(text, "the round's criteria set")


def round_text(round_: Round, texts: Texts) -> str:
    """Name a round; with its set's name where a round of another set runs beside it."""
    return _named(round_, texts.language)


def _named(round_: Round, language: str) -> str:
    return f"{round_.name}{beside(round_, language)}"


def beside_by_language(round_: Round) -> dict[str, str]:
    """What a title adds to the round's name, in each language; empty where no set is beside."""
    if not round_.beside_another:
        return {}
    return {language: beside(round_, language) for language in LANGUAGES}


def beside(round_: Round, language: str) -> str:
    """What tells the round from one of another set that runs beside it: " · Xã sạch"."""
    if not round_.beside_another:
        return ""
    criteria = set_of(round_)
    told = any(one in round_.name for one in (criteria.name("vi"), criteria.title.vi))
    return "" if told else f" · {criteria.name(language)}"


def round_names(rounds: Iterable[Round], language: str) -> dict[int, str]:
    """The rounds' names by id; where two of several sets share a name, with the set's name."""
    every = list(rounds)
    names = {one.id: _named(one, language) for one in every}
    sets: dict[str, set[str]] = {}
    for one in every:
        sets.setdefault(names[one.id], set()).add(one.criteria_id)
    return {
        one.id: names[one.id]
        if len(sets[names[one.id]]) == 1
        else f"{one.name} · {set_of(one).name(language)}"
        for one in every
    }
