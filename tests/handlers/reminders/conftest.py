"""The village, with a clock that can be moved to a local hour."""

from datetime import datetime, time, timedelta

import pytest


@pytest.fixture
def at(village, deployment):
    """Move the clock to an hour, so many days after 2 March 2026, and do what is due."""
    zone = deployment.settings.timezone

    async def move(days, hour, minute=0):
        day = datetime(2026, 3, 2, tzinfo=zone).date() + timedelta(days=days)
        when = datetime.combine(day, time(hour, minute), tzinfo=zone)
        deployment.clock.move_to(when)
        await deployment.program.jobs.tick()
        await deployment.quiet()

    return move
