"""The button "⏰ Nhắc" of a leader: whom it reaches, how often, and the unreachable people."""

import pytest

# The village: Monday 2 March 2026, 9:00; Khu 1 to Khu 3 have not reported.


@pytest.fixture
async def hung(village):
    return await village.joined("Hùng")


@pytest.fixture
async def chair(village):
    return await village.joined("Chủ tịch", role="leader")


async def nudge(chair):
    await chair.send("/status")
    await chair.press("⏰ Nhắc 3 khu")


async def test_late_people_are_reminded_and_the_leader_sees_it(village, hung, chair):
    await nudge(chair)
    assert "Đã nhắc 1 người của 1 khu" in chair.screen
    assert "2 khu chưa có ai vào để nhắc: Khu 2, Khu 3" in chair.screen
    assert hung.screen.startswith("🙏 Xã Đồi Chè nhờ khu mình gửi báo cáo sớm ạ.")
    await hung.press("📝 Báo cáo")
    assert "Câu 1/8" in hung.screen


async def test_nobody_is_nudged_again_within_twelve_hours(village, at, hung, chair):
    await nudge(chair)
    before = len(hung.screens)
    await at(0, 20)
    before = len(hung.screens)  # the opening message came meanwhile
    await nudge(chair)
    assert "1 người vừa được nhắc rồi. Từ 21:00 ngày 2/3 nhắc lại được ạ." in chair.screen
    assert len(hung.screens) == before
    await at(1, 9)
    before = len(hung.screens)
    await nudge(chair)
    assert "Đã nhắc 1 người" in chair.screen
    assert len(hung.screens) == before + 1


async def test_a_double_press_reminds_once(village, hung, chair):
    await chair.send("/status")
    shown = dict(chair.message())
    before = len(hung.screens)
    await chair.press("⏰ Nhắc", on=shown)
    await chair.press("⏰ Nhắc", on=shown)
    assert len(hung.screens) == before + 1


async def test_a_nudge_at_night_waits_for_the_morning_and_says_so(village, at, hung, chair):
    await at(0, 22)
    before = len(hung.screens)
    await nudge(chair)
    assert "tin sẽ đến lúc 07:00 ngày 3/3" in chair.screen
    assert len(hung.screens) == before
    await at(1, 7)
    assert any("nhờ khu mình gửi báo cáo sớm" in one for one in hung.screens[before:])


async def test_people_who_muted_the_round_are_not_nudged(village, hung, chair):
    await hung.send("đừng nhắc nữa")
    before = len(hung.screens)
    await nudge(chair)
    assert "1 người đã xin đừng nhắc kỳ này" in chair.screen
    assert len(hung.screens) == before


async def test_people_who_report_before_the_morning_are_not_nudged(village, at, hung, chair):
    await at(0, 22)
    await nudge(chair)
    await hung.send("/baocao")
    await hung.send("350/400")
    await hung.send("gửi")
    await hung.press("📨 Gửi báo cáo")
    await hung.press("📨 Vẫn gửi")
    before = len(hung.screens)
    await at(1, 7)
    assert len(hung.screens) == before


async def test_only_leaders_of_this_commune_may_nudge(village, hung, chair):
    await chair.send("/status")
    _, data = chair.find("⏰ Nhắc")
    before = len(hung.screens)
    await hung.press_data(data)
    assert not any("nhờ khu mình" in one for one in hung.screens[before:])


async def test_a_nudge_can_be_typed(village, hung, chair):
    await chair.send("/status")
    await chair.send("nhắc 3 khu")
    assert "Đã nhắc 1 người" in chair.screen


async def test_an_area_that_has_reported_cannot_be_nudged(village, hung, chair):
    """Its reporter has left since; the area need not be telephoned."""
    lan = await village.joined("Lan", area="Khu 2")
    await lan.send("/baocao")
    for text in ("350/400", "gửi", "gửi", "gửi"):
        await lan.send(text)
    assert "Đã gửi báo cáo" in lan.screen
    for text in ("/roikhu", "khu 2", "thôi vai trò này"):
        await lan.send(text)
    await chair.send("/status")
    await chair.press("⏰ Nhắc 2 khu")
    assert "1 khu chưa có ai vào để nhắc: Khu 3" in chair.screen
