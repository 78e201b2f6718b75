"""Converts an answer's value to and from table columns and history JSON."""

from collections.abc import Mapping
from typing import Any

from criteria.answers import Ratio, Value, YesNo


def columns(value: Value | None) -> dict[str, Any]:
    """The columns of a value; None means "chưa biết" (not known)."""
    if isinstance(value, Ratio):
        return {
            "state": "ratio",
            "numerator": value.numerator,
            "denominator": value.denominator,
            "yes": None,
        }
    if isinstance(value, YesNo):
        return {"state": "yes_no", "numerator": None, "denominator": None, "yes": value.yes}
    return {"state": "unknown", "numerator": None, "denominator": None, "yes": None}


def value(
    state: str, numerator: int | None, denominator: int | None, yes: bool | None
) -> Value | None:
    """The value of a row."""
    if state == "ratio" and numerator is not None and denominator is not None:
        return Ratio(numerator, denominator)
    if state == "yes_no":
        return YesNo(bool(yes))
    return None


def as_json(given: Value | None, commune_total: int | None = None) -> dict[str, Any]:
    """The history JSON of a value, with the commune's total where it differs."""
    kept = {name: one for name, one in columns(given).items() if one is not None}
    return kept if commune_total is None else {**kept, "commune_total": commune_total}


def from_json(kept: Mapping[str, Any]) -> Value | None:
    """The value of a history entry; None for "none" (no answer) and "unknown"."""
    return value(kept["state"], kept.get("numerator"), kept.get("denominator"), kept.get("yes"))
