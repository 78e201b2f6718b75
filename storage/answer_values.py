"""How an answer's value stands in the table and in the history's JSON."""

from collections.abc import Mapping
from typing import Any

from criteria.answers import Ratio, Value, YesNo


def columns(value: Value | None) -> dict[str, Any]:
    """The columns of a value; None is "chưa biết"."""
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
    """What history keeps of a value."""
    kept = {name: one for name, one in columns(given).items() if one is not None}
    return kept if commune_total is None else {**kept, "commune_total": commune_total}


def from_json(kept: Mapping[str, Any]) -> Value | None:
    """The value that history kept; "none" and "unknown" both give None."""
    return value(kept["state"], kept.get("numerator"), kept.get("denominator"), kept.get("yes"))
