"""The sheets that are lists: missing and late reports, the rounds, the changes, the terms."""

from criteria import wording
from criteria.definition import Indicator
from criteria.scoring import IndicatorResult, Verdict
from handlers.exports.material import Material
from handlers.exports.wording import MISSING, say, verdict_word
from handlers.exports.workbook.book import Book, Worksheet, lines_high
from handlers.kinds.base import presentation_of
from handlers.texts import Texts

_NAMES = 200
_WORDS = (
    "missing", "met", "not_met", "insufficient", "not_applicable", "share", "by_totals", "evidence"
)  # fmt: skip


def write_missing(book: Book, material: Material, texts: Texts) -> None:
    """Write the units that have not sent, sent late, or left questions open."""
    page = _page(book, texts, "missing", (5, 26, 24, 18, 10, 70),
                 ("number", "area", "state", "first_sent", "late", "gaps"))  # fmt: skip
    status = material.status
    row = 1
    for unit in status.facts.units:
        gaps = _gaps(material, unit)
        late = unit in status.late
        if status.is_in(unit) and not late and not gaps:
            continue
        report = material.reports.get(unit)
        page.number(row, 0, row, book.cell(align="center"))
        page.text(row, 1, status.name(unit, texts), book.cell())
        page.text(row, 2, say(texts, f"status.state.{status.state_of(unit)}"), book.cell())
        if report is not None and report.first_sent_at is not None:
            page.moment(row, 3, report.first_sent_at, material.zone, book.moment())
        else:
            page.text(row, 3, MISSING, book.cell(align="center"))
        page.text(row, 4, say(texts, "exports.late") if late else "", book.cell(align="center"))
        names = (texts.short(one) for one in gaps)
        listed = texts.listed(names, most=_NAMES)
        page.text(row, 5, listed, book.cell())
        page.height(row, lines_high(len(listed) / 64))
        row += 1
    if row == 1:
        page.text(1, 1, say(texts, "exports.nobody_missing"), book.cell_format(italic=True))


def _gaps(material: Material, unit: int) -> list[Indicator]:
    asked, counted = material.status.asked_of(unit), material.status.facts.counted
    return [one for one in asked if (unit, one.code) not in counted]


def write_course(book: Book, material: Material, texts: Texts) -> None:
    """Write the rounds, the oldest first, with the counts of verdicts and every indicator."""
    indicators = material.status.criteria.indicators
    page = _page(book, texts, "course", (22, *[10] * (6 + len(indicators))),
                 ("round", "areas_in", "areas", *(f"verdict.{one.value}" for one in Verdict)),
                 [texts.short(one) for one in indicators])  # fmt: skip
    page.height(0, 62)
    for row, period in enumerate(material.course, start=1):
        page.text(row, 0, period.name, book.cell())
        page.height(row, lines_high(2, len(period.name) / 20))
        result = period.result
        counts = (period.areas_in, period.areas, result.met, result.not_met, result.open,
                  result.not_applicable)  # fmt: skip
        for column, count in enumerate(counts, start=1):
            page.number(row, column, count, book.count())
        for column, one in enumerate(indicators, start=len(counts) + 1):
            write_result_cell(book, page, texts, row, column, period.result_of(one))


def write_result_cell(
    book: Book, page: Worksheet, texts: Texts, row: int, column: int, one: IndicatorResult | None
) -> None:
    """Write an indicator's figure, or its verdict if it has none."""
    if one is None:
        page.text(row, column, MISSING, book.cell(align="center"))
    elif not presentation_of(one.kind).write_course(book, page, row, column, one):
        page.text(row, column, verdict_word(one.verdict, texts), book.cell(align="center"))


def write_changes(book: Book, material: Material, texts: Texts) -> None:
    """Write every change of the round, the oldest first, without names of people."""
    page = _page(book, texts, "changes", (18, 26, 90, 18), ("when", "area", "change", "way"))
    for row, one in enumerate(material.changes, start=1):
        page.moment(row, 0, one.at, material.zone, book.moment())
        in_round = one.unit is not None and one.unit in material.status.units
        unit = material.status.name(one.unit, texts) if in_round and one.unit is not None else ""
        page.text(row, 1, unit, book.cell())
        page.text(row, 2, one.what, book.cell())
        page.height(row, lines_high(len(one.what) / 85, len(unit) / 24))
        page.text(row, 3, one.way, book.cell())
    page.filtered(0, max(1, len(material.changes)), 3)


def write_words(book: Book, material: Material, texts: Texts) -> None:
    """Write the meaning of the terms and signs, and the definition of each indicator."""
    page = _page(book, texts, "words", (34, 120), ("word", "meaning"))
    criteria = material.status.criteria
    year = (material.status.round.data_date or material.day(material.status.round.opens_at)).year
    row = 1
    for key in _WORDS:
        is_verdict = key in {verdict.value for verdict in Verdict}
        word = (
            verdict_word(Verdict(key), texts) if is_verdict else say(texts, f"exports.word.{key}")
        )
        page.text(row, 0, word, book.cell(bold=True))
        page.text(row, 1, say(texts, f"exports.meaning.{key}"), book.cell())
        row += 1
    for one in criteria.indicators:
        text = one.text(texts.language)
        definition = wording.fill(text.definition, criteria, year, texts.language)
        page.text(row, 0, f"{one.code} · {text.short}", book.cell(bold=True))
        page.text(row, 1, definition, book.cell())
        page.height(row, lines_high(len(definition) / 115, len(text.short) / 22))
        row += 1


def _page(
    book: Book, texts: Texts, key: str, widths: tuple[float, ...], columns: tuple[str, ...],
    further: list[str] | None = None,
) -> Worksheet:  # fmt: skip
    page = book.add_sheet(say(texts, f"exports.sheet.{key}"), widths, heads=1)
    heads = [
        verdict_word(Verdict(name.removeprefix("verdict.")), texts)
        if name.startswith("verdict.")
        else say(texts, f"exports.column.{name}")
        for name in columns
    ]
    page.row(0, [*heads, *(further or [])], book.head())
    return page
