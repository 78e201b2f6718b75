"""Imports name what they leave out, never read errors as empty cells, and ask about duplicates."""

import io
import json
import shutil
import zipfile

import openpyxl
import pytest

from handlers.roster.cell_values import RefusedError
from handlers.roster.cells import as_json, cells_of
from handlers.roster.planning import plan_records
from handlers.roster.rows import Problems, needed, read_cells
from handlers.texts import texts_of
from storage.engine.database import Database
from storage.places import places
from tests.handlers.roster.test_roster import NOW

COMMUNES = [["Mã xã", "Tên xã"], ["dc", "Xã Đồi Chè"]]
AREAS = ["Xã", "Mã khu", "Tên khu", "Dân số"]


def book(areas=(), communes=COMMUNES, people=(), change=lambda workbook: None):
    """A workbook as people make them; openpyxl stores no results of formulas."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in (("Xã", communes), ("Khu", [AREAS, *areas]), ("Người", people)):
        if rows:
            sheet = workbook.create_sheet(title)
            for row in rows:
                sheet.append(row)
    change(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


@pytest.fixture
async def database(tmp_path, template):
    shutil.copyfile(template, tmp_path / "smart.db")
    async with Database(f"sqlite+aiosqlite:///{tmp_path / 'smart.db'}") as opened:
        yield opened


async def planned(database, content, language="en"):
    """The plan, or the sentences of all problems."""
    plan = await database.read(lambda tx: plan_records(read_cells(cells_of(content)), tx, NOW))
    if isinstance(plan, Problems):
        return [one.sentence(texts_of(language)) for one in plan.problems]
    return plan


def said(remarks):
    return [one.text(texts_of("en")) for one in remarks]


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!"])
async def test_a_spreadsheet_error_is_not_an_empty_cell(database, error):
    def put(workbook):
        cell = workbook["Khu"]["D2"]
        cell.value, cell.data_type = error, "e"

    found = await planned(database, book([["dc", "k1", "Khu 1", 1]], change=put))
    (problem,) = found
    assert problem.startswith("Sheet “Khu”, row 2, column “Dân số”: ")
    assert f"the spreadsheet shows the error {error}" in problem


async def test_a_formula_that_was_never_calculated_is_not_an_empty_cell(database):
    content = book([["dc", "k1", "Khu 1", "=100+50"]])
    (problem,) = await planned(database, content)
    assert problem.startswith("Sheet “Khu”, row 2, column “Dân số”: a formula without a result")
    (problem,) = await planned(database, content, "vi")
    assert problem.startswith("Trang “Khu”, dòng 2, cột “Dân số”: ô này có công thức chưa tính")


async def test_a_name_that_begins_like_a_formula_is_a_name(database):
    def put(workbook):
        cell = workbook["Khu"]["C2"]
        cell.value, cell.data_type = "=Khu 1", "s"

    plan = await planned(database, book([["dc", "k1", "x", 5]], change=put))
    assert [one.values["label"] for one in plan.new_areas] == ["=Khu 1"]


async def test_a_column_without_a_heading_is_named(database):
    def merge(workbook):
        sheet = workbook["Khu"]
        sheet["E2"] = 12
        sheet.merge_cells("D1:E1")

    plan = await planned(database, book([["dc", "k1", "Khu 1", 900]], change=merge))
    assert said(plan.left_aside) == ["Sheet “Khu”: column E has no heading and was left aside."]


async def test_a_sheet_with_another_name_is_named_and_an_empty_one_is_not(database):
    def more(workbook):
        workbook.create_sheet("Sheet2")["A1"] = "dc"
        workbook.create_sheet("Sheet3")

    plan = await planned(database, book([["dc", "k1", "Khu 1", 900]], change=more))
    assert said(plan.left_aside) == ["The sheet “Sheet2” is not known and was left aside."]


@pytest.mark.parametrize("word", ["Tổng cộng", "TỔNG", "Cộng:", "tong cong"])
async def test_a_row_of_totals_is_not_an_area(database, word):
    plan = await planned(database, book([["dc", "k1", "Khu 1", 900], [None, None, word, 900]]))
    assert [one.values["label"] for one in plan.new_areas] == ["Khu 1"]
    assert said(plan.left_aside) == [f"Sheet “Khu”, row 3: “{word}” is a total and was left aside."]


async def test_a_telephone_number_is_not_accepted_as_a_title(database):
    people = [
        ["Vai trò", "Xã", "Khu", "Chức danh"],
        ["Thành viên tổ", "dc", "Khu 1", "Trưởng khu 0912 345 678"],
    ]
    (problem,) = await planned(database, book([["dc", "k1", "Khu 1", 9]], people=people))
    assert "a telephone number stands here" in problem
    assert "0912" not in problem


async def test_a_commune_with_two_codes_is_asked_about(database):
    communes = [*COMMUNES, ["dc2", "xã đồi chè"]]
    plan = await planned(database, book(communes=communes))
    assert said(plan.doubts) == ["“Xã Đồi Chè” is there twice, as dc and as dc2."]


async def test_areas_of_one_name_are_asked_about_unless_the_old_commune_differs(database):
    plan = await planned(database, book([["dc", "a", "Khu 1", 9], ["dc", "b", "Khu 1", 8]]))
    (doubt,) = said(plan.doubts)
    assert doubt.startswith("dc: “Khu 1” is there twice, as a and as b; if both are right, ")
    AREAS.append("Xã cũ")
    try:
        told_apart = [["dc", "a", "Khu 1", 9, "Yên Kiện"], ["dc", "b", "Khu 1", 8, "Bằng Giã"]]
        plan = await planned(database, book(told_apart))
    finally:
        AREAS.pop()
    assert plan.doubts == []


@pytest.mark.parametrize("content", [b"Ma xa;Ten xa", b"\xd0\xcf\x11\xe0" + bytes(600)])
def test_a_file_of_another_type_must_be_saved_as_xlsx(content):
    with pytest.raises(RefusedError) as refused:
        cells_of(content)
    assert "save it as .xlsx" in refused.value.reason.text(texts_of("en"))


def test_an_opendocument_file_must_be_saved_as_xlsx():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", "<x/>")
    with pytest.raises(RefusedError) as refused:
        cells_of(out.getvalue())
    assert refused.value.reason.key == "not_xlsx"


async def test_areas_are_sorted_by_the_number_in_their_name(database):
    def add(tx):
        commune = places.add_commune(tx, "dc", "Xã Đồi Chè", None)
        for label in ("Khu 10", "Khu 2", "Khu 1", "Xóm Đồng"):
            places.add_unit(tx, commune.id, label.lower().replace(" ", "-"), label)
        return [one.label for one in places.units_of(tx, commune.id)]

    assert await database.write(add) == ["Khu 1", "Khu 2", "Khu 10", "Xóm Đồng"]


async def test_a_row_with_only_a_label_means_the_existing_area(database):
    def found(tx):
        commune = places.add_commune(tx, "dc", "Xã Đồi Chè")
        for code, label, old in (("k1", "Khu 1", "Đồi Chè"), ("k5", "Khu 5", "Đồi Chè"),
                                 ("k5-sv", "Khu 5", "Suối Vàng")):  # fmt: skip
            places.add_unit(tx, commune.id, code, label, old_commune=old)

    await database.write(found)
    rows = ["Xã Đồi Chè", "", "Khu 1", 401], ["Xã Đồi Chè", "", "Khu 9", 12]
    plan = await planned(database, book(rows, communes=()))
    assert [one.code for one in plan.new_areas] == ["khu-9"]
    assert [(one.unit, one.new) for one in plan.figures] == [("k1", 401), ("khu-9", 12)]
    (problem,) = await planned(database, book([["Xã Đồi Chè", "", "Khu 5", 7]], communes=()))
    assert "k5, k5-sv" in problem
    plan = await planned(database, book([["Xã Đồi Chè", "k5", "Khu 5", 7]], communes=()))
    assert [one.unit for one in plan.figures] == ["k5"]


def test_only_what_is_read_is_kept_and_it_reads_the_same():
    areas = [
        ["Xã Đồi Chè", "k1", "Khu 1", 900, "Nguyễn Văn Bí", 912345678, None, "tổng"],
        ["Xã Đồi Chè", "k2", "Khu 2", "", "", "0912 345 678", None, ""],
        ["Tổng", "", "", 900, "", "", "lạ", ""],
    ]

    def add(workbook):
        sheet = workbook["Khu"]
        for place, name in ((5, "Trưởng khu"), (6, "Số máy"), (8, "Ghi chú")):
            sheet.cell(1, place, name)
        sheet.insert_rows(1, 2)
        sheet["A1"] = "Người lập: Trần Thị Kín"
        notes = workbook.create_sheet("Danh bạ")
        notes.append(["Lê Thị Lạ", "0987 654 321"])

    for content in (book(areas, change=add), book([], [["Mã"], ["Phạm Thị Mã"]])):
        found = cells_of(content)
        kept = needed(found)
        assert read_cells(kept) == read_cells(found)
        words = json.dumps(as_json(kept), ensure_ascii=False)
        for word in ("Bí", "912", "0912", "Kín", "Lạ", "0987", "Phạm"):
            assert word not in words
        assert "Khu 2" in words or "Phạm Thị Mã" in str(found)
