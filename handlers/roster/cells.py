"""The cells of a workbook's sheets, row by row; of unknown sheets only that something is in them.

A few bytes can say that a sheet has billions of cells, so its size is looked at before it is read.
What reads a file from outside does so in a process with limits (bot/opening).
"""

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

from handlers.roster.columns import SHEETS, Sheet
from handlers.roster.guide import GUIDE
from handlers.roster.unresolved import WORKBOOK, unresolved_cells
from handlers.roster.values import Cell, RefusedError, fold

MOST_ROWS = 200_000
MOST_CELLS = 4_000_000  # of one sheet, empty ones too: each takes memory
LARGEST = 20 * 1024 * 1024  # bytes of the file
_LARGEST_UNPACKED = 400 * 1024 * 1024
_AT_A_TIME = 1 << 20
# A cell with something in it; one that only looks different is empty and counts for nothing.
_CELL = re.compile(
    rb"""<(?:\w+:)?c\s(?:[^<>]*?\s)?r=["']([A-Z]{1,3})(\d{1,7})["'][^<>]*(?<!/)>(?!</)"""
)
_LONGEST_TAG = 500
GUIDE_TITLES = frozenset(title for one in GUIDE.values() for title in (one.title, one.example))


@dataclass(frozen=True, slots=True)
class SheetCells:
    """One sheet: its kind (a key of SHEETS; "": unknown), its title, its rows from the first.

    A cell with an error holds its name ("#N/A"); a formula without a stored result holds itself.
    """

    key: str
    title: str
    rows: Sequence[Sequence[Cell]]


def cells_of(content: bytes) -> list[SheetCells]:
    """The sheets in the workbook's order; raises RefusedError over what can't be read.

    Those that are empty, and the template's own guide, are left out.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    _check_size(content)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        unresolved = unresolved_cells(content)
        found = []
        for title in workbook.sheet_names:
            sheet, cells = sheet_named(title), workbook.get_sheet_by_name(title)
            if sheet is not None:
                rows = cells.to_python(skip_empty_area=False, nrows=MOST_ROWS)
                found.append(SheetCells(sheet.key, title, _with(rows, unresolved.get(title, {}))))
            elif cells.height and title not in GUIDE_TITLES:
                found.append(SheetCells("", title, ()))
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise RefusedError("no_workbook", error=str(error)) from error
    return found


def sheet_named(title: str) -> Sheet | None:
    """The kind of sheet that has this title."""
    return next((one for one in SHEETS if fold(title) in one.names), None)


def _with(rows: list[list[Any]], unresolved: Mapping[tuple[int, int], str]) -> list[list[Any]]:
    """The rows with the cells that their reader gives as empty."""
    for (row, column), text in unresolved.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
    return rows


def _check_size(content: bytes) -> None:
    if len(content) > LARGEST:
        raise RefusedError("file_too_large", most=LARGEST >> 20)
    if not zipfile.is_zipfile(BytesIO(content)):
        raise RefusedError("not_xlsx")
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            parts = packed.infolist()
            if WORKBOOK not in packed.namelist():
                raise RefusedError("not_xlsx")
            if sum(part.file_size for part in parts) > _LARGEST_UNPACKED:
                raise RefusedError("unpacked_too_large", most=_LARGEST_UNPACKED >> 20)
            for part in parts:
                if part.filename.startswith("xl/worksheets/"):
                    with packed.open(part) as xml:
                        _check_reach(xml)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise RefusedError("no_workbook", error=str(error)) from error


def _check_reach(xml: IO[bytes]) -> None:
    """Refuse a sheet that reaches too far, with the cell that does."""
    columns, rows, kept = 1, 1, b""
    while more := xml.read(_AT_A_TIME):
        text = kept + more
        for letters, number in _CELL.findall(text):
            columns, rows = max(columns, _column(letters)), max(rows, int(number))
            if columns * rows > MOST_CELLS:
                cell = (letters + number).decode()
                raise RefusedError("far_cell", cell=cell)
        kept = text[-_LONGEST_TAG:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
