"""Reads a workbook's cells in the child, which returns them as JSON."""

from typing import Any

from bot.file_sandbox.process import ChildFailed, run_in_child
from handlers.roster.cell_values import RefusedError
from handlers.roster.cells import SheetCells, as_json, cells_of, from_json


async def workbook_cells(content: bytes) -> list[SheetCells]:
    """Return the cells of a workbook, read by a child; raise RefusedError with the reason.

    Raise ImportError if the library that reads workbooks isn't installed.
    """
    try:
        fields = (await run_in_child("workbook", content)).fields
    except ChildFailed:
        raise RefusedError("too_much") from None
    if "missing" in fields:
        raise ImportError(name=fields["missing"])
    if "refused" in fields:
        raise RefusedError(fields["refused"], **fields["values"])
    return from_json(fields["sheets"])


def cells_message(content: bytes) -> dict[str, Any]:
    """Return the child's output: the cells, or why they can't be read."""
    try:
        found = cells_of(content)
    except RefusedError as refused:
        return {"refused": refused.reason.key, "values": dict(refused.reason.values)}
    except ImportError as error:
        return {"missing": error.name}
    return {"sheets": as_json(found)}
