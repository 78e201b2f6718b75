"""The webhook: probed at once, exclusive, with the secret; other requests to its address."""

import asyncio
import json

import pytest

from bot.simulator.zalo.server import delivering
from bot.simulator.zalo.updates import EMPTY, PROBE
from bot.simulator.zalo.world import Variants


async def delivered(world):
    async with asyncio.timeout(5):
        while world.updates.pending() or world.webhook.extra_bodies:
            await world.bell.wait(1)


async def test_the_address_is_probed_at_once_and_the_answer_has_the_result(api, office, world):
    result = await api.result("setWebhook", url=office.hook, secret_token="secret-of-hook")
    assert result["url"] == office.hook
    assert result["updated_at"] == world.stamp()
    assert result["verification"] == {
        "ok": True, "outcome": "verified", "status_code": 200, "hint": "",
    }  # fmt: skip
    assert office.taken == [PROBE]


async def test_the_webhook_is_kept_even_if_the_probe_fails(api, office):
    office.statuses = [503]
    result = await api.result("setWebhook", url=office.hook, secret_token="secret-of-hook")
    assert result["verification"]["ok"] is False
    assert result["verification"]["status_code"] == 503
    assert (await api.result("getWebhookInfo"))["url"] == office.hook
    nowhere = "http://127.0.0.1:9/hook"
    result = await api.result("setWebhook", url=nowhere, secret_token="secret-of-hook")
    assert result["verification"]["outcome"] == "unreachable"
    assert (await api.result("getWebhookInfo"))["url"] == nowhere


async def test_without_a_webhook_the_address_is_empty(api, office):
    assert (await api.result("getWebhookInfo"))["url"] == ""
    await api.result("setWebhook", url=office.hook, secret_token="secret-of-hook")
    assert (await api.result("deleteWebhook"))["url"] == ""
    assert (await api.result("getWebhookInfo"))["url"] == ""


@pytest.mark.parametrize("secret", ["seven77", "x" * 257])
async def test_a_secret_has_8_to_256_characters(api, office, secret):
    code, _ = await api.refusal("setWebhook", url=office.hook, secret_token=secret)
    assert code == 400


@pytest.mark.parametrize(
    "url",
    ["http://xa.example.vn/hook", "https://10.0.0.7/hook", "https://192.168.1.4/", "https://nas/h",
     "https://169.254.1.1/h", "https://[fd00::1]/h", "https://[::ffff:10.0.0.7]/h",
     "https://may.local/h", "ftp://xa.example.vn/h", "xa.example.vn", "https://", "https://[/"],
)  # fmt: skip
async def test_only_public_https_addresses_are_accepted(api, url):
    assert (await api.refusal("setWebhook", url=url, secret_token="secret-of-hook"))[0] == 400


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "127.1", "2130706433", "0x7f.0.0.1", "0.0.0.0"]
)
async def test_an_address_on_this_machine_needs_the_switch(new_world, calling, host):
    async with calling(new_world(loopback=False)) as api:
        url = f"https://{host}/hook"
        assert (await api.refusal("setWebhook", url=url, secret_token="secret-of-hook"))[0] == 400


async def test_events_come_in_order_with_the_secret(hooked, world, lan):
    for text in ("một", "hai", "ba"):
        world.send_text(lan.id, text)
    await delivered(world)
    assert [text_of(body) for body in hooked.taken] == ["một", "hai", "ba"]
    assert set(hooked.secrets) == {"secret-of-hook"}


@pytest.mark.parametrize("wrapped", [False, True])
async def test_a_body_may_be_bare_or_wrapped_in_ok_and_result(new_world, calling, office, wrapped):
    world = new_world(variants=Variants(wrapped=wrapped))
    async with calling(world) as api, delivering(world):
        await api.result("setWebhook", url=office.hook, secret_token="secret-of-hook")
        world.send_text(world.add_phone("Lan").id, "một")
        await delivered(world)
    body = json.loads(office.taken[-1])
    inner = body["result"] if wrapped else body
    assert body.keys() == ({"ok", "result"} if wrapped else {"event_name", "message"})
    assert inner["message"]["text"] == "một"


async def test_a_failed_delivery_is_repeated(hooked, world, lan):
    hooked.statuses = [503]
    world.send_text(lan.id, "một")
    await delivered(world)
    assert [text_of(body) for body in hooked.taken] == ["một", "một"]
    assert world.webhook.statuses == [503, 200]


async def test_probes_and_empty_bodies_can_be_requested(hooked, world, lan):
    world.webhook.extra_bodies.extend([EMPTY, PROBE])
    world.send_text(lan.id, "một")
    await delivered(world)
    assert hooked.taken[:2] == [EMPTY, PROBE]
    assert text_of(hooked.taken[2]) == "một"


async def test_duplicates_can_be_requested(hooked, world, lan):
    world.updates.double()
    world.send_text(lan.id, "một")
    world.send_text(lan.id, "hai")
    await delivered(world)
    world.updates.repeat(2)
    await delivered(world)
    texts = [text_of(body) for body in hooked.taken]
    assert texts == ["một", "một", "hai", "một", "hai"]


def text_of(body):
    return json.loads(body)["message"]["text"]
