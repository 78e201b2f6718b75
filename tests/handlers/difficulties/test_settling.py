"""A difficulty is answered, passed up and settled: notifications and rights of each step."""

from handlers.flow.press import pack
from storage.difficulties import difficulties
from tests.handlers.difficulties.conftest import open_ones, states


async def test_the_officer_answers_and_settles_and_the_area_is_told_of_each_step(
    village, people, picture
):
    await people.reporter.send("/vuongmac")
    await people.reporter.photo(picture, caption="mất sóng")
    await people.officer.press("📊 Tình hình")
    assert "Vướng mắc chưa giải quyết: 1" in people.officer.screen
    assert len(people.officer.buttons) <= 8
    await people.officer.press("💬 Vướng mắc (1)")
    assert people.officer.screen.startswith("💬 Xã Đồi Chè: 1 vướng mắc chưa xong")
    await people.officer.press("1. Khu 1")
    assert "“mất sóng”" in people.officer.screen
    assert "Hùng" in people.officer.screen
    await people.officer.press("📷 Xem ảnh")
    assert people.officer.message(-2)["photo"]
    await people.officer.press("✍️ Trả lời")
    await people.officer.send("tuần sau nhà mạng lên sửa")
    assert "Người nêu được báo ngay" in people.officer.screen
    assert "Xã trả lời vướng mắc" in people.reporter.screen
    assert "tuần sau nhà mạng lên sửa" in people.reporter.screen
    assert len(await open_ones(village)) == 1
    await people.officer.press("✅ Đã giải quyết xong")
    assert "Vướng mắc đã giải quyết xong" in people.reporter.screen
    assert await open_ones(village) == []
    assert await states(village) == [("open", "Hùng"), ("answered", "Mai"), ("settled", "Mai")]


async def test_a_difficulty_is_passed_up_and_answered_even_at_night(village, people):
    await people.reporter.send("/vuongmac mất sóng")
    village.deployment.clock.move_to(village.deployment.clock.now().replace(hour=16))  # 23:00
    await people.officer.send("/vuongmac")
    await people.officer.send("1")
    await people.officer.send("chuyển cấp trên")
    assert "đã chuyển vướng mắc lên cấp trên" in people.reporter.screen
    assert "✍️ Trả lời" not in people.officer.buttons
    await people.operator.press("⚙️ Điều hành")
    assert "1 vướng mắc chờ trả lời" in people.operator.screen
    await people.operator.press("💬 Vướng mắc (1)")
    await people.operator.press("1. việc chung")
    await people.operator.press("1. Xã Đồi Chè")
    assert "Hùng" not in people.operator.screen
    await people.operator.press("✍️ Trả lời")
    await people.operator.send("tỉnh đã giao nhà mạng")
    assert "Cấp trên trả lời vướng mắc" in people.reporter.screen
    assert "xã chuyển lên" in people.officer.screen
    await people.officer.press("💬 Xem vướng mắc")
    await people.officer.press("✅ Đã giải quyết xong")
    assert await open_ones(village) == []
    said = [state for state, _ in await states(village)]
    assert said == ["open", "passed_up", "answered", "settled"]


async def test_the_operators_of_the_commune_are_told_of_a_difficulty_passed_up(village, people):
    before = len(people.far_operator.screens)
    await people.reporter.send("/vuongmac mất sóng")
    await people.officer.send("/vuongmac")
    await people.officer.send("1")
    await people.officer.send("chuyển cấp trên")
    assert "Xã Đồi Chè chuyển lên một vướng mắc" in people.operator.screen
    assert "mất sóng" in people.operator.screen
    await people.operator.press("💬 Xem vướng mắc")
    assert "✍️ Trả lời" in people.operator.buttons
    assert len(people.far_operator.screens) == before


async def test_a_settled_difficulty_is_opened_again_in_its_state_and_all_are_told(village, people):
    await people.reporter.send("/vuongmac mất sóng")
    await people.officer.send("/vuongmac")
    await people.officer.send("1")
    await people.officer.press("✍️ Trả lời")
    await people.officer.send("tuần sau nhà mạng lên sửa")
    await people.officer.press("✅ Đã giải quyết xong")
    await people.officer.press("↩️ Chưa xong, mở lại")
    assert "Đã ghi lại là chưa giải quyết xong. Người nêu được báo ngay." in people.officer.screen
    assert "vướng mắc chưa giải quyết xong" in people.reporter.screen
    [one] = await open_ones(village)
    assert (one.state, one.answer) == ("answered", "tuần sau nhà mạng lên sửa")
    assert (await states(village))[-1] == ("reopened", "Mai")
    await people.officer.press_data(pack("d.again", one.id))
    assert people.officer.toast == "Lúc này không làm việc ấy được nữa ạ."
    await people.officer.send("/lichsu khu 1")
    assert "ghi lại là vướng mắc chưa giải quyết xong" in people.officer.screen


async def test_leaders_can_read_difficulties_and_change_nothing(village, people):
    await people.reporter.send("/vuongmac mất sóng")
    await people.leader.press("📊 Tình hình")
    await people.leader.press("💬 Vướng mắc (1)")
    await people.leader.press("1. Khu 1")
    assert people.leader.buttons == ["◀ Danh sách vướng mắc"]


async def test_forged_presses_of_every_other_role_change_nothing(village, people):
    await people.reporter.send("/vuongmac mất sóng")
    [one] = await open_ones(village)
    others = (
        people.reporter, people.leader, people.stranger, people.neighbour, people.operator,
        people.far_operator,
    )  # fmt: skip
    for phone in others:
        for action in ("d.up", "d.done", "d.again", "d.ans"):
            await phone.press_data(pack(action, one.id))
        await phone.send("phá")
        await phone.press_data(pack("d.one", one.id))
        if phone is not people.leader:
            assert "“mất sóng”" not in phone.screen
        await phone.press_data(pack("d.list", village.commune))
        if phone is not people.leader:
            assert "Xã Đồi Chè: 1 vướng mắc" not in phone.screen
    assert await open_ones(village) == [one]
    await people.officer.press_data(pack("d.up", one.id))
    for phone in (people.far_operator, people.stranger, people.neighbour):
        await phone.press_data(pack("d.ans", one.id))
        await phone.send("phá")
        await phone.press_data(pack("o.diff"))
        assert "vướng mắc chờ" not in phone.screen or "0 vướng mắc" in phone.screen
    [still] = await open_ones(village)
    assert still.state == "passed_up"


async def test_an_old_button_says_that_the_difficulty_has_changed(village, people):
    await people.reporter.send("/vuongmac mất sóng")
    [one] = await open_ones(village)
    await people.officer.press_data(pack("d.one", one.id))
    await people.officer.press_data(pack("d.done", one.id))
    for action in ("d.done", "d.up", "d.ans"):
        await people.officer.press_data(pack(action, one.id))
        assert people.officer.toast == "Lúc này không làm việc ấy được nữa ạ."
    assert "Đã giải quyết xong" in people.officer.screen


async def test_a_person_who_left_is_told_nothing_and_is_shown_as_a_former_member(village, people):
    await people.reporter.send("/vuongmac mất sóng")
    [one] = await open_ones(village)
    await people.reporter.send("/xoatoi")
    await people.reporter.press("🗑 Xoá hẳn")
    before = len(people.reporter.messages)
    await people.officer.press_data(pack("d.one", one.id))
    assert "một thành viên cũ" in people.officer.screen
    await people.officer.press("✍️ Trả lời")
    await people.officer.send("đã sửa")
    assert "được báo" not in people.officer.screen
    assert len(people.reporter.messages) == before


async def test_many_difficulties_are_on_pages_with_at_most_eight_buttons(village, people):
    def several(tx):
        for number in range(9):
            difficulties.raise_difficulty(
                tx, commune_id=village.commune, unit_id=village.areas["Khu 2"],
                text=f"việc {number}", by=None, now=village.deployment.clock.now(),
            )  # fmt: skip

    await village.database.write(several)
    await people.officer.send("/vuongmac")
    await people.officer.press("Trang sau")
    assert "5. 🔸" in people.officer.screen
    assert len(people.officer.buttons) == 8


async def test_a_difficulty_raised_by_the_office_is_announced_once(village, people):
    await people.officer.send("/vuongmac phần mềm một cửa chậm")
    await people.officer.send("/vuongmac")
    await people.officer.press("1. Văn phòng xã")
    await people.officer.press("⬆️ Chuyển cấp trên")
    before = len(people.officer.messages)
    await people.operator.send("/vuongmac")
    await people.operator.send("1")
    await people.operator.send("1")
    await people.operator.send("trả lời")
    await people.operator.send("đang nâng cấp")
    assert len(people.officer.messages) == before + 1
    assert "xã chuyển lên" in people.officer.screen
