"""Reading a criteria set from TOML. It reports all problems at once, with line and reason."""

import codecs
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from string import Formatter
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from criteria.definition import (
    CriteriaSet,
    EvidenceRule,
    Figure,
    Indicator,
    Respondent,
    RollUp,
    Text,
    TextChange,
)
from criteria.kinds import kind_of
from criteria.sets.set_problems import (
    SetProblem,
    SetProblemReason,
    better_line,
    place_of,
    reason,
    reason_of,
)
from criteria.sets.toml_repair import Path, read_toml

PLACEHOLDERS = frozenset({"total", "adult_age", "working_age_men", "working_age_women"})


class CriteriaError(Exception):
    """A criteria set cannot be used; `problems` has everything that is wrong with it."""

    def __init__(self, problems: tuple[SetProblem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class _InvalidError(Exception):
    """The data is not a criteria set; `_problems` returns the reasons."""


@dataclass(frozen=True, slots=True)
class SetFile:
    """A criteria set and its text; a round stores the text."""

    criteria: CriteriaSet
    text: str

    @property
    def id(self) -> str:
        """The set's id."""
        return self.criteria.id

    def title(self, language: str) -> str:
        """Return the title of the set in this language, else in Vietnamese."""
        return self.criteria.title.text(language)


def set_text(content: bytes) -> str:
    """Return the text of a file in UTF-8, or in UTF-16 with a mark; raise UnicodeDecodeError."""
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = content.decode("utf-16" if wide else "utf-8-sig")
    return text.replace("\r\n", "\n").replace("\r", "\n")


@lru_cache(maxsize=64)
def parse_criteria(text: str, source: str) -> CriteriaSet:
    """Return the set that `text` describes; raise CriteriaError with all its problems."""
    text = text.removeprefix("\ufeff")
    try:
        return _checked(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, _InvalidError):
        raise CriteriaError(tuple(_problems(text, source))) from None


def _checked(data: dict[str, Any]) -> CriteriaSet:
    if _broken_rules(data):
        raise _InvalidError
    try:
        return CriteriaSet.model_validate(data)
    except ValidationError:
        raise _InvalidError from None


def _problems(text: str, source: str) -> list[SetProblem]:
    """Return all problems in the order of the lines, then missing parts without a line."""
    read = read_toml(text, frozenset({"groups", "indicators"}))
    lines = text.split("\n")
    found = [
        SetProblem(source, "TOML", reason(one.reason), one.line, one.written, one.better)
        for one in read.mistakes
    ]
    broken = _broken(read.data)
    # The places in an unreadable line or under a misspelled name: these are not missing.
    present = read.lost | {
        (*path[:-1], dict(why.values)["near"]) for path, why in broken if why.key == "near_key"
    }
    for (path, why), given in broken.items():
        if why.key == "missing" and any(path[:end] in present for end in range(1, len(path) + 1)):
            continue
        line = read.line_of(path)
        written = lines[line - 1] if line is not None else ""
        better = better_line(written, path, why, given)
        found.append(SetProblem(source, place_of(path, read.data), why, line, written, better))
    return sorted(found, key=lambda one: one.line if one.line is not None else len(lines) + 1)


def _broken(data: dict[str, Any]) -> dict[tuple[Path, SetProblemReason], object]:
    """Return each wrong place of the data with its reason and its value."""
    found: dict[tuple[Path, SetProblemReason], object] = {}
    try:
        CriteriaSet.model_validate(data)
    except ValidationError as error:
        for one in error.errors():
            found[one["loc"], reason_of(one, _keys_beside(one["loc"]))] = one.get("input")
    return found | dict.fromkeys(_broken_rules(data))


def _keys_beside(path: Path) -> tuple[str, ...]:
    """Return the keys that this place of the file may have, from the fields of the model."""
    model: type[BaseModel] = CriteriaSet
    for step in path[:-1]:
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        if isinstance(step, str) and step in fields:
            model = _model_in(fields[step].annotation) or model
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _model_in(annotation: object) -> type[BaseModel] | None:
    """Return the model in "Age", "tuple[Group, ...]" or "Text | None"; None if there is none."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_in(one) for one in get_args(annotation))
    return next((one for one in inner if one is not None), None)


def shipped_ids() -> tuple[str, ...]:
    """Return the ids of the sets in the package."""
    folder = resources.files("criteria") / "sets"
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def shipped_text(criteria_id: str) -> str:
    """Return the TOML of a set in the package; raise KeyError when there is none."""
    if criteria_id not in shipped_ids():
        raise KeyError(criteria_id)
    file = resources.files("criteria") / "sets" / f"{criteria_id}.toml"
    return file.read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def shipped_sets() -> tuple[SetFile, ...]:
    """Return the sets in the package, sorted by id."""
    texts = ((name, shipped_text(name)) for name in shipped_ids())
    return tuple(SetFile(parse_criteria(text, name), text) for name, text in texts)


def _broken_rules(data: dict[str, Any]) -> list[tuple[Path, SetProblemReason]]:
    found: list[tuple[Path, SetProblemReason]] = []
    groups = _tables(data, "groups")
    indicators = _tables(data, "indicators")
    found += _repeated("groups", groups)
    found += _repeated("indicators", indicators)
    known = {one["code"] for _, one in groups if isinstance(one.get("code"), str)}
    whole: list[tuple[Path, Indicator]] = []
    for number, raw in indicators:
        here: Path = ("indicators", number)
        if "group" in raw and raw["group"] not in known:
            found.append(((*here, "group"), reason("no_group", group=raw["group"])))
        try:
            indicator = Indicator.model_validate(raw)
        except ValidationError:
            continue  # the problems of its shape are reported already
        found += [((*here, *place.split(".")), why) for place, why in _indicator_rules(indicator)]
        whole.append((here, indicator))
    return [*found, *_shared_names(whole)]


def _tables(data: dict[str, Any], name: str) -> list[tuple[int, dict[str, Any]]]:
    tables = data.get(name)
    every = enumerate(tables) if isinstance(tables, list) else ()
    return [(number, one) for number, one in every if isinstance(one, dict)]


def _repeated(
    where: str, tables: list[tuple[int, dict[str, Any]]]
) -> list[tuple[Path, SetProblemReason]]:
    codes = [(number, one["code"]) for number, one in tables if isinstance(one.get("code"), str)]
    first: dict[str, int] = {}
    return [
        ((where, number, "code"), reason("code_twice", code=code))
        for number, code in codes
        if first.setdefault(code, number) != number
    ]


def _shared_names(
    indicators: list[tuple[Path, Indicator]],
) -> Iterator[tuple[Path, SetProblemReason]]:
    """Yield the names that two indicators share: in a message they would be ambiguous."""
    called: dict[str, str] = {}
    for _, one in indicators:
        for text in filter(None, (one.texts.vi, one.texts.en)):
            called.setdefault(text.short.lower(), one.code)
    for here, one in indicators:
        for language, names in (("vi", one.names.vi), ("en", one.names.en)):
            for number, name in enumerate(names):
                place = (*here, "names", language, number)
                other = called.setdefault(" ".join(name.lower().split()), one.code)
                if other != one.code:
                    yield place, reason("name_taken", name=name, other=other)
                elif not any(character.isalpha() for character in name):
                    yield place, reason("name_without_letter", name=name)


def _indicator_rules(one: Indicator) -> Iterator[tuple[str, SetProblemReason]]:
    yield from kind_of(one.kind).problems(one)
    yield from _asked_rules(one)
    yield from _figure_rules(one)
    if one.roll_up is RollUp.SHARE and one.share is None:
        yield "share", reason("share_needed")
    if one.roll_up is not RollUp.SHARE and one.share is not None:
        yield "share", reason("share_only")
    for language, text in (("vi", one.texts.vi), ("en", one.texts.en)):
        if text is not None:
            yield from _text_rules(one, f"text.{language}", text)
    for language, change in (("vi", one.office_texts.vi), ("en", one.office_texts.en)):
        if change is not None:
            if not one.asks(office=True):
                yield f"office_text.{language}", reason("office_not_asked")
            yield from _placeholder_rules(one, f"office_text.{language}", change)


def _asked_rules(one: Indicator) -> Iterator[tuple[str, SetProblemReason]]:
    if one.asked_of is Respondent.BOTH and one.roll_up is not RollUp.SUM:
        yield "asked_of", reason("both_only_sum")
    if one.roll_up is RollUp.OFFICE and one.asked_of is not Respondent.OFFICE:
        yield "asked_of", reason("office_asked")
    if one.confirmable and one.asked_of is Respondent.OFFICE:
        yield "roll_up", reason("office_alone")


def _figure_rules(one: Indicator) -> Iterator[tuple[str, SetProblemReason]]:
    if one.figure is Figure.COMMUNE_CADRES and one.asks(office=False):
        yield "figure", reason("area_figure")
    if one.office_figure is not Figure.NONE and one.asked_of is not Respondent.BOTH:
        yield "office_figure", reason("office_figure_only")


def _text_rules(one: Indicator, place: str, text: Text) -> Iterator[tuple[str, SetProblemReason]]:
    for name, why in kind_of(one.kind).text_problems(text):
        yield f"{place}.{name}", why
    if one.evidence is not EvidenceRule.NONE and text.evidence_hint is None:
        yield f"{place}.evidence_hint", reason("evidence_hint")
    yield from _placeholder_rules(one, place, text)


def _placeholder_rules(
    one: Indicator, place: str, text: Text | TextChange
) -> Iterator[tuple[str, SetProblemReason]]:
    for name, value in text.model_dump(exclude_none=True).items():
        allowed = PLACEHOLDERS
        if not kind_of(one.kind).has_total or name != "question":
            allowed -= {"total"}  # only the question for the numerator contains the total
        try:
            used = [part[1:] for part in Formatter().parse(value) if part[1] is not None]
        except ValueError:
            yield f"{place}.{name}", reason("braces")
            continue
        for placeholder, form, conversion in used:
            if placeholder not in allowed:
                names = ", ".join(f"{{{known}}}" for known in sorted(allowed))
                yield (
                    f"{place}.{name}",
                    reason("placeholder", name=f"{{{placeholder}}}", known=names),
                )
            elif form or conversion:
                yield f"{place}.{name}", reason("placeholder_format", name=f"{{{placeholder}}}")
