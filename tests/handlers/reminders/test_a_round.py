"""The reminders of a round as people get them: once a day, to the right people, their texts."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage.reports import reports
from storage.rounds import rounds
from storage.tables import outbox

# The village: Monday 2 March 2026, 9:00; the round is open, due on 11/3, closes on 16/3.
OPENED, DUE_LINE = "đã mở", re.compile(r"⏰ (.*)")


@pytest.fixture
async def hung(village):
    return await village.joined("Hùng")


async def report(phone, *answers):
    """Send a report with these answers, the other questions left open."""
    await phone.send("/baocao")
    for one in answers:
        await phone.send(one)
    await phone.send("gửi")
    await phone.press("📨 Gửi báo cáo")
    await phone.press("📨 Vẫn gửi")
    assert "Đã gửi báo cáo" in phone.screen


def news(phone, before):
    """What the bot wrote since."""
    return phone.screens[before:]


async def dropped(village):
    """The reasons of dropped messages."""
    statement = sa.select(outbox.c.reason).where(outbox.c.state == "dropped")
    return await village.database.read(lambda tx: list(tx.scalars(statement)))


async def test_people_who_have_not_reported_are_reminded_on_the_days_of_the_plan(village, at, hung):
    heard = {}
    for day in range(1, 18):
        before = len(hung.screens)
        await at(day, 8)
        for text in news(hung, before):
            heard[day] = DUE_LINE.findall(text) or text
    assert {day: lines[0] for day, lines in heard.items() if day < 15} == {
        1: "Hạn gửi 11/3, còn 8 ngày.",  # the bot first runs a day after the opening
        2: "Hạn gửi 11/3, còn 7 ngày.",
        6: "Hạn gửi 11/3, còn 3 ngày.",
        8: "Ngày mai, 11/3, là hạn gửi.",
        9: "Hôm nay, 11/3, là hạn gửi ạ.",
        10: "Đã qua hạn 11/3, vẫn nhận đến hết 16/3 ạ.",
        13: "Đã qua hạn 11/3. Ngày mai, 16/3, là chốt, sau đó không nhận nữa ạ.",
    }
    assert set(heard) == {1, 2, 6, 8, 9, 10, 13, 15}
    assert heard[15].startswith("🔒 Kỳ báo cáo Tháng 3/2026 đã chốt.")
    assert "Khu 1: kỳ này chưa gửi báo cáo" in heard[15]


async def test_people_who_have_reported_get_nothing_until_the_end(village, at, hung):
    lan = await village.joined("Lan", area="Khu 2")
    await at(0, 10)
    await report(hung, "350/400")
    before = len(hung.screens)
    for day in range(1, 15):
        await at(day, 8)
    assert not news(hung, before)
    assert "Khu 2" in lan.screen
    await at(15, 8)
    assert "✅ Khu 1: đã gửi báo cáo. Cảm ơn ạ!" in hung.screen
    assert "đã gửi 1/3 khu" in hung.screen


async def test_the_reason_of_a_reminder_is_checked_when_it_is_sent(village, at, hung):
    await at(0, 10)
    before = len(hung.screens)
    await at(2, 0, 1)  # the message of the day is planned
    await report(hung, "350/400")
    sent = len(hung.screens)
    await at(2, 8)
    assert len(hung.screens) == sent > before
    assert await dropped(village) == ["reported"]


async def test_a_returned_report_is_asked_for_again(village, at, hung):
    officer = await village.joined("Thu", role="officer")
    await at(0, 10)
    await report(hung, "350/400")
    await officer.send("/duyet")
    await officer.press("Khu 1")
    await officer.press("↩️ Trả lại")
    await officer.press("✍️ Viết lời nhắn")
    await officer.send("Đếm lại giúp")
    assert "Đếm lại giúp" in hung.screen
    await at(2, 8)
    assert "↩️ Mời Khu 1 xem lại báo cáo" in hung.screen


async def test_a_button_leads_into_the_first_open_question(village, at, hung):
    await at(0, 10)
    await hung.press("📝 Báo cáo")
    await hung.send("350/400")
    await at(2, 8)
    assert "đã trả lời 1/8 câu" in hung.screen
    await hung.press("📝 Báo cáo")
    assert "Câu 2/8" in hung.screen


@pytest.mark.parametrize("typed", [True, False])
async def test_a_person_can_mute_the_reminders_of_a_round(village, at, hung, typed):
    await at(0, 10)
    if typed:
        await hung.send("đừng nhắc nữa")
    else:
        await hung.press("🔕 Đừng nhắc kỳ này nữa")
    assert "sẽ không nhắc nữa" in hung.screen
    before = len(hung.screens)
    for day in range(1, 10):
        await at(day, 8)
    assert not news(hung, before)
    await hung.press("🔔 Nhắc lại như trước")
    await at(10, 8)
    assert "Đã qua hạn" in hung.screen


async def test_muting_between_planning_and_sending_drops_the_reminder(village, at, hung):
    await at(0, 10)
    await at(2, 0, 1)
    await hung.press("🔕 Đừng nhắc kỳ này nữa")
    before = len(hung.screens)
    await at(2, 8)
    assert not news(hung, before)
    assert await dropped(village) == ["muted"]


async def test_a_requested_reminder_comes_once(village, at, hung):
    await at(0, 10)
    old = hung.message()
    await hung.press("🌙 Tối nhắc lại")
    await hung.press("🌙 Tối nhắc lại", on=dict(old))
    assert "19 giờ tối nay" in hung.screen
    before = len(hung.screens)
    await at(0, 18, 59)
    assert not news(hung, before)
    await at(0, 19)
    assert len(news(hung, before)) == 1
    assert "🌙 Tối nhắc lại" not in hung.buttons  # too late for that
    await hung.press("🌅 Mai nhắc lại")
    before = len(hung.screens)
    await at(1, 8)
    assert len(news(hung, before)) == 1


async def test_a_requested_reminder_is_part_of_the_message_of_the_day(village, at, hung):
    await at(0, 10)
    await at(1, 10)
    await hung.send("mai nhắc lại")
    before = len(hung.screens)
    await at(2, 8)  # seven days before the deadline
    assert len(news(hung, before)) == 1
    assert [one for one in hung.buttons if "📝" in one] == ["📝 Báo cáo"]


async def test_a_person_who_reports_after_requesting_a_reminder_gets_none(village, at, hung):
    await at(0, 10)
    await hung.press("🌙 Tối nhắc lại")
    await report(hung, "350/400")
    before = len(hung.screens)
    await at(0, 19)
    assert not news(hung, before)


async def test_a_moved_deadline_moves_the_reminders(village, deployment, at, hung):
    await at(0, 10)
    await at(2, 0, 1)  # planned for 8:00: seven days before 11/3
    moved = deployment.clock.now() + timedelta(days=16)
    await village.database.write(
        lambda tx: rounds.edit(
            tx, village.round, deployment.clock.now(), deadline=moved,
            closes_at=moved + timedelta(days=5),
        )
    )  # fmt: skip
    before = len(hung.screens)
    await at(2, 8)
    assert not news(hung, before)
    assert await dropped(village) == ["moved"]
    await at(11, 8)
    assert "còn 7 ngày" in hung.screen


async def test_several_areas_are_in_one_message(village, at, hung):
    await hung.send(f"/start {await village.code('reporter', 'Khu 2')}")
    await at(0, 10)
    before = len(hung.screens)
    await at(2, 8)
    assert len(news(hung, before)) == 1
    assert "Khu 1" in hung.screen
    assert "Khu 2" in hung.screen
    await hung.press("📝 Khu 2")
    assert "Câu 1/8" in hung.screen
    assert "Khu 2" in hung.screen


async def test_a_summary_and_a_reminder_on_one_day_are_one_message(village, at):
    chair = await village.joined("Chủ tịch", role="leader")
    await chair.send(f"/start {await village.code('reporter', 'Khu 1')}")
    await at(6, 8)
    before = len(chair.screens)
    await at(7, 7, 30)  # Monday: the summary is due at 7:30
    assert len(news(chair, before)) == 1
    assert "📥 Đã gửi 0/3 khu" in chair.screen
    assert "Mời Khu 1" not in chair.screen
    await at(8, 8)  # the day before the deadline: both
    assert len(news(chair, before)) == 2
    assert "📥 Đã gửi 0/3 khu" in chair.screen
    assert "Mời Khu 1" in chair.screen


async def test_a_person_who_left_is_not_reminded(village, at, hung):
    await at(0, 10)
    await at(2, 0, 1)
    await hung.send("/roikhu")
    await hung.press("Khu 1")
    await hung.press("👋 Thôi vai trò này")
    before = len(hung.screens)
    await at(2, 8)
    assert not news(hung, before)


async def test_no_reminder_is_sent_at_night(village, at, hung):
    await at(0, 10)
    before = len(hung.screens)
    await at(2, 22)  # the bot was down all day
    assert not news(hung, before)
    await at(3, 6, 59)
    assert not news(hung, before)
    await at(3, 7)
    assert len(news(hung, before)) == 1
    assert "còn 6 ngày" in hung.screen


async def test_the_office_is_reminded_through_its_officers(village, at):
    officer = await village.joined("Thu", role="officer")
    await at(0, 10)
    assert OPENED in officer.screen
    assert "Văn phòng xã" in officer.screen
    await officer.press("📝 Báo cáo")
    assert "Câu 1/6" in officer.screen


async def test_a_round_closed_by_hand_is_announced_at_once_or_in_the_morning(
    village, deployment, at, hung
):
    await at(0, 10)

    async def close():
        now = deployment.clock.now()
        await village.database.write(lambda tx: rounds.close_round(tx, village.round, now))

    await at(1, 22)
    await close()
    before = len(hung.screens)
    await at(1, 23)
    assert not news(hung, before)
    await at(2, 8)
    assert len(news(hung, before)) == 1
    assert "đã chốt" in hung.screen
    await at(3, 8)
    assert len(news(hung, before)) == 1


async def test_the_closing_message_depends_on_the_state_of_the_report(
    village, deployment, at, hung
):
    """A reopened area gets nothing; an area with a returned report has reported."""
    lan = await village.joined("Lan", area="Khu 2")
    mo = await village.joined("Mơ", area="Khu 3")
    await at(0, 10)
    await report(lan, "350/400")

    def close(tx):
        now = deployment.clock.now()
        sent = reports.report_of(tx, village.round, village.areas["Khu 2"])
        reports.return_report(tx, sent, ["HT1"], "đếm lại", by=None, now=now)
        rounds.close_round(tx, village.round, now)
        until, unit = now + timedelta(days=3), village.areas["Khu 1"]
        rounds.reopen_round(tx, village.round, "mất sóng", until, now, unit_id=unit)

    await at(1, 9)
    before = {phone: len(phone.screens) for phone in (hung, lan, mo)}
    await village.database.write(close)
    await at(1, 10)
    assert not news(hung, before[hung])
    assert "Khu 2: đã gửi báo cáo, còn câu xã hỏi lại chưa trả lời" in lan.screen
    assert "Khu 3: kỳ này chưa gửi báo cáo" in mo.screen
    assert await dropped(village) == ["reopened"]


async def test_a_complete_draft_is_not_called_unfinished(village, at, hung):
    await hung.send("/baocao")
    for one in ("350", "5", "có", "có", "250", "8", "chưa", "có"):
        await hung.send(one)
    await at(6, 8)
    assert "Khu 1 đã trả lời đủ 8 câu của báo cáo Tháng 3/2026, chỉ còn gửi lên xã" in hung.screen


async def test_a_cancelled_round_reminds_nobody(village, deployment, at, hung):
    await at(0, 10)
    await at(2, 0, 1)
    now = deployment.clock.now()
    await village.database.write(lambda tx: rounds.cancel_round(tx, village.round, "Nhầm", now))
    before = len(hung.screens)
    for day in range(2, 16):
        await at(day, 8)
    assert not news(hung, before)
    assert await dropped(village) == ["cancelled"]
