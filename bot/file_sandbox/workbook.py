"""Passes a workbook's cells from the child as JSON."""

from typing import Any

from bot.file_sandbox.process import NotOpened, opened
from handlers.roster.cell_values import RefusedError
from handlers.roster.cells import SheetCells, as_json, cells_of, from_json


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
    return from_json(says["sheets"])


def cells_message(content: bytes) -> dict[str, Any]:
    """The child's answer: the cells, or why they can't be read."""
    try:
        found = cells_of(content)
    except RefusedError as refused:
        return {"refused": refused.reason.key, "values": dict(refused.reason.values)}
    except ImportError as error:
        return {"missing": error.name}
    return {"sheets": as_json(found)}
