"""Counting from house to house: by pressing and typing, alone and together, to the answer."""

from datetime import timedelta

import pytest

from criteria.answers import Ratio
from criteria.counting import Tally
from handlers.counting.screens import ask_indicator
from handlers.flow.press import pack
from handlers.report.assigned_reports import AssignedReport
from storage.places import places
from storage.reports import counting, reports
from storage.results import current_facts
from storage.rounds import rounds
from tests.phone import captions, text_of


@pytest.fixture
async def hung(village):
    return await village.joined("Hùng")


async def starts(phone, what="Điện thoại thông minh"):
    await phone.send("/dem")
    await phone.press(what)


async def counted(village, code="HT1", area="Khu 1"):
    """The sum of all counts."""

    def look(tx):
        report = reports.report_of(tx, village.round, village.areas[area])
        return counting.count_of(tx, report.id, code)

    return await village.database.read(look)


async def taps(phone, *buttons):
    for button in buttons:
        await phone.press(button)


async def test_counting_has_two_large_buttons_and_a_running_count(village, hung):
    await starts(hung)
    assert hung.buttons[:3] == ["✅ +1 có", "▫️ +1 chưa", "↩️ Bớt"]
    number = len(hung.messages)
    await taps(hung, "+1 có", "+1 có", "+1 chưa")
    assert len(hung.messages) == number  # in one message
    assert "Khu 1 đã đếm: 2 có, 1 chưa (cộng 3)" in hung.screen
    await hung.press("↩️ Bớt")
    assert "2 có, 0 chưa (cộng 2)" in hung.screen
    await taps(hung, "↩️ Bớt", "↩️ Bớt", "↩️ Bớt")
    assert "không có gì để bớt" in hung.screen
    assert await counted(village) == Tally(0, 0)


async def test_counting_works_by_typing_alone(village, hung):
    await hung.send("/dem")
    await hung.send("điện thoại thông minh")
    for text in ("có", "chưa", "có rồi ạ", "3 có 1 chưa", "+1 có", "nhầm"):
        await hung.send(text)
    assert await counted(village) == Tally(5, 2)
    await hung.send("350/400")
    assert "Chưa hiểu được ạ" in hung.screen
    assert await village.answers() == {}
    assert await counted(village) == Tally(5, 2)


async def test_each_member_sees_the_sum_and_their_own_count(village, hung):
    lan = await village.joined("Lan")
    await starts(hung)
    await taps(hung, "+1 có", "+1 có")
    await starts(lan)
    await taps(lan, "+1 chưa")
    assert "2 có, 1 chưa (cộng 3)" in lan.screen
    assert "tự tay ghi: 0 có, 1 chưa" in lan.screen
    await lan.press("↩️ Bớt")
    await lan.press("↩️ Bớt")  # not the count of Hùng
    assert await counted(village) == Tally(2, 0)


async def test_counting_can_take_several_evenings(village, deployment, hung):
    await starts(hung)
    await taps(hung, "+1 có")
    deployment.clock.move_to(deployment.clock.now() + timedelta(days=3))
    await deployment.quiet()
    await hung.send("/dem")
    await hung.press("Điện thoại thông minh · 1/1")
    await taps(hung, "+1 có")
    assert await counted(village) == Tally(2, 0)


async def test_counting_a_house_again_corrects_its_count(village, hung):
    lan = await village.joined("Lan")
    await starts(hung)
    await taps(hung, "+1 có")
    await hung.send("nhà 12")
    await taps(hung, "+1 có", "+1 có", "+1 chưa")
    assert "nhà 12: 2 có, 1 chưa" in hung.screen
    await starts(lan)
    await lan.send("Nhà 12")
    assert "Nhà 12 đếm rồi: 2 có, 1 chưa" in lan.screen
    assert await counted(village) == Tally(3, 1)
    await lan.press("+1 chưa")
    assert await counted(village) == Tally(1, 1)
    await lan.press("↩️ Bớt")  # the count of Hùng there counts again
    assert await counted(village) == Tally(3, 1)
    await lan.send("nhà 7/3b: 2 có 1 chưa")
    assert "nhà 7/3B: 2 có, 1 chưa" in lan.screen
    await lan.press("🚪 Xong nhà 7/3B")
    assert "Đang ở" not in lan.screen
    assert await counted(village) == Tally(5, 2)


async def test_a_member_whose_house_was_counted_again_is_told(village, hung):
    lan = await village.joined("Lan")
    for phone in (hung, lan):
        await starts(phone)
        await phone.send("nhà 12")
        await phone.press("+1 có")
    await hung.press("+1 có")
    assert "vừa có người trong tổ đếm lại: 1 có, 0 chưa" in hung.screen
    assert await counted(village) == Tally(1, 0)
    await hung.send("nhà 12: 2 có")
    assert await counted(village) == Tally(2, 0)


async def test_a_house_cannot_have_a_hundred_people(village, hung):
    await starts(hung)
    await hung.send("nhà 12")
    await hung.send("300 có 50 chưa")
    assert "chắc không đông thế" in hung.screen
    assert await counted(village) == Tally(0, 0)


async def test_a_name_is_never_stored(village, hung):
    await starts(hung)
    await hung.send("nhà bà Lan")
    await hung.send("nhà 12 bà Lan")
    assert "không ghi tên ai" in hung.screen

    def houses(tx):
        return tx.exec_driver_sql("SELECT count(*) FROM count_visits").scalar()

    assert await village.database.read(houses) == 0


async def test_the_sum_becomes_the_answer_after_a_confirmation(village, hung):
    await hung.press("📝 Báo cáo")
    await hung.press("➕ Thêm")
    await hung.press("🚪 Đếm từng nhà")
    await hung.send("345 có 55 chưa")
    assert await village.answers() == {}
    await hung.press("📝 Xong, lấy số này")
    assert "345/400 = 86,2 %. Đúng không ạ?" in hung.screen
    assert "số cả tổ đã đếm từng nhà" in hung.screen
    assert await village.answers() == {}
    await hung.press("✅ Đúng")
    assert "Câu 1 đã ghi: 345/400" in hung.screen
    assert "Câu 2/8" in hung.screen
    assert await village.answers() == {"HT1": Ratio(345, 400)}
    await hung.send("nhầm")
    assert "HT1" not in await village.answers()


async def test_the_normal_checks_apply_to_the_sum(village, hung):
    await starts(hung)
    await hung.send("10 có 2 chưa")
    await hung.send("xong")
    assert "Tổng số khác nhiều so với số đã biết (400)" in hung.screen
    await hung.send("sửa")
    assert await village.answers() == {}
    assert "Câu 1/8" in hung.screen
    await hung.send("345")
    assert await village.answers() == {"HT1": Ratio(345, 400)}


async def test_another_members_answer_is_overwritten_only_after_confirmation(village, hung):
    lan = await village.joined("Lan")
    await lan.press("📝 Báo cáo")
    await lan.send("345")
    await starts(hung)
    await hung.send("350 có 50 chưa")
    await hung.press("📝 Xong")
    assert "Lan đã ghi 345/400" in hung.screen
    assert await village.answers() == {"HT1": Ratio(345, 400)}


async def test_without_anybody_counted_there_is_no_answer(village, hung):
    await starts(hung)
    await hung.press("📝 Xong, lấy số này")
    assert "Chưa đếm được ai" in hung.screen
    assert await village.answers() == {}


async def test_back_to_the_question_keeps_the_count_and_its_message(village, hung):
    await hung.press("📝 Báo cáo")
    await hung.send("/dem")
    await hung.press("Điện thoại thông minh")
    await taps(hung, "+1 có")
    message = hung.message()["message_id"]
    await hung.press("◀ Về câu hỏi")
    assert "Câu 1/8" in hung.screen
    left = next(one for one in hung.messages if one["message_id"] == message)
    assert "đang đếm được: 1 có, 0 chưa" in text_of(left)
    assert captions(left) == []
    await hung.send("345")
    assert await village.answers() == {"HT1": Ratio(345, 400)}


async def test_counts_are_in_no_result_until_they_become_the_answer(village, hung):
    await starts(hung)
    await hung.send("300 có 100 chưa")

    def facts(tx):
        return current_facts.counted_values(tx, village.round)

    assert await village.database.read(facts) == {}


async def test_after_the_close_nothing_can_be_counted(village, deployment, hung):
    await starts(hung)
    await taps(hung, "+1 có")
    await village.database.write(
        lambda tx: rounds.close_round(tx, village.round, deployment.clock.now())
    )
    await hung.press("+1 có")
    assert "đã chốt nên không đếm thêm được" in hung.screen
    await hung.send("có")
    assert await counted(village) == Tally(1, 0)
    await hung.send("/dem")
    assert "chưa có kỳ báo cáo nào đang mở" in hung.screen


async def test_only_members_of_the_area_can_count_there(village, hung):
    other = await village.joined("Yến", area="Khu 2")
    officer = await village.joined("Mai", role="officer")
    await starts(hung)
    data = next(
        button["callback_data"]
        for row in hung.message()["reply_markup"]["inline_keyboard"]
        for button in row
        if "+1 có" in button["text"]
    )
    for stranger in (other, officer):
        await stranger.press_data(data)
        assert "+1" not in stranger.screen
    assert await counted(village) == Tally(0, 0)


async def test_three_members_tap_a_hundred_times_at_once(village, hung):
    phones = [hung, await village.joined("Lan"), await village.joined("Yến")]
    for phone in phones:
        await starts(phone)
    pressed = [(phone, phone.find("+1 có"), phone.find("+1 chưa")) for phone in phones]
    for number in range(100):
        for phone, yes, no in pressed:
            message, data = no if number % 4 == 3 else yes
            phone.world.press(phone.id, message["message_id"], data)
    for phone in phones:
        await phone.settled()
    assert await counted(village) == Tally(225, 75)
    await phones[0].press("+1 có")
    shown = text_of(phones[0].find("+1 có")[0])
    assert "226 có, 75 chưa (cộng 301)" in shown
    assert "tự tay ghi: 76 có, 25 chưa" in shown


async def test_one_update_is_one_tap(village, hung):
    await starts(hung)

    def twice(tx):
        report = reports.report_of(tx, village.round, village.areas["Khu 1"])
        person = tx.exec_driver_sql("SELECT min(id) FROM people").scalar()
        now = village.deployment.clock.now()
        return [
            counting.tap(
                tx, report, "HT1", Tally(1, 0), visit=None, by=person, now=now, update_id=77
            )
            for _ in range(2)
        ]

    assert await village.database.write(twice) == [True, False]
    assert await counted(village) == Tally(1, 0)


async def test_counting_in_english(village):
    ann = await village.joined("Ann", language="en")
    await ann.send("/count")
    await ann.press("Smartphones")
    await ann.send("house 12: 3 yes 1 no")
    assert "At house 12: 3 yes, 1 not yet" in ann.screen
    assert await counted(village) == Tally(3, 1)


async def test_the_stored_data_of_a_person_shows_the_counting(hung):
    await starts(hung)
    await taps(hung, "+1 có", "+1 chưa")
    await hung.send("/dulieu")
    assert "Lần ghi khi đếm từng nhà: 2" in hung.screen


async def test_a_list_of_several_pages_stays_within_its_area(village, hung):
    def look(tx):
        return rounds.round_by_id(tx, village.round), places.unit(tx, village.areas["Khu 1"])

    round_, unit = await village.database.read(look)
    task = AssignedReport(round_, unit)
    assert ask_indicator.data(round_.id, task, page=1) == pack("c.which", round_.id, unit.id, 1)
