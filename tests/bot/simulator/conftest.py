"""A world with a movable clock, and two ways to call it: plain HTTP and the real client."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.simulator.server import create_app
from bot.simulator.telegram.world import World

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (900).to_bytes(4) + (600).to_bytes(4) + b"\x08\x02"


class MovableTime:
    def __init__(self):
        self.now = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

    def __call__(self):
        return self.now

    def pass_by(self, **amount):
        self.now += timedelta(**amount)


class Api:
    """Calls a method and returns the whole answer."""

    def __init__(self, client, world):
        self.client = client
        self.world = world

    async def __call__(self, method, **parameters):
        answer = await self.client.post(f"/bot{self.world.token}/{method}", json=parameters)
        return answer.json()

    async def result(self, method, **parameters):
        answer = await self(method, **parameters)
        assert answer["ok"], answer
        return answer["result"]

    async def refusal(self, method, **parameters):
        answer = await self(method, **parameters)
        assert answer["ok"] is False, answer
        return answer["error_code"], answer["description"]


@pytest.fixture
def time():
    return MovableTime()


@pytest.fixture
def world(time):
    return World(now=time)


@pytest.fixture
async def client(world):
    transport = httpx.ASGITransport(create_app(world))
    async with httpx.AsyncClient(transport=transport, base_url="http://sim") as client:
        yield client


@pytest.fixture
def api(client, world):
    return Api(client, world)


@pytest.fixture
async def bot(world):
    app = create_app(world)

    def request():
        return HTTPXRequest(httpx_kwargs={"transport": httpx.ASGITransport(app)})

    async with Bot(
        world.token,
        base_url="http://sim/bot",
        base_file_url="http://sim/file/bot",
        request=request(),
        get_updates_request=request(),
    ) as bot:
        yield bot


@pytest.fixture
def lan(world):
    """A telephone that has started the bot; no update waits."""
    phone = world.add_phone("Lan")
    world.start(phone.id)
    world.updates.drop()
    return phone


@pytest.fixture
def picture():
    return PNG
