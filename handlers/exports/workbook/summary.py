"""The first sheet: every indicator with its sums, share, verdict and notes."""

from collections.abc import Sequence

from criteria.scoring import IndicatorResult, Verdict
from handlers.exports.colours import SOFT
from handlers.exports.wording import coverage, newest, notes, say, title_of, verdict_word
from handlers.exports.workbook.book import SheetContext, cell_name, elsewhere, lines_high
from handlers.kinds.base import presentation_of

_HEAD = 4
_COLUMNS = (
    "number", "indicator", "unit", "required", "numerator", "denominator", "result", "verdict",
    "evidence", "notes",
)  # fmt: skip
WIDTHS = (5.0, 52.0, 9.0, 10.0, 11.0, 11.0, 19.0, 17.0, 10.0, 44.0)
_VERDICT, _LAST = 7, 9


def write_summary(sheet: SheetContext) -> None:
    """Write the groups with their indicators, and the number of all that are met."""
    book, page, material, texts = sheet.book, sheet.page, sheet.material, sheet.texts
    status = material.status
    page.text(0, 0, title_of(material, texts), book.cell_format(bold=True, font_size=14))
    page.text(1, 0, f"{coverage(material, texts)} · {newest(material, texts)}", book.cell_format())
    page.text(2, 0, status.criteria.title.text(texts.language), book.cell_format(italic=True))
    page.row(_HEAD, [say(texts, f"exports.column.{key}") for key in _COLUMNS], book.head())
    page.height(_HEAD, 34)
    row, number = _HEAD + 1, 1
    for group in status.criteria.groups:
        members = [one for one in status.result.indicators if one.group == group.code]
        if not members:
            continue
        bold = book.cell(bold=True, bg_color="#F2F2F2")
        page.row(row, ["", group.name.text(texts.language), *[""] * (len(_COLUMNS) - 2)], bold)
        _write_met(sheet, row, (row + 1, row + len(members)), members)
        row += 1
        for one in members:
            _indicator(sheet, one, row, number)
            row, number = row + 1, number + 1
    page.row(row, ["", say(texts, "exports.total"), *[""] * (len(_COLUMNS) - 2)],
             book.cell(bold=True))  # fmt: skip
    _write_met(sheet, row, (_HEAD + 1, row - 1), status.result.indicators)
    page.text(row, _LAST, _other_verdicts(sheet), book.cell(bold=True))
    page.text(row + 2, 0, say(texts, "exports.verdicts_fixed"), book.cell_format(italic=True))


def _indicator(sheet: SheetContext, one: IndicatorResult, row: int, number: int) -> None:
    book, page, material, texts = sheet.book, sheet.page, sheet.material, sheet.texts
    wording = material.status.criteria.indicator(one.code).wording
    page.number(row, 0, number, book.cell(align="center"))
    page.text(row, 1, wording, book.cell())
    note = notes(material, one, texts)
    shown = presentation_of(one.kind)
    page.height(row, lines_high(len(wording) / 50, 1 + shown.extra_lines, len(note) / 40))
    page.text(row, 2, shown.unit_of(material.status, one, texts), book.cell(align="center"))
    page.text(row, 3, shown.required(one, texts), book.cell(align="center"))
    _counts(sheet, one, row)
    shown.write_result(sheet, row, one)
    colour = SOFT[one.verdict]
    page.text(row, _VERDICT, verdict_word(one.verdict, texts),
              book.cell(align="center", bg_color=colour))  # fmt: skip
    page.number(row, 8, material.evidence_of(one.code), book.count())
    page.text(row, _LAST, note, book.cell())


def _counts(sheet: SheetContext, one: IndicatorResult, row: int) -> None:
    page, book, places = sheet.page, sheet.book, sheet.places
    values = presentation_of(one.kind).sums(one, places)
    cells = (places.numerator.get(one.code), places.denominator.get(one.code))
    for column, (value, place) in enumerate(zip(values, cells, strict=True), start=4):
        if value is None or place is None:
            page.text(row, column, "", book.cell())
        elif isinstance(value, str):
            page.text(row, column, value, book.cell(align="right"))
        else:
            page.formula(row, column, f"={elsewhere(places.page, *place)}", book.count(), value)


def _write_met(
    sheet: SheetContext, row: int, rows: tuple[int, int], members: Sequence[IndicatorResult]
) -> None:
    """Write `Đạt 5/13`, counted by a formula from the verdicts in `rows`."""
    word = verdict_word(Verdict.MET, sheet.texts)
    cells = f"{cell_name(rows[0], _VERDICT)}:{cell_name(rows[1], _VERDICT)}"
    met = sum(one.verdict is Verdict.MET for one in members)
    formula = f'="{word} "&COUNTIF({cells},"{word}")&"/{len(members)}"'
    cell_format = sheet.book.cell(bold=True, align="center")
    sheet.page.formula(row, _VERDICT, formula, cell_format, f"{word} {met}/{len(members)}")


def _other_verdicts(sheet: SheetContext) -> str:
    result = sheet.material.status.result
    counts = (
        (Verdict.NOT_MET, result.not_met),
        (Verdict.INSUFFICIENT, result.open),
        (Verdict.NOT_APPLICABLE, result.not_applicable),
    )
    return "; ".join(
        f"{verdict_word(kind, sheet.texts)}: {count}" for kind, count in counts if count
    )
