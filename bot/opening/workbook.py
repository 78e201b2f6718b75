"""Passes a workbook's cells from the child as JSON, with dates marked as such."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from bot.opening.process import NotOpened, opened
from handlers.roster.cells import SheetCells, cells_of
from handlers.roster.values import Cell, RefusedError


async def opened_workbook(content: bytes) -> list[SheetCells]:
    """The cells of a workbook, read by a child; raises RefusedError with the reason.

    Raises ImportError when the library that reads workbooks isn't installed.
    """
    try:
        says = (await opened("workbook", content)).says
    except NotOpened:
        raise RefusedError("too_much") from None
    if "missing" in says:
        raise ImportError(name=says["missing"])
    if "refused" in says:
        raise RefusedError(says["refused"], **says["values"])
    return [
        SheetCells(one["key"], one["title"], [[_from_json(c) for c in row] for row in one["rows"]])
        for one in says["sheets"]
    ]


def cells_message(content: bytes) -> dict[str, Any]:
    """The child's answer: the cells, or why they can't be read."""
    try:
        found = cells_of(content)
    except RefusedError as refused:
        return {"refused": refused.reason.key, "values": dict(refused.reason.values)}
    except ImportError as error:
        return {"missing": error.name}
    sheets = [{"key": o.key, "title": o.title, "rows": _rows_as_json(o.rows)} for o in found]
    return {"sheets": sheets}


def _rows_as_json(rows: Sequence[Sequence[Cell]]) -> list[list[object]]:
    return [[_as_json(cell) for cell in row] for row in rows]


def _as_json(cell: Cell) -> object:
    if isinstance(cell, datetime):
        return {"moment": cell.isoformat()}
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    return cell if isinstance(cell, str | int | float | bool) else str(cell)


def _from_json(cell: Any) -> Cell:  # noqa: ANN401 - what JSON has
    if isinstance(cell, dict):
        day = cell.get("day")
        return date.fromisoformat(day) if day else datetime.fromisoformat(cell["moment"])
    plain: Cell = cell
    return plain
