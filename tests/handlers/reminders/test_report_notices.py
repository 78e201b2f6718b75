"""Announcements of reports to officers: late and repeated ones once an hour, and the last one."""

import pytest

# The village: Monday 2 March 2026, 9:00; due on 11/3, closes on 16/3.


@pytest.fixture
async def mai(village):
    return await village.joined("Mai", role="officer")


async def report(phone, *answers):
    await phone.send("/baocao")
    for one in answers:
        await phone.send(one)
    await phone.send("gửi")
    await phone.press("📨 Gửi báo cáo")
    await phone.press("📨 Vẫn gửi")


async def test_late_reports_are_announced_together_each_hour(village, at, mai):
    phones = {n: await village.joined(f"Tổ {n}", area=f"Khu {n}") for n in (1, 2)}
    await at(10, 9, 10)
    before = len(mai.screens)
    await report(phones[1], "350/400")
    await at(10, 9, 40)
    await report(phones[2], "300/400")
    assert len(mai.screens) == before
    await at(10, 10)
    assert len(mai.screens) == before + 1
    assert "2 báo cáo gửi sau hạn" in mai.screen
    assert "Khu 1: gửi sau hạn, 09:10 ngày 12/3" in mai.screen
    assert "Khu 2: gửi sau hạn, 09:40 ngày 12/3" in mai.screen
    await mai.press("🗂 Duyệt")
    assert "Khu 1" in mai.screen


async def test_announcements_at_night_wait_for_the_morning(village, at, mai):
    lan = await village.joined("Lan")
    await at(10, 22, 30)
    before = len(mai.screens)
    await report(lan, "350/400")
    await at(10, 23)
    assert len(mai.screens) == before
    await at(11, 7)
    assert any("Khu 1: gửi sau hạn, 22:30 ngày 12/3" in one for one in mai.screens[before:])


async def test_a_report_in_time_is_not_announced(village, at, mai):
    lan = await village.joined("Lan")
    await at(1, 9)
    before = len(mai.screens)
    await report(lan, "350/400")
    await at(1, 12)
    assert len(mai.screens) == before


async def test_a_report_that_is_sent_again_is_announced(village, at, mai):
    lan = await village.joined("Lan")
    await at(1, 9)
    await report(lan, "350/400")
    await mai.send("/duyet")
    await mai.press("Khu 1")
    await mai.press("↩️ Trả lại")
    await mai.press("✍️ Viết lời nhắn")
    await mai.send("Đếm lại giúp")
    await lan.send("/baocao")
    await lan.send("gửi")
    await lan.press("📨 Gửi báo cáo")
    await lan.press("📨 Vẫn gửi")
    await at(1, 10)
    assert "Khu 1: gửi lại lần 2" in mai.screen


async def test_one_message_announces_that_all_areas_have_reported(village, at, mai):
    phones = [await village.joined(f"Tổ {n}", area=f"Khu {n}") for n in (1, 2, 3)]
    await at(1, 9)
    before = len(mai.screens)
    for phone in phones:
        assert not any("🎉" in one for one in mai.screens[before:])
        await report(phone, "350/400")
    assert mai.screen.startswith("🎉 Cả 3 khu đã gửi báo cáo")
    await at(1, 12)
    assert sum("🎉" in one for one in mai.screens[before:]) == 1
