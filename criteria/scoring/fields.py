"""The result as machines read it: the part of `status --json` that the score gives."""

from typing import Any

from criteria.percent import decimal_text
from criteria.scoring.result import IndicatorResult, Result


def result_fields(result: Result) -> dict[str, Any]:
    """Give counts, groups and indicators; units stand as ids, shares as decimal strings."""
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


def _indicator_fields(one: IndicatorResult) -> dict[str, Any]:
    ratio, yes_no = one.ratio, one.yes_no
    return {
        "code": one.code,
        "group": one.group,
        "kind": one.kind.value,
        "unit": one.unit.value if one.unit else None,
        "verdict": one.verdict.value,
        "certain": one.certain,
        "numerator": ratio.numerator if ratio else None,
        "denominator": ratio.denominator if ratio else None,
        "value": decimal_text(ratio.value) if ratio else None,
        "threshold": decimal_text(ratio.threshold) if ratio else None,
        "gap": ratio.gap if ratio else None,
        "low": decimal_text(ratio.low) if ratio else None,
        "high": decimal_text(ratio.high) if ratio else None,
        "yes": len(yes_no.said_yes) if yes_no else None,
        "no": len(yes_no.said_no) if yes_no else None,
        "unknown": yes_no.unknown if yes_no else None,
        "deciding": list(ratio.deciding) if ratio else [],
        "confirmed_by_office": {
            "answer": one.confirmation.answer,
            "reason": one.confirmation.reason,
        }
        if one.confirmation
        else None,
    }
