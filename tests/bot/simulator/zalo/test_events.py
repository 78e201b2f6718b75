"""The events that actions of people cause."""

import httpx
import pytest

from bot.simulator.refusal import Impossible
from bot.simulator.zalo.server import create_app
from bot.simulator.zalo.world import Variants


async def event(api):
    return await api.result("getUpdates", timeout=0)


async def test_a_text_is_an_event(api, world, lan):
    world.send_text(lan.id, "350/400")
    update = await event(api)
    assert update["event_name"] == "message.text.received"
    message = update["message"]
    assert message["text"] == "350/400"
    assert message["date"] == int(world.now().timestamp() * 1000)  # milliseconds
    assert message["from"] == {"id": lan.id, "display_name": "Lan", "is_bot": False}
    assert message["chat"] == {"id": lan.id, "chat_type": "PRIVATE"}  # the person's own id
    assert len(message["message_id"]) == 20


@pytest.mark.parametrize("field", ["photo_url", "photo"])
async def test_a_picture_has_a_public_address_in_the_seen_or_the_documented_field(
    new_world, calling, picture, field
):
    world = new_world(variants=Variants(photo=field))
    phone = world.add_phone("Lan")
    world.send_photo(phone.id, picture, "nhà văn hoá")
    async with calling(world) as api:
        update = await event(api)
        assert update["event_name"] == "message.image.received"
        assert update["message"]["caption"] == "nhà văn hoá"
        assert (await fetched(world, update["message"][field])).content == picture


async def test_a_voice_message_has_an_address(api, world, lan):
    world.send_voice(lan.id, b"aac")
    update = await event(api)
    assert update["event_name"] == "message.voice.received"
    assert (await fetched(world, update["message"]["voice_url"])).content == b"aac"


async def test_addresses_of_media_expire(api, world, lan, picture, time):
    world.send_photo(lan.id, picture)
    address = (await event(api))["message"]["photo_url"]
    time.pass_by(hours=23)
    assert (await fetched(world, address)).status_code == 200
    time.pass_by(hours=1)
    assert (await fetched(world, address)).status_code == 404
    world.send_photo(lan.id, picture)
    world.media.expire()
    address = (await event(api))["message"]["photo_url"]
    assert (await fetched(world, address)).status_code == 404


async def test_a_sticker_is_an_event(api, world, lan):
    world.send_sticker(lan.id)
    assert (await event(api))["event_name"] == "message.sticker.received"


async def test_files_and_cards_come_without_content(api, world, lan):
    world.send_other(lan.id)
    update = await event(api)
    assert update["event_name"] == "message.unsupported.received"
    assert update["message"].keys() == {"message_id", "date", "from", "chat"}


async def test_blocking_sends_no_event(api, world, lan):
    world.block(lan.id)
    assert (await api.refusal("getUpdates", timeout=0))[0] == 408
    with pytest.raises(Impossible, match="blocked"):
        world.send_text(lan.id, "x")
    world.block(lan.id, False)
    assert (await api.refusal("getUpdates", timeout=0))[0] == 408


async def test_the_bot_gets_only_mentions_and_replies_from_a_group(api, world, lan):
    group = world.add_group("Tổ công nghệ số")
    world.send_in_group(lan.id, group.id, "chào cả tổ", to_bot=False)
    world.send_in_group(lan.id, group.id, "@Bot Xã báo cáo", to_bot=True)
    message = (await event(api))["message"]
    assert message["text"] == "@Bot Xã báo cáo"
    assert message["chat"] == {"id": group.id, "chat_type": "GROUP"}
    assert message["from"]["id"] == lan.id
    assert world.updates.next() is None


def test_what_a_telephone_refuses(world, lan):
    with pytest.raises(Impossible):
        world.send_text(lan.id, "  ")
    with pytest.raises(Impossible):
        world.send_text("nobody", "x")


@pytest.fixture
def picture():
    return b"\x89PNG picture"


async def fetched(world, address):
    transport = httpx.ASGITransport(create_app(world))
    async with httpx.AsyncClient(transport=transport) as client:
        return await client.get(address)
