"""The sheet of areas × indicators, whose sums the summary refers to."""

from criteria.answers import Value
from criteria.definition import Indicator
from handlers.exports.material import Material
from handlers.exports.wording import MISSING, say
from handlers.exports.workbook.book import FIRST, LEAD, Book, Places, SheetContext, lines_high
from handlers.kinds.base import presentation_of
from handlers.texts import Texts

_Columns = list[tuple[Indicator, int]]


def write_areas(book: Book, material: Material, texts: Texts) -> Places:
    """Write a row for each unit with the areas' indicators, the sums, and the office's own part."""
    asked = [one for one in material.status.criteria.indicators if one.asks(office=False)]
    columns: _Columns = []
    place = LEAD
    for one in asked:
        columns.append((one, place))
        place += len(presentation_of(one.kind).heads)
    widths = [5.0, 24.0, 20.0, *([9.0] * (place - LEAD))]
    page = book.add_sheet(say(texts, "exports.sheet.areas"), widths, heads=FIRST, columns=2)
    sheet = SheetContext(book, page, material, texts, Places(page))
    page.text(0, 0, f"{material.status.commune.name} – {material.status.round_title(texts)}",
              book.cell_format(bold=True, font_size=14))  # fmt: skip
    _heads(sheet, columns)
    facts = material.status.facts
    units = [u for u in facts.units if any(one.asks(office=u == facts.office) for one in asked)]
    for number, unit in enumerate(units):
        _unit(sheet, FIRST + number, number + 1, unit, columns)
    after = FIRST + len(units)
    _sums(sheet, after, columns)
    _office(sheet, after + 2)
    return sheet.places


def _heads(sheet: SheetContext, columns: _Columns) -> None:
    page, texts, head, top = sheet.page, sheet.texts, sheet.book.head(), FIRST - 2
    for place, key in enumerate(("number", "area", "state")):
        page.text(top, place, say(texts, f"exports.column.{key}"), head)
        page.text(top + 1, place, "", head)
    for one, place in columns:
        names = presentation_of(one.kind).heads
        short = texts.short(one)
        page.merged(top, place, place + len(names) - 1, short, head)
        headings = [say(texts, f"exports.column.{name}") for name in names]
        page.row(top + 1, headings, head, place)
    page.height(top, 48)
    page.height(top + 1, 32)


def _unit(sheet: SheetContext, row: int, number: int, unit: int, columns: _Columns) -> None:
    status, texts = sheet.material.status, sheet.texts
    office = unit == status.facts.office
    sheet.page.number(row, 0, number, sheet.book.cell(align="center"))
    name = status.name(unit, texts)
    sheet.page.text(row, 1, name, sheet.book.cell())
    state = say(texts, f"status.state.{status.state_of(unit)}")
    sheet.page.text(row, 2, state, sheet.book.cell())
    sheet.page.height(row, lines_high(len(name) / 24, len(state) / 20))
    for one, place in columns:
        value = status.facts.counted.get((unit, one.code))
        _value(sheet, row, place, one, value, asked=one.asks(office=office))


def _value(
    sheet: SheetContext, row: int, place: int, one: Indicator, value: Value | None, *, asked: bool
) -> None:
    shown = presentation_of(one.kind)
    if value is not None:
        shown.write(sheet, row, place, one, value)
        return
    cell_format = sheet.book.cell(align="center", bg_color="#FFFFFF" if asked else "#D9D9D9")
    sheet.page.row(row, [MISSING if asked else ""] * len(shown.heads), cell_format, place)


def _sums(sheet: SheetContext, row: int, columns: _Columns) -> None:
    """Write the sums, to which the summary refers."""
    sheet.page.row(row, ["", say(sheet.texts, "exports.sum"), ""], sheet.book.cell(bold=True))
    for one, place in columns:
        presentation_of(one.kind).write_sum(sheet, row, place, one, FIRST)


def _office(sheet: SheetContext, row: int) -> None:
    """Write the answers to the indicators of the commune's office only."""
    book, page, texts, status = sheet.book, sheet.page, sheet.texts, sheet.material.status
    own = [one for one in status.criteria.indicators if not one.asks(office=False)]
    areas = [one for one in status.criteria.indicators if one.asks(office=False)]
    if any(presentation_of(one.kind).counts_areas(one) for one in areas):
        page.row(row - 1, ["", say(texts, "exports.areas_in_all"), ""], book.cell(bold=True))
    office = status.facts.office
    if not own or office is None:
        return
    names = ("numerator", "denominator", "result")
    headings = [say(texts, f"exports.column.{name}") for name in names]
    page.height(row + 1, 32)
    page.row(row + 1, ["", say(texts, "exports.office_part"), "", *headings], book.head())
    for number, one in enumerate(own):
        here = row + 2 + number
        page.number(here, 0, number + 1, book.cell(align="center"))
        page.merged(here, 1, 2, one.text(texts.language, office=True).short, book.cell())
        place = presentation_of(one.kind).place_office(sheet, here, LEAD, one)
        value = status.facts.counted.get((office, one.code))
        _value(sheet, here, place, one, value, asked=True)
