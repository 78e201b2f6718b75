"""Pictures of people, fetched from the simulated Zalo while their addresses live."""

import traceback
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from bot.messengers import FileNotFetched, FileRefused
from bot.simulator.hosting import hosting
from bot.simulator.zalo.server import serving
from bot.simulator.zalo.world import World
from bot.zalo.files import ZaloFiles
from bot.zalo.updates import decode


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as session:
        yield session


async def test_a_picture_can_be_fetched_until_its_address_expires(session):
    now = datetime(2026, 3, 2, tzinfo=UTC)
    world = World(now=lambda: now, media_lifetime=timedelta(minutes=2))
    async with serving(world):
        world.send_photo(world.add_phone("Lan").id, b"picture")
        address = decode(world.updates.next()).attachment.reference
        assert await ZaloFiles(session).fetch(address, 7) == b"picture"
        with pytest.raises(FileRefused, match="more than"):
            await ZaloFiles(session).fetch(address, 6)
        now += timedelta(minutes=2)
        with pytest.raises(FileRefused, match="answered"):
            await ZaloFiles(session).fetch(address, 7)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (403, FileRefused),
        (410, FileRefused),
        (404, FileRefused),
        (500, FileNotFetched),
        (429, FileNotFetched),
    ],
)
async def test_temporary_and_permanent_failures_are_separate_errors(session, status, kind):
    async def answer(request):
        return Response(status_code=status)

    async with hosting(Starlette(routes=[Route("/a.jpg", answer)])) as address:
        with pytest.raises(kind):
            await ZaloFiles(session).fetch(f"{address}/a.jpg", 7)


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/signed-half", "http://[/signed-half"])
async def test_no_exception_has_the_address(session, address):
    with pytest.raises((FileNotFetched, FileRefused)) as caught:
        await ZaloFiles(session).fetch(address, 7)
    assert "signed-half" not in "".join(traceback.format_exception(caught.value))
