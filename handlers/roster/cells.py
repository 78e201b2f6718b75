"""The cells of a workbook's known sheets, row by row.

A few bytes can say that a sheet has billions of cells, so its size is looked at before it is read.
What reads a file from outside does so in a process with limits (bot/opening).
"""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from handlers.roster.columns import SHEETS, Sheet
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


@dataclass(frozen=True, slots=True)
class SheetCells:
    """One sheet: what kind it is (a key of SHEETS), its title, its rows from the first on."""

    key: str
    title: str
    rows: Sequence[Sequence[Cell]]


def cells_of(content: bytes) -> list[SheetCells]:
    """The known sheets in the workbook's order; raises RefusedError over what can't be read."""
    from python_calamine import CalamineError, CalamineWorkbook

    _check_size(content)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        found = []
        for title in workbook.sheet_names:
            sheet = sheet_named(title)
            if sheet is not None:
                rows = workbook.get_sheet_by_name(title).to_python(
                    skip_empty_area=False, nrows=MOST_ROWS
                )
                found.append(SheetCells(sheet.key, title, rows))
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise RefusedError(f"it can't be read as a workbook ({error}).") from error
    return found


def sheet_named(title: str) -> Sheet | None:
    """The kind of sheet that has this title."""
    return next((one for one in SHEETS if fold(title) in one.names), None)


def _check_size(content: bytes) -> None:
    if len(content) > LARGEST:
        raise RefusedError(f"it is larger than {LARGEST >> 20} MB.")
    if not zipfile.is_zipfile(BytesIO(content)):  # an old .xls can't say much in few bytes
        return
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            parts = packed.infolist()
            if sum(part.file_size for part in parts) > _LARGEST_UNPACKED:
                raise RefusedError(f"it is larger than {_LARGEST_UNPACKED >> 20} MB when unpacked.")
            for part in parts:
                if part.filename.startswith("xl/worksheets/"):
                    with packed.open(part) as xml:
                        _check_reach(xml)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise RefusedError(f"it can't be read as a workbook ({error}).") from error


def _check_reach(xml: IO[bytes]) -> None:
    """Refuse a sheet that reaches too far, with the cell that does."""
    columns, rows, kept = 1, 1, b""
    while more := xml.read(_AT_A_TIME):
        text = kept + more
        for letters, number in _CELL.findall(text):
            columns, rows = max(columns, _column(letters)), max(rows, int(number))
            if columns * rows > MOST_CELLS:
                cell = (letters + number).decode()
                raise RefusedError(
                    f"something stands in the cell {cell}, far from the rest; delete it, or copy "
                    "the rows into a new workbook."
                )
        kept = text[-_LONGEST_TAG:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
