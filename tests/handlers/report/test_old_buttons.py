"""Old buttons, double presses, forged ones: never an error, never damage, never misunderstood."""

import copy

import pytest

from criteria.answers import Ratio, YesNo
from handlers.flow.press import pack
from storage.people import people

YES, NO = YesNo(yes=True), YesNo(yes=False)


@pytest.fixture
async def phone(village):
    joined = await village.joined("Hùng")
    await joined.press("📝 Báo cáo")
    await joined.send("340")
    await joined.send("5")
    return joined


async def test_an_old_yes_button_corrects_its_own_question(village, phone):
    old = copy.deepcopy(phone.message())
    await phone.press("✅ Có")
    await phone.press("▫️ Chưa có")
    await phone.send("240")
    await phone.press_data(button(old, "▫️"), on=old)
    assert "Câu 3. Tổ công nghệ số: Chưa có. Đúng không ạ?" in phone.screen
    found = await village.answers()
    assert (found["CQ3"], "KT2" in found) == (YES, False)
    await phone.press("✅ Đúng")
    assert (await village.answers())["CQ3"] == NO
    assert "Câu 6/8" in phone.screen


async def test_a_double_press_counts_once_and_never_answers_the_next_question(village, phone):
    old = copy.deepcopy(phone.message())
    data = button(old, "✅ Có")
    await phone.press_data(data, on=old)
    await phone.press_data(data, on=old)
    found = await village.answers()
    assert found["CQ3"] == YES
    assert "CQ4" not in found
    assert "Câu 4/8" in phone.screen


async def test_an_old_button_without_a_target_says_so(phone):
    old = copy.deepcopy(phone.message())
    await phone.press("✅ Có")
    await phone.press_data(button(old, "⏭"), on=old)
    assert "cũ rồi" in (phone.toast or "")
    assert "Câu 4/8" in phone.screen


@pytest.mark.parametrize(
    "data",
    [
        "",
        "1",
        "x",
        "1|",
        "1|yes",
        "1|yes|zzzzzzzzzzzzzzzzzz|CQ3|1",
        "2|yes|1|CQ3|1",
        "1|none",
        "1|s.nothing",
        "1|pick|1|1",
        "1|confy|1|CQ3",
        "1|edit|1|NOPE|1",
        "1|yes|1|HT1|0",
    ],
)
async def test_nonsense_changes_nothing_and_shows_the_present_screen(village, phone, data):
    before = await village.answers()
    await phone.press_data(data)
    assert await village.answers() == before
    assert "trục trặc" not in phone.screen


async def test_the_report_of_another_area_cannot_be_changed(village, phone):
    other = await village.joined("Lan", area="Khu 2")
    await other.press("📝 Báo cáo")
    theirs = await village.report("Khu 2")
    await phone.press_data(pack("yes", theirs.id, "CQ3", 1))
    await phone.press_data(pack("edit", theirs.id, "CQ3", 1))
    await phone.press_data(pack("send", theirs.id, "", 1))
    assert await village.answers("Khu 2") == {}
    assert (await village.report("Khu 2")).state == "draft"


async def test_two_members_see_each_others_answers_and_overwriting_is_confirmed(village, phone):
    other = await village.joined("Lan")
    await other.press("📝 Báo cáo")
    await other.send("sửa câu 1")
    assert "Hùng đã ghi 340/400" in other.screen
    await other.send("345")
    assert "Hùng đã ghi" in other.screen
    assert "Ghi đè lên ạ?" in other.screen
    assert (await village.answers())["HT1"] == Ratio(340, 400)
    await other.press("✅ Đúng")
    assert (await village.answers())["HT1"] == Ratio(345, 400)


def button(message, caption):
    return next(
        b["callback_data"]
        for row in message["reply_markup"]["inline_keyboard"]
        for b in row
        if caption in b["text"]
    )


async def test_a_removed_member_sees_and_changes_nothing_of_the_area(village, phone):
    old = copy.deepcopy(phone.message())
    await phone.send(f"/start {await village.code('reporter', 'Khu 2')}")

    def remove(tx):
        person = people.find_person(tx, "telegram", str(phone.id))
        for membership in people.memberships_of(tx, person.id):
            if membership.unit_id == village.areas["Khu 1"]:
                people.end_membership(tx, membership.id, village.deployment.clock.now())

    await village.database.write(remove)
    before = await village.answers()
    await phone.press_data(button(old, "✅ Có"), on=old)
    await phone.send("sửa câu 1: 350/400")
    assert await village.answers() == before
    assert "340" not in phone.screen
