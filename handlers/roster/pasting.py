"""Figures of areas pasted from a spreadsheet: the text becomes cells, read like a workbook's.

A spreadsheet separates copied cells by tabs. Without a row of headings the columns must be exactly
those of the page, in its order.
"""

import csv
import io

from handlers.roster.cell_values import is_blank
from handlers.roster.cells import SheetCells
from handlers.roster.columns import FIGURES, RosterColumn
from handlers.roster.rows import heading_row
from handlers.texts import Texts

MOST_ROWS, MOST_COLUMNS = 500, 30
# The columns of rows without headings: the area, then its figures; the population is optional.
ORDER = ("label", "population", "adults", "working_age", "area_cadres", "service_businesses")
_OPTIONAL = "population"


def columns_in_order(*, population: bool) -> list[RosterColumn]:
    """Return the columns that rows without headings must have."""
    by_key = {one.key: one for one in FIGURES.columns}
    return [by_key[key] for key in ORDER if population or key != _OPTIONAL]


def pasted(text: str, commune: str, texts: Texts) -> SheetCells | str:
    """Return a text's cells for the commune with this code; the key of the refusal otherwise."""
    rows = [[*row] for row in csv.reader(io.StringIO(text, newline=""), delimiter="\t")]
    width = 1 + max(
        (n for row in rows for n, one in enumerate(row) if not is_blank(one)), default=-1
    )
    rows = [row[:width] for row in rows]
    while rows and all(is_blank(one) for one in rows[-1]):
        rows.pop()
    if not rows:
        return "paste.nothing"
    if len(rows) > MOST_ROWS or width > MOST_COLUMNS:
        return "paste.too_much"
    if heading_row(FIGURES, rows) is None:
        by_width = {
            len(some): some
            for some in (columns_in_order(population=True), columns_in_order(population=False))
        }
        if width not in by_width:
            return "paste.no_headings"
        rows.insert(0, [one.name(texts.language) for one in by_width[width]])
    return SheetCells(FIGURES.key, str(texts.say("paste.title")), rows, commune)


def as_text(sheet: SheetCells) -> str:
    """Return the cells as pasted text, to be corrected."""
    written = io.StringIO(newline="")
    csv.writer(written, delimiter="\t", lineterminator="\n").writerows(sheet.rows)
    return written.getvalue()
