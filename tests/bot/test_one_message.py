"""Where there are no buttons, a whole report by one message is offered first, and costs little."""

import re

import pytest

from criteria.answers import Ratio
from storage.places import places
from tests.bot.test_both_messengers import both_running


@pytest.fixture
async def both(deployment):
    async with both_running(deployment) as village:
        yield village


EXAMPLE = re.compile(r"^1: .*gửi luôn$", re.MULTILINE)


async def reports(head, whole):
    """The messages that the bot sends from the opening of the report to its receipt."""
    before = len(head.messages)
    await head.send("báo cáo")
    assert head.screen.startswith("⚡ Nhanh nhất: nhắn cả 8 câu trong một tin")
    await head.send(whole)
    await head.send("1")
    while "Đã gửi báo cáo: Khu 1" not in head.screen:
        assert "Đúng không ạ?" in head.screen
        await head.send("1")
    return len(head.messages) - before


async def test_a_report_by_one_message_costs_three_messages(both):
    head = await both.zalo_phone("Hùng")
    whole = "1: 350/400, 2: 5/5, 3 có, 4 có, 5: 250/300, 6: 9/10, 7 chưa, 8 có, gửi luôn"
    assert await reports(head, whole) == 3
    assert (await both.answers())["HT1"] == Ratio(350, 400)


async def test_even_with_two_numbers_that_are_asked_about_it_costs_five_at_most(both):
    """The example itself, which is far from the earlier values."""
    head = await both.zalo_phone("Hùng")
    assert await reports(head, EXAMPLE.search(head.screen)[0]) <= 5
    assert (await both.answers())["HT1"] == Ratio(240, 400)


async def test_the_start_screen_says_it_with_the_totals_of_the_area_until_something_is_answered(
    both,
):
    head = await both.zalo_phone("Hùng")
    assert "1: 240/400, 2: 4/5, 3 có, 4 chưa, 5: 180/300, 6: 8/10, 7 có, 8 chưa" in head.screen
    assert "1 Điện thoại thông minh · 2 Cán bộ" in head.screen
    assert len(head.screen.split("\n")) <= 16
    await head.send("báo cáo")
    assert len(head.screen.split("\n")) <= 20
    await head.send("350")
    assert "Nhanh nhất" not in head.screen
    await head.send("/start")
    assert "Nhanh nhất" not in head.screen


async def test_where_there_are_buttons_nothing_changes(both):
    head = await both.joined("Lan")
    assert "Nhanh nhất" not in head.screen
    await head.press("📝 Báo cáo")
    assert "Nhanh nhất" not in head.screen


async def test_where_nobody_is_to_be_counted_the_example_says_so(both):
    now = both.deployment.clock.now()
    unit = both.areas["Khu 1"]
    await both.database.write(
        lambda tx: places.set_figure(tx, unit, "service_businesses", 0, now, way="import")
    )
    head = await both.zalo_phone("Hùng")
    assert "5: 180/300, 6: 0/0, 7 có" in head.screen
