"""Printed documents: no emoji, for which office programs may lack a font, and few pages."""

import math
from dataclasses import replace

import docx
import openpyxl
import pikepdf
import pytest

from handlers.exports.report import write_report
from handlers.exports.wording import printed, without_emoji
from handlers.exports.workbook import write_workbook
from handlers.roster.writing import write_template
from handlers.texts import LANGUAGES, texts_of
from tests.handlers.exports.office import opened


@pytest.mark.parametrize(
    ("text", "on_paper"),
    [
        ("Bấm “✅ Đồng ý”.", "Bấm “Đồng ý”."), ("▫️ Chưa có", "Chưa có"), ("👨‍👩‍👧 nhà", "nhà"),
        ("☐ Có     ☐ Chưa có", "☐ Có     ☐ Chưa có"), ("≥ 85 % – “…” ✓ ✗ → 1/2", "≥ 85 % – “…” ✓ ✗ → 1/2"),
    ],
)  # fmt: skip
def test_emoji_are_left_out(text, on_paper):
    assert printed(text) == on_paper


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_draft_and_the_workbook_have_no_emoji(material, tmp_path, language):
    said = tuple(replace(one, text=f"😀 {one.text} 👍") for one in material.difficulties)
    given, texts = replace(material, difficulties=said), texts_of(language)
    write_report(given, texts, tmp_path / "a.docx")
    write_workbook(given, texts, tmp_path / "a.xlsx")
    document = docx.Document(str(tmp_path / "a.docx"))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    words = [*(one.text for one in document.paragraphs), *cells]
    assert any("4G" in text for text in words)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    words += [str(cell.value) for sheet in book for row in sheet.rows for cell in row]
    assert [text for text in words if without_emoji(text) != text] == []


def test_the_row_of_an_area_is_high_enough_for_its_text(material, tmp_path):
    label = "Khu dân cư số 12 Xuân Thượng Thôn"
    units = {key: replace(one, label=label) for key, one in material.status.units.items()}
    given = replace(material, status=replace(material.status, units=units))
    write_workbook(given, texts_of("en"), tmp_path / "a.xlsx")
    page = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[1]
    rows = [row for row in page.rows if str(row[1].value).startswith("Khu dân cư")]
    assert len(rows) >= 12
    for row in rows:
        for cell in row[1:3]:
            lines = math.ceil(len(cell.value) / page.column_dimensions[cell.column_letter].width)
            assert page.row_dimensions[cell.row].height >= 15 * lines


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_roster_is_printed_in_landscape_and_one_page_wide(tmp_path, language):
    write_template(tmp_path / "a.xlsx", language)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToWidth in {None, 1}  # 1 is assumed
        assert sheet.page_setup.fitToHeight == 0  # as many as needed
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        groups = sheet.column_dimensions.values()
        across = sum(one.width * (one.max - one.min + 1) for one in groups)
        assert across < 180  # a wider table would be too small to read
    assert [sheet.print_title_rows for sheet in book.worksheets[:3]] == ["$1:$1"] * 3
    words = [str(cell.value) for sheet in book for row in sheet.rows for cell in row]
    assert [text for text in words if without_emoji(text) != text] == []


@pytest.mark.office
def test_the_template_has_four_pages(tmp_path):
    write_template(tmp_path / "a.xlsx", "vi")
    with pikepdf.open(opened(tmp_path / "a.xlsx", "pdf")) as pdf:
        assert len(pdf.pages) == 4
