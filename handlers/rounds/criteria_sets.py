"""The criteria set of a round, the names of rounds, and the texts of a set's problems."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import chain, count

from sqlalchemy import Connection

from criteria.definition import CriteriaSet
from criteria.sets.set_file import SetFile, parse_criteria
from criteria.sets.set_problems import SetProblem
from handlers.texts import DEFAULT_LANGUAGE, Texts, without_tags
from storage.rounds.rounds import Round, list_rounds


def set_of(round_: Round) -> CriteriaSet:
    """Return the round's own set; a later edit of the file doesn't change a begun round."""
    return _parsed(round_.criteria)


@lru_cache(maxsize=64)
def _parsed(text: str) -> CriteriaSet:
    return parse_criteria(text, "the round's criteria set")


def round_text(round_: Round, texts: Texts) -> str:
    """Return a round's name, with its set's name if a round of another set runs at the time."""
    return _named(round_, texts.language)


def _named(round_: Round, language: str) -> str:
    return f"{round_.name}{set_suffix(round_, language)}"


def set_suffix(round_: Round, language: str) -> str:
    """Return the end of a round's name if a round of another set runs too: " · Xã sạch"."""
    if not round_.beside_another:
        return ""
    criteria = set_of(round_)
    in_name = any(one in round_.name for one in (criteria.name("vi"), criteria.title.vi))
    return "" if in_name else f" · {criteria.name(language)}"


def round_names(rounds: Iterable[Round], language: str) -> dict[int, str]:
    """Return the rounds' names by id, unique in each commune.

    Equal names get the set's name if the sets differ, else the year, else a number.
    """
    every = list({one.id: one for one in rounds}.values())
    plain = {one.id: _named(one, language) for one in every}
    sets: dict[str, set[str]] = {}
    for one in every:
        sets.setdefault(plain[one.id], set()).add(one.criteria_id)
    names = {
        one.id: plain[one.id]
        if len(sets[plain[one.id]]) == 1
        else f"{one.name} · {set_of(one).name(language)}"
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
    """Return a round's name that is unique in the commune's year of this day.

    If the name is used, the set's title is appended if the other set differs, else "(2)".
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


def one_line(problem: SetProblem, texts: Texts) -> str:
    """Return the problem on one line: file, place, reason and the line's number."""
    sentence = f"{problem.source}: {problem.place}: {_reason(problem, texts)}"
    if problem.line is None:
        return sentence
    number = texts.say("set.check.in_line", line=str(problem.line))
    return f"{sentence.removesuffix('.')} ({number})."


def lines_of(problems: Sequence[SetProblem], file: str, texts: Texts) -> Iterator[str]:
    """Yield all problems, each with the written line, the reason, and the corrected line."""
    yield _plain_text(texts, "set.check.wrong", file=file, count=len(problems))
    for one in problems:
        yield ""
        if one.line is not None and one.place == "TOML":
            yield _plain_text(texts, "set.check.syntax", line=str(one.line))
        elif one.line is not None:
            yield _plain_text(texts, "set.check.line", line=str(one.line), place=one.place)
        else:
            yield one.place
        yield from (f"    {line}" for line in one.written.split("\n") if one.written)
        yield f"  {_reason(one, texts)}"
        if one.better is not None:
            yield f"  {_plain_text(texts, 'set.check.better')}"
            yield from (f"    {line}" for line in one.better.split("\n"))


def _reason(problem: SetProblem, texts: Texts) -> str:
    values = dict(problem.reason.values)
    return _plain_text(texts, f"set.problem.{problem.reason.key}", sign='"', **values)


def _plain_text(texts: Texts, key: str, **values: object) -> str:
    return without_tags(texts.say(key, **values))
