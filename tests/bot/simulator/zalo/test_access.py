"""Tokens, methods and parameters: who may call, and which methods exist."""

import re

import pytest

from bot.simulator.zalo.bot_api import CALLS
from bot.simulator.zalo.specification import METHODS

METHODS_OF_ZALO = {
    "getMe", "getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo", "sendMessage",
    "sendPhoto", "sendSticker", "sendVoice", "sendChatAction",
}  # fmt: skip


@pytest.fixture
def http(api):
    return api.client


def test_the_simulator_has_exactly_the_methods_of_zalo():
    assert set(METHODS) == METHODS_OF_ZALO
    assert set(CALLS) == METHODS_OF_ZALO


async def test_the_bot_tells_its_id_and_names(api, world):
    me = await api.result("getMe")
    assert me["id"] == world.token.split(":")[0]
    assert me["account_name"].startswith("bot.")
    assert me["account_type"] == "BASIC"


async def test_a_get_request_is_answered_like_a_post_request(http, world):
    answer = await http.get(f"/bot{world.token}/getMe")
    assert answer.json()["result"]["id"] == world.bot_id


async def test_an_error_is_http_200_with_ok_false(http, world):
    answer = await http.post(f"/bot{world.token}/sendMessage", json={})
    assert answer.status_code == 200
    assert answer.json()["ok"] is False
    assert answer.json()["error_code"] == 400
    assert answer.json()["description"]


async def test_a_wrong_token_is_401(http):
    answer = await http.post("/bot1:wrong/getMe", json={})
    assert answer.status_code == 200
    assert answer.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_after_a_reset_the_old_token_is_401_and_the_new_one_works(http, world):
    old, new = world.token, world.reset_token()
    answer = await http.post(f"/bot{old}/getMe", json={})
    assert answer.json()["error_code"] == 401
    answer = await http.post(f"/bot{new}/getMe", json={})
    assert answer.json()["result"]["id"] == world.bot_id


@pytest.mark.parametrize(
    "method",
    ["editMessageText", "deleteMessage", "answerCallbackQuery", "sendDocument", "setMyCommands",
     "getFile", "getChat", "setMessageReaction", "SENDMESSAGE"],
)  # fmt: skip
async def test_edits_deletions_documents_menus_and_reactions_do_not_exist(api, method):
    assert (await api.refusal(method))[0] == 404


@pytest.mark.parametrize(
    ("method", "parameter"),
    [
        ("sendMessage", "reply_markup"),
        ("sendMessage", "reply_to_message_id"),
        ("sendPhoto", "parse_mode"),
        ("getUpdates", "offset"),
        ("getUpdates", "limit"),
        ("setWebhook", "allowed_updates"),
    ],
)
async def test_buttons_replies_and_offsets_do_not_exist(api, lan, method, parameter):
    code, description = await api.refusal(
        method, **{"chat_id": lan.id, "text": "x"} if method == "sendMessage" else {},
        **{parameter: "1"},
    )  # fmt: skip
    assert code == 400
    assert parameter in description


@pytest.mark.parametrize("given", [{"chat_id": 17, "text": "x"}, {"chat_id": "17"}, {"text": "x"}])
async def test_a_missing_or_ill_typed_parameter_is_400(api, given):
    assert (await api.refusal("sendMessage", **given))[0] == 400


@pytest.mark.parametrize("body", ["{", "[]", '"x"'])
async def test_a_body_that_is_not_a_json_object_is_400(http, world, body):
    answer = await http.post(f"/bot{world.token}/getMe", content=body)
    assert answer.json()["error_code"] == 400


def test_an_id_has_20_hexadecimal_digits_and_differs_for_each_bot(new_world):
    here = new_world().add_phone("Lan", person="Lan of Khu 1")
    there = new_world(token="99:another").add_phone("Lan", person="Lan of Khu 1")
    assert re.fullmatch("[0-9a-f]{20}", here.id)
    assert here.id != there.id
