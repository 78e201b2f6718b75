"""Stored difficulties, and the people who raise and settle them."""

import io

import pytest
from PIL import Image

from storage import history
from storage.difficulties import difficulties
from tests.handlers.roles import everybody


@pytest.fixture
def picture():
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", (32, 24), "green").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
async def people(village):
    """A telephone for each role."""
    return await everybody(village)


async def open_ones(village):
    """The open difficulties of the commune."""
    return await village.database.read(
        lambda tx: difficulties.open_difficulties(tx, village.commune)
    )


async def states(village):
    """The states of difficulties in the history, the oldest first."""

    def look(tx):
        entries = history.history_of_unit(tx, village.areas["Khu 1"])
        return [(e.new["state"], e.name) for e in reversed(entries) if e.what == "difficulty"]

    return await village.database.read(look)
