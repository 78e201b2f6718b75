"""The counting method: given by press or word, stored with the answer, shown with results."""

import pytest

from criteria.answers import Ratio
from storage import history
from storage.reports import reports
from storage.results import current_facts


@pytest.fixture
async def phone(village):
    joined = await village.joined("Hùng")
    await joined.press("📝 Báo cáo")
    return joined


async def ways(village, area="Khu 1"):
    """The counting methods in the report of the area."""

    def look(tx):
        report = reports.report_of(tx, village.round, village.areas[area])
        found = reports.answers_of(tx, report.id)
        return {code: one.how for code, one in found.items() if one.how}

    return await village.database.read(look)


async def test_the_counting_method_of_each_number_is_one_press_from_the_receipt(village, phone):
    for text in ("350", "5", "có", "có", "240", "7", "có", "có"):
        await phone.send(text)
    assert "Xem lại rồi gửi" in phone.screen
    assert "📋 Ghi cách đếm" not in phone.buttons  # only the sending
    await phone.press("📨 Gửi báo cáo")
    await phone.press("📋 Ghi cách đếm")
    assert "Câu 1. Điện thoại thông minh: 350/400" in phone.screen
    assert "Số này có bằng cách nào" in phone.screen
    await phone.press("🚪 Đếm từng nhà")
    assert "Câu 2." in phone.screen
    await phone.press("📒 Theo sổ")
    await phone.press("⏭ Để sau")
    await phone.press("🤔 Ước lượng")
    assert "Báo cáo đã gửi" in phone.screen
    assert "350/400 = 87,5 %, đếm từng nhà" in phone.screen
    assert await ways(village) == {"HT1": "houses", "HT2": "books", "KT2": "estimate"}
    assert (await village.report()).state == "sent"


async def test_the_counting_method_can_be_chosen_beside_the_question(village, phone):
    await phone.send("350")
    await phone.send("quay lại")
    number = len(phone.messages)
    await phone.press("➕ Thêm")
    await phone.press("📋 Ghi cách đếm")
    await phone.press("🤔 Ước lượng")
    assert len(phone.messages) == number
    assert "Câu 1/8" in phone.screen
    assert "350/400 = 87,5 %, ước lượng" in phone.screen
    assert await ways(village) == {"HT1": "estimate"}


async def test_the_counting_method_is_never_asked_for(phone):
    await phone.send("350")
    assert "Câu 2/8" in phone.screen
    assert len(phone.buttons) <= 6


async def test_the_counting_method_can_be_typed_with_the_number_or_after_it(village, phone):
    await phone.send("350 theo sổ")
    assert "Câu 1 đã ghi: 350/400 = 87,5 %, theo sổ" in phone.screen
    await phone.send("5")
    await phone.send("đếm từng nhà ạ")
    assert "đã ghi là đếm từng nhà" in phone.screen
    assert "Câu 3/8" in phone.screen
    assert await ways(village) == {"HT1": "books", "HT2": "houses"}
    await phone.send("sửa câu 1: 340/400 (ước lượng)")
    assert await ways(village) == {"HT1": "estimate", "HT2": "houses"}
    assert (await village.answers())["HT1"] == Ratio(340, 400)


async def test_a_changed_number_has_no_counting_method_until_it_is_given(village, phone):
    await phone.send("350 theo sổ")
    await phone.send("sửa câu 1: 350/400")
    assert await ways(village) == {"HT1": "books"}
    await phone.send("sửa câu 1: 351/400")
    assert await ways(village) == {}
    await phone.send("nhầm")
    assert await ways(village) == {"HT1": "books"}


async def test_a_number_counted_from_house_to_house_is_marked_automatically(village, phone):
    await phone.press("➕ Thêm")
    await phone.press("🚪 Đếm từng nhà")
    await phone.send("345 có 55 chưa")
    await phone.send("xong")
    await phone.send("đúng")
    assert await ways(village) == {"HT1": "houses"}


async def test_the_same_number_typed_before_is_marked_as_counted(village, phone):
    await phone.send("345")
    await phone.send("/dem")
    await phone.press("Điện thoại thông minh")
    await phone.send("345 có 55 chưa")
    await phone.send("xong")
    assert await ways(village) == {"HT1": "houses"}


async def test_as_last_time_keeps_the_counting_method(village, phone):
    def say(tx):
        old = reports.report_of(tx, village.round - 1, village.areas["Khu 1"])
        now = village.deployment.clock.now()
        return reports.set_counting_method(tx, old, "HT1", "books", by=None, way="button", now=now)

    assert await village.database.write(say)
    await phone.press("🔁 Như kỳ trước: 340/400")
    assert await ways(village) == {"HT1": "books"}
    await phone.send("sửa câu 5")
    await phone.send("như kỳ trước")
    assert await ways(village) == {"HT1": "books"}


async def test_the_counting_method_is_in_the_history_and_changes_no_state(village, phone):
    await phone.send("350")
    for _ in range(3):
        await phone.send("gửi")
    await village.database.write(
        lambda tx: reports.accept_report(
            tx, reports.report_of(tx, village.round, village.areas["Khu 1"]),
            by=None, now=village.deployment.clock.now(),
        )
    )  # fmt: skip
    await phone.send("sửa câu 1")
    await phone.send("theo sổ")
    assert (await village.report()).state == "accepted"
    found = await village.database.read(
        lambda tx: history.history_of_unit(tx, village.areas["Khu 1"])
    )
    assert (found[0].what, found[0].new["how"]) == ("how", "books")
    await phone.send("/lichsu")
    assert "ghi cách đếm là theo sổ" in phone.screen


async def test_the_chair_sees_how_much_was_counted_from_house_to_house(village, phone):
    chair = await village.joined("Chín", role="leader")
    yen = await village.joined("Yến", area="Khu 2")
    await phone.send("350 đếm từng nhà")
    await yen.press("📝 Báo cáo")
    await yen.send("100/400")
    for one in (phone, yen):
        for _ in range(4):
            if "Đã gửi báo cáo" not in one.screen:
                await one.send("gửi")
    found = await village.database.read(
        lambda tx: current_facts.counting_methods_of(tx, village.round)
    )
    assert list(found.values()) == ["houses"]
    await chair.press_data(f"1|s.ind|{village.round}|HT1")
    assert "Cách đếm: đếm từng nhà 50,0 %, chưa ghi cách 50,0 %" in chair.screen
