"""Webhook delivery: in order, with the secret, again after a failure."""

import asyncio

import pytest

from bot.simulator.telegram.delivery import deliver


class Receiver:
    def __init__(self):
        self.taken = []
        self.headers = []
        self.answers = []

    async def __call__(self, url, body, headers):
        self.headers.append(headers)
        status = self.answers.pop(0) if self.answers else 200
        if isinstance(status, Exception):
            raise status
        if status == 200:
            self.taken.append(body["message"]["text"])
        return status


@pytest.fixture
async def receiver(world):
    receiver = Receiver()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(deliver(world, receiver))
        yield receiver
        task.cancel()


async def delivered(world):
    async with asyncio.timeout(5):
        while world.updates.pending():
            await world.bell.wait(1)


async def test_updates_are_delivered_in_order_with_the_secret(api, world, lan, receiver):
    await api.result("setWebhook", url="http://127.0.0.1:1/hook", secret_token="secret-1")
    for text in ("một", "hai", "ba"):
        world.send_text(lan.id, text)
    await delivered(world)
    assert receiver.taken == ["một", "hai", "ba"]
    assert receiver.headers[0] == {"X-Telegram-Bot-Api-Secret-Token": "secret-1"}


async def test_one_update_of_a_chat_can_come_after_others(api, world, lan, receiver):
    await api.result("setWebhook", url="https://a.vn/hook")
    world.updates.hold(lan.id)
    for text in ("một", "hai"):
        world.send_text(lan.id, text)
    async with asyncio.timeout(5):
        while world.updates.pending() > 1:
            await world.bell.wait(1)
    world.updates.release(lan.id)
    await delivered(world)
    assert receiver.taken == ["hai", "một"]


@pytest.mark.parametrize("failure", [500, 403, OSError("no connection")])
async def test_a_failed_delivery_is_repeated_and_reported(api, world, lan, receiver, failure):
    receiver.answers = [failure]
    await api.result("setWebhook", url="https://a.vn/hook")
    world.send_text(lan.id, "đây")
    await delivered(world)
    assert receiver.taken == ["đây"]
    info = await api.result("getWebhookInfo")
    assert info["pending_update_count"] == 0
    assert info["last_error_message"]


async def test_plain_http_to_another_machine_is_refused(api):
    code, description = await api.refusal("setWebhook", url="http://a.vn/hook")
    assert code == 400
    assert "HTTPS" in description


async def test_setting_a_webhook_ends_a_poll(api, world):
    poll = asyncio.ensure_future(api.refusal("getUpdates", timeout=30))
    while not world.updates.polling:
        await world.bell.wait(1)
    await api.result("setWebhook", url="https://a.vn/hook")
    assert await asyncio.wait_for(poll, 5) == (409, "Conflict: terminated by setWebhook request")


async def test_pending_updates_can_be_dropped(api, world, lan):
    world.send_text(lan.id, "x")
    await api.result("deleteWebhook", drop_pending_updates=True)
    assert await api.result("getUpdates") == []
