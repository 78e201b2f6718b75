"""The first sheet: every indicator with its sums, share, verdict and notes."""

from criteria.percent import decimals
from criteria.scoring import IndicatorResult, Verdict
from handlers.exports.material import Material
from handlers.exports.pictures.frame import coverage, newest
from handlers.exports.wording import MISSING, notes, required, say, unit_of, verdict_word
from handlers.exports.workbook.areas import Places, cut
from handlers.exports.workbook.book import (
    Book,
    Page,
    cell_name,
    elsewhere,
    lines_high,
    share_formula,
)
from handlers.status.lines import areas_said
from handlers.texts import Texts, without_tags

_HEAD = 4
_COLUMNS = (
    "number", "indicator", "unit", "required", "numerator", "denominator", "result", "verdict",
    "evidence", "notes",
)  # fmt: skip
WIDTHS = (5.0, 52.0, 9.0, 10.0, 11.0, 11.0, 19.0, 17.0, 10.0, 44.0)
_VERDICT, _LAST = 7, 9
_COLOURS = {
    Verdict.MET: "#CFE5F3",
    Verdict.NOT_MET: "#FADCC4",
    Verdict.INSUFFICIENT: "#F2F2F2",
    Verdict.NOT_APPLICABLE: "#EDEDED",
}


def write_summary(book: Book, page: Page, material: Material, texts: Texts, places: Places) -> None:
    """Groups with their indicators, and how many are met in all."""
    status = material.status
    title = say(texts, "exports.title", commune=status.commune, round=status.round)
    page.text(0, 0, title, book.form(bold=True, font_size=14))
    page.text(1, 0, f"{coverage(material, texts)} · {newest(material, texts)}", book.form())
    page.text(2, 0, status.criteria.title.text(texts.language), book.form(italic=True))
    page.row(_HEAD, [say(texts, f"exports.column.{key}") for key in _COLUMNS], book.head())
    page.height(_HEAD, 34)
    row, number = _HEAD + 1, 1
    for group in status.criteria.groups:
        members = [one for one in status.result.indicators if one.group == group.code]
        if not members:
            continue
        bold = book.cell(bold=True, bg_color="#F2F2F2")
        page.row(row, ["", group.name.text(texts.language), *[""] * (len(_COLUMNS) - 2)], bold)
        _met(book, page, texts, row, (row + 1, row + len(members)), members)
        row += 1
        for one in members:
            _indicator(book, page, material, texts, places, one, row, number)
            row, number = row + 1, number + 1
    page.row(row, ["", say(texts, "exports.total"), *[""] * (len(_COLUMNS) - 2)],
             book.cell(bold=True))  # fmt: skip
    _met(book, page, texts, row, (_HEAD + 1, row - 1), status.result.indicators)
    page.text(row, _LAST, _others(material, texts), book.cell(bold=True))
    page.text(row + 2, 0, say(texts, "exports.verdicts_fixed"), book.form(italic=True))


def _indicator(
    book: Book, page: Page, material: Material, texts: Texts, places: Places,
    one: IndicatorResult, row: int, number: int,
) -> None:  # fmt: skip
    wording = material.status.criteria.indicator(one.code).wording
    page.number(row, 0, number, book.cell(align="center"))
    page.text(row, 1, wording, book.cell())
    said = notes(material, one, texts)
    page.height(row, lines_high(len(wording) / 50, 1 + (one.yes_no is not None), len(said) / 40))
    page.text(row, 2, unit_of(material, one, texts), book.cell(align="center"))
    page.text(row, 3, required(one, texts), book.cell(align="center"))
    _counts(book, page, places, one, row)
    _result(book, page, texts, places, one, row)
    colour = _COLOURS[one.verdict]
    page.text(row, _VERDICT, verdict_word(one.verdict, texts),
              book.cell(align="center", bg_color=colour))  # fmt: skip
    page.number(row, 8, material.evidence_of(one.code), book.count())
    page.text(row, _LAST, said, book.cell())


def _counts(book: Book, page: Page, places: Places, one: IndicatorResult, row: int) -> None:
    values: tuple[int | None, int | None] = (None, None)
    if one.ratio is not None:
        values = (one.ratio.numerator, one.ratio.denominator)
    elif one.yes_no is not None and one.code in places.numerator:
        values = (len(one.yes_no.said_yes), len(one.units))
    kept = (places.numerator.get(one.code), places.denominator.get(one.code))
    for column, (value, place) in enumerate(zip(values, kept, strict=True), start=4):
        if value is None or place is None:
            page.text(row, column, "", book.cell())
        elif one.ratio is not None and not one.units_in:
            page.text(row, column, MISSING, book.cell(align="right"))
        else:
            page.formula(row, column, f"={elsewhere(places.page, *place)}", book.count(), value)


def _result(
    book: Book, page: Page, texts: Texts, places: Places, one: IndicatorResult, row: int
) -> None:
    if one.ratio is not None:
        if not one.units_in:
            page.text(row, 6, MISSING, book.cell(align="right"))
            return
        denominator = one.ratio.denominator
        share = one.ratio.value if denominator else None
        count = decimals(share, one.ratio.threshold) if share is not None else 1
        formula = share_formula(cell_name(row, 4), cell_name(row, 5), count)
        page.formula(row, 6, formula, book.share(count), cut(share, count))
    elif one.code in places.answer:
        answer = MISSING
        if not one.missing:
            met = one.own is Verdict.MET
            answer = say(texts, "value.yes" if met else "value.no")
        place = elsewhere(places.page, *places.answer[one.code])
        page.formula(row, 6, f"={place}", book.cell(align="right"), answer)
    elif one.yes_no is not None:
        page.text(row, 6, without_tags(areas_said(one.yes_no, texts)), book.cell(align="right"))


def _met(
    book: Book, page: Page, texts: Texts, row: int, rows: tuple[int, int],
    members: "tuple[IndicatorResult, ...] | list[IndicatorResult]",
) -> None:  # fmt: skip
    """`Đạt 5/13`, counted from the verdicts below or above."""
    word = verdict_word(Verdict.MET, texts)
    cells = f"{cell_name(rows[0], _VERDICT)}:{cell_name(rows[1], _VERDICT)}"
    met = sum(one.verdict is Verdict.MET for one in members)
    formula = f'="{word} "&COUNTIF({cells},"{word}")&"/{len(members)}"'
    form = book.cell(bold=True, align="center")
    page.formula(row, _VERDICT, formula, form, f"{word} {met}/{len(members)}")


def _others(material: Material, texts: Texts) -> str:
    result = material.status.result
    counts = (
        (Verdict.NOT_MET, result.not_met),
        (Verdict.INSUFFICIENT, result.open),
        (Verdict.NOT_APPLICABLE, result.not_applicable),
    )
    return "; ".join(f"{verdict_word(kind, texts)}: {count}" for kind, count in counts if count)
