"""Problems of a criteria set: the place, the line as written, and the corrected line.

A reason is a key with values; the catalogues of the handlers have a sentence for each key.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic_core import ErrorDetails

from criteria.sets.toml_repair import Path


@dataclass(frozen=True, slots=True)
class SetProblemReason:
    """Why something is wrong: the key of a sentence, and the values for it."""

    key: str
    values: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return " ".join([self.key, *(f"{name}={value}" for name, value in self.values)])


@dataclass(frozen=True, slots=True)
class SetProblem:
    """One problem of a set; `line` (from 1) and `better`, the corrected line, if they are known."""

    source: str
    place: str
    reason: SetProblemReason
    line: int | None = None
    written: str = ""
    better: str | None = None

    def __str__(self) -> str:
        return f"{self.source}: {self.place}: {self.reason}"


def reason(key: str, **values: object) -> SetProblemReason:
    """Return a reason with its values as texts."""
    return SetProblemReason(key, tuple((name, str(value)) for name, value in values.items()))


def reason_of(error: ErrorDetails, known: tuple[str, ...]) -> SetProblemReason:
    """Return the reason for an error of the model; `known` are the allowed keys."""
    kind, context, place = error["type"], error.get("ctx", {}), error["loc"]
    name = place[-1] if place else ""
    if kind == "extra_forbidden":
        near = get_close_matches(str(name), known, n=1)
        return reason("near_key", name=name, near=near[0]) if near else reason("key", name=name)
    if kind == "missing":
        return reason("missing", name=name)
    if kind == "enum":
        given = ", ".join(re.findall(r"'([^']*)'", context["expected"]))
        return reason("one_of", known=given)
    if kind == "string_pattern_mismatch":
        return reason({"id": "form_id", "[key]": "form_year"}.get(str(name), "form_code"))
    for limit, key in _LIMITS.items():
        if limit in context:
            suffix = "_letters" if kind.startswith("string") else ""
            return reason(f"{key}{suffix}", number=context[limit])
    return reason(_KINDS.get(kind, kind if kind in _OWN_ERRORS else "unusable"))


_LIMITS = {"le": "at_most", "ge": "at_least", "max_length": "at_most", "min_length": "at_least"}
# raised by criteria.definition itself, not by pydantic
_OWN_ERRORS = {"share_form", "share_range", "quantity_form"}
_KINDS = {
    "string_type": "text_wanted",
    "int_type": "number_wanted",
    "int_parsing": "number_wanted",
    "tuple_type": "list_wanted",
    "model_type": "table_wanted",
    "model_attributes_type": "table_wanted",
    "dict_type": "table_wanted",
}


def better_line(written: str, path: Path, found: SetProblemReason, given: object) -> str | None:
    """Return the corrected line if the reason allows only one correction, else None."""
    name = str(path[-1]) if path else ""
    if found.key == "near_key":
        return _changed(written, rf"\b{re.escape(name)}(?=\s*=)", dict(found.values)["near"])
    wanted = _value(found, given)
    if wanted is None or isinstance(path[-1], int):
        return None
    return _changed(written, rf'(?<=\b{re.escape(name)} = )("[^"]*"|[\d.]+)', wanted)


def _value(found: SetProblemReason, given: object) -> str | None:
    """Return the corrected value as TOML; None if it cannot be known."""
    if found.key == "text_wanted" and isinstance(given, int | float):
        return f'"{given}"'
    if found.key in {"number_wanted", "quantity_form"} and isinstance(given, str):
        return given.strip() if given.strip().isdigit() else None
    if found.key == "share_form":
        return _percent(given)
    if found.key == "one_of" and isinstance(given, str):
        near = get_close_matches(given.lower(), dict(found.values)["known"].split(", "), n=1)
        return f'"{near[0]}"' if near else None
    return None


def _percent(given: object) -> str | None:
    if isinstance(given, str) and re.fullmatch(r"\d{1,3}([.,]\d+)?", given.strip()):
        return f'"{given.strip()} %"'
    if isinstance(given, int | float) and 0 < given <= 1:
        return f'"{round(given * 100, 6):g} %"'.replace(".", ",")
    if isinstance(given, int | float) and 1 < given <= 100:
        return f'"{given:g} %"'.replace(".", ",")
    return None


def _changed(written: str, pattern: str, new: str) -> str | None:
    changed, times = re.subn(pattern, lambda _: new, written, count=1)
    return changed if times else None


def place_of(path: Path, data: Mapping[str, Any]) -> str:
    """Return the name of a place, counted from one: "indicators.3 (CQ1).threshold"."""
    parts: list[str] = []
    here: Any = data
    for step in path:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            here = None
        if isinstance(step, int):
            code = here.get("code") if isinstance(here, dict) else None
            parts.append(f"{step + 1} ({code})" if code else str(step + 1))
        elif step != "[key]":
            parts.append(str(step))
    return ".".join(parts) or "TOML"
