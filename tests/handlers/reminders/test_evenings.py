"""One question an evening: chosen, asked, answered, and ended before the deadline."""

from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa

from bot.simulator.faults import Fault
from criteria.sets.set_file import shipped_text
from storage import tables
from storage.people import people
from storage.rounds import rounds
from storage.tables import outbox
from tests.conftest import START
from tests.handlers.conftest import SET, Village, found_commune
from tests.handlers.reminders.test_a_round import dropped, news, report
from tests.phone import captions

# The village: Monday 2 March 2026, 9:00; the round is open, due on 11/3, closes on 16/3: the last
# evening is that of 8/3, six days after the first.
LAST_EVENING = 6
ANSWERS = ("350", "5", "có", "có", "250", "8", "có", "chưa")


@pytest.fixture
async def hung(village):
    return await village.joined("Hùng")


@pytest.fixture
async def chosen(at, hung):
    """Hùng, who got the opening message and chose evenings in it."""
    await at(0, 10)
    await hung.press("🕢 Mỗi tối một câu")
    assert "bắt đầu tối mai, đến hết tối 8/3" in hung.screen
    return hung


async def keys(village):
    """The dedupe keys of the sent messages."""
    statement = sa.select(outbox.c.dedupe_key).where(outbox.c.state == "sent")
    return await village.database.read(lambda tx: [one for one in tx.scalars(statement) if one])


async def test_a_question_each_evening_is_answered_by_pressing_and_typing(village, at, chosen):
    asked = []
    for day in range(1, LAST_EVENING + 1):
        before = len(chosen.screens)
        await at(day, 8)
        assert not news(chosen, before)  # the reminder of 4/3 gives way to the question
        await at(day, 19, 29)
        assert not news(chosen, before)
        await at(day, 19, 30)
        (text,) = news(chosen, before)
        asked.append(next(line for line in text.splitlines() if line.startswith("Câu")).split()[1])
        assert len(chosen.buttons) <= 8
        assert f"còn {8 - day} câu" in text
        if "✅ Có" in chosen.buttons:
            await chosen.press("✅ Có")
        else:
            await chosen.send(ANSWERS[day - 1])
        assert "hôm nay thế là đủ" in chosen.screen or day == LAST_EVENING
        assert f"Còn {8 - day} câu" in chosen.screen
    assert asked == [f"{number}/8." for number in range(1, LAST_EVENING + 1)]
    assert "Sắp đến hạn rồi" in chosen.screen
    assert len(await village.answers()) == LAST_EVENING
    before = len(chosen.screens)
    await at(7, 8)
    (text,) = news(chosen, before)
    assert "không hỏi mỗi tối một câu nữa" in text
    assert "đã trả lời 6/8 câu" in text
    await at(7, 20)
    assert len(news(chosen, before)) == 1
    await at(8, 8)
    assert "Ngày mai, 11/3, là hạn gửi." in chosen.screen
    assert "mỗi tối" not in chosen.screen
    assert len(set(await keys(village))) == len(await keys(village))


async def test_the_last_answer_offers_to_send(village, at, chosen):
    await report_most(chosen)
    await at(1, 19, 30)
    assert "Câu cuối rồi" in chosen.screen
    await chosen.press("▫️ Chưa có")
    assert "📨 Gửi báo cáo" in chosen.buttons
    await at(2, 19, 30)
    assert "chỉ còn gửi lên xã" in chosen.screen
    await chosen.press("📝 Báo cáo")
    await chosen.press("📨 Gửi báo cáo")
    before = len(chosen.screens)
    for day in range(3, 14):
        await at(day, 8)
        await at(day, 19, 30)
    assert not news(chosen, before)


async def report_most(phone, area=None):
    """All questions but the last one."""
    await phone.send("/baocao")
    if area is not None:
        await phone.press(area)
    for answer in ANSWERS[:-1]:
        await phone.send(answer)
    assert "Câu 8/8" in phone.screen


@pytest.mark.parametrize("typed", [True, False])
async def test_a_person_can_go_on_at_once_or_look_at_all_questions(village, at, chosen, typed):
    await at(1, 19, 30)
    await chosen.send("350")
    assert "✅ Câu 1 đã ghi: 350/400" in chosen.screen
    if typed:
        await chosen.send("làm tiếp luôn")
    else:
        await chosen.press("▶️ Làm tiếp luôn")
    assert "Câu 2/8" in chosen.screen
    assert "🕢 Thôi hỏi mỗi tối" not in chosen.buttons
    await chosen.send("5")
    assert "Câu 3/8" in chosen.screen
    await at(2, 19, 30)
    assert "Câu 3/8" in chosen.screen
    await chosen.send("có")
    await chosen.send("5")  # it answers nothing
    assert "Còn 5 câu" in chosen.screen
    assert len(await village.answers()) == 3
    await chosen.send("sửa câu 1: 351")
    assert "Còn 5 câu" in chosen.screen
    await chosen.send("xong")
    assert "📨 Gửi báo cáo" in chosen.buttons


async def test_after_a_skipped_question_another_one_comes_first(at, chosen):
    await at(1, 19, 30)
    await chosen.press("⏭ Để sau")
    assert "Còn 8 câu, tối mai hỏi tiếp" in chosen.screen
    await at(2, 19, 30)
    assert "Câu 2/8" in chosen.screen


async def test_without_an_answer_the_same_question_comes_once_an_evening(at, chosen):
    for day in (1, 2, 3):
        before = len(chosen.screens)
        for hour in (8, 12, 19, 20, 22):
            await at(day, hour, 30)
        (text,) = news(chosen, before)
        assert "Câu 1/8" in text
    earlier = [one for one in chosen.messages if "Câu 1/8" in one["text"]]
    assert [bool(captions(one)) for one in earlier] == [False, False, True]
    await chosen.send("350")
    assert "Còn 7 câu, tối mai hỏi tiếp" in chosen.screen


async def test_the_reply_to_a_morning_answer_announces_tonights_question(at, chosen):
    await at(1, 19, 30)
    await at(2, 7, 30)
    await chosen.send("350")
    assert "Còn 7 câu, tối nay hỏi tiếp" in chosen.screen


@pytest.mark.parametrize("words", ["mỗi tối một câu", "Moi toi mot cau", "hỏi mỗi tối"])
async def test_evenings_can_be_chosen_by_typing_before_the_message_of_the_day(
    village, at, hung, words
):
    await at(0, 10)  # the opening
    await at(1, 9)
    await hung.send("/baocao")
    await hung.send(words)
    assert "bắt đầu tối nay, đến hết tối 8/3" in hung.screen
    await at(1, 19, 30)
    assert "Câu 1/8" in hung.screen
    await hung.send("thôi hỏi mỗi tối")
    assert "không hỏi mỗi tối một câu nữa" in hung.screen
    assert "Câu 1/8" in hung.screen
    await hung.send("350")
    assert "Câu 2/8" in hung.screen  # as ever
    before = len(hung.screens)
    await at(2, 19, 30)
    (text,) = news(hung, before)
    assert "còn 7 ngày" in text


async def test_evenings_are_chosen_at_a_question_and_ended_from_the_message(at, hung):
    await at(0, 10)
    await hung.press("📝 Báo cáo")
    await hung.press("➕ Thêm…")
    assert len(hung.buttons) <= 8
    await hung.press("🕢 Mỗi tối một câu")
    assert "mỗi tối 19 giờ 30" in hung.screen
    await at(1, 19, 30)
    await hung.press("🕢 Thôi hỏi mỗi tối")
    assert "chỉ nhắc như mọi khi" in hung.screen
    assert "Câu 1/8" in hung.screen
    assert "🕢 Thôi hỏi mỗi tối" not in hung.buttons
    await at(2, 8)
    assert "còn 7 ngày" in hung.screen
    await at(2, 19, 30)
    assert "còn 7 ngày" in hung.screen


async def test_evenings_can_be_ended_after_the_answer(at, chosen):
    await at(1, 19, 30)
    await chosen.send("350")
    await chosen.press("🕢 Thôi hỏi mỗi tối")
    assert "không hỏi mỗi tối một câu nữa" in chosen.screen
    await chosen.press("📝 Báo cáo")
    assert "Câu 2/8" in chosen.screen


async def test_evenings_can_be_chosen_while_the_reminder_of_the_day_waits(at, hung):
    await at(2, 7, 0)  # the reminder of 8:00 waits
    await hung.send("mỗi tối một câu")
    assert "bắt đầu tối nay" in hung.screen
    before = len(hung.screens)
    await at(2, 8)
    assert not news(hung, before)
    await at(2, 19, 30)
    (text,) = news(hung, before)
    assert "Câu 1/8" in text


async def test_evenings_chosen_too_late_are_refused(at, hung):
    await at(7, 12)
    assert "🕢 Mỗi tối một câu" not in hung.buttons
    await hung.send("mỗi tối một câu")
    assert "không kịp hỏi từng tối" in hung.screen
    before = len(hung.screens)
    await at(7, 19, 30)
    assert not news(hung, before)
    await at(8, 8)
    (text,) = news(hung, before)
    assert "Ngày mai, 11/3, là hạn gửi." in text
    assert "mỗi tối" not in text


async def test_the_choice_of_evenings_holds_for_the_next_round(village, at, chosen):
    await village.database.write(lambda tx: rounds.close_round(tx, village.round, now(village)))
    await at(1, 8)
    await open_round(village, "Tháng 4/2026", 12)
    await at(2, 8)  # the message of the day before was about the close
    assert "đã mở" in chosen.screen
    assert "Từ tối mai mỗi tối hỏi một câu" in chosen.screen
    before = len(chosen.screens)
    await at(2, 19, 30)
    assert not news(chosen, before)  # one a day
    await at(3, 19, 30)
    assert "Câu 1/8" in chosen.screen


def now(village):
    return village.deployment.clock.now()


async def open_round(village, name, days):
    when = now(village)
    deadline = when + timedelta(days=days)
    return await village.database.write(
        lambda tx: rounds.open_round(
            tx, village.commune, name, SET, shipped_text(SET), None, when,
            deadline, deadline + timedelta(days=5), when,
        )
    )  # fmt: skip


async def test_two_members_of_one_area_are_both_asked_in_the_evening(village, at, chosen):
    lan = await village.joined("Lan")
    await lan.send("mỗi tối một câu")
    await at(1, 19, 30)
    assert "Câu 1/8" in chosen.screen
    assert "Câu 1/8" in lan.screen
    await chosen.send("350")
    await lan.send("340")  # differs from what Hùng has just said
    assert "Hùng" in lan.screen
    await lan.press("✏️")
    assert (await village.answers())["HT1"].numerator == 350
    await at(2, 8)
    await chosen.send("/baocao")
    await chosen.send("5")
    await at(2, 19, 30)
    assert "Câu 3/8" in lan.screen  # the second was answered meanwhile
    await report(chosen, "có")
    before = len(lan.screens)
    await at(3, 8)
    await at(3, 19, 30)
    assert not news(lan, before)


async def test_a_report_between_planning_and_asking_drops_the_question(village, at, chosen):
    await at(1, 0, 1)
    await report(chosen, "350")
    before = len(chosen.screens)
    await at(1, 19, 30)
    assert not news(chosen, before)
    assert await dropped(village) == ["reported"]


async def test_muting_stops_the_evenings_and_unmuting_resumes_them(village, at, chosen):
    await at(1, 10)
    await chosen.send("đừng nhắc nữa")
    before = len(chosen.screens)
    for day in (1, 2, 3):
        await at(day, 19, 30)
    assert not news(chosen, before)
    await chosen.press("🔔 Nhắc lại như trước")
    await at(4, 19, 30)
    assert "Câu 1/8" in chosen.screen


@pytest.mark.parametrize(("days", "over"), [(-4, 3), (4, 11)])
async def test_a_moved_deadline_moves_the_last_evening(village, at, chosen, days, over):
    await at(1, 20)

    def move(tx):
        round_ = rounds.round_by_id(tx, village.round)
        deadline = round_.deadline + timedelta(days=days)
        rounds.edit(tx, round_.id, now(village), deadline=deadline)

    await village.database.write(move)
    heard = {}
    for day in range(2, 13):
        for hour in (8, 19):
            before = len(chosen.screens)
            await at(day, hour, 30)
            heard |= dict.fromkeys([day] * len(news(chosen, before)), chosen.screen)
            assert len(news(chosen, before)) <= 1
    evenings_asked = [day for day, text in heard.items() if "Câu 1/8" in text]
    assert evenings_asked == list(range(2, over))
    told = [day for day, text in heard.items() if "không hỏi mỗi tối một câu nữa" in text]
    assert told == [over]


async def test_a_deadline_moved_closer_ends_the_evenings(village, at, chosen):
    await at(1, 20)

    def move(tx):
        round_ = rounds.round_by_id(tx, village.round)
        rounds.edit(tx, round_.id, now(village), deadline=now(village) + timedelta(hours=30))

    await village.database.write(move)
    before = len(chosen.screens)
    await at(1, 20, 30)
    assert not news(chosen, before)  # the message of today was sent
    await at(2, 8)
    (text,) = news(chosen, before)
    assert "không hỏi mỗi tối một câu nữa" in text
    await at(2, 19, 30)
    assert len(news(chosen, before)) == 1


async def test_a_closed_round_asks_nothing(village, at, chosen):
    await at(1, 10)
    await village.database.write(lambda tx: rounds.close_round(tx, village.round, now(village)))
    await at(1, 19, 30)
    assert "Câu" not in chosen.screen


async def test_a_lost_role_ends_the_evenings(village, at, chosen):
    await at(1, 10)

    def end(tx):
        person = people.find_person(tx, "telegram", str(chosen.id))
        (held,) = people.memberships_of(tx, person.id)
        people.end_membership(tx, held.id, now(village))

    await village.database.write(end)
    before = len(chosen.screens)
    await at(1, 19, 30)
    assert not news(chosen, before)
    assert await dropped(village) == ["left"]
    await chosen.send("thôi hỏi mỗi tối")
    await chosen.send("mỗi tối một câu")
    assert "19 giờ 30" not in chosen.screen


async def test_the_choice_of_evenings_is_shown_in_the_stored_data_and_erased(village, at, chosen):
    await chosen.send("/dulieu")
    assert "mỗi tối hỏi một câu" in chosen.screen
    await chosen.send("/xoatoi")
    await chosen.press("🗑 Xoá hẳn")
    before = len(chosen.screens)
    await at(1, 19, 30)
    assert not news(chosen, before)
    rows = await village.database.read(lambda tx: tx.execute(sa.select(tables.evenings)).all())
    assert rows == []


async def test_an_evening_question_does_not_interrupt_a_person(at, chosen):
    await chosen.send("/baocao")
    await at(1, 19, 25)
    await chosen.press("➕ Thêm…")
    await chosen.press("🚪 Đếm từng nhà")
    before = len(chosen.screens)
    await at(1, 19, 30)
    assert not news(chosen, before)
    await chosen.send("12")  # a house
    assert "12" in chosen.screen
    before = len(chosen.screens)
    await at(1, 19, 36)
    assert not news(chosen, before)
    await at(1, 19, 41)
    assert "Câu 1/8" in chosen.screen
    assert len(news(chosen, before)) == 1


async def test_a_person_of_several_areas_is_asked_about_one_at_a_time(village, at, chosen):
    await chosen.send(f"/start {await village.code('reporter', 'Khu 2')}")
    await report_most(chosen, "Khu 1")
    await at(1, 19, 30)
    assert "Khu 1" in chosen.screen
    assert "Câu 8/8" in chosen.screen
    await chosen.send("có")
    assert "📨 Gửi báo cáo" in chosen.buttons
    await at(2, 19, 30)
    assert "Khu 2" in chosen.screen
    assert "Câu 1/8" in chosen.screen


async def test_a_requested_reminder_in_the_evening_replaces_the_question(at, chosen):
    await at(1, 10)
    await chosen.send("nhắc lại tối nay")
    before = len(chosen.screens)
    await at(1, 19)
    await at(1, 19, 30)
    await at(1, 20)
    (text,) = news(chosen, before)
    assert "đã trả lời" in text or "Mời" in text


async def test_an_answer_does_not_go_to_a_question_that_was_never_shown(village, at, chosen):
    await report_some(chosen)
    await at(1, 12)
    village.deployment.world.faults.add(
        Fault("sendMessage", code=400, description="Bad Request: no")
    )
    before = len(chosen.screens)
    await at(1, 19, 30)
    assert not news(chosen, before)
    await chosen.send("4/5")  # for the last question that was shown
    assert len(await village.answers()) == 1
    assert "Câu 2/8" in chosen.screens[-2]
    await chosen.send("4/5")
    assert len(await village.answers()) == 2


async def report_some(phone):
    await phone.send("/baocao")
    await phone.send("350")


def cut():
    return httpx.ReadError("cut")


async def test_after_a_lost_answer_and_a_restart_nothing_is_asked_twice(deployment):
    async with deployment.running() as program:
        made = await program.database.write(lambda tx: found_commune(tx, START))
        village = Village(deployment, *made)
        hung = await village.joined("Hùng")
        await program.jobs.tick()
        await deployment.quiet()
        await hung.send("mỗi tối một câu")
        before = len(hung.screens)
        deployment.clock.move_to(START + timedelta(days=1, hours=10, minutes=30))
        deployment.world.faults.add(Fault("sendMessage", lost=True, error=cut))
        await program.jobs.tick()
        await deployment.quiet()
        assert ["Câu 1/8" in one for one in news(hung, before)] == [True]
    async with deployment.running() as program:
        await program.jobs.tick()
        await deployment.quiet()
        assert len(news(hung, before)) == 1
        await hung.press("⏭ Để sau")
        assert "tối mai hỏi tiếp" in hung.screen


async def test_a_leader_who_reports_too_has_one_message_on_a_monday(village, at, chosen):
    await chosen.send(f"/start {await village.code('leader')}")
    before = len(chosen.screens)
    await at(7, 0, 1)  # Monday 9 March, two days before the deadline: all in one
    await at(7, 7, 30)
    (text,) = news(chosen, before)
    assert "Đã gửi 0/3 khu" in text
    assert "không hỏi mỗi tối một câu nữa" in text
    await at(7, 19, 30)
    assert len(news(chosen, before)) == 1


async def test_after_a_morning_message_the_evenings_begin_tomorrow(village, at, chosen):
    await at(1, 9)
    await chosen.send("thôi hỏi mỗi tối")
    await chosen.send("mai nhắc lại")
    await at(2, 7)
    await chosen.send("mỗi tối một câu")
    assert "bắt đầu tối mai" in chosen.screen
    await at(2, 8)
    assert "còn 7 ngày" in chosen.screen
    before = len(chosen.screens)
    await at(2, 19, 30)
    assert not news(chosen, before)
    await at(3, 19, 30)
    assert "Câu 1/8" in chosen.screen


async def test_a_summary_and_a_question_on_one_day_are_one_message(village, at, chosen):
    await chosen.send(f"/start {await village.code('leader')}")

    def move(tx):
        round_ = rounds.round_by_id(tx, village.round)
        rounds.edit(tx, round_.id, now(village), deadline=round_.deadline + timedelta(days=4))

    await village.database.write(move)
    await at(7, 0, 1)  # a Monday
    before = len(chosen.screens)
    await at(7, 7, 30)
    await at(7, 19, 30)
    (text,) = news(chosen, before)
    assert "Đã gửi 0/3 khu" in text
    assert "Mời Khu 1 làm báo cáo" in text
    assert "🕢 Thôi hỏi mỗi tối" in chosen.buttons
