"""Officers are told of a new difficulty, with a button to it, and not at night."""

from datetime import timedelta


async def test_the_officer_is_told_of_a_difficulty_and_can_open_it(village):
    mai = await village.joined("Mai", role="officer")
    lan = await village.joined("Lan")
    await lan.send("vướng mắc: Chưa có sóng ở xóm trên")
    assert mai.screen.startswith("💬 Khu 1 báo vướng mắc:")
    assert "Chưa có sóng ở xóm trên" in mai.screen
    await mai.press("💬 Xem vướng mắc")
    assert "Chưa có sóng ở xóm trên" in mai.screen


async def test_a_difficulty_raised_at_night_is_announced_in_the_morning(village, deployment):
    mai = await village.joined("Mai", role="officer")
    lan = await village.joined("Lan")
    deployment.clock.move_to(deployment.clock.now() + timedelta(hours=13))  # 22:00
    before = len(mai.screens)
    await lan.send("vướng mắc: Chưa có sóng")
    assert len(mai.screens) == before


async def test_an_officer_who_raises_a_difficulty_is_not_told_of_it(village):
    mai = await village.joined("Mai", role="officer")
    before = len(mai.screens)
    await mai.send("vướng mắc: Thiếu máy tính")
    assert not any("báo vướng mắc" in one for one in mai.screens[before:])
