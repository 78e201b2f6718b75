"""Reading a criteria set from TOML: every problem at once, each with its file, place and reason.

CriteriaError
"""

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from string import Formatter
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from criteria.definition import (
    Asked,
    CriteriaSet,
    Evidence,
    Figure,
    Indicator,
    RollUp,
    Text,
    TextChange,
)
from criteria.kinds import kind_of

PLACEHOLDERS = frozenset({"total", "adult_age", "working_age_men", "working_age_women"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a set."""

    source: str
    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}: {self.place}: {self.reason}"


class CriteriaError(Exception):
    """A criteria set can't be used; `problems` says all that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class SetFile:
    """A criteria set, and the text of it that a round keeps."""

    criteria: CriteriaSet
    text: str

    @property
    def id(self) -> str:
        """The set's id."""
        return self.criteria.id

    def title(self, language: str) -> str:
        """The set's title in this language, else in Vietnamese."""
        return self.criteria.title.text(language)


@lru_cache(maxsize=64)
def parse_criteria(text: str, source: str) -> CriteriaSet:
    """Give the set that `text` describes, or raise CriteriaError with everything that is wrong."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CriteriaError((Problem(source, "TOML", str(error)),)) from error
    found: list[tuple[str, str]] = []
    criteria: CriteriaSet | None = None
    try:
        criteria = CriteriaSet.model_validate(data)
    except ValidationError as error:
        found += [(_place(one["loc"], data), _reason(one)) for one in error.errors()]
    found += _broken_rules(data)
    if criteria is None or found:
        unique = dict.fromkeys(found)
        raise CriteriaError(tuple(Problem(source, place, reason) for place, reason in unique))
    return criteria


def shipped_ids() -> tuple[str, ...]:
    """Give the ids of the sets that come with the program."""
    folder = resources.files("criteria") / "sets"
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def shipped_text(criteria_id: str) -> str:
    """Give the TOML of a set that comes with the program; KeyError when there is none."""
    if criteria_id not in shipped_ids():
        raise KeyError(criteria_id)
    file = resources.files("criteria") / "sets" / f"{criteria_id}.toml"
    return file.read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def shipped_sets() -> tuple[SetFile, ...]:
    """Give the sets that come with the program, by id."""
    texts = ((name, shipped_text(name)) for name in shipped_ids())
    return tuple(SetFile(parse_criteria(text, name), text) for name, text in texts)


def _place(location: tuple[int | str, ...], data: dict[str, Any]) -> str:
    """Name a place the way a person counts: "indicators.3 (CQ1).threshold"."""
    parts: list[str] = []
    here: Any = data
    for step in location:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            here = None
        if isinstance(step, int):
            code = here.get("code") if isinstance(here, dict) else None
            parts.append(f"{step + 1} ({code})" if code else str(step + 1))
        elif step != "[key]":
            parts.append(str(step))
    return ".".join(parts) or "the file"


def _reason(error: ErrorDetails) -> str:
    given = error.get("input")
    shown = f" (is {given!r})" if isinstance(given, str | int | float) else ""
    return error["msg"].removeprefix("Value error, ") + shown


def _broken_rules(data: dict[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    groups = [one for one in _tables(data, "groups") if isinstance(one.get("code"), str)]
    indicators = _tables(data, "indicators")
    found += _repeated("groups", [one["code"] for one in groups])
    found += _repeated("indicators", [one.get("code") for one in indicators])
    known = {one["code"] for one in groups}
    whole: list[tuple[str, Indicator]] = []
    for number, raw in enumerate(indicators, start=1):
        here = f"indicators.{number} ({raw['code']})" if raw.get("code") else f"indicators.{number}"
        if "group" in raw and raw["group"] not in known:
            found.append((f"{here}.group", f"there is no group {raw['group']!r}"))
        try:
            indicator = Indicator.model_validate(raw)
        except ValidationError:
            continue  # the shape's own errors are told already
        found += [(f"{here}.{place}", reason) for place, reason in _indicator_rules(indicator)]
        whole.append((here, indicator))
    return [*found, *_alike(whole)]


def _tables(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    tables = data.get(name)
    return [one for one in tables if isinstance(one, dict)] if isinstance(tables, list) else []


def _repeated(where: str, codes: list[object]) -> list[tuple[str, str]]:
    often = [code for code, times in Counter(filter(None, codes)).items() if times > 1]
    return [(where, f"the code {code!r} stands more than once") for code in often]


def _alike(indicators: list[tuple[str, Indicator]]) -> Iterator[tuple[str, str]]:
    """Names that are another indicator's name or short name, too: a message couldn't say which."""
    called: dict[str, str] = {}
    for _, one in indicators:
        for text in filter(None, (one.texts.vi, one.texts.en)):
            called.setdefault(text.short.lower(), one.code)
    for here, one in indicators:
        for language, names in (("vi", one.names.vi), ("en", one.names.en)):
            for name in names:
                other = called.setdefault(" ".join(name.lower().split()), one.code)
                if other != one.code:
                    yield f"{here}.names.{language}", f"{name!r} is what {other} is called, too"
                elif not any(character.isalpha() for character in name):
                    yield f"{here}.names.{language}", f"{name!r} has no letter"


def _indicator_rules(one: Indicator) -> Iterator[tuple[str, str]]:
    yield from kind_of(one.kind).problems(one)
    yield from _asked_rules(one)
    yield from _figure_rules(one)
    if one.roll_up is RollUp.SHARE and one.share is None:
        yield "share", 'is needed with roll_up = "share"'
    if one.roll_up is not RollUp.SHARE and one.share is not None:
        yield "share", 'goes only with roll_up = "share"'
    for language, text in (("vi", one.texts.vi), ("en", one.texts.en)):
        if text is not None:
            yield from _text_rules(one, f"text.{language}", text)
    for language, change in (("vi", one.office_texts.vi), ("en", one.office_texts.en)):
        if change is not None:
            if not one.asks(office=True):
                yield f"office_text.{language}", "the office isn't asked this"
            yield from _placeholder_rules(one, f"office_text.{language}", change)


def _asked_rules(one: Indicator) -> Iterator[tuple[str, str]]:
    if one.asked_of is Asked.BOTH and one.roll_up is not RollUp.SUM:
        yield "asked_of", '"both" goes only with roll_up = "sum"'
    if one.roll_up is RollUp.OFFICE and one.asked_of is not Asked.OFFICE:
        yield "asked_of", 'must be "office" with roll_up = "office"'
    if one.confirmable and one.asked_of is Asked.OFFICE:
        yield "roll_up", 'the office alone answers: "office" for a yes/no, "sum" for a ratio'


def _figure_rules(one: Indicator) -> Iterator[tuple[str, str]]:
    if one.figure is Figure.COMMUNE_CADRES and one.asks(office=False):
        yield "figure", "an area has no figure commune_cadres; is office_figure meant?"
    if one.office_figure is not Figure.NONE and one.asked_of is not Asked.BOTH:
        yield "office_figure", 'goes only with asked_of = "both"'


def _text_rules(one: Indicator, place: str, text: Text) -> Iterator[tuple[str, str]]:
    for name, reason in kind_of(one.kind).text_problems(text):
        yield f"{place}.{name}", reason
    if one.evidence is not Evidence.NONE and text.evidence_hint is None:
        yield f"{place}.evidence_hint", "is needed where evidence is wanted"
    yield from _placeholder_rules(one, place, text)


def _placeholder_rules(
    one: Indicator, place: str, text: Text | TextChange
) -> Iterator[tuple[str, str]]:
    for name, value in text.model_dump(exclude_none=True).items():
        allowed = PLACEHOLDERS
        if not kind_of(one.kind).has_total or name != "question":
            allowed -= {"total"}  # only a question about the numerator knows the total
        try:
            used = [part[1:] for part in Formatter().parse(value) if part[1] is not None]
        except ValueError as error:
            yield f"{place}.{name}", f"braces don't match: {error}"
            continue
        for placeholder, form, conversion in used:
            if placeholder not in allowed:
                names = ", ".join(f"{{{known}}}" for known in sorted(allowed))
                yield f"{place}.{name}", f"unknown placeholder {{{placeholder}}}; known: {names}"
            elif form or conversion:
                yield f"{place}.{name}", f"{{{placeholder}}} takes no format"
