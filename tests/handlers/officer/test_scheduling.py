"""Scheduled rounds: set from the telephone, opened by a job."""

from datetime import timedelta

import pytest

from handlers.flow.press import pack
from handlers.rounds.wording import checksum
from storage.results import deadline_results
from storage.rounds import rounds, schedules

# The village: Monday 2 March 2026, 9:00; "Tháng 3/2026" is open until 11/3, closes 16/3.


@pytest.fixture
async def setting(village, officer):
    await officer.press("🗓 Kỳ báo cáo")
    await officer.press("🔁 Tự mở")
    return officer


@pytest.fixture
def rounds_now(village):
    async def look():
        found = await village.database.read(lambda tx: rounds.list_rounds(tx, village.commune))
        return {one.name: one for one in found}

    return look


@pytest.fixture
def day(village, deployment):
    """Move the clock to an hour of a day, and do what is due."""

    async def move(number, month, hour=8, year=2026):
        local = deployment.clock.now().astimezone(deployment.settings.timezone)
        deployment.clock.move_to(
            local.replace(year=year, month=month, day=number, hour=hour, minute=0)
        )
        await deployment.program.jobs.tick()
        await deployment.program.jobs.tick()
        await deployment.quiet()

    return move


async def kept(village):
    return await village.database.read(lambda tx: schedules.schedules_of(tx, village.commune))


async def test_a_monthly_schedule_can_be_set_by_pressing(village, setting, rounds_now, day):
    assert "kỳ nào cũng mở bằng tay" in setting.screen
    await setting.press("🗓 Hằng tháng")
    await setting.press("20")
    await setting.press("27")
    assert "Ngày 20 hằng tháng tự mở kỳ mới, hạn gửi ngày 27." in setting.screen
    assert "Kỳ tới: Tháng 3/2026, mở 20/03/2026, hạn 27/03/2026." in setting.screen
    assert await kept(village) == []
    await setting.press("✅ Đúng")
    assert "✅ Đã đặt." in setting.screen
    await day(19, 3)
    assert set(await rounds_now()) == {"Tháng 2/2026", "Tháng 3/2026"}
    await day(20, 3, hour=7)
    assert (await rounds_now())["Tháng 3/2026"].state == "closed"
    await day(20, 3, hour=8)
    await day(20, 4, hour=9)
    found = await rounds_now()
    assert found["Tháng 4/2026"].state == "open"
    local = found["Tháng 4/2026"].deadline.astimezone(village.deployment.settings.timezone)
    assert f"{local:%d/%m %H:%M:%S}" == "27/04 23:59:59"
    assert "📣 Kỳ báo cáo Tháng 4/2026 đã mở" in setting.screen


async def test_a_quarterly_schedule_can_be_set_by_typing(village, setting, rounds_now, day):
    for text in ("hằng quý", "ngày 40", "10", "31", "đúng"):
        await setting.send(text)
    assert "Ngày 10 tháng cuối quý tự mở kỳ mới, hạn gửi cuối tháng." in setting.screen
    assert "Quý 1/2026, mở 10/03/2026, hạn 31/03/2026" in setting.screen
    assert any("Xin nhắn một số từ 1 đến 28" in one for one in setting.screens)
    # On 10/3 the other round is still open: it waits until that closes.
    await day(10, 3)
    assert "Quý 1/2026" not in await rounds_now()
    await day(17, 3)
    assert (await rounds_now())["Quý 1/2026"].state == "open"


async def test_missed_rounds_are_not_opened_later(village, setting, rounds_now, day):
    for text in ("hằng tháng", "20", "27", "đúng"):
        await setting.send(text)
    await day(28, 8)  # five months without power
    assert set(await rounds_now()) == {"Tháng 2/2026", "Tháng 3/2026"}
    await day(20, 9)
    assert (await rounds_now())["Tháng 9/2026"].state == "open"


async def test_a_schedule_can_be_switched_off(village, setting, rounds_now, day):
    for text in ("hằng tháng", "20", "27", "đúng"):
        await setting.send(text)
    await setting.press("✖️ Thôi tự mở")
    assert "kỳ mở bằng tay" in setting.screen
    await day(21, 4)
    assert "Tháng 4/2026" not in await rounds_now()


async def test_an_officer_of_another_commune_cannot_change_the_schedule(village, setting):
    await setting.press("🗓 Hằng tháng")
    hung = await village.joined("Hùng")
    set_ = checksum("phu-tho-2024")
    for data in (
        pack("m.sched", village.commune),
        pack("m.sset", village.commune, set_, "month", 20, 27),
        pack("m.soff", village.commune, set_),
    ):
        await hung.press_data(data)
    assert await kept(village) == []


async def test_the_result_at_the_deadline_is_shown_beside_the_present_one(
    village, deployment, officer, day
):
    hung = await village.joined("Hùng")
    lan = await village.joined("Lan", area="Khu 2")

    async def report(phone):
        await phone.send("/baocao")
        await phone.send("350/400")
        for text in ("gửi",):
            await phone.send(text)
        await phone.press("📨 Gửi báo cáo")
        await phone.press("📨 Vẫn gửi")

    await report(hung)
    await officer.send("/status")
    assert "Lúc hết hạn" not in officer.screen
    await day(12, 3)
    await report(lan)
    await officer.send("/status")
    assert "Đã gửi 2/3 khu" in officer.screen
    assert "Lúc hết hạn 11/3: đạt 0/13, 1/4 báo cáo" in officer.screen
    # A moved deadline has its own result.
    now = deployment.clock.now()
    await village.database.write(
        lambda tx: rounds.edit(tx, village.round, now, deadline=now + timedelta(days=1))
    )
    await officer.send("/status")
    assert "Lúc hết hạn" not in officer.screen
    await day(14, 3)
    await officer.send("/status")
    assert "Lúc hết hạn 13/3: đạt 0/13, 2/4 báo cáo" in officer.screen
    round_ = await village.database.read(lambda tx: rounds.round_by_id(tx, village.round))
    then = await village.database.read(lambda tx: deadline_results.stored(tx, round_))
    assert [one["numerator"] for one in then["indicators"] if one["code"] == "HT1"] == [700]


async def test_a_month_with_a_used_name_gets_a_number(village, setting, rounds_now, day):
    await setting.press("🗓 Hằng tháng")
    await setting.press("20")
    await setting.press("27")
    await setting.press("✅ Đúng")
    await day(20, 3)
    assert "Tháng 3/2026 (2)" in await rounds_now()


async def test_a_typed_name_that_is_in_use_gets_a_number_in_the_preview(village, officer, day):
    await day(17, 3)
    await officer.send("/quanly")
    for text in ("kỳ báo cáo", "mở kỳ mới", "Tháng 3/2026", "25/3"):
        await officer.send(text)
    assert "Tháng 3/2026 (2)" in officer.screen
    await officer.send("mở kỳ")
    assert "Tháng 3/2026 (2): đang mở" in officer.screen
