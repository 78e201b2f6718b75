"""The round for other programs: JSON with all data, CSV with one line for each answer.

docs/exports.md describes both; a test compares that page with this module.
"""

import csv
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from criteria.answers import COUNTING_METHODS, Value
from criteria.definition import Indicator
from criteria.kinds import kind_of
from criteria.scoring import result_fields
from handlers.exports.material import Material, RoundPeriod
from handlers.exports.wording import formula_safe
from handlers.status.view import totals_by_method
from handlers.texts import Texts

SCHEMA = 1
COLUMNS = (
    "commune", "round", "unit", "unit_kind", "unit_name", "report", "late", "indicator", "kind",
    "counts", "numerator", "denominator", "yes", "expected_denominator", "evidence", "how",
)  # fmt: skip


def write_json(material: Material, texts: Texts, file: Path) -> None:
    """Write all data as one object; units have their roster codes, the office "office"."""
    text = json.dumps(round_fields(material, texts), ensure_ascii=False, indent=1, default=_iso)
    file.write_text(text + "\n", encoding="utf-8")


def round_fields(material: Material, texts: Texts) -> dict[str, Any]:
    """Return the content of the JSON."""
    status = material.status
    result = result_fields(status.result)
    for one in result["indicators"]:
        one["deciding"] = [_code(material, unit) for unit in one["deciding"]]
    return {
        "schema": SCHEMA,
        "commune": {"code": status.commune.code, "name": status.commune.name},
        "round": {
            "id": status.id,
            "name": status.round.name,
            "state": status.round.state,
            "criteria": status.round.criteria_id,
            "criteria_version": status.criteria.version,
            "opens_at": status.round.opens_at,
            "deadline": status.round.deadline,
            "closes_at": status.round.closes_at,
            "data_date": status.round.data_date,
        },
        "as_of": status.as_of,
        "reports": [_report(material, unit, texts) for unit in status.facts.units],
        "answers": [_answer(material, unit, one) for unit, one in _asked(material)],
        "result": result,
        "how_counted": [
            _how_counted(material, one)
            for one in status.criteria.indicators
            if kind_of(one.kind).has_total
        ],
        "rounds": [_period(period) for period in material.course],
        "difficulties": [
            {
                "unit": one.unit.code if one.unit is not None else None,
                "indicator": one.indicator,
                "text": one.text,
                "state": one.state,
                "answer": one.answer,
            }
            for one in material.difficulties
        ],
    }


def write_csv(material: Material, texts: Texts, file: Path) -> None:
    """Write a line for each unit and indicator asked of it, as UTF-8 with a BOM for Excel."""
    status = material.status
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        lines = csv.writer(opened)
        lines.writerow(COLUMNS)
        for unit, one in _asked(material):
            answer = _answer(material, unit, one)
            kind = status.units[unit].kind
            lines.writerow([
                status.commune.code, status.id, answer["unit"], kind,
                formula_safe(status.name(unit, texts)), status.state_of(unit),
                _yes_no(unit in status.late), one.code, one.kind.value, _yes_no(answer["counts"]),
                answer["numerator"], answer["denominator"], _yes_no(answer["yes"]),
                answer["expected_denominator"], answer["evidence"], answer["how"],
            ])  # fmt: skip


def _asked(material: Material) -> list[tuple[int, Indicator]]:
    status = material.status
    return [(unit, one) for unit in status.facts.units for one in status.asked_of(unit)]


def _code(material: Material, unit: int) -> str:
    found = material.status.units.get(unit)
    return found.code if found is not None else str(unit)


def _report(material: Material, unit: int, texts: Texts) -> dict[str, Any]:
    status, report = material.status, material.reports.get(unit)
    one = status.units[unit]
    return {
        "unit": one.code,
        "unit_kind": one.kind,
        "name": status.name(unit, texts),
        "number": one.number,
        "old_commune": one.old_commune,
        "state": status.state_of(unit),
        "late": unit in status.late,
        "sends": report.sends if report is not None else 0,
        "first_sent_at": report.first_sent_at if report is not None else None,
        "sent_at": report.sent_at if report is not None else None,
        "receipt": report.code if report is not None else None,
    }


def _answer(material: Material, unit: int, one: Indicator) -> dict[str, Any]:
    status, facts = material.status, material.status.facts
    value: Value | None = facts.counted.get((unit, one.code))
    kind = kind_of(one.kind)
    report = material.reports.get(unit)
    pieces = (piece for piece in material.evidence if piece.indicator == one.code)
    return {
        "unit": _code(material, unit),
        "indicator": one.code,
        "kind": one.kind.value,
        "counts": value is not None,
        **dict.fromkeys(("numerator", "denominator", "yes")),
        **(kind.columns(value) if value is not None else {}),
        "expected_denominator": facts.expected.get((unit, one.code)) if kind.has_total else None,
        "evidence": sum(report is not None and piece.report_id == report.id for piece in pieces),
        "how": status.counting_methods.get((unit, one.code)) if value is not None else None,
    }


def _how_counted(material: Material, one: Indicator) -> dict[str, Any]:
    """Return how much of the counted denominators each counting method has given."""
    totals = totals_by_method(material.status, one.code)
    ways: dict[str, Any] = {way: totals.get(way, 0) for way in COUNTING_METHODS}
    return {
        "indicator": one.code,
        "denominator": sum(totals.values()),
        **ways,
        "not_said": totals.get(None, 0),
    }


def _period(period: RoundPeriod) -> dict[str, Any]:
    result = period.result
    return {
        "name": period.name,
        "areas_in": period.areas_in,
        "areas": period.areas,
        "met": result.met,
        "not_met": result.not_met,
        "open": result.open,
        "not_applicable": result.not_applicable,
        "verdicts": {one.code: one.verdict.value for one in result.indicators},
    }


def _yes_no(answer: bool | None) -> str | None:
    return None if answer is None else "yes" if answer else "no"


def _iso(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
