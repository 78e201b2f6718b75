"""A round for all communes of an operator, from the telephone."""

from datetime import date

from handlers.flow.press import pack
from handlers.rounds.wording import checksum
from storage import history
from storage.rounds import rounds

SET = checksum("phu-tho-2024")
DAY = date(2026, 3, 25).toordinal()


async def open_in(village, commune):
    now = village.deployment.clock.now()
    found = await village.database.read(lambda tx: rounds.open_rounds(tx, commune, now))
    return [one.name for one in found]


async def test_a_round_is_opened_only_in_communes_without_an_open_round(village, people):
    phone = people.operator
    await phone.press("⚙️ Điều hành")
    assert phone.screen.startswith("⚙️ Điều hành 2 xã")
    assert "1 xã đang mở kỳ báo cáo, 1 xã chưa mở" in phone.screen
    await phone.press("📅 Mở kỳ cho tất cả")
    assert phone.buttons[:2] == ["Tháng 3/2026", "Tháng 4/2026"]
    await phone.send("Quý I  năm 2026")
    assert phone.screen.startswith("Quý I năm 2026: hạn gửi là ngày nào")
    await phone.send("25/3")
    assert phone.screen.startswith("Mở kỳ “Quý I năm 2026” cho 1 xã ạ?")
    assert "Hạn gửi: 25/3." in phone.screen
    assert "Hết ngày 30/3" in phone.screen
    assert "Để nguyên 1 xã đang có kỳ mở: Xã Đồi Chè" in phone.screen
    assert await open_in(village, people.other) == []
    await phone.press("✅ Mở cho 1 xã")
    assert "Đã mở kỳ “Quý I năm 2026” cho 1 xã" in phone.screen
    assert await open_in(village, people.other) == ["Quý I năm 2026"]
    assert await open_in(village, village.commune) == ["Tháng 3/2026"]

    def last(tx):
        office = history.history_of_office(tx, people.other, 0)
        return next(one for one in office if one.what == "round")

    entry = await village.database.read(last)
    assert (entry.name, entry.way, entry.new["state"]) == ("Tuấn", "button", "open")
    local = village.deployment.clock.now().astimezone(village.deployment.settings.timezone)
    [made] = await village.database.read(
        lambda tx: rounds.open_rounds(tx, people.other, village.deployment.clock.now())
    )
    assert made.deadline.astimezone(local.tzinfo).isoformat() == "2026-03-25T23:59:59+07:00"


async def test_a_round_can_be_opened_by_typing_and_by_the_offered_names_and_days(village, people):
    phone = people.far_operator
    await phone.send("/dieuhanh")
    assert phone.screen.startswith("⚙️ Điều hành nhóm Miền xuôi, 1 xã")
    await phone.send("mở kỳ cho tất cả")
    await phone.send("tháng 3/2026")
    await phone.send("hôm nào đó")
    assert phone.screen.startswith("⚠️ Chưa hiểu ngày này")
    await phone.send("1/3/2026")
    assert "Ngày 01/03/2026 qua rồi" in phone.screen
    await phone.send("9/3")
    assert phone.screen.startswith("Mở kỳ “Tháng 3/2026” cho 1 xã")
    await phone.send("Mở cho 1 xã")
    assert await open_in(village, people.other) == ["Tháng 3/2026"]
    await phone.send("/dieuhanh")
    await phone.press("📅")
    await phone.press("Tháng 4/2026")
    await phone.press("9/3")
    assert phone.screen.startswith("Xã nào cũng đang có kỳ mở rồi")


async def test_leaving_the_flow_opens_nothing(village, people):
    phone = people.far_operator
    await phone.press("⚙️ Điều hành")
    await phone.press("📅")
    await phone.send("huỷ")
    assert "không mở kỳ nào" in phone.screen
    await phone.press("📅")
    await phone.press("Tháng 3/2026")
    await phone.send("huỷ")
    await phone.send("25/3")
    await phone.press_data(pack("p.open", 0, SET, DAY, DAY, 1))
    assert "Kỳ báo cáo mới tên là gì" in phone.screen
    assert await open_in(village, people.other) == []


async def test_a_double_press_opens_one_round(village, people):
    phone = people.far_operator
    await phone.send("/operate")
    await phone.press("📅")
    await phone.press("Tháng 3/2026")
    await phone.press("9/3")
    preview = phone.message()
    await phone.press("✅ Mở cho 1 xã")
    await phone.press("✅ Mở cho 1 xã", on=preview)
    assert await open_in(village, people.other) == ["Tháng 3/2026"]


async def test_only_operators_can_open_rounds_for_all(village, people):
    others = (people.reporter, people.officer, people.leader, people.stranger, people.neighbour)
    for phone in others:
        assert "⚙️ Điều hành" not in phone.buttons
        await phone.send("/dieuhanh")
        assert "dành cho người điều hành" in phone.screen
        for data in (
            pack("o.home"), pack("p.new", 0), pack("p.name", 0, SET), pack("p.prev", 0, SET, DAY),
        ):  # fmt: skip
            await phone.press_data(data)
            await phone.send("Tháng 5/2026")
        await phone.press_data(pack("p.open", 0, SET, DAY, DAY, checksum("Tháng 5/2026")))
        await phone.press_data(pack("o.make", people.other))
        assert "t.me" not in phone.screen
    assert await open_in(village, people.other) == []
