"""Cells that the reader of workbooks gives as empty: errors, and formulas without a stored result.

They are found in the file's XML, so that nothing unreadable is taken for nothing.
"""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree as ET

from handlers.roster.values import FORMULA

WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d+)")

Place = tuple[int, int]  # row and column, from 0


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
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def _plain(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]
