"""/status by role on the telephone; every right is checked at the press."""

from handlers.flow.press import pack
from storage.people import people
from storage.places import places
from storage.rounds import rounds
from tests.conftest import START


async def test_a_leader_sees_the_commune_and_its_details(village):
    chair = await village.joined("Chủ tịch", role="leader")
    await chair.send("/status")
    assert "Xã Đồi Chè" in chair.screen
    assert "Đã gửi 0/3 khu" in chair.screen
    await chair.press("🏘 Theo khu")
    await chair.press("Khu 2")
    assert "Chưa làm" in chair.screen
    await chair.press("📊 Cả xã")
    await chair.press("☰ Xem thêm")
    await chair.press("📑 Theo chỉ tiêu")
    await chair.press("Điện thoại thông minh")
    assert "Tỷ lệ dân số ở độ tuổi trưởng thành" in chair.screen
    await chair.press("📊 Cả xã")
    await chair.press("🎯 Việc cần làm")
    assert "Nhắc gửi" in chair.screen
    await chair.press("📊 Cả xã")
    await chair.press("📋 Chép gửi Zalo")
    assert chair.screen.startswith("📊 XÃ ĐỒI CHÈ")


async def test_typed_words_open_the_same_screens_as_buttons(village):
    chair = await village.joined("Chủ tịch", role="leader")
    for typed, seen in (
        ("/tinhhinh HT1", "Tỷ lệ dân số"),
        ("/tinhhinh khu 2", "Khu 2"),
        ("/status việc", "Việc cần làm"),
        ("/status zalo", "XÃ ĐỒI CHÈ"),
        ("/status gì đó", "Đã gửi 0/3 khu"),
    ):
        await chair.send(typed)
        assert seen in chair.screen


async def test_a_reporter_sees_their_area_and_one_line_about_the_commune(village):
    phone = await village.joined("Bác Tư")
    await phone.send("/tinhhinh")
    assert "Khu 1" in phone.screen
    assert "Đã trả lời 0/8 câu" in phone.screen
    assert "Cả xã: đạt 0/13 · 0/3 khu đã gửi" in phone.screen
    assert "Theo khu" not in str(phone.buttons)


async def test_a_reporter_cannot_open_the_commune_by_a_forged_button(village):
    phone = await village.joined("Bác Tư")
    for data in (
        pack("s.full", village.round),
        pack("s.ind", village.round, "HT1"),
        pack("s.area", village.round, village.areas["Khu 2"]),
        pack("s.commune", village.commune),
        pack("s.copy", village.round),
    ):
        await phone.press_data(data)
        assert "Theo khu" not in str(phone.buttons)
        assert "chưa đủ số liệu" not in phone.screen


async def test_nonsense_in_a_button_shows_the_present_screen(village):
    chair = await village.joined("Chủ tịch", role="leader")
    for data in (
        pack("s.full"),
        pack("s.full", 4711),
        pack("s.ind", village.round, "XX9"),
        pack("s.area", village.round, 4711),
        pack("s.areas", village.round, 99),
        pack("s.nothing", village.round),
    ):
        await chair.press_data(data)
        assert chair.screen


async def test_a_leader_of_one_commune_cannot_read_another(village):
    def found(tx):
        other = places.add_commune(tx, "khac", "Xã Khác")
        places.add_unit(tx, other.id, "k1", "Khu 1", number=1)
        mine = rounds.round_by_id(tx, village.round)
        made = rounds.open_round(
            tx, other.id, "Kỳ kín", mine.criteria_id, mine.criteria, None,
            START, mine.deadline, mine.closes_at, START,
        )  # fmt: skip
        return made.id

    hidden = await village.database.write(found)
    chair = await village.joined("Chủ tịch", role="leader")
    await chair.press_data(pack("s.full", hidden))
    assert "Kỳ kín" not in chair.screen


async def test_an_operator_sees_all_communes_and_opens_one(village):
    def found(tx):
        places.add_commune(tx, "khac", "Xã Khác", "Nhóm B")

    await village.database.write(found)
    operator = await village.joined("Sở", role="operator", area=None)
    await operator.send("/status")
    assert "Các xã (2)" in operator.screen
    assert "Xã Đồi Chè: đạt 0/13 · 0/4 báo cáo · còn 9 ngày" in operator.screen
    assert "Xã Khác: chưa có kỳ báo cáo" in operator.screen
    await operator.press("Xã Đồi Chè")
    assert "Đã gửi 0/3 khu" in operator.screen
    await operator.press("🗺 Các xã")
    assert "Các xã (2)" in operator.screen


async def test_an_operator_of_a_group_sees_only_its_communes(village):
    phone = await village.joined("Bác Tư")

    def give(tx):
        other = places.add_commune(tx, "khac", "Xã Khác", "Nhóm B")
        people.add_membership(tx, 1, "operator", now=START, group_name="Nhóm B")
        return other.id

    other = await village.database.write(give)
    await phone.send("/status")
    assert "Các xã (1)" in phone.screen
    assert "Xã Khác" in phone.screen
    assert "Đồi Chè" not in phone.screen
    await phone.press_data(pack("s.commune", village.commune))
    assert "Đã gửi 0/3 khu" not in phone.screen
    await phone.press_data(pack("s.full", village.round))
    assert "Đã gửi 0/3 khu" not in phone.screen
    await phone.press_data(pack("s.commune", other))
    assert "chưa có kỳ báo cáo" in phone.screen


async def test_a_name_that_several_areas_share_is_asked_about(town):
    await town.chair.send("khu 5")
    assert town.chair.screen.startswith("Có mấy khu giống tên ấy")
    assert town.chair.buttons == ["✅ Khu 5 · Đồi Chè", "↩️ Khu 5 · Suối Vàng", "📊 Cả xã"]
    await town.chair.press("Khu 5 · Suối Vàng")
    assert "Xã hỏi lại, chờ sửa" in town.chair.screen
    await town.chair.send("khu 1")
    assert town.chair.screen.startswith("Khu 1 · ")


async def test_the_actions_name_what_is_counted(town):
    await town.chair.send("/status")
    await town.chair.press("🎯 Việc cần làm")
    assert "Nhắc gửi: Khu 8 · Bến Gỗ (11 cơ sở)" in town.chair.screen
    assert "Khu 1 (268 người)" in town.chair.screen
    assert "vận động thêm 175 người. Còn nhiều nhất ở: Khu 3 (78)" in town.chair.screen
