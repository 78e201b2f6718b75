"""The workbook of many communes: a row for each, their indicators, and missing reports."""

from pathlib import Path

from handlers.exports.communes_material import Many, Row
from handlers.exports.wording import MISSING, say
from handlers.exports.workbook.book import Book, Worksheet, lines_high
from handlers.exports.workbook.lists import write_result_cell
from handlers.rounds.criteria_sets import set_of
from handlers.texts import Texts

_COLUMNS = (
    "commune", "group", "round", "met", "reports", "left", "unreachable", "difficulties"
)  # fmt: skip
_WIDTHS = (28.0, 18.0, 22.0, 10.0, 12.0, 20.0, 16.0, 14.0)
_WIDE = 13.0
_LONGEST_SHEET = 31  # letters of a sheet's name, by Excel's limit


def write_workbook(many: Many, texts: Texts, file: Path) -> None:
    """Write the workbook; the same material gives the same bytes."""
    with Book(file, say(texts, "board.communes.title"), many.as_of, texts.language) as book:
        _write_communes(book, many, texts)
        _write_indicators(book, many, texts)
        _write_missing(book, many, texts)


def _write_communes(book: Book, many: Many, texts: Texts) -> None:
    page = book.add_sheet(say(texts, "board.communes.title"), _WIDTHS, heads=1, columns=1)
    page.row(0, [say(texts, f"board.communes.{key}") for key in _COLUMNS], book.head())
    for number, row in enumerate(many.rows, start=1):
        one = row.standing
        _write_commune(book, page, number, row)
        if one.count is None or one.result is None:
            page.row(number, [MISSING] * 3, book.cell(align="center"), first=3)
        else:
            page.text(number, 3, f"{one.result.met}/{one.result.total}", book.cell(align="right"))
            reports = f"{one.count.reports_in}/{one.count.expected}"
            page.text(number, 4, reports, book.cell(align="right"))
            page.moment(number, 5, one.count.deadline, many.zone, book.moment())
        page.number(number, 6, one.unreachable, book.count())
        page.number(number, 7, one.difficulties, book.count())
    page.filtered(0, max(1, len(many.rows)), len(_COLUMNS) - 1)


def _write_commune(book: Book, page: Worksheet, number: int, row: Row) -> None:
    one = row.standing
    texts = (
        one.commune.name,
        one.commune.group_name or "",
        one.round.name if one.round is not None else MISSING,
    )
    page.row(number, texts, book.cell())


def _write_indicators(book: Book, many: Many, texts: Texts) -> None:
    """Write a sheet for each criteria set: each commune's result of each indicator."""
    rounds = [row.standing.round for row in many.rows if row.standing.round is not None]
    for criteria_id in dict.fromkeys(one.criteria_id for one in rounds):
        rows = [
            row
            for row in many.rows
            if row.standing.round is not None and row.standing.round.criteria_id == criteria_id
        ]
        newest = max((one for one in rounds if one.criteria_id == criteria_id), key=lambda r: r.id)
        indicators = set_of(newest).indicators
        name = f"{say(texts, 'board.column.indicator')} {criteria_id}"[:_LONGEST_SHEET]
        page = book.add_sheet(name, (*_WIDTHS[:3], *[_WIDE] * len(indicators)), heads=1, columns=1)
        heads = [say(texts, f"board.communes.{key}") for key in _COLUMNS[:3]]
        shorts = [one.text(texts.language).short for one in indicators]
        page.row(0, [*heads, *shorts], book.head())
        page.height(0, lines_high(*(len(short) / 11 for short in shorts)))
        for number, row in enumerate(rows, start=1):
            _write_commune(book, page, number, row)
            result = row.standing.result
            found = {(i.code, i.kind): i for i in result.indicators} if result is not None else {}
            for column, one in enumerate(indicators, start=3):
                write_result_cell(
                    book, page, texts, number, column, found.get((one.code, one.kind))
                )
        page.filtered(0, len(rows), len(indicators) + 2)


def _write_missing(book: Book, many: Many, texts: Texts) -> None:
    page = book.add_sheet(
        say(texts, "exports.sheet.missing"), (*_WIDTHS[:3], 34.0), heads=1, columns=1
    )
    heads = [say(texts, f"board.communes.{key}") for key in _COLUMNS[:3]]
    page.row(0, [*heads, say(texts, "exports.column.area")], book.head())
    number = 0
    for row in many.rows:
        for unit in row.missing:
            number += 1
            _write_commune(book, page, number, row)
            page.text(number, 3, texts.unit(unit), book.cell())
    if not number:
        page.text(1, 0, say(texts, "exports.nobody_missing"), book.cell_format(italic=True))
    page.filtered(0, max(1, number), 3)
