"""The roster: export and import; every mistake is named, and then nothing is imported."""

import shutil
import time
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from sqlalchemy import Connection

from handlers.roster.applying import apply
from handlers.roster.plan import RosterPlan
from handlers.roster.planning import plan_records
from handlers.roster.rows import Problems
from handlers.roster.writing import export_roster, write_template
from handlers.texts import texts_of
from storage import history
from storage.engine.database import Database
from storage.people import invitations, people
from storage.people.short_codes import ShortCodes
from storage.places import places
from tests.handlers.roster.importing import plan_import, read_workbook

SHORT_CODES = ShortCodes(b"a key")

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)

COMMUNES = [
    ["Mã xã *", "Tên xã *", "Nhóm", "Cán bộ xã"],
    ["doi-che", "Xã Đồi Chè", "Cụm 1", 32],
    ["khac", "Xã Khác", None, None],
]
AREAS = [
    [
        "Xã *",
        "Mã khu",
        "Tên khu *",
        "Số",
        "Xã cũ",
        "Dân số",
        "Người trưởng thành",
        "Trong độ tuổi lao động",
        "Cán bộ khu",
        "Cơ sở dịch vụ",
        "Từ ngày",
        "Đến ngày",
        "Nhập vào",
    ],
    ["doi-che", "k5yk", "Khu 5", 5, "Yên Kiện", "1.150", 812, "640", 5, 14, None, None, None],
    [
        "Xã Đồi Chè",
        "k5bg",
        "Khu 5",
        5,
        "Bến Gỗ",
        1400,
        "1 000",
        640.0,
        5,
        0,
        "1/7/2025",
        None,
        None,
    ],
    [
        "đồi chè",
        None,
        "Khu 6",
        6,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        date(2026, 6, 30),
        "k5yk",
    ],
    ["khac", None, "Thôn Đông", None, None, 400, None, None, None, None, None, None, None],
]
PEOPLE = [
    ["Vai trò *", "Xã", "Khu", "Nhóm", "Chức danh", "Số người"],
    ["Thành viên tổ", "doi-che", "k5yk", None, "Trưởng khu", None],
    ["thanh vien", "doi-che", "Khu 5 Bến Gỗ", None, None, 4],
    ["CÁN BỘ XÃ", "Đồi Chè", None, None, "Văn phòng", 1],
    ["Chủ tịch", "doi-che", None, None, "Chủ tịch", 1],
    ["Sở", None, None, "Cụm 1", None, None],
]


ENGLISH = texts_of("en")


@pytest.fixture
async def database(tmp_path: Path, template: Path) -> AsyncIterator[Database]:
    shutil.copyfile(template, tmp_path / "smart.db")
    async with Database(f"sqlite+aiosqlite:///{tmp_path / 'smart.db'}") as opened:
        yield opened


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "roster.xlsx"


def write(path: Path, **sheets: list[list[object]]) -> Path:
    names = {"communes": "Xã", "areas": "Khu", "people": "Người"}
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as workbook:
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        for key, rows in sheets.items():
            page = workbook.add_worksheet(names.get(key, key))
            for r, row in enumerate(rows):
                for c, cell in enumerate(row):
                    if isinstance(cell, date):
                        page.write_datetime(r, c, cell, day)
                    elif cell is not None:
                        page.write(r, c, cell)
    return path


async def plan_of(database: Database, path: Path, now: datetime = NOW) -> RosterPlan:
    plan = await database.read(lambda tx: plan_import(path, tx, now))
    assert isinstance(plan, RosterPlan), [p.sentence(ENGLISH) for p in plan.problems]
    return plan


async def problems_of(database: Database, path: Path) -> list[str]:
    found = await database.read(lambda tx: plan_import(path, tx, NOW))
    assert isinstance(found, Problems)
    return [problem.sentence(ENGLISH) for problem in found.problems]


async def take_in(database: Database, path: Path):
    plan = await plan_of(database, path)
    return await database.write(lambda tx: apply(tx, plan, NOW, SHORT_CODES))


async def test_a_workbook_becomes_communes_areas_figures_and_invitations(
    database: Database, book: Path
) -> None:
    write(book, communes=COMMUNES, areas=AREAS, people=PEOPLE)
    applied = await take_in(database, book)

    def look(tx: Connection) -> None:
        commune = places.commune_by(tx, "Xã Đồi Chè")
        assert commune.group_name == "Cụm 1"
        office = places.office_of(tx, commune.id)
        assert places.figures_of(tx, office.id) == {"commune_cadres": 32}
        areas = {unit.code: unit for unit in places.units_of(tx, commune.id)}
        assert set(areas) == {"k5yk", "k5bg", "khu-6"}
        assert places.figures_of(tx, areas["k5yk"].id) == {
            "population": 1150,
            "adults": 812,
            "working_age": 640,
            "area_cadres": 5,
            "service_businesses": 14,
        }
        assert places.figures_of(tx, areas["k5bg"].id)["adults"] == 1000
        assert places.figures_of(tx, areas["k5bg"].id)["service_businesses"] == 0
        assert areas["k5bg"].valid_from == "2025-07-01"
        assert areas["khu-6"].valid_to == "2026-06-30"
        assert places.predecessors_of(tx, [areas["k5yk"].id]) == {
            areas["k5yk"].id: [areas["khu-6"].id]
        }
        entries = history.history_of_unit(tx, areas["k5yk"].id)
        assert {e.way for e in entries if e.what == "figure"} == {"import"}
        kinds = {(i.role, i.label, i.uses, i.group_name) for i in invitations.list_invitations(tx)}
        assert kinds == {
            ("reporter", "Trưởng khu", 1, None),
            ("reporter", None, 4, None),
            ("officer", "Văn phòng", 1, None),
            ("leader", "Chủ tịch", 1, None),
            ("operator", None, 1, "Cụm 1"),
        }
        for one in applied.invitations:
            assert invitations.find_invitation(tx, one.code) == one.invitation

    await database.read(look)


async def test_importing_twice_changes_nothing(database: Database, book: Path) -> None:
    write(book, communes=COMMUNES, areas=AREAS, people=PEOPLE)
    await take_in(database, book)
    again = await plan_of(database, book)
    assert again.empty
    assert list(again.changes()) == []


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_an_export_imported_again_changes_nothing(
    database: Database, book: Path, tmp_path: Path, language: str
) -> None:
    write(book, communes=COMMUNES, areas=AREAS, people=PEOPLE)
    await take_in(database, book)
    out = tmp_path / "out.xlsx"
    counts = await database.read(lambda tx: export_roster(tx, out, NOW, language))
    assert counts == {"communes": 2, "areas": 4, "people": 5}
    plan = await plan_of(database, out)
    assert list(plan.changes()) == []
    assert plan.left_aside == ()
    fresh = tmp_path / "fresh"
    async with Database(f"sqlite+aiosqlite:///{fresh}/smart.db") as empty:
        await take_in(empty, out)
        assert (await plan_of(empty, book)).empty


async def test_the_changes_are_shown_before_they_are_made(database: Database, book: Path) -> None:
    write(book, communes=COMMUNES, areas=AREAS, people=PEOPLE)
    await take_in(database, book)
    areas = [list(row) for row in AREAS]
    areas[1][2] = "Khu Năm"
    areas[1][6] = "-"
    areas[1][7] = 650
    areas[1][5] = None
    write(book, communes=[COMMUNES[0], ["doi-che", "Xã Đồi Chè Mới", "-", 33]], areas=areas)
    plan = await plan_of(database, book)
    assert [change.row for change in plan.changes()] == [
        ("doi-che", "name", "Xã Đồi Chè → Xã Đồi Chè Mới"),
        ("doi-che", "group_name", "Cụm 1 → —"),
        ("doi-che/k5yk", "label", "Khu 5 → Khu Năm"),
        ("doi-che/office", "commune_cadres", "32 → 33"),
        ("doi-che/k5yk", "adults", "812 → —"),
        ("doi-che/k5yk", "working_age", "640 → 650"),
    ]
    before = await database.read(lambda tx: places.commune_by(tx, "doi-che"))
    assert before.name == "Xã Đồi Chè"
    await database.write(lambda tx: apply(tx, plan, NOW, SHORT_CODES))
    assert (await plan_of(database, book)).empty


async def test_every_mistake_is_named_and_nothing_is_imported(
    database: Database, book: Path
) -> None:
    write(
        book,
        communes=[*COMMUNES[:2], ["doi-che", "Xã Lặp", None, None], [None, None, "x", "nhiều"]],
        areas=[
            AREAS[0],
            ["không có", None, "Khu 1", *[None] * 10],
            ["doi-che", None, "Khu 2", "hai", None, -5, "12,5", 1.5, "1.23", *[None] * 4],
            ["doi-che", None, "Khu 3", None, None, *[None] * 5, "31/2/2026", "hôm qua", None],
            ["doi-che", "a", "Khu 4", *[None] * 7, "1/7/2026", "1/6/2026", "a"],
            ["doi-che", "a", "Khu 4b", *[None] * 10],
            ["doi-che", "office", "Khu 9", *[None] * 10],
            ["doi-che", "b", "Khu 7", *[None] * 9, "khu 99"],
            ["doi-che", "c", "Khu 8", *[None] * 9, "b"],
        ],
        people=[
            PEOPLE[0],
            ["Thủ quỹ", "doi-che", None, None, None, None],
            ["Thành viên tổ", "doi-che", None, None, None, None],
            ["Thành viên tổ", None, "a", None, None, None],
            ["Lãnh đạo", "doi-che", "a", None, None, None],
            ["Sở", None, None, "Cụm 9", None, None],
            ["Lãnh đạo", "doi-che", None, "Cụm 1", None, 0],
        ],
    )
    assert await problems_of(database, book) == [
        "Sheet “Xã”, row 3, column “Mã xã *”: the commune “doi-che” stands in an earlier row too.",
        "Sheet “Xã”, row 4, column “Tên xã *”: nothing stands here.",
        "Sheet “Xã”, row 4, column “Cán bộ xã”: “nhiều” is not a whole number.",
        (
            "Sheet “Khu”, row 2, column “Xã *”: there is no commune “không có”, here or in the"
            " database."
        ),
        "Sheet “Khu”, row 3, column “Số”: “hai” is not a whole number.",
        "Sheet “Khu”, row 3, column “Dân số”: -5 is below zero.",
        "Sheet “Khu”, row 3, column “Người trưởng thành”: “12,5” is not a whole number.",
        "Sheet “Khu”, row 3, column “Trong độ tuổi lao động”: “1.5” is not a whole number.",
        "Sheet “Khu”, row 3, column “Cán bộ khu”: “1.23” is not a whole number.",
        "Sheet “Khu”, row 4, column “Từ ngày”: 31/2/2026 is not a day of the calendar.",
        "Sheet “Khu”, row 4, column “Đến ngày”: “hôm qua” is not a date such as 1/7/2025.",
        "Sheet “Khu”, row 5, column “Đến ngày”: the area ends before it begins.",
        "Sheet “Khu”, row 5, column “Nhập vào”: an area can't be merged into itself.",
        "Sheet “Khu”, row 6, column “Mã khu”: the area “a” stands in an earlier row too.",
        "Sheet “Khu”, row 7, column “Mã khu”: the code “office” is the commune office's own.",
        "Sheet “Khu”, row 8, column “Nhập vào”: the commune “doi-che” has no area “khu 99”.",
        "Sheet “Khu”, row 9, column “Đến ngày”: an area that is merged needs its last day.",
        (
            "Sheet “Người”, row 2, column “Vai trò *”: “Thủ quỹ” is not a role; there are:"
            " Thành viên tổ, Cán bộ xã, Lãnh đạo, Cấp tỉnh."
        ),
        "Sheet “Người”, row 3, column “Khu”: a reporter belongs to an area.",
        "Sheet “Người”, row 4, column “Xã”: a reporter belongs to a commune.",
        "Sheet “Người”, row 5, column “Khu”: a leader belongs to the commune, not to an area.",
        "Sheet “Người”, row 6, column “Nhóm”: no commune is in a group “Cụm 9”.",
        "Sheet “Người”, row 7, column “Số người”: 0 people for one row; from 1 to 500 are possible.",
        "Sheet “Người”, row 7, column “Nhóm”: a group goes with an operator (cấp tỉnh) only.",
    ]
    assert await database.read(places.communes) == []


async def test_more_adults_than_people_are_a_mistake(database: Database, book: Path) -> None:
    def area(code: str, population: object, adults: object, working: object) -> list[object]:
        return ["doi-che", code, code, None, None, population, adults, working, *[None] * 5]

    whole = [AREAS[0], area("a", "1.150", 1150, 1150), area("b", None, 500, None)]
    write(book, communes=COMMUNES, areas=whole)
    await take_in(database, book)
    write(
        book,
        areas=[
            AREAS[0],
            area("a", "1.149", None, 1149),  # its adults are stored already
            area("b", "400", None, "401"),
            area("c", 300, "301", 300),
        ],
    )
    assert await problems_of(database, book) == [
        "Sheet “Khu”, row 2, column “Dân số”: 1,150 is more than the population of 1,149.",
        "Sheet “Khu”, row 3, column “Dân số”: 500 is more than the population of 400.",
        "Sheet “Khu”, row 3, column “Trong độ tuổi lao động”: 401 is more than the population of 400.",
        "Sheet “Khu”, row 4, column “Người trưởng thành”: 301 is more than the population of 300.",
    ]


async def test_stored_figures_are_not_a_mistake_of_an_export(
    database: Database, book: Path
) -> None:
    write(book, communes=COMMUNES, areas=AREAS)
    await take_in(database, book)

    def more_adults_than_people(tx: Connection) -> None:
        commune = places.commune_by(tx, "doi-che")
        unit = places.area_by(tx, commune.id, "k5yk")
        places.set_figure(tx, unit.id, "population", 100, NOW, way="button")
        export_roster(tx, book, NOW)

    await database.write(more_adults_than_people)
    assert (await plan_of(database, book)).empty


async def test_headings_may_be_anywhere_without_marks_and_below_a_title(
    database: Database, book: Path
) -> None:
    write(
        book,
        **{
            "DANH SACH KHU": [
                ["UBND xã Đồi Chè"],
                [],
                ["Ghi chú", "TEN KHU", "nguoi  truong thanh (từ 18 tuổi)", "xa"],
                ["x", "Khu 1", "400", "Xã Đồi Chè"],
            ],
            "xã": [["tên xã", "mã xã"], ["Xã Đồi Chè", "dc"]],
            "Ghi chép": [["gì", "đó"]],
        },
    )
    plan = await plan_of(database, book)
    assert [(a.commune, a.code, a.values["label"]) for a in plan.new_areas] == [
        ("dc", "khu-1", "Khu 1")
    ]
    assert [(f.kind, f.new) for f in plan.figures] == [("adults", 400)]
    assert [one.text(ENGLISH) for one in plan.left_aside] == [
        "The sheet “Ghi chép” is not known and was left aside.",
        "Sheet “DANH SACH KHU”: the column “Ghi chú” is not known and was left aside.",
    ]


async def test_a_name_that_several_areas_share_needs_the_code(
    database: Database, book: Path
) -> None:
    people_rows = [PEOPLE[0], ["Thành viên tổ", "doi-che", "Khu 5", None, None, None]]
    write(book, communes=COMMUNES, areas=AREAS, people=people_rows)
    assert await problems_of(database, book) == [
        (
            "Sheet “Người”, row 2, column “Khu”: several areas are called “Khu 5”; write the code"
            " (k5bg, k5yk)."
        ),
    ]


async def test_the_same_number_without_an_old_commune_is_a_separate_area(
    database: Database, book: Path
) -> None:
    rows = [
        AREAS[0],
        ["doi-che", None, "Khu 5", 5, "Yên Kiện", *[None] * 8],
        ["doi-che", None, "Khu 5", 5, None, *[None] * 8],
    ]
    write(book, communes=COMMUNES, areas=rows)
    await take_in(database, book)
    assert (await plan_of(database, book)).empty
    commune = await database.read(lambda tx: places.commune_by(tx, "doi-che"))
    units = await database.read(lambda tx: places.units_of(tx, commune.id))
    assert {u.code for u in units} == {"khu-5-yen-kien", "khu-5"}


async def test_an_expired_invitation_is_made_again_and_a_used_one_is_not(
    database: Database, book: Path
) -> None:
    write(book, communes=COMMUNES, areas=AREAS, people=[PEOPLE[0], PEOPLE[2]])
    applied = await take_in(database, book)
    made = applied.invitations[0].invitation
    await database.write(lambda tx: invitations.use_invitation(tx, made.id))
    assert (await plan_of(database, book)).empty
    later = await plan_of(database, book, made.expires_at + timedelta(days=1))
    assert [invite.uses for invite in later.invites] == [3]
    await database.write(lambda tx: invitations.revoke_invitation(tx, made.id, NOW))
    assert [invite.uses for invite in (await plan_of(database, book)).invites] == [3]


async def test_no_name_of_a_person_is_exported(
    database: Database, book: Path, tmp_path: Path
) -> None:
    write(book, communes=COMMUNES, areas=AREAS, people=PEOPLE)
    applied = await take_in(database, book)

    def join(tx: Connection) -> None:
        one = applied.invitations[0].invitation
        person = people.add_person(
            tx,
            bot="telegram",
            address="4711",
            name="Nguyễn Thị Bí Mật",
            handle="bimat",
            language="vi",
            consent_version="1",
            now=NOW,
        )
        people.add_membership(
            tx, person.id, one.role, unit_id=one.unit_id, invitation_id=one.id, now=NOW
        )
        export_roster(tx, tmp_path / "out.xlsx", NOW)

    await database.write(join)
    with zipfile.ZipFile(tmp_path / "out.xlsx") as parts:
        content = b"".join(parts.read(name) for name in parts.namelist()).decode(errors="ignore")
    assert "Bí Mật" not in content
    assert "4711" not in content


async def test_texts_of_people_are_never_formulas(
    database: Database, book: Path, tmp_path: Path
) -> None:
    label = '=HYPERLINK("http://x","bấm")'
    write(
        book,
        communes=[COMMUNES[0], ["dc", "+1+1", "@x", None]],
        areas=[AREAS[0], ["dc", "a", label, *[None] * 10]],
    )
    await take_in(database, book)
    out = tmp_path / "out.xlsx"
    await database.read(lambda tx: export_roster(tx, out, NOW))
    workbook = openpyxl.load_workbook(out)
    cell = workbook["Khu"]["C2"]
    assert (cell.value, cell.data_type) == (label, "s")
    assert workbook["Xã"]["B2"].data_type == "s"
    assert workbook["Khu"]["C2"].hyperlink is None


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_the_template_is_empty_and_its_example_is_only_an_example(
    database: Database, book: Path, language: str
) -> None:
    write_template(book, language)
    assert (await plan_of(database, book)).empty
    workbook = openpyxl.load_workbook(book)
    titles = {
        "vi": ["Xã", "Khu", "Người", "Hướng dẫn"],
        "en": ["Communes", "Areas", "People", "Guide"],
    }
    assert workbook.sheetnames == titles[language]
    headings = [cell.value for cell in workbook.worksheets[1][1]]
    assert headings[2] == ("Tên khu *" if language == "vi" else "Area name *")
    guide = {cell.value for cell in workbook.worksheets[3]["A"]}
    assert {"vi": "Thành viên tổ", "en": "Reporter"}[language] in guide
    assert {"vi": "Leader", "en": "Lãnh đạo"}[language] not in guide


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken"])
async def test_a_file_that_is_not_a_workbook_is_reported(
    database: Database, book: Path, content: bytes
) -> None:
    book.write_bytes(content)  # noqa: ASYNC240
    found = await problems_of(database, book)
    assert len(found) == 1
    assert "can't be read as a workbook" in found[0]


async def test_missing_sheets_and_columns_are_reported(database: Database, book: Path) -> None:
    write(book, other=[["a"]])
    assert "none of the sheets" in (await problems_of(database, book))[0]
    write(book, areas=[["Mã khu", "Tên khu"], ["a", "Khu 1"]])
    assert await problems_of(database, book) == ["Sheet “Khu”, row 1: the column “Xã” is missing."]
    write(book, areas=[["Xã", "Tên khu", "Số", "Số khu"], ["a", "Khu 1", 1, 2]])
    assert await problems_of(database, book) == [
        "Sheet “Khu”, row 1, column “Số khu”: this column is there twice."
    ]


async def test_ten_thousand_areas_take_seconds(
    database: Database, book: Path, tmp_path: Path
) -> None:
    communes = [COMMUNES[0], *([f"xa-{n}", f"Xã {n}", None, 30] for n in range(250))]
    areas = [AREAS[0]] + [
        [f"xa-{n}", f"k{k}", f"Khu {k}", k, None, 900, 700, 600, 5, 9, None, None, None]
        for n in range(250)
        for k in range(40)
    ]
    write(book, communes=communes, areas=areas)
    began = time.process_time()
    records = read_workbook(book)
    assert records.problems == []
    plan = await database.read(lambda tx: plan_records(records, tx, NOW))
    assert isinstance(plan, RosterPlan)
    assert plan.counts["new areas"] == 10_000
    await database.write(lambda tx: apply(tx, plan, NOW, SHORT_CODES))
    assert (await plan_of(database, book)).empty
    await database.read(lambda tx: export_roster(tx, tmp_path / "out.xlsx", NOW))
    assert time.process_time() - began < 40  # seconds of CPU; 5 to 8 on an idle machine
