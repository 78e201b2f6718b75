"""A small bot on the client, by polling and by webhook: each message of a person answered once."""

import asyncio
import contextlib
from datetime import timedelta

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from bot.simulator.hosting import hosting
from bot.simulator.zalo.server import serving
from bot.simulator.zalo.updates import EMPTY, PROBE
from bot.simulator.zalo.world import Variants, World
from bot.zalo.client import ZaloClient
from bot.zalo.markup import render
from bot.zalo.updates import InGroup, decode, identity_of, payloads
from bot.zalo.webhook import read_request
from handlers.flow.channel import Button, Screen
from tests.zalo_phone import ZaloPhone

SECRET = "secret-of-hook"
QUESTION = Screen("Khu mình có loa không ạ?", ((Button("Có", "yes"), Button("Chưa", "no")),))


class Clerk:
    """Asks everybody one question, and repeats the choice."""

    def __init__(self, client):
        self.client = client
        self.known = set()
        self.quiet = asyncio.Event()
        self.quiet.set()

    async def poll(self):
        while True:
            given = await self.client.get_updates(5)
            await self.take(payloads(given))
            await asyncio.sleep(0.01)  # in worlds that repeat an event at once

    async def hook(self, request):
        heard = read_request(request.headers, await request.body(), SECRET)
        await self.take(heard.events)
        return Response(status_code=heard.status)

    async def take(self, events):
        self.quiet.clear()
        for event in events:
            if identity_of(event) not in self.known:
                self.known.add(identity_of(event))
                await self.answer(decode(event))
        self.quiet.set()

    async def answer(self, incoming):
        if isinstance(incoming, InGroup):
            await self.client.send_message(incoming.chat, "Mời nhắn riêng ạ")
            return
        said = {"text": f"Đã ghi: {incoming.text}", "attachment": "Đã nhận ảnh"}.get(
            incoming.kind, "Xin nhắn chữ ạ"
        )
        screen = QUESTION if incoming.text == "bắt đầu" else Screen(said)
        for text in render(screen):
            await self.client.send_message(incoming.sender.address, text)


@contextlib.asynccontextmanager
async def polling(clerk):
    async with asyncio.TaskGroup() as group:
        task = group.create_task(clerk.poll())
        yield
        task.cancel()


@contextlib.asynccontextmanager
async def hooked(clerk):
    app = Starlette(routes=[Route("/hook", clerk.hook, methods=["GET", "POST"])])
    async with hosting(app) as address:
        told = await clerk.client.set_webhook(f"{address}/hook", SECRET)
        assert told.ok is True
        yield


WAYS = {
    "polling, gone once read": (polling, Variants()),
    "polling, again and again": (polling, Variants(again=True)),
    "polling, without a name": (polling, Variants(named=False, photo="photo")),
    "webhook, bare": (hooked, Variants()),
    "webhook, wrapped": (hooked, Variants(wrapped=True)),
}


@pytest.fixture(params=WAYS.values(), ids=list(WAYS))
async def house(request):
    """The world and a working clerk."""
    receiving, variants = request.param
    world = World(variants=variants, loopback=True, media_lifetime=timedelta(minutes=1))
    async with serving(world) as address, aiohttp.ClientSession() as session:
        clerk = Clerk(ZaloClient(session, world.token, address))
        async with receiving(clerk):
            yield world, clerk


async def test_a_conversation_can_be_led_by_numbers(house):
    world, clerk = house
    phone = ZaloPhone(world, clerk.quiet.wait, "Lan")
    await phone.send("bắt đầu")
    assert phone.screen == "Khu mình có loa không ạ?\n\n1. Có  2. Chưa"
    await phone.send("1")
    await phone.photo(b"picture")
    await phone.sticker()
    assert phone.screens[1:] == ["Đã ghi: 1", "Đã nhận ảnh", "Xin nhắn chữ ạ"]


async def test_duplicates_probes_and_empty_bodies_change_nothing(house):
    world, clerk = house
    phone = ZaloPhone(world, clerk.quiet.wait, "Lan")
    world.updates.double(2)
    await phone.send("350/400")
    await phone.send("5/5")
    world.updates.repeat(3)
    await phone.settled()
    if world.webhook.url:
        world.webhook.extra_bodies.extend([EMPTY, PROBE, b'{"ok": true}'])
    await phone.send("8")
    assert phone.screens == ["Đã ghi: 350/400", "Đã ghi: 5/5", "Đã ghi: 8"]
    assert set(world.webhook.statuses) <= {200}


async def test_a_group_gets_one_sentence(house):
    world, clerk = house
    phone = ZaloPhone(world, clerk.quiet.wait, "Lan")
    group = world.add_group("Tổ công nghệ số")
    world.send_in_group(phone.id, group.id, "@Bot 350/400", to_bot=True)
    await phone.settled()
    assert group.entries[-1].message["text"] == "Mời nhắn riêng ạ"
    assert phone.messages == []
