"""Faults on request: delays, lost answers, HTML instead of JSON, 5xx."""

import asyncio

import httpx
import pytest

from bot.simulator.faults import Fault
from bot.simulator.refusal import ConnectionDropped
from bot.simulator.zalo.server import serving


async def sent(api, lan):
    return await api.client.post(
        f"/bot{api.world.token}/sendMessage", json={"chat_id": lan.id, "text": "x"}
    )


async def test_an_error_replaces_the_effect_of_a_call(api, world, lan):
    world.faults.add(Fault("sendMessage", code=429, description="Quota exceeded"))
    assert await api.refusal("sendMessage", chat_id=lan.id, text="x") == (429, "Quota exceeded")
    assert len(lan.entries) == 1
    assert world.count("sendMessage", 429) == 1


async def test_a_5xx_error_is_the_status_of_the_answer(api, world, lan):
    world.faults.add(Fault("sendMessage", code=502, description="Bad Gateway"))
    assert (await sent(api, lan)).status_code == 502
    assert len(lan.entries) == 1


async def test_a_call_can_have_its_effect_and_return_an_html_page(api, world, lan):
    world.faults.add(Fault("sendMessage", page=200))
    answer = await sent(api, lan)
    assert answer.status_code == 200
    assert answer.text.startswith("<html>")
    assert len(lan.entries) == 2


async def test_a_call_can_have_its_effect_and_lose_its_answer(api, world, lan):
    world.faults.add(Fault("sendMessage", lost=True))
    with pytest.raises(ConnectionDropped):
        await sent(api, lan)
    world.faults.add(Fault("sendMessage", lost=True, code=500))
    assert (await sent(api, lan)).status_code == 500
    assert len(lan.entries) == 3


async def test_a_connection_can_break_before_the_call_has_an_effect(api, world, lan):
    world.faults.add(Fault("sendMessage", reset=True))
    with pytest.raises(ConnectionDropped):
        await sent(api, lan)
    assert len(lan.entries) == 1


async def test_an_answer_can_be_late(api, world, lan):
    world.faults.add(Fault("getMe", delay=0.2))
    began = asyncio.get_running_loop().time()
    await api.result("getMe")
    assert asyncio.get_running_loop().time() - began >= 0.2


async def test_a_server_can_stop_while_a_poll_waits(world):
    async with httpx.AsyncClient() as client:
        async with serving(world) as address:
            poll = asyncio.ensure_future(
                client.post(f"{address}/bot{world.token}/getUpdates", json={}, timeout=30)
            )
            while world.count("getMe") == 0:
                await client.post(f"{address}/bot{world.token}/getMe", json={})
        answer = await asyncio.wait_for(poll, 5)
    assert answer.json()["error_code"] == 408
