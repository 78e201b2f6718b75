"""Tokens and methods: who may call, and which methods exist."""

import pytest

from bot.simulator.telegram.bot_api import METHODS
from bot.simulator.telegram.specification import _MISSING
from bot.simulator.telegram.specification import METHODS as SPECIFIED


async def test_a_wrong_token_is_unauthorized(client):
    answer = await client.get("/bot1:wrong/getMe")
    assert answer.status_code == 401
    assert answer.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_an_unknown_method_is_not_found(api):
    assert await api.refusal("sendMesage") == (404, "Not Found")


@pytest.mark.parametrize("method", ["sendDice", "banChatMember", "sendPoll", "logOut"])
async def test_a_method_that_the_simulator_lacks_is_named(api, method):
    code, description = await api.refusal(method, chat_id=1)
    assert code == 501
    assert method in description


def test_every_method_of_the_bot_api_is_implemented_or_listed_as_missing():
    assert set(METHODS) == set(SPECIFIED)
    assert len(METHODS) + len(_MISSING) == 185


async def test_the_names_of_methods_are_case_insensitive(api, world):
    me = await api.result("GETME")
    assert me["username"] == world.bot["username"]


async def test_the_real_client_can_call_getme(bot, world):
    assert bot.username == world.bot["username"]
    assert bot.id == world.bot["id"]


async def test_broken_json_is_a_bad_request(client, world):
    answer = await client.post(
        f"/bot{world.token}/sendMessage",
        content="{",
        headers={"content-type": "application/json"},
    )
    assert answer.json()["error_code"] == 400
