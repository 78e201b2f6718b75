"""A sheet that is being written, with where the sums stand that the summary rests on."""

from dataclasses import dataclass, field

from criteria.definition import Indicator
from handlers.exports.material import Material
from handlers.exports.workbook.book import Book, Page, cell_name
from handlers.texts import Texts

FIRST = 4  # the first row of areas
LEAD = 3  # columns before the indicators

# What a summary shows before the result: formulas with these numbers, a dash, or nothing.
Counts = tuple[int | str | None, int | str | None]


@dataclass(slots=True)
class Places:
    """Where an indicator's sums stand: (row, column) of its numerator or "yes", and of its total.

    An office's yes/no has only an `answer`.
    """

    page: Page
    numerator: dict[str, tuple[int, int]] = field(default_factory=dict)
    denominator: dict[str, tuple[int, int]] = field(default_factory=dict)
    answer: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page that is written, and what it is written from."""

    book: Book
    page: Page
    material: Material
    texts: Texts
    places: Places


def count_areas(
    sheet: Sheet, row: int, place: int, one: Indicator, first: int, which: str, count: int
) -> None:
    """Write how many areas `which` is true of, below it how many there are; note both places."""
    areas, form = len(sheet.material.status.areas), sheet.book.count(bold=True)
    cells = f"{cell_name(first, place)}:{cell_name(first + areas - 1, place)}"
    sheet.page.formula(row, place, f'=COUNTIF({cells},"{which}")', form, count)
    sheet.page.formula(row + 1, place, f"=ROWS({cells})", form, areas)
    sheet.places.numerator[one.code] = (row, place)
    sheet.places.denominator[one.code] = (row + 1, place)
