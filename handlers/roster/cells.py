"""The cells of a workbook's sheets, and of unknown sheets only that something is in them.

A few bytes can say that a sheet has billions of cells, so its size is looked at before it is read,
by a process with limits (bot/file_sandbox). Errors and formulas without a stored result, which the
reader gives as empty, are found in the file's XML: nothing unreadable is taken for nothing.
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
MOST_CELLS = 4_000_000  # of one sheet, empty ones too: each takes memory
MOST_LETTERS = 4 * 1024 * 1024  # of all cells, as JSON has them; a province has a tenth of it
LARGEST = 20 * 1024 * 1024  # bytes of the file
_LARGEST_UNPACKED = 400 * 1024 * 1024
_AT_A_TIME = 1 << 20
# A cell with something in it; one that only looks different is empty and counts for nothing.
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

    A cell with an error holds its name ("#N/A"); a formula without a stored result holds itself.
    `commune` is the code of the one that rows without a commune are about.
    """

    key: str
    title: str
    rows: Sequence[Sequence[Cell]]
    commune: str | None = None


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
            cells = workbook.get_sheet_by_name(title)
            sheet = next((one for one in SHEETS if fold(title) in one.names), None)
            if sheet is not None:
                rows = cells.to_python(skip_empty_area=False, nrows=MOST_ROWS)
                found.append(SheetCells(sheet.key, title, _with(rows, unresolved.get(title, {}))))
            elif cells.height and title not in guide_titles():
                found.append(SheetCells("", title, ()))
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise RefusedError("no_workbook", error=str(error)) from error
    # The bot reads the answer of the child in its own loop, where everybody waits meanwhile.
    if sum(len(str(cell)) + 4 for one in found for row in one.rows for cell in row) > MOST_LETTERS:
        raise RefusedError("too_much")
    return found


def guide_titles() -> set[str]:
    """How sheets are called that only explain the workbook."""
    keys = ("roster.guide.title", "roster.guide.example")
    return {texts_of(one).say(key) for one in LANGUAGES for key in keys}


def _with(rows: list[list[Any]], unresolved: Mapping[tuple[int, int], str]) -> list[list[Any]]:
    """The rows with the cells that their reader gives as empty, without empty ones at their end."""
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


def unresolved_cells(content: bytes) -> dict[str, dict[Place, str]]:
    """For each sheet by its title the cells in question, with what stands for them."""
    with zipfile.ZipFile(BytesIO(content)) as packed:
        return {title: dict(_of_sheet(packed, part)) for title, part in _parts(packed)}


def _parts(packed: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The title of each sheet and the name of its part of the file."""
    names = set(packed.namelist())
    if _RELATIONS not in names:
        return
    targets = {
        one.get("Id"): one.get("Target", "")
        for one in ET.fromstring(packed.read(_RELATIONS))  # noqa: S314 - a child with limits
    }
    for one in ET.fromstring(packed.read(WORKBOOK)).iter():  # noqa: S314
        if _plain(one.tag) == "sheet":
            target = targets.get(one.get(_ID), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if part in names:
                yield one.get("name", ""), part


def _of_sheet(packed: zipfile.ZipFile, part: str) -> Iterator[tuple[Place, str]]:
    with packed.open(part) as file:
        for _, element in ET.iterparse(file):  # noqa: S314
            tag = _plain(element.tag)
            if tag == "c":
                text = _unresolved(element)
                place = _place(element.get("r", ""))
                if text is not None and place is not None:
                    yield place, text
            if tag == "row":
                element.clear()  # a long sheet doesn't stay in memory


def _unresolved(cell: ET.Element) -> str | None:
    parts = {_plain(one.tag): (one.text or "").strip() for one in cell}
    if cell.get("t") == "e":
        return parts.get("v") or "#N/A"
    if "f" in parts and not parts.get("v") and "is" not in parts:
        return FORMULA + parts["f"]
    return None


def _place(reference: str) -> Place | None:
    found = _REFERENCE.fullmatch(reference)
    return (int(found[2]) - 1, _column(found[1].encode()) - 1) if found is not None else None


def _plain(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def as_json(sheets: Sequence[SheetCells]) -> list[dict[str, Any]]:
    """The sheets as JSON holds them."""
    return [
        {
            "key": one.key,
            "title": one.title,
            "rows": [[_told(c) for c in row] for row in one.rows],
            "commune": one.commune,
        }
        for one in sheets
    ]


def from_json(told: Any) -> list[SheetCells]:  # noqa: ANN401 - what JSON has
    """The sheets that `as_json` told."""
    return [
        SheetCells(
            one["key"],
            one["title"],
            [[_cell(c) for c in row] for row in one["rows"]],
            one.get("commune"),
        )
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
