"""A workbook that is printed on A4 landscape and never treats a person's text as a formula.

It needs the extra `documents` (XlsxWriter), which is imported when the first workbook is written.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from criteria.definition import Indicator
from handlers.exports.material import Material
from handlers.exports.wording import clean_text, printed
from handlers.texts import Texts

_FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter"}
_GRID = {**_FONT, "border": 1, "border_color": "#8C8C8C"}
_COUNT = {"vi": "[$-42A]#,##0", "en": "#,##0"}
_SHARE = {"vi": "[$-42A]0{}\\ %", "en": "0{}%"}
_MOMENT = {"vi": "dd/mm/yyyy hh:mm", "en": "d mmm yyyy hh:mm"}

CellFormat = Any  # XlsxWriter has no types


class Book:
    """The open workbook with its formats, a context manager."""

    def __init__(self, file: Path, title: str, made_at: datetime, language: str) -> None:
        import xlsxwriter

        options = {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": dict(_FONT),
            "tmpdir": str(file.parent),
        }
        self.language = language
        self._workbook = xlsxwriter.Workbook(str(file), options)
        created = made_at.astimezone(UTC).replace(tzinfo=None)
        self._workbook.set_properties({"title": clean_text(title), "created": created})
        self._formats: dict[tuple[tuple[str, object], ...], CellFormat] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._workbook.close()

    def cell_format(self, **properties: object) -> CellFormat:
        """Return a format; the same properties give the same format."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format({**_FONT, **properties})
        return self._formats[key]

    def cell(self, **properties: object) -> CellFormat:
        """Return a format of a table's cell."""
        indent = {} if "align" in properties else {"indent": 1}
        return self.cell_format(**{**_GRID, "text_wrap": True, **indent, **properties})

    def head(self) -> CellFormat:
        """Return the format of a table's head."""
        return self.cell(bold=True, bg_color="#DDEBF7", align="center")

    def count(self, **properties: object) -> CellFormat:
        """Return a format of whole numbers."""
        return self.cell(num_format=_COUNT[self.language], align="right", **properties)

    def share(self, places: int, **properties: object) -> CellFormat:
        """Return a format of a share as a percentage with `places` decimals."""
        decimals = f".{'0' * places}" if places else ""
        return self.cell(
            num_format=_SHARE[self.language].format(decimals), align="right", **properties
        )

    def moment(self) -> CellFormat:
        """Return the format of a date with its time."""
        return self.cell(num_format=_MOMENT[self.language], align="center")

    def add_sheet(
        self, name: str, widths: Sequence[float], *, heads: int, columns: int = 0, tall: int = 0
    ) -> "Worksheet":
        """Add a sheet whose first `heads` rows and `columns` stay visible.

        It is printed one page wide and `tall` pages high (0: as many as needed).
        """
        sheet = self._workbook.add_worksheet(name)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        sheet.freeze_panes(heads, columns)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.6, right=0.4, top=0.5, bottom=0.6)  # inches
        sheet.fit_to_pages(1, tall)
        sheet.repeat_rows(max(0, heads - 1))
        sheet.set_footer("&C&P/&N")
        return Worksheet(sheet, name)


class Worksheet:
    """One sheet; rows and columns count from 0."""

    def __init__(self, sheet: Any, name: str) -> None:  # noqa: ANN401 - XlsxWriter has no types
        self._sheet = sheet
        self.name = name

    def text(self, row: int, column: int, text: str, cell_format: CellFormat) -> None:
        """Write a text, which is never read as a formula or link."""
        self._sheet.write_string(row, column, printed(text), cell_format)

    def number(self, row: int, column: int, number: float, cell_format: CellFormat) -> None:
        """Write a number."""
        self._sheet.write_number(row, column, number, cell_format)

    def formula(
        self, row: int, column: int, formula: str, cell_format: CellFormat, value: float | str
    ) -> None:
        """Write a formula with its value, for programs that don't recalculate."""
        self._sheet.write_formula(row, column, formula, cell_format, value)

    def moment(
        self, row: int, column: int, at: datetime, zone: ZoneInfo, cell_format: CellFormat
    ) -> None:
        """Write a time in the time zone."""
        self._sheet.write_datetime(
            row, column, at.astimezone(zone).replace(tzinfo=None), cell_format
        )

    def row(self, row: int, texts: Sequence[str], cell_format: CellFormat, first: int = 0) -> None:
        """Write texts next to each other, from the column `first`."""
        for place, text in enumerate(texts):
            self.text(row, first + place, text, cell_format)

    def merged(self, row: int, first: int, last: int, text: str, cell_format: CellFormat) -> None:
        """Write a text over several columns."""
        if first == last:
            self.text(row, first, text, cell_format)
        else:
            self._sheet.merge_range(row, first, row, last, "", cell_format)
            self._sheet.write_string(row, first, printed(text), cell_format)

    def height(self, row: int, points: float) -> None:
        """Set the height of a row."""
        self._sheet.set_row(row, points)

    def filtered(self, row: int, last_row: int, last_column: int) -> None:
        """Add the buttons to sort and filter to the head."""
        self._sheet.autofilter(row, 0, last_row, last_column)


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell, such as `D18`."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, column))


def elsewhere(page: Worksheet, row: int, column: int) -> str:
    """Return the name of a cell for a formula on another sheet."""
    quoted = page.name.replace("'", "''")
    return f"'{quoted}'!{cell_name(row, column)}"


def share_formula(numerator: str, denominator: str, places: int) -> str:
    """Return the formula of a share that is cut, never rounded up: 84,96 % is not 85 %."""
    scale = 10 ** (places + 2)
    return f'=IF({denominator}=0,"—",INT({numerator}*{scale}/{denominator})/{scale})'


def lines_high(*lines: float) -> float:
    """Return the height of a row, in points, for the largest of these numbers of lines."""
    return 15.5 * max(1, *(math.ceil(one) for one in lines))


# --- a sheet that is being written, and the cells of its sums -------------------------------------


FIRST = 4  # the first row of areas
LEAD = 3  # columns before the indicators

# The counts of a summary before the result: formulas with these numbers, a dash, or nothing.
Counts = tuple[int | str | None, int | str | None]


@dataclass(slots=True)
class Places:
    """The cells, as (row, column), of each indicator's numerator or "yes", and of its total.

    A yes/no indicator of the office has only an `answer`.
    """

    page: Worksheet
    numerator: dict[str, tuple[int, int]] = field(default_factory=dict)
    denominator: dict[str, tuple[int, int]] = field(default_factory=dict)
    answer: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetContext:
    """The page that is written, and its data."""

    book: Book
    page: Worksheet
    material: Material
    texts: Texts
    places: Places

    def sum(self, row: int, column: int, first: int, value: int) -> None:
        """Write the sum of the rows from `first` to the one above, with its value."""
        cells = f"{cell_name(first, column)}:{cell_name(row - 1, column)}"
        self.page.formula(row, column, f"=SUM({cells})", self.book.count(bold=True), value)


def count_areas(
    sheet: SheetContext, row: int, place: int, one: Indicator, first: int, which: str, count: int
) -> None:
    """Write the number of areas with `which`, and below the number of all; note both cells."""
    areas, cell_format = len(sheet.material.status.areas), sheet.book.count(bold=True)
    cells = f"{cell_name(first, place)}:{cell_name(first + areas - 1, place)}"
    sheet.page.formula(row, place, f'=COUNTIF({cells},"{which}")', cell_format, count)
    sheet.page.formula(row + 1, place, f"=ROWS({cells})", cell_format, areas)
    sheet.places.numerator[one.code] = (row, place)
    sheet.places.denominator[one.code] = (row + 1, place)
