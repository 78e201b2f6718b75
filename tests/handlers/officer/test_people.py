"""Officers see, move and remove people, and hand areas over; everybody can leave."""

from datetime import timedelta

import pytest

from storage.places import roster
from storage.places.roster import AreaChange
from storage.reports import reports
from storage.rounds import rounds


async def test_the_list_names_areas_without_people(village, officer):
    await village.joined("Hùng", area="Khu 1")
    await officer.press("👥 Người")
    assert officer.screen.startswith("👥 Người của Xã Đồi Chè: xem nơi nào ạ?")
    assert "Chưa ai tham gia (2): Khu 2, Khu 3" in officer.screen
    assert "Khu 1 · 1" in officer.buttons
    assert "Cán bộ, lãnh đạo xã · 1" in officer.buttons
    await officer.press("Khu 1")
    assert "• Hùng" in officer.screen


async def test_a_person_can_be_moved(village, officer, areas_of, recorded):
    hung = await village.joined("Hùng", area="Khu 1")
    await officer.press("👥 Người")
    await officer.press("Khu 1")
    await officer.press("👤 Hùng")
    await officer.press("🔀 Chuyển khu")
    assert not any("Khu 1" in one for one in officer.buttons)
    await officer.press("Khu 2")
    assert "Chuyển Hùng từ Khu 1 sang Khu 2 ạ?" in officer.screen
    assert await areas_of("Hùng") == ["Khu 1"]
    await officer.press("✅ Đúng")
    assert await areas_of("Hùng") == ["Khu 2"]
    assert "Hùng đã chuyển sang Khu 2" in officer.screen
    assert "Từ nay báo cáo cho Khu 2, thay cho Khu 1" in hung.screen
    last = (await recorded("role"))[-1]
    assert last.way == "button"
    assert "reporter" in last.new


LOST = "Câu trả lời còn chờ xác nhận thì chưa ghi vào báo cáo ạ."
MOVED = ("người", "khu 1", "hùng", "chuyển khu", "khu 2", "đúng")
DROPPED = ("người", "khu 1", "hùng", "cho thôi", "cho thôi")


@pytest.mark.parametrize("ended", [MOVED, DROPPED])
@pytest.mark.parametrize(
    ("typed", "lost"), [("40", True), ("1: 350/400, 2: 5/5, 3 có", True), ("350", False)]
)
async def test_who_loses_an_area_reads_that_an_unconfirmed_answer_is_not_stored(
    village, officer, ended, typed, lost
):
    hung = await village.joined("Hùng", area="Khu 1")
    await hung.press("📝 Báo cáo")
    await hung.send(typed)
    for text in ended:
        await officer.send(text)
    assert "Từ nay" in hung.screen
    assert (LOST in hung.screen) is lost


async def test_who_leaves_reads_that_an_unconfirmed_answer_is_not_stored(village):
    hung = await village.joined("Hùng", area="Khu 1")
    await hung.press("📝 Báo cáo")
    await hung.send("40")
    await hung.send("/roikhu")
    await hung.send("1")
    await hung.press(hung.buttons[0])
    assert LOST in hung.screen


async def test_one_person_can_get_several_areas_by_typing(village, officer, areas_of):
    await village.joined("Hùng", area="Khu 1")
    for text in ("người", "khu 1", "hùng", "thêm khu", "khu 3", "đúng"):
        await officer.send(text)
    assert await areas_of("Hùng") == ["Khu 1", "Khu 3"]
    assert "Hùng nhận thêm Khu 3" in officer.screen


async def test_people_are_found_by_their_given_name(village, officer):
    await village.joined("Trần Văn Hùng", area="Khu 1")
    await village.joined("Lý Văn Hùng", area="Khu 2")
    await village.joined("Hà Thị Mơ", area="Khu 3")
    for text in ("người", "khu 3", "khu 1", "hùng"):
        await officer.send(text)
    assert officer.screen.startswith("Trần Văn Hùng: làm gì ạ?")
    for text in ("quay lại", "khu 3", "mơ", "giao khu cho người khác", "hùng"):
        await officer.send(text)
    assert [one for one in officer.buttons if "👤" in one] == [
        "👤 Trần Văn Hùng · Khu 1",
        "👤 Lý Văn Hùng · Khu 2",
    ]
    await officer.send("lý hùng")
    assert "Giao Khu 3 từ Hà Thị Mơ sang Lý Văn Hùng ạ?" in officer.screen


async def test_back_from_people_of_one_name_leads_to_all_places(village, officer):
    for name in ("Trần Văn Hùng", "Lý Văn Hùng"):
        await village.joined(name, area="Khu 1")
    for text in ("người", "khu 1", "văn hùng"):
        await officer.send(text)
    assert len([one for one in officer.buttons if "👤" in one]) == 2
    await officer.press("◀ Quay lại")
    for label in (*village.areas, "Cán bộ, lãnh đạo xã"):
        assert any(label in one for one in officer.buttons)


async def test_an_area_is_handed_over_with_its_draft(village, officer, areas_of):
    hung = await village.joined("Hùng", area="Khu 1")
    lan = await village.joined("Lan", area="Khu 2")
    await hung.press("📝")
    await hung.send("350")
    for text in ("người", "khu 1", "hùng", "giao khu cho người khác", "lan"):
        await officer.send(text)
    assert "Giao Khu 1 từ Hùng sang Lan ạ?" in officer.screen
    await officer.press("✅ Đúng")
    assert await areas_of("Hùng") == []
    assert await areas_of("Lan") == ["Khu 1", "Khu 2"]
    assert (await village.answers())["HT1"]
    await hung.send("360")
    assert "không còn tham gia" in hung.screen
    await lan.send("/baocao")
    await lan.press("Khu 1")
    assert "Câu 2/8" in lan.screen


async def test_removing_a_person_ends_their_rights_at_once(village, officer, areas_of):
    hung = await village.joined("Hùng", area="Khu 1")
    await hung.press("📝")
    for text in ("người", "khu 1", "hùng"):
        await officer.send(text)
    await officer.press("🗑 Cho thôi")
    assert "Số liệu đã gửi vẫn giữ nguyên" in officer.screen
    await officer.press("🗑 Cho thôi")
    assert await areas_of("Hùng") == []
    await hung.send("350")
    assert await village.answers() == {}


async def test_the_only_officer_cannot_be_removed(village, officer, areas_of):
    await officer.press("👥 Người")
    await officer.press("Cán bộ, lãnh đạo")
    await officer.press("👤 Mai")
    await officer.press("🗑 Cho thôi")
    assert "cán bộ duy nhất" in officer.screen
    assert officer.buttons == ["◀ Quay lại"]
    await officer.send("/roikhu")
    await officer.press("Cán bộ xã")
    assert "chưa thôi được" in officer.screen
    assert await areas_of("Mai") == ["officer"]
    await village.joined("Sơn", role="officer")
    await officer.send("/roikhu")
    await officer.press("Cán bộ xã")
    await officer.press("👋 Thôi vai trò này")
    assert await areas_of("Mai") == []
    assert "quanly" not in officer.commands


async def test_a_person_who_leaves_keeps_the_figures_of_the_area(village, areas_of):
    hung = await village.joined("Hùng", area="Khu 1")
    await hung.press("📝")
    await hung.send("350")
    await hung.send("/dulieu")
    await hung.press("👋 Thôi một vai trò")
    await hung.press("Khu 1")
    assert "Thôi “Khu 1, Xã Đồi Chè” ạ?" in hung.screen
    await hung.press("👋 Thôi vai trò này")
    assert "Đã thôi" in hung.screen
    assert await areas_of("Hùng") == []
    assert "HT1" in await village.answers()
    await hung.send("xin chào")
    assert "không còn tham gia nơi nào" in hung.screen


@pytest.mark.parametrize(
    "ways",
    [("/roikhu", "Khu 1", "👋 Thôi vai trò này"), ("/rut", "⏸ Rút"), ("/xoatoi", "🗑 Xoá")],
    ids=["leaving", "withdrawing", "being forgotten"],
)
async def test_officers_are_told_without_a_name_that_an_area_has_a_reporter_less(
    village, officer, ways
):
    hung, lan = [await village.joined(one, area="Khu 1") for one in ("Hùng", "Lan")]
    for left, who in (("khu còn 1 người", hung), ("Khu 1 nay không còn ai báo cáo", lan)):
        await who.send(ways[0])
        for button in ways[1:]:
            await who.press(button)
        await village.deployment.quiet()
        assert left in officer.screens[-1]
        assert not any(name in officer.screens[-1] for name in ("Hùng", "Lan"))


async def test_a_lost_telephone_is_replaced_by_a_new_account(village, officer, areas_of):
    old = await village.joined("Hùng", area="Khu 1")
    await old.press("📝")
    await old.send("350")
    for text in ("người", "khu 1", "hùng", "mời lại, thay cho hùng", "làm thư mời"):
        await officer.send(text)
    assert "Thay cho: Hùng" in officer.screen
    new = village.phone("Hùng mới")
    link = next(one for one in officer.screens if "?start=" in one)
    code = link.split("?start=")[1].split()[0]
    await new.send(f"/start {code}")
    assert await areas_of("Hùng") == ["Khu 1"]
    await new.press("✅ Đồng ý")
    assert await areas_of("Hùng") == []
    assert await areas_of("Hùng mới") == ["Khu 1"]
    await new.press("📝")
    assert "Câu 2/8" in new.screen
    await old.send("360")
    assert (await village.answers())["HT1"].numerator == 350
    assert any("chuyển sang tài khoản mới" in one for one in old.screens)


async def test_nobody_gets_a_message_at_night(village, deployment, officer, areas_of, told):
    hung = await village.joined("Hùng", area="Khu 1")
    deployment.clock.move_to(deployment.clock.now() + timedelta(hours=13))  # 22:00
    seen = len(hung.screens)
    for text in ("người", "khu 1", "hùng", "chuyển khu", "khu 2", "đúng"):
        await officer.send(text)
    assert await areas_of("Hùng") == ["Khu 2"]
    assert len(hung.screens) == seen
    assert await told("Hùng") == 1


async def test_numbers_choose_but_never_answer_an_open_question(village, officer):
    await officer.send("1")
    assert "Người của" in officer.screen
    await officer.send("/baocao")
    assert "Câu 1/6" in officer.screen
    await officer.send("/quanly")
    await officer.send("1")
    assert "Người của" in officer.screen
    assert await village.database.read(
        lambda tx: reports.report_of(tx, village.round, village.office)
    )


async def test_a_name_that_several_areas_share_lists_them(town):
    for text in ("/quanly", "người", "khu 5"):
        await town.officer.send(text)
    listed = {one for one in town.officer.buttons if "Khu" in one}
    assert listed == {"Khu 5 · Suối Vàng · 1", "Khu 5 · Đồi Chè · 1"}
    await town.officer.press("Khu 5 · Đồi Chè")
    await town.officer.press("👤")
    for text in ("chuyển khu", "khu 8"):
        await town.officer.send(text)
    assert len([one for one in town.officer.buttons if "Khu 8" in one]) == 2
    await town.officer.press("Khu 8 · Bến Gỗ")
    await town.officer.send("đúng")
    assert "đã chuyển sang Khu 8 · Bến Gỗ" in town.officer.screen


async def test_names_are_never_read_as_html(village, officer):
    await village.joined("<b>Hùng & Lan", area="Khu 1")
    for text in ("người", "khu 1", "<b>hùng & lan"):
        await officer.send(text)
    assert officer.screen.startswith("<b>Hùng & Lan: làm gì ạ?")
    assert "📱 Mời lại, thay cho <b>Hùng & Lan" in officer.buttons


async def test_people_left_in_a_merged_area_are_shown_and_can_be_moved(village, officer, areas_of):
    hung = await village.joined("Hùng", area="Khu 1")
    await village.database.write(
        lambda tx: roster.change_areas(
            tx,
            [AreaChange(village.areas["Khu 1"], {"valid_to": None}, {"valid_to": "2026-03-01"})],
            village.deployment.clock.now(),
            roster.IMPORT,
        )
    )
    await hung.send("/start")  # the area still reports in the round that was open then
    assert "đã nhập" not in hung.screen
    assert "📝 Báo cáo" in hung.buttons
    await village.database.write(
        lambda tx: rounds.close_round(tx, village.round, village.deployment.clock.now())
    )
    await hung.send("/start")
    assert "khu này đã nhập, không báo cáo nữa" in hung.screen
    await officer.press("👥 Người")
    assert "Khu cũ còn người (1): Khu 1" in officer.screen
    await officer.press("⚠️ Khu 1 · 1")
    assert "✉️ Mời thêm" not in officer.buttons
    for text in ("quay lại", "khu 1", "hùng", "chuyển khu", "khu 2", "đúng"):
        await officer.send(text)
    assert await areas_of("Hùng") == ["Khu 2"]
    await officer.send("/quanly")
    await officer.press("👥 Người")
    assert "Khu cũ" not in officer.screen


async def test_officials_can_be_found_by_typing(officer):
    for text in ("người", "cán bộ"):
        await officer.send(text)
    assert "Cán bộ, lãnh đạo xã: chọn một người" in officer.screen
