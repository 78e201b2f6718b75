"""Converts an answer's value to and from table columns and history JSON."""

from collections.abc import Callable, Mapping
from typing import Any

from criteria.answers import Value
from criteria.kinds import kind_of, kind_of_value, registered

_UNKNOWN: dict[str, Any] = {
    "state": "unknown", "numerator": None, "denominator": None, "yes": None,
}  # fmt: skip
_RESTORED: dict[str, Callable[[int | None, int | None, bool | None], Value | None]] = {
    kind.value: kind_of(kind).restored for kind in registered()
}


def columns(value: Value | None) -> dict[str, Any]:
    """Return the columns of a value; None means "chưa biết" (not known)."""
    if value is None:
        return dict(_UNKNOWN)
    kind = kind_of_value(value)
    return {**_UNKNOWN, "state": kind.key.value, **kind.columns(value)}


def value(
    state: str, numerator: int | None, denominator: int | None, yes: bool | None
) -> Value | None:
    """Return the value of a row; None for "chưa biết"."""
    restored = _RESTORED.get(state)
    return restored(numerator, denominator, yes) if restored is not None else None


def as_json(given: Value | None, commune_total: int | None = None) -> dict[str, Any]:
    """Return the history JSON of a value, with the commune's total if it differs."""
    kept = {name: one for name, one in columns(given).items() if one is not None}
    return kept if commune_total is None else {**kept, "commune_total": commune_total}


def from_json(kept: Mapping[str, Any]) -> Value | None:
    """Return the value of a history entry; None for "none" (no answer) and "unknown"."""
    return value(kept["state"], kept.get("numerator"), kept.get("denominator"), kept.get("yes"))
