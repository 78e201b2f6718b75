"""The reminder plan of a round on the telephone of the officer, and the sent reminders."""

from datetime import timedelta

import pytest

from storage.reminders import reminder_plans

# The village: Monday 2 March 2026, 9:00; due on 11/3, closes on 16/3.


@pytest.fixture
async def planning(village, officer):
    await officer.press("🗓 Kỳ báo cáo")
    await officer.press("🟢 Tháng 3/2026")
    await officer.press("🔔 Lịch nhắc")
    return officer


@pytest.fixture
def at(deployment):
    async def move(days, hour):
        local = deployment.clock.now().astimezone(deployment.settings.timezone)
        day = local.replace(month=3, day=2, hour=hour, minute=0) + timedelta(days=days)
        deployment.clock.move_to(day)
        await deployment.program.jobs.tick()
        await deployment.quiet()

    return move


async def entries(village):
    plan = await village.database.read(lambda tx: reminder_plans.plan_of(tx, village.round))
    return [reminder_plans.entry_text(one) for one in plan.entries], plan.at.isoformat()


async def test_the_coming_days_of_the_plan_are_listed(planning):
    assert "• 08:00 ngày 4/3: trước hạn 7 ngày" in planning.screen
    assert "• 08:00 ngày 15/3: trước chốt 1 ngày" in planning.screen
    assert "lúc mở kỳ" not in planning.screen  # that is past
    assert len(planning.buttons) == 8


async def test_an_entry_of_the_plan_can_be_switched_off_and_on(village, planning, at):
    hung = await village.joined("Hùng")
    await at(1, 9)
    await planning.press("☑ trước hạn 7 ngày")
    assert "deadline-7" not in (await entries(village))[0]
    before = len(hung.screens)
    await at(2, 9)
    assert len(hung.screens) == before
    await planning.press("▫️ trước hạn 7 ngày")
    assert "deadline-7" in (await entries(village))[0]


async def test_the_hour_can_be_changed_by_typing(village, planning, at):
    await at(0, 10)
    hung = await village.joined("Hùng")
    await planning.send("22 giờ")
    assert "Chỉ nhắc từ 7 giờ sáng đến trước 21 giờ" in planning.screen
    await planning.send("18 giờ 30")
    assert "Từ nay nhắc lúc 18:30" in planning.screen
    assert (await entries(village))[1] == "18:30:00"
    before = len(hung.screens)
    await at(2, 18)
    assert len(hung.screens) == before
    await at(2, 19)
    assert len(hung.screens) == before + 1


async def test_an_officer_of_another_commune_cannot_change_the_plan(village, planning):
    hung = await village.joined("Hùng")
    for data in (f"1|m.rplan|{village.round}", f"1|m.rtog|{village.round}|1"):
        await hung.press_data(data)
    assert len((await entries(village))[0]) == 7


async def test_the_sent_reminders_are_shown(village, planning, at):
    await village.joined("Hùng")
    await at(2, 9)
    await planning.press("◀ Quay lại")
    await planning.press("📬 Tin đã nhắc")
    screen = next(one for one in planning.screens if "Tin nhắc đã gửi" in one)
    assert "Ngày 4/3\n✅ 2 tin đã tới" in screen  # Hùng and the officer herself
