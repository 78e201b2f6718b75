"""The clock moves only forwards and wakes its listeners."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.service.clock import Clock

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def test_the_real_clock_has_a_time_zone_and_is_correct():
    assert abs(Clock().now() - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize("ticking", [True, False])
def test_a_clock_can_start_at_any_time_and_jump(ticking):
    clock = Clock(START, ticking=ticking)
    assert timedelta() <= clock.now() - START < timedelta(seconds=5)
    told = []
    clock.on_move(lambda: told.append(clock.now()))
    clock.move_to(START + timedelta(days=3))
    assert timedelta() <= clock.now() - START - timedelta(days=3) < timedelta(seconds=5)
    assert len(told) == 1


def test_a_clock_never_goes_back():
    clock = Clock(START, ticking=False)
    with pytest.raises(ValueError, match="forwards"):
        clock.move_to(START - timedelta(seconds=1))
