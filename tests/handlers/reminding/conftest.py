"""The village, with its clock moved to a local hour and everything due done by then."""

from datetime import datetime, time, timedelta

import pytest


@pytest.fixture
def at(village, house):
    """Move the clock to an hour so many days after 2 March 2026, and let what is due happen."""
    zone = house.settings.timezone

    async def move(days, hour, minute=0):
        day = datetime(2026, 3, 2, tzinfo=zone).date() + timedelta(days=days)
        when = datetime.combine(day, time(hour, minute), tzinfo=zone)
        house.clock.move_to(when)
        await house.program.ticks.tick()
        await house.quiet()

    return move
