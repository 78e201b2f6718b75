"""The result as data for other programs: the part of `status --json` that the score gives."""

from typing import Any

from criteria.scoring.result import IndicatorResult, Result


def result_fields(result: Result) -> dict[str, Any]:
    """Return the result as JSON data: units are ids, shares are decimal strings."""
    return {
        "met": result.met,
        "not_met": result.not_met,
        "open": result.open,
        "not_applicable": result.not_applicable,
        "total": result.total,
        "smart_commune": result.smart_commune,
        "groups": [
            {"code": group.code, "met": group.met, "total": group.total} for group in result.groups
        ],
        "indicators": [_indicator_fields(one) for one in result.indicators],
    }


# Fields that a kind does not have are null; the order is the documented one.
_OF_KINDS: dict[str, Any] = {
    **dict.fromkeys(("numerator", "denominator", "value", "threshold", "gap", "low", "high")),
    **dict.fromkeys(("yes", "no", "unknown")),
}


def _indicator_fields(one: IndicatorResult) -> dict[str, Any]:
    return {
        "code": one.code,
        "group": one.group,
        "kind": one.kind.value,
        "unit": one.unit.value if one.unit else None,
        "verdict": one.verdict.value,
        "certain": one.certain,
        **_OF_KINDS,
        "deciding": [],
        **one.figures.fields(),
        "confirmed_by_office": {
            "answer": one.confirmation.answer,
            "reason": one.confirmation.reason,
        }
        if one.confirmation
        else None,
    }
