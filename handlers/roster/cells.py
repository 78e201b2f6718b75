"""Reads the cells of a workbook's known sheets; of other sheets only the titles.

A few bytes can declare billions of cells, so the size is checked before a process with limits
(bot/file_sandbox) reads the file. Errors and formulas without a stored result, which the library
returns as empty cells, are read from the file's XML, so that they are not taken for empty ones.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import IO, Any
from xml.etree import ElementTree as ET

from handlers.roster.cell_values import FORMULA, Cell, RefusedError, fold
from handlers.roster.columns import SHEETS
from handlers.texts import LANGUAGES, texts_of

MOST_ROWS = 200_000
MOST_CELLS = 4_000_000  # of one sheet, with empty ones: each takes memory
MOST_LETTERS = 4 * 1024 * 1024  # of all cells, as JSON; a province needs a tenth of it
LARGEST = 20 * 1024 * 1024  # bytes of the file
_LARGEST_UNPACKED = 400 * 1024 * 1024
_AT_A_TIME = 1 << 20
# A cell with content; a cell with only a format is empty and doesn't count.
_CELL = re.compile(
    rb"""<(?:\w+:)?c\s(?:[^<>]*?\s)?r=["']([A-Z]{1,3})(\d{1,7})["'][^<>]*(?<!/)>(?!</)"""
)
_LONGEST_TAG = 500
WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d+)")
Place = tuple[int, int]  # row and column, from 0


@dataclass(frozen=True, slots=True)
class SheetCells:
    """One sheet: its kind (a key of SHEETS; "": unknown), its title, its rows from the first.

    A cell with an error has the error's name ("#N/A"); a formula without a stored result has its
    text. `commune` is the code of the commune of rows that name none.
    """

    key: str
    title: str
    rows: Sequence[Sequence[Cell]]
    commune: str | None = None


def cells_of(content: bytes) -> list[SheetCells]:
    """Return the sheets in the workbook's order; RefusedError for an unreadable workbook.

    Empty sheets and the template's own guide are left out.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    _check_size(content)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        unresolved = unresolved_cells(content)
        found = []
        for title in workbook.sheet_names:
            cells = workbook.get_sheet_by_name(title)
            sheet = next((one for one in SHEETS if fold(title) in one.names), None)
            if sheet is not None:
                rows = cells.to_python(skip_empty_area=False, nrows=MOST_ROWS)
                rows = _completed(rows, unresolved.get(title, {}))
                found.append(SheetCells(sheet.key, title, rows))
            elif cells.height and title not in guide_titles():
                found.append(SheetCells("", title, ()))
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise RefusedError("no_workbook", error=str(error)) from error
    # The bot parses the child's answer in its event loop, which blocks all people meanwhile.
    if sum(len(str(cell)) + 4 for one in found for row in one.rows for cell in row) > MOST_LETTERS:
        raise RefusedError("too_much")
    return found


def guide_titles() -> set[str]:
    """Return the titles of sheets that only explain the workbook."""
    keys = ("roster.guide.title", "roster.guide.example")
    return {texts_of(one).say(key) for one in LANGUAGES for key in keys}


def _completed(rows: list[list[Any]], unresolved: Mapping[tuple[int, int], str]) -> list[list[Any]]:
    """Return the rows with the unresolved cells filled in, without empty cells at their ends."""
    for (row, column), text in unresolved.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
    for cells in rows:
        while cells and cells[-1] == "":
            cells.pop()
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
    """Raise RefusedError for a sheet with too many cells, naming the outermost one."""
    columns, rows, last = 1, 1, b""
    while more := xml.read(_AT_A_TIME):
        text = last + more
        for letters, number in _CELL.findall(text):
            columns, rows = max(columns, _column(letters)), max(rows, int(number))
            if columns * rows > MOST_CELLS:
                cell = (letters + number).decode()
                raise RefusedError("far_cell", cell=cell)
        last = text[-_LONGEST_TAG:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def unresolved_cells(content: bytes) -> dict[str, dict[Place, str]]:
    """Return, by the title of the sheet, the cells with an error or formula and their text."""
    with zipfile.ZipFile(BytesIO(content)) as packed:
        return {title: dict(_of_sheet(packed, part)) for title, part in _parts(packed)}


def _parts(packed: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the title of each sheet and the name of its part of the file."""
    names = set(packed.namelist())
    if _RELATIONS not in names:
        return
    targets = {
        one.get("Id"): one.get("Target", "")
        for one in ET.fromstring(packed.read(_RELATIONS))  # noqa: S314 - a child with limits
    }
    for one in ET.fromstring(packed.read(WORKBOOK)).iter():  # noqa: S314
        if _local_name(one.tag) == "sheet":
            target = targets.get(one.get(_ID), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if part in names:
                yield one.get("name", ""), part


def _of_sheet(packed: zipfile.ZipFile, part: str) -> Iterator[tuple[Place, str]]:
    with packed.open(part) as file:
        for _, element in ET.iterparse(file):  # noqa: S314
            tag = _local_name(element.tag)
            if tag == "c":
                text = _unresolved(element)
                place = _place(element.get("r", ""))
                if text is not None and place is not None:
                    yield place, text
            if tag == "row":
                element.clear()  # frees the memory of long sheets


def _unresolved(cell: ET.Element) -> str | None:
    parts = {_local_name(one.tag): (one.text or "").strip() for one in cell}
    if cell.get("t") == "e":
        return parts.get("v") or "#N/A"
    if "f" in parts and not parts.get("v") and "is" not in parts:
        return FORMULA + parts["f"]
    return None


def _place(reference: str) -> Place | None:
    found = _REFERENCE.fullmatch(reference)
    return (int(found[2]) - 1, _column(found[1].encode()) - 1) if found is not None else None


def _local_name(tag: str) -> str:
    """Return a tag without its namespace."""
    return tag.rpartition("}")[2]


def as_json(sheets: Sequence[SheetCells]) -> list[dict[str, Any]]:
    """Return the sheets as values for JSON."""
    return [
        {
            "key": one.key,
            "title": one.title,
            "rows": [[_cell_as_json(c) for c in row] for row in one.rows],
            "commune": one.commune,
        }
        for one in sheets
    ]


def from_json(sheets: Any) -> list[SheetCells]:  # noqa: ANN401 - what JSON has
    """Return the sheets from the values of `as_json`."""
    return [
        SheetCells(
            one["key"],
            one["title"],
            [[_cell_from_json(c) for c in row] for row in one["rows"]],
            one.get("commune"),
        )
        for one in sheets
    ]


def _cell_as_json(cell: Cell) -> object:
    if isinstance(cell, datetime):
        return {"moment": cell.isoformat()}
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    return cell if isinstance(cell, str | int | float | bool) else str(cell)


def _cell_from_json(value: Any) -> Cell:  # noqa: ANN401 - what JSON has
    if isinstance(value, dict):
        day = value.get("day")
        return date.fromisoformat(day) if day else datetime.fromisoformat(value["moment"])
    cell: Cell = value
    return cell
