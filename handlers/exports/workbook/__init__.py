"""The commune's workbook: summary, areas, missing reports, the rounds, the changes, the terms."""

from pathlib import Path

from handlers.exports.material import Material
from handlers.exports.wording import say, title_of
from handlers.exports.workbook.areas import write_areas
from handlers.exports.workbook.book import Book, SheetContext
from handlers.exports.workbook.lists import write_changes, write_course, write_missing, write_words
from handlers.exports.workbook.summary import WIDTHS, write_summary
from handlers.texts import Texts

__all__ = ["write_workbook"]


def write_workbook(material: Material, texts: Texts, file: Path) -> None:
    """Write the workbook; the same material gives the same bytes."""
    with Book(file, title_of(material, texts), material.status.as_of, texts.language) as book:
        summary = book.add_sheet(
            say(texts, "exports.sheet.summary"), WIDTHS, heads=5, columns=2, tall=1
        )
        places = write_areas(book, material, texts)
        write_summary(SheetContext(book, summary, material, texts, places))
        write_missing(book, material, texts)
        write_course(book, material, texts)
        write_changes(book, material, texts)
        write_words(book, material, texts)
