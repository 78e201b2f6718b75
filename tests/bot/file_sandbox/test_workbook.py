"""A child process reads workbooks: a file that is too large or broken ends only the child."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from bot.file_sandbox.workbook import workbook_cells
from handlers.roster.cell_values import RefusedError
from handlers.roster.cells import cells_of
from handlers.roster.rows import read_cells
from handlers.roster.writing import write_template
from handlers.texts import texts_of


@pytest.fixture
def template(tmp_path):
    write_template(tmp_path / "book.xlsx", "vi")
    return (tmp_path / "book.xlsx").read_bytes()


def changed(content, change):
    """The workbook after `change` of its second sheet."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book[book.sheetnames[1]])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def first_sheet(content):
    return openpyxl.load_workbook(io.BytesIO(content)).sheetnames[1]


async def test_the_child_process_reads_all_cells(template):
    def fill(sheet):
        for row in ((4, "Xã Đồi Chè", 1.5, True, date(2026, 3, 1)), ("", None, 12, "x", 0)):
            sheet.append(row)

    book = changed(template, fill)
    assert await workbook_cells(book) == cells_of(book)
    assert read_cells(await workbook_cells(book)).titles


async def test_a_workbook_with_a_cell_far_away_is_refused_and_the_cell_is_named(template):
    def far(sheet):
        sheet["XFD1048576"] = 1

    with pytest.raises(RefusedError, match="far_cell"):
        await workbook_cells(changed(template, far))


async def test_a_format_without_a_value_does_not_count_as_a_cell(template):
    def coloured(sheet):
        sheet["XFD1048576"].number_format = "0.00"

    assert await workbook_cells(changed(template, coloured))


async def test_a_file_that_unpacks_beyond_memory_is_refused(template):
    packed = io.BytesIO(template)
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/huge.xml", bytes(401 << 20))
    with pytest.raises(RefusedError, match="unpacked_too_large"):
        await workbook_cells(packed.getvalue())


def many_texts(count):
    """The shared texts of a workbook, in pieces of a megabyte."""
    yield b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    some = b"<si><t>ab</t></si>" * 50_000
    for _ in range(count // 50_000):
        yield some
    yield b"</sst>"


async def test_a_file_that_exhausts_memory_ends_only_the_child_process(template):
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(template)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            with new.open(name, "w") as part:
                texts = name == "xl/sharedStrings.xml"
                part.writelines(many_texts(15_000_000) if texts else [old.read(name)])
    with pytest.raises(RefusedError, match="too_much"):
        await workbook_cells(out.getvalue())


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04" + bytes(100), b"no workbook at all"])
async def test_a_file_that_is_not_a_workbook_is_refused_with_a_sentence(content):
    with pytest.raises(RefusedError, match="not_xlsx"):
        await workbook_cells(content)


async def test_a_refusal_by_the_child_process_keeps_its_values(template):
    def far(sheet):
        sheet["XFD1048576"] = 1

    with pytest.raises(RefusedError) as refused:
        await workbook_cells(changed(template, far))
    assert "cell XFD1048576, far from the rest" in refused.value.reason.text(texts_of("en"))
