"""The Zalo telephone of the tests, with a small bot."""

import asyncio

import pytest

from bot.simulator.zalo.world import Variants
from tests.zalo_phone import ZaloPhone


class EchoBot:
    """Polls and repeats each text."""

    def __init__(self, api):
        self.api = api
        self.quiet = asyncio.Event()
        self.quiet.set()
        self.known = set()

    async def run(self):
        while True:
            answer = await self.api("getUpdates", timeout=5)
            if not answer["ok"]:
                continue
            self.quiet.clear()
            await self.handle(answer["result"])
            self.quiet.set()
            await asyncio.sleep(0.01)  # in worlds that repeat an event at once

    async def handle(self, update):
        message = update["message"]
        if message["message_id"] in self.known:
            return
        self.known.add(message["message_id"])
        said = message.get("text") or update["event_name"].split(".")[1]
        await self.api.result("sendMessage", chat_id=message["chat"]["id"], text=f"viết {said}")


@pytest.fixture(params=[False, True], ids=["gone", "again"])
async def phone(request, new_world, calling):
    world = new_world(variants=Variants(again=request.param))
    async with calling(world) as api:
        echo = EchoBot(api)
        async with asyncio.TaskGroup() as group:
            task = group.create_task(echo.run())
            yield ZaloPhone(world, echo.quiet.wait, "Lan")
            task.cancel()


async def test_writing_and_reading(phone):
    await phone.send("1")
    assert phone.screen == "viết 1"
    await phone.send("2")
    assert phone.screens == ["viết 1", "viết 2"]


async def test_pictures_stickers_voices_and_the_rest(phone):
    await phone.photo(b"picture", "nhà văn hoá")
    await phone.sticker()
    await phone.voice(b"voice")
    await phone.other()
    assert phone.screens == ["viết image", "viết sticker", "viết voice", "viết unsupported"]


async def test_the_transcript_is_readable(phone):
    await phone.photo(b"picture", "đây")
    assert phone.transcript().splitlines() == [
        f"--- Lan ({phone.id}) ---",
        "Lan: [photo] đây",
        "bot: viết image",
    ]
