"""A simulated Zalo with a movable clock, called over plain HTTP, with a small web server."""

import contextlib
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from bot.simulator.hosting import hosting
from bot.simulator.zalo.server import create_app, delivering
from bot.simulator.zalo.world import World

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (900).to_bytes(4) + (600).to_bytes(4) + b"\x08\x02"


class MovableTime:
    def __init__(self):
        self.now = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

    def __call__(self):
        return self.now

    def pass_by(self, **amount):
        self.now += timedelta(**amount)


class Api:
    """Calls a method and returns the whole answer, which is HTTP 200."""

    def __init__(self, client, world):
        self.client = client
        self.world = world

    async def __call__(self, method, **parameters):
        answer = await self.client.post(f"/bot{self.world.token}/{method}", json=parameters)
        assert answer.status_code == 200
        return answer.json()

    async def result(self, method, **parameters):
        answer = await self(method, **parameters)
        assert answer["ok"], answer
        return answer.get("result")

    async def refusal(self, method, **parameters):
        answer = await self(method, **parameters)
        assert answer["ok"] is False, answer
        assert answer.keys() == {"ok", "error_code", "description"}
        return answer["error_code"], answer["description"]


class Office:
    """The web server of the bot on this machine: the address of a webhook, and pictures."""

    def __init__(self):
        self.address = ""
        self.hook = ""
        self.taken = []  # the received bodies
        self.secrets = []
        self.statuses = []  # the statuses of the next answers; then 200
        self.pictures = {"a.png": PNG, "a.txt": b"no picture"}
        self.reads = []

    def app(self):
        return Starlette(
            routes=[
                Route("/hook", self._hook, methods=["POST"]),
                Route("/pictures/{name}", self._picture),
                Route("/elsewhere", self._elsewhere),
            ]
        )

    async def _hook(self, request):
        status = self.statuses.pop(0) if self.statuses else 200
        self.secrets.append(request.headers.get("X-Bot-Api-Secret-Token"))
        self.taken.append(await request.body())
        return Response(status_code=status)

    async def _picture(self, request):
        name = request.path_params["name"]
        self.reads.append(name)
        content = self.pictures.get(name)
        return Response(content) if content is not None else Response(status_code=404)

    async def _elsewhere(self, request):
        return Response(status_code=302, headers={"location": "/pictures/a.png"})


@pytest.fixture
def time():
    return MovableTime()


@pytest.fixture
def new_world(time):
    """Makes a world that accepts addresses of this machine."""

    def make(**given):
        return World(now=time, **{"loopback": True, **given})

    return make


@pytest.fixture
def world(new_world):
    return new_world()


@pytest.fixture
def calling():
    """Calls the methods of a world."""

    @contextlib.asynccontextmanager
    async def call(world):
        transport = httpx.ASGITransport(create_app(world))
        async with httpx.AsyncClient(transport=transport, base_url="http://zalo") as client:
            yield Api(client, world)

    return call


@pytest.fixture
async def api(world, calling):
    async with calling(world) as api:
        yield api


@pytest.fixture
async def office():
    office = Office()
    async with hosting(office.app()) as address:
        office.address, office.hook = address, f"{address}/hook"
        yield office


@pytest.fixture
async def hooked(world, api, office):
    """The office's address is the webhook, and events are delivered to it."""
    async with delivering(world):
        await api.result("setWebhook", url=office.hook, secret_token="secret-of-hook")
        office.taken.clear()
        office.secrets.clear()
        yield office


@pytest.fixture
def lan(world):
    """A person who has written to the bot; no event waits."""
    return written_to(world, "Lan")


def written_to(world, name):
    phone = world.add_phone(name)
    world.send_text(phone.id, "xin chào")
    while (update := world.updates.next()) is not None:
        world.updates.delivered(update)
    return phone
