"""A workbook sent to the bot: a dry run as a message, then applied, only for one's own commune."""

import io
from datetime import timedelta

import openpyxl
import pytest

from bot.simulator.faults import Fault
from handlers.roster.writing import export_roster
from storage.places import places, workbooks

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def exported(village, tmp_path):
    """The present roster, changed by the test, as the bytes of a file."""

    async def made(change):
        file = tmp_path / "khu.xlsx"
        now = village.deployment.clock.now()
        await village.database.read(lambda tx: export_roster(tx, file, now))
        book = openpyxl.load_workbook(file)
        change(book)
        book.save(file)
        return file.read_bytes()

    return made


def cell(sheet, row_of, heading):
    """The cell in the row of an area under a heading."""
    titles = [str(one.value or "").rstrip(" *") for one in sheet[1]]
    names = titles.index("Tên khu")
    row = next(row for row in sheet.iter_rows() if row[names].value == row_of)
    return row[titles.index(heading)]


def more_adults(book):
    cell(book["Khu"], "Khu 1", "Người trưởng thành").value = 412
    cell(book["Khu"], "Khu 2", "Tên khu").value = "Khu Hạ"


async def test_a_workbook_is_first_shown_and_then_applied(
    village, officer, figures, areas, changes, exported
):
    await officer.file("document", await exported(more_adults), name="khu.xlsx", media_type=MEDIA)
    assert "📥 Đã nhận bảng danh sách" in officer.screens[-2]
    assert officer.screen.startswith("📋 Bảng này sửa 2 chỗ. Áp dụng không ạ?")
    assert "• Khu 1: số liệu “người trưởng thành”: 400 → 412" in officer.screen
    assert "• Khu 2: đổi tên khu “Khu 2” → “Khu Hạ”" in officer.screen
    assert (await figures("Khu 1"))["adults"] == 400
    await officer.press("✅ Áp dụng")
    assert "✅ Đã áp dụng: 2 chỗ." in officer.screen
    assert (await figures("Khu 1"))["adults"] == 412
    assert "Khu Hạ" in await areas()
    assert (await changes("Khu 1"))[0][:2] == ("figure", "Mai")
    await officer.send("/lichsu khu 1")
    assert "Mai (nhập từ tệp): số liệu “người trưởng thành”: 400 → 412" in officer.screen


async def test_a_workbook_can_be_applied_by_typing(officer, figures, exported):
    await officer.file("document", await exported(more_adults), name="khu.xlsx")
    await officer.send("áp dụng")
    assert (await figures("Khu 1"))["adults"] == 412


async def test_nothing_is_imported_from_a_discarded_workbook(officer, figures, exported):
    await officer.file("document", await exported(more_adults), name="khu.xlsx")
    await officer.press("✋ Thôi")
    assert "Đã thôi, không sửa gì." in officer.screen
    assert (await figures("Khu 1"))["adults"] == 400


async def test_changes_since_the_preview_are_shown_before_applying(
    village, officer, figures, exported
):
    await officer.file("document", await exported(more_adults), name="khu.xlsx")
    now = village.deployment.clock.now()
    await village.database.write(
        lambda tx: places.set_figure(tx, village.areas["Khu 1"], "adults", 405, now, way="import")
    )
    await officer.press("✅ Áp dụng")
    assert "đã có thay đổi" in officer.screen
    assert "405 → 412" in officer.screen
    assert (await figures("Khu 1"))["adults"] == 405
    await officer.press("✅ Áp dụng")
    assert (await figures("Khu 1"))["adults"] == 412


async def test_all_mistakes_are_reported_with_their_cells(officer, figures, exported):
    def wrong(book):
        cell(book["Khu"], "Khu 1", "Người trưởng thành").value = "bốn trăm"
        cell(book["Khu"], "Khu 2", "Cán bộ khu").value = -3
        book.create_sheet("Linh tinh")["A1"] = 5

    await officer.file("document", await exported(wrong), name="khu.xlsx")
    assert "Chưa ghi gì: 2 chỗ trong bảng phải sửa." in officer.screen
    assert "“Người trưởng thành”" in officer.screen
    assert "“Cán bộ khu”" in officer.screen
    assert "Không rõ trang “Linh tinh”, đã bỏ qua." in officer.screen
    assert not any("Áp dụng" in one for one in officer.buttons)
    assert (await figures("Khu 1"))["adults"] == 400


async def test_another_commune_is_refused_and_nothing_of_it_is_shown(village, officer, exported):
    now = village.deployment.clock.now()

    def found(tx):
        other = places.add_commune(tx, "xa-khac", "Xã Khác")
        unit = places.add_unit(tx, other.id, "k1", "Khu Lạ", number=1)
        places.set_figure(tx, unit.id, "adults", 777, now, way="import")
        return unit.id

    unit = await village.database.write(found)

    def theirs(book):
        cell(book["Khu"], "Khu Lạ", "Người trưởng thành").value = 5

    await officer.file("document", await exported(theirs), name="khu.xlsx")
    assert "“Xã Khác” không phải xã mình phụ trách." in officer.screen
    assert "777" not in "".join(officer.screens)
    look = lambda tx: places.figures_of(tx, unit)  # noqa: E731
    assert await village.database.read(look) == {"adults": 777}


async def test_new_people_get_invitations(officer, exported):
    def invited(book):
        titles = [str(one.value or "").rstrip(" *") for one in book["Người"][1]]
        row = {"Vai trò": "Thành viên tổ", "Xã": "Xã Đồi Chè", "Khu": "Khu 1", "Số người": 2}
        book["Người"].append([row.get(one) for one in titles])

    await officer.file("document", await exported(invited), name="khu.xlsx")
    assert "thư mời cho 2 người: Khu 1, Thành viên tổ" in officer.screen
    await officer.press("✅ Áp dụng")
    letters = [one for one in officer.screens if "✉️ Thư mời mới" in one]
    assert len(letters) == 1
    assert "start=" in letters[0]


async def test_more_invitations_than_fit_into_messages_come_as_a_file(village, officer, exported):
    def invited(book):
        titles = [str(one.value or "").rstrip(" *") for one in book["Người"][1]]
        for number in range(61):
            row = {"Vai trò": "Thành viên tổ", "Xã": "Xã Đồi Chè", "Khu": "Khu 1",
                   "Chức danh": f"Tổ {number}"}  # fmt: skip
            book["Người"].append([row.get(one) for one in titles])

    await officer.file("document", await exported(invited), name="khu.xlsx")
    assert "✉️ 61 thư mời sẽ nằm trong một tệp." in officer.screen
    await officer.press("✅ Áp dụng")
    assert not any("start=" in one for one in officer.screens)
    (rows,) = [rows for name, rows in workbooks_in(officer) if name == "thu-moi.xlsx"]
    assert len(rows) == 62
    assert rows[1][:3] == ("Khu 1", "Thành viên tổ (Tổ 0)", 1)
    newcomer = village.deployment.phone("Lành")
    await newcomer.send(f"/start {rows[61][3].partition('start=')[2]}")
    assert "Khu 1" in newcomer.screen


def workbooks_in(phone):
    """The names and first sheets of the workbooks in a chat."""
    for one in phone.messages:
        if "document" in one:
            content = phone.world.files.find(one["document"]["file_id"]).content
            book = openpyxl.load_workbook(io.BytesIO(content))
            rows = list(book.worksheets[0].iter_rows(values_only=True))
            yield one["document"]["file_name"], rows


async def test_the_workbook_to_fill_in_comes_into_the_chat(officer):
    await officer.send("/quanly")
    await officer.press("🏘 Khu")
    await officer.press("📄 Lấy bảng tính để điền")
    ((name, rows),) = workbooks_in(officer)
    assert (name, rows[1][1]) == ("danh-sach.xlsx", "Xã Đồi Chè")


async def test_a_file_that_is_not_a_workbook_is_refused(officer):
    await officer.file("document", b"not a workbook", name="khu.xlsx")
    assert "Chưa đọc được tệp" in officer.screen


async def passes(village, seconds):
    """Let time pass; files that are due by then are tried."""
    clock = village.deployment.clock
    clock.move_to(clock.now() + timedelta(seconds=seconds))
    await village.deployment.program.idle()


async def test_a_file_that_cannot_be_fetched_is_tried_again(village, officer, exported):
    for _ in range(2):
        village.deployment.world.faults.add(Fault("getFile", code=500))
    await officer.file("document", await exported(more_adults), name="khu.xlsx")
    await passes(village, 2)
    assert not any("Bảng này sửa 2 chỗ" in one for one in officer.screens)
    await passes(village, 10)
    assert any("Bảng này sửa 2 chỗ" in one for one in officer.screens)


async def test_a_file_that_is_never_fetched_is_reported(village, officer, exported):
    village.deployment.world.faults.add(Fault("getFile", times=99, code=500))
    await officer.file("document", await exported(more_adults), name="khu.xlsx")
    for _ in range(5):
        await passes(village, 301)
    assert any("Chưa lấy được tệp vừa gửi. Xin gửi lại giúp ạ." in one for one in officer.screens)
    assert await village.database.read(lambda tx: workbooks.TO_FETCH.to_fetch(tx, 1)) == []


async def test_a_file_that_killed_two_processes_is_not_opened_again(village, officer, exported):
    village.deployment.world.faults.add(Fault("getFile", code=500))
    await officer.file("document", await exported(more_adults), name="khu.xlsx")
    for _ in range(2):  # counted before each opening, which ended the process

        def opening(tx):
            (one,) = workbooks.TO_FETCH.to_fetch(tx, 1)
            workbooks.TO_FETCH.count_opening(tx, one)

        await village.database.write(opening)
    await passes(village, 2)
    assert any("nặng quá, không mở được" in one for one in officer.screens)
    assert await village.database.read(lambda tx: workbooks.TO_FETCH.to_fetch(tx, 1)) == []


async def test_a_second_file_replaces_the_first_one_while_that_is_read(village, officer, exported):
    def wrong(book):
        cell(book["Khu"], "Khu 1", "Người trưởng thành").value = "bốn trăm"

    world = village.deployment.world
    world.faults.add(Fault("getFile", delay=2))
    world.send_file(officer.id, "document", await exported(wrong), name="a.xlsx")
    await officer.file("document", await exported(more_adults), name="b.xlsx")
    assert any("Bảng này sửa 2 chỗ" in one for one in officer.screens)
    assert not any("Chưa ghi gì" in one for one in officer.screens)


async def test_a_person_without_the_role_gets_the_usual_sentence(village, exported):
    hung = await village.joined("Hùng", area="Khu 1")
    await hung.file("document", await exported(more_adults), name="khu.xlsx")
    assert "Lúc này chưa cần ảnh hay tệp ạ." in hung.screen
    assert await village.database.read(lambda tx: workbooks.TO_FETCH.to_fetch(tx, 1)) == []


async def test_a_role_that_ended_meanwhile_applies_nothing(village, officer, figures, exported):
    await village.joined("Tư", role="officer")
    await officer.file("document", await exported(more_adults), name="khu.xlsx")
    message = officer.message()
    tu = village.phones["Tư"]
    for text in ("/quanly", "người", "cán bộ, lãnh đạo xã", "mai", "cho thôi", "cho thôi"):
        await tu.send(text)
    await officer.press("✅ Áp dụng", on=message)
    assert (await figures("Khu 1"))["adults"] == 400


async def test_a_workbook_is_deleted_after_a_day(village, officer, exported):
    await officer.file("document", await exported(more_adults), name="khu.xlsx")
    later = village.deployment.clock.now() + timedelta(days=1, minutes=1)
    found = await village.database.read(lambda tx: workbooks.old(tx, later))
    assert len(found) == 1
