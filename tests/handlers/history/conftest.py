"""The people whose changes are read, and the readers."""

import pytest

from tests.handlers.roles import everybody


@pytest.fixture
async def people(village):
    """A telephone for each role."""
    return await everybody(village)
