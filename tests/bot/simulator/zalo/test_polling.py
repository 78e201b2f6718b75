"""getUpdates: one event a call, 408 at the time-out, and both behaviours that are reported."""

import asyncio

from bot.simulator.zalo.world import Variants


async def test_a_poll_returns_one_event_and_has_no_offset(api, world, lan):
    world.send_text(lan.id, "một")
    world.send_text(lan.id, "hai")
    first = await api.result("getUpdates", timeout=0)
    second = await api.result("getUpdates", timeout="0")
    assert [one["message"]["text"] for one in (first, second)] == ["một", "hai"]


async def test_a_poll_without_an_event_is_408(api):
    assert (await api.refusal("getUpdates", timeout=0))[0] == 408
    began = asyncio.get_running_loop().time()
    assert (await api.refusal("getUpdates", timeout=1))[0] == 408
    assert asyncio.get_running_loop().time() - began >= 0.9


async def test_a_waiting_poll_gets_the_next_event(api, world, lan):
    poll = asyncio.ensure_future(api.result("getUpdates", timeout=30))
    await asyncio.sleep(0)
    world.send_text(lan.id, "đây")
    update = await asyncio.wait_for(poll, 5)
    assert update["message"]["text"] == "đây"


async def test_an_event_is_delivered_once_as_some_report(api, world, lan):
    world.send_text(lan.id, "một")
    await api.result("getUpdates", timeout=0)
    assert (await api.refusal("getUpdates", timeout=0))[0] == 408


async def test_an_event_is_repeated_on_every_poll_as_others_report(new_world, calling):
    world = new_world(variants=Variants(again=True))
    phone = world.add_phone("Lan")
    async with calling(world) as api:
        world.send_text(phone.id, "một")
        same = [await api.result("getUpdates", timeout=30) for _ in range(12)]
        assert {one["message"]["message_id"] for one in same} == {same[0]["message"]["message_id"]}
        world.send_text(phone.id, "hai")
        world.send_text(phone.id, "ba")
        texts = [(await api.result("getUpdates"))["message"]["text"] for _ in range(4)]
        assert texts == ["hai", "ba", "ba", "ba"]


async def test_polling_is_refused_while_a_webhook_is_set(api, world, lan, office):
    poll = asyncio.ensure_future(api.refusal("getUpdates", timeout=30))
    await asyncio.sleep(0)
    await api.result("setWebhook", url=office.hook, secret_token="secret-of-hook")
    assert (await asyncio.wait_for(poll, 5))[0] == 408
    world.send_text(lan.id, "một")
    code, description = await api.refusal("getUpdates", timeout=0)
    assert code == 400
    assert "webhook" in description
    await api.result("deleteWebhook")
    assert (await api.result("getUpdates", timeout=0))["message"]["text"] == "một"


async def test_events_can_be_delivered_twice(api, world, lan):
    world.updates.double()
    world.send_text(lan.id, "một")
    world.send_text(lan.id, "hai")
    texts = [(await api.result("getUpdates", timeout=0))["message"]["text"] for _ in range(3)]
    assert texts == ["một", "một", "hai"]


async def test_an_event_can_be_repeated_after_others(api, world, lan):
    world.send_text(lan.id, "một")
    world.send_text(lan.id, "hai")
    await api.result("getUpdates", timeout=0)
    world.updates.repeat()
    texts = [(await api.result("getUpdates", timeout=0))["message"]["text"] for _ in range(2)]
    assert texts == ["hai", "một"]


async def test_a_polled_event_can_lack_its_name_as_some_report(new_world, calling):
    world = new_world(variants=Variants(named=False))
    world.send_text(world.add_phone("Lan").id, "một")
    async with calling(world) as api:
        assert (await api.result("getUpdates", timeout=0)).keys() == {"message"}
