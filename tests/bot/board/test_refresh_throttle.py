"""How fast open pages are told: at once where few look on, later the more look on and answer."""

import asyncio

import pytest

from bot.board import refresh_throttle
from bot.board.refresh_throttle import RefreshThrottle


@pytest.fixture
def slept(monkeypatch):
    found = []

    async def sleep(seconds):
        found.append(round(seconds, 3))

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return found


async def test_few_are_told_at_once_and_many_commune_by_commune(slept):
    one = RefreshThrottle()
    await one.wait_for(5)
    await one.wait_for(5)
    assert slept[0] == 0
    assert slept[1] == pytest.approx(5 * 0.005 / refresh_throttle.SHARE, abs=0.01)


async def test_the_more_changes_the_later(slept):
    one = RefreshThrottle()
    one.changed(1, 1.0)
    await one.wait_for(10)
    one.changed(100, 1.0)
    await one.wait_for(10)
    await one.wait_for(10)
    few, many = slept[1], slept[2] - slept[1]
    assert many > 10 * few > 0
    one.changed(0, 1.0)
    await one.wait_for(10)
    await one.wait_for(10)
    assert slept[4] - slept[3] == pytest.approx(few, abs=0.05)


async def test_a_page_that_takes_long_slows_down_the_next(slept, monkeypatch):
    one, clock = RefreshThrottle(), [100.0]
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: clock[0])
    for _ in range(200):
        async with one.page():
            clock[0] += 0.05
    await one.wait_for(10)
    await one.wait_for(10)
    assert slept[-1] == pytest.approx(10 * 0.05 / refresh_throttle.SHARE, rel=0.05)
