"""Faults on request, and flood limits."""

import asyncio

import httpx
import pytest
from telegram.error import NetworkError, RetryAfter, TimedOut

from bot.simulator.faults import Fault
from bot.simulator.refusal import ConnectionDropped
from bot.simulator.server import serving
from bot.simulator.telegram.floods import Limits


async def test_an_error_answers_the_next_calls_of_a_method(api, world, lan):
    world.faults.add(Fault("sendMessage", times=2, code=502, description="Bad Gateway"))
    assert (await api("getMe"))["ok"]
    for _ in range(2):
        assert await api.refusal("sendMessage", chat_id=lan.id, text="x") == (502, "Bad Gateway")
    await api.result("sendMessage", chat_id=lan.id, text="x")
    assert len(lan.entries) == 2


async def test_a_flood_answer_names_the_seconds(bot, world, lan):
    world.faults.add(Fault(code=429, description="Too Many Requests: retry after 7", retry_after=7))
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(lan.id, "x")
    assert caught.value._retry_after.total_seconds() == 7


async def test_a_call_with_a_lost_answer_still_has_its_effect(api, world, lan):
    world.faults.add(Fault("sendMessage", lost=True, code=500))
    assert (await api.refusal("sendMessage", chat_id=lan.id, text="x"))[0] == 500
    world.faults.add(Fault("sendMessage", lost=True))
    with pytest.raises(ConnectionDropped):
        await api("sendMessage", chat_id=lan.id, text="y")
    assert [entry.message["text"] for entry in lan.entries.values()] == ["/start", "x", "y"]


async def test_a_call_whose_connection_breaks_first_has_no_effect(bot, world, lan):
    world.faults.add(Fault("sendMessage", reset=True))
    with pytest.raises(NetworkError):
        await bot.send_message(lan.id, "x")
    assert len(lan.entries) == 1


async def test_a_test_chooses_the_error_that_the_client_gets(bot, world, lan):
    world.faults.add(
        Fault("sendMessage", lost=True, error=lambda: httpx.ReadTimeout("asked for by a test"))
    )
    with pytest.raises(TimedOut):
        await bot.send_message(lan.id, "x")
    assert len(lan.entries) == 2


async def test_a_fault_can_let_some_calls_succeed_first(api, world, lan):
    world.faults.add(Fault("sendMessage", skip=1, code=500))
    await api.result("sendMessage", chat_id=lan.id, text="x")
    assert (await api.refusal("sendMessage", chat_id=lan.id, text="x"))[0] == 500


async def test_over_a_socket_the_connection_really_breaks(world, lan):
    world.faults.add(Fault("sendMessage", lost=True))
    async with serving(world) as address, httpx.AsyncClient(base_url=address) as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.post(
                f"/bot{world.token}/sendMessage", json={"chat_id": lan.id, "text": "x"}
            )
    assert len(lan.entries) == 2


async def test_an_answer_can_be_slow(api, world):
    world.faults.add(Fault("getMe", delay=30))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(api("getMe"), 0.05)


class Seconds:
    def __init__(self):
        self.value = 100.0

    def __call__(self):
        return self.value


@pytest.fixture
def seconds(world):
    from bot.simulator.telegram.floods import Floods

    seconds = Seconds()
    world.floods = Floods(seconds)
    return seconds


async def test_there_are_no_limits_by_default(api, lan):
    for _ in range(50):
        await api.result("sendMessage", chat_id=lan.id, text="x")


async def test_a_chat_takes_one_message_a_second(api, world, lan, seconds):
    world.floods.limit(Limits(overall=None, per_chat=1))
    await api.result("sendMessage", chat_id=lan.id, text="x")
    answer = await api("sendMessage", chat_id=lan.id, text="x")
    assert answer["error_code"] == 429
    assert answer["parameters"] == {"retry_after": 1}
    seconds.value += 1.01
    await api.result("sendMessage", chat_id=lan.id, text="x")


async def test_all_chats_together_take_a_limited_number_a_second(api, world, lan, seconds):
    world.floods.limit(Limits(overall=3, per_chat=None, penalty=5))
    for _ in range(3):
        await api.result("sendMessage", chat_id=lan.id, text="x")
    answer = await api("sendMessage", chat_id=lan.id, text="x")
    assert answer["parameters"] == {"retry_after": 5}
    seconds.value += 4
    assert (await api("sendMessage", chat_id=lan.id, text="x"))["error_code"] == 429
    seconds.value += 1.1
    await api.result("sendMessage", chat_id=lan.id, text="x")
    assert world.floods.refused == 2


async def test_a_leaky_bucket_allows_calls_evenly(api, world, lan, seconds):
    world.floods.limit(Limits(overall=10, per_chat=None, model="bucket", burst=2, penalty=1))
    for _ in range(10):
        seconds.value += 0.1
        await api.result("sendMessage", chat_id=lan.id, text="x")
    await api.result("sendMessage", chat_id=lan.id, text="x")
    assert (await api("sendMessage", chat_id=lan.id, text="x"))["error_code"] == 429
