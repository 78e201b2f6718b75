"""Many communes for other programs: JSON with all data, CSV with a line for each indicator.

docs/exports.md describes both.
"""

import csv
import json
from pathlib import Path
from typing import Any

from criteria.scoring import result_fields
from handlers.exports.communes_material import Many, Row
from handlers.exports.wording import MISSING, formula_safe
from handlers.status.lines import figure
from handlers.texts import Texts, without_tags

SCHEMA = 1
COLUMNS = (
    "commune", "name", "group", "round", "round_name", "open", "deadline", "reports_in",
    "reports_expected", "indicator", "verdict", "figure", "unreachable", "difficulties",
)  # fmt: skip


def write_json(many: Many, texts: Texts, file: Path) -> None:
    """Write all data as one object."""
    fields = {
        "schema": SCHEMA,
        "as_of": many.as_of.isoformat(),
        "communes": [_fields(row, texts) for row in many.rows],
    }
    text = json.dumps(fields, ensure_ascii=False, indent=1)
    file.write_text(text + "\n", encoding="utf-8")


def _fields(row: Row, texts: Texts) -> dict[str, Any]:
    one = row.standing
    round_, count = one.round, one.count
    fields = {
        "code": one.commune.code,
        "name": one.commune.name,
        "group": one.commune.group_name,
        "unreachable": one.unreachable,
        "difficulties": one.difficulties,
        "round": None,
    }
    if round_ is None or count is None or one.result is None:
        return fields
    return fields | {
        "round": {
            "id": round_.id,
            "name": round_.name,
            "criteria": round_.criteria_id,
            "open": count.open,
            "deadline": round_.deadline.isoformat(),
            "closes_at": round_.closes_at.isoformat(),
        },
        "reports_in": count.reports_in,
        "reports_expected": count.expected,
        "missing": [{"unit": u.code, "name": texts.unit(u)} for u in row.missing],
        "result": result_fields(one.result),
    }


def write_csv(many: Many, texts: Texts, file: Path) -> None:
    """Write a line for each commune, round and indicator, as UTF-8 with a BOM for Excel."""
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        lines = csv.writer(opened)
        lines.writerow(COLUMNS)
        for row in many.rows:
            lines.writerows(_lines(row, texts))


def _lines(row: Row, texts: Texts) -> list[list[object]]:
    one = row.standing
    round_, count, result = one.round, one.count, one.result
    names = (one.commune.name, one.commune.group_name or "")
    commune = [one.commune.code, *map(formula_safe, names)]
    ends = [one.unreachable, one.difficulties]
    if round_ is None or count is None or result is None:
        return [[*commune, *[MISSING] * (len(COLUMNS) - len(commune) - len(ends)), *ends]]
    about = [
        round_.id, formula_safe(round_.name), "yes" if count.open else "no",
        round_.deadline.isoformat(), count.reports_in, count.expected,
    ]  # fmt: skip
    return [
        [*commune, *about, i.code, i.verdict.value, without_tags(figure(i, texts)), *ends]
        for i in result.indicators
    ]
