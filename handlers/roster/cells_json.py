"""A workbook's cells as JSON, in which days are marked as days: for another process, or a table."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from handlers.roster.cells import SheetCells
from handlers.roster.values import Cell


def as_json(sheets: Sequence[SheetCells]) -> list[dict[str, Any]]:
    """The sheets as JSON holds them."""
    return [
        {"key": one.key, "title": one.title, "rows": [[_told(c) for c in row] for row in one.rows]}
        for one in sheets
    ]


def from_json(told: Any) -> list[SheetCells]:  # noqa: ANN401 - what JSON has
    """The sheets that `as_json` told."""
    return [
        SheetCells(one["key"], one["title"], [[_cell(c) for c in row] for row in one["rows"]])
        for one in told
    ]


def _told(cell: Cell) -> object:
    if isinstance(cell, datetime):
        return {"moment": cell.isoformat()}
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    return cell if isinstance(cell, str | int | float | bool) else str(cell)


def _cell(told: Any) -> Cell:  # noqa: ANN401 - what JSON has
    if isinstance(told, dict):
        day = told.get("day")
        return date.fromisoformat(day) if day else datetime.fromisoformat(told["moment"])
    plain: Cell = told
    return plain
