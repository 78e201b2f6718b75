"""The sheet of areas × indicators, on whose sums the summary rests."""

from dataclasses import dataclass, field
from fractions import Fraction

from criteria.answers import Ratio, Value
from criteria.definition import Indicator, Kind
from criteria.percent import decimals
from handlers.exports.material import Material
from handlers.exports.wording import MISSING, say
from handlers.exports.workbook.book import Book, Page, cell_name, share_formula
from handlers.texts import Texts

FIRST = 4  # the first row of areas
_LEAD = 3  # columns before the indicators


@dataclass(slots=True)
class Places:
    """Where an indicator's sums stand: (row, column) of its numerator or "yes", and of its total.

    An office's yes/no has only an `answer`.
    """

    page: Page
    numerator: dict[str, tuple[int, int]] = field(default_factory=dict)
    denominator: dict[str, tuple[int, int]] = field(default_factory=dict)
    answer: dict[str, tuple[int, int]] = field(default_factory=dict)


def write_areas(book: Book, material: Material, texts: Texts) -> Places:
    """One row for each area, the office where it is asked the same, the sums, the office's own."""
    criteria = material.status.criteria
    asked = [one for one in criteria.indicators if one.asks(office=False)]
    columns: list[tuple[Indicator, int]] = []
    place = _LEAD
    for one in asked:
        columns.append((one, place))
        place += 3 if one.kind is Kind.RATIO else 1
    widths = [5.0, 24.0, 15.0, *([9.0] * (place - _LEAD))]
    page = book.page(say(texts, "exports.sheet.areas"), widths, heads=FIRST, columns=2)
    writer = _Writer(book, page, material, texts)
    page.text(0, 0, f"{material.status.commune} – {material.status.round}",
              book.form(bold=True, font_size=14))  # fmt: skip
    writer.heads(columns)
    units = [*material.status.areas]
    if any(one.asks(office=True) for one in asked):
        units.append(material.status.facts.office)
    for number, unit in enumerate(units):
        writer.unit(FIRST + number, number + 1, unit, columns)
    after = FIRST + len(units)
    writer.sums(after, columns)
    writer.office(after + 2)
    return writer.places


class _Writer:
    def __init__(self, book: Book, page: Page, material: Material, texts: Texts) -> None:
        self._book = book
        self._page = page
        self._material = material
        self._texts = texts
        self.places = Places(page)

    def heads(self, columns: list[tuple[Indicator, int]]) -> None:
        head, top = self._book.head(), FIRST - 2
        for place, key in enumerate(("number", "area", "state")):
            self._page.text(top, place, say(self._texts, f"exports.column.{key}"), head)
            self._page.text(top + 1, place, "", head)
        for one, place in columns:
            short = one.text(self._texts.language).short
            if one.kind is Kind.RATIO:
                self._page.merged(top, place, place + 2, short, head)
                names = ("numerator", "denominator", "share")
                said = [say(self._texts, f"exports.column.{name}") for name in names]
                self._page.row(top + 1, said, head, place)
            else:
                self._page.text(top, place, short, head)
                self._page.text(top + 1, place, say(self._texts, "exports.column.yes_no"), head)
        self._page.height(top, 48)
        self._page.height(top + 1, 32)

    def unit(self, row: int, number: int, unit: int, columns: list[tuple[Indicator, int]]) -> None:
        status, texts = self._material.status, self._texts
        office = unit == status.facts.office
        self._page.number(row, 0, number, self._book.cell(align="center"))
        self._page.text(row, 1, status.name(unit, texts), self._book.cell())
        state = say(texts, f"status.state.{status.state_of(unit)}")
        self._page.text(row, 2, state, self._book.cell())
        for one, place in columns:
            value = status.facts.counted.get((unit, one.code))
            self._value(row, place, one, value, asked=one.asks(office=office))

    def _value(
        self, row: int, place: int, one: Indicator, value: Value | None, *, asked: bool
    ) -> None:
        wide = 3 if one.kind is Kind.RATIO else 1
        if value is None:
            colour = "#FFFFFF" if asked else "#D9D9D9"
            form = self._book.cell(align="center", bg_color=colour)
            self._page.row(row, [MISSING if asked else ""] * wide, form, place)
        elif isinstance(value, Ratio):
            self._page.number(row, place, value.numerator, self._book.count())
            self._page.number(row, place + 1, value.denominator, self._book.count())
            self._share(row, place, value.numerator, value.denominator, one)
        else:
            word = say(self._texts, "value.yes" if value.yes else "value.no")
            self._page.text(row, place, word, self._book.cell(align="center"))

    def _share(
        self, row: int, place: int, numerator: int, denominator: int, one: Indicator,
        *, bold: bool = False,
    ) -> None:  # fmt: skip
        share = Fraction(numerator, denominator) if denominator else None
        places = decimals(share, one.threshold) if share is not None else 1
        formula = share_formula(cell_name(row, place), cell_name(row, place + 1), places)
        form = self._book.share(places, bold=bold)
        self._page.formula(row, place + 2, formula, form, cut(share, places))

    def sums(self, row: int, columns: list[tuple[Indicator, int]]) -> None:
        """The row on which the summary rests."""
        texts, bold = self._texts, self._book.cell(bold=True)
        self._page.row(row, ["", say(texts, "exports.sum"), ""], bold)
        for one, place in columns:
            if one.kind is Kind.RATIO:
                self._sum(row, place, one)
            else:
                self._count(row, place, one)

    def _sum(self, row: int, place: int, one: Indicator) -> None:
        ratio = self._material.status.result.indicator(one.code).ratio
        if ratio is None:
            return
        form = self._book.count(bold=True)
        for offset, value in enumerate((ratio.numerator, ratio.denominator)):
            column = place + offset
            cells = f"{cell_name(FIRST, column)}:{cell_name(row - 1, column)}"
            self._page.formula(row, column, f"=SUM({cells})", form, value)
        self._share(row, place, ratio.numerator, ratio.denominator, one, bold=True)
        self.places.numerator[one.code] = (row, place)
        self.places.denominator[one.code] = (row, place + 1)

    def _count(self, row: int, place: int, one: Indicator) -> None:
        """How many areas say yes; how many there are is in the row below it."""
        figures = self._material.status.result.indicator(one.code).yes_no
        if figures is None:
            return
        areas = len(self._material.status.areas)
        cells = f"{cell_name(FIRST, place)}:{cell_name(FIRST + areas - 1, place)}"
        yes = say(self._texts, "value.yes")
        form = self._book.count(bold=True)
        formula = f'=COUNTIF({cells},"{yes}")'
        self._page.formula(row, place, formula, form, len(figures.said_yes))
        self._page.formula(row + 1, place, f"=ROWS({cells})", form, areas)
        self.places.numerator[one.code] = (row, place)
        self.places.denominator[one.code] = (row + 1, place)

    def office(self, row: int) -> None:
        """What only the commune's office is asked."""
        status, texts, page = self._material.status, self._texts, self._page
        own = [one for one in status.criteria.indicators if not one.asks(office=False)]
        areas = [one for one in status.criteria.indicators if one.asks(office=False)]
        if any(one.kind is Kind.YES_NO for one in areas):
            page.row(row - 1, ["", say(texts, "exports.areas_in_all"), ""],
                     self._book.cell(bold=True))  # fmt: skip
        if not own:
            return
        names = ("numerator", "denominator", "result")
        said = [say(texts, f"exports.column.{name}") for name in names]
        page.height(row + 1, 32)
        page.row(row + 1, ["", say(texts, "exports.office_part"), "", *said], self._book.head())
        for number, one in enumerate(own):
            here = row + 2 + number
            page.number(here, 0, number + 1, self._book.cell(align="center"))
            page.merged(here, 1, 2, one.text(texts.language, office=True).short,
                        self._book.cell())  # fmt: skip
            value = status.facts.counted.get((status.facts.office, one.code))
            if one.kind is Kind.RATIO:
                self._value(here, _LEAD, one, value, asked=True)
                self.places.numerator[one.code] = (here, _LEAD)
                self.places.denominator[one.code] = (here, _LEAD + 1)
            else:
                page.row(here, ["", ""], self._book.cell(), _LEAD)
                self._value(here, _LEAD + 2, one, value, asked=True)
                self.places.answer[one.code] = (here, _LEAD + 2)


def cut(share: Fraction | None, places: int) -> float | str:
    """What the share's formula gives."""
    if share is None:
        return MISSING
    scale: int = 10 ** (places + 2)
    return (share.numerator * scale // share.denominator) / scale
