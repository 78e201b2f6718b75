"""Sending: what Telegram refuses, and what it makes of accepted messages."""

import json

import pytest


def keyboard(*buttons):
    return {"inline_keyboard": [list(buttons)]}


async def test_the_chat_has_the_message_that_was_returned(api, lan):
    sent = await api.result("sendMessage", chat_id=lan.id, text="Xin chào")
    assert sent["text"] == "Xin chào"
    assert sent["from"]["is_bot"]
    assert sent["date"] == 1772416800
    assert lan.entries[sent["message_id"]].message == sent


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        ({"text": "x"}, "chat_id is empty"),
        ({"chat_id": 5}, "message text is empty"),
        ({"chat_id": 5, "text": "x"}, "chat not found"),
        ({"chat_id": "@nobody", "text": "x"}, "chat not found"),
    ],
)
async def test_missing_and_unknown_things_have_the_errors_of_telegram(api, parameters, description):
    assert await api.refusal("sendMessage", **parameters) == (400, f"Bad Request: {description}")


async def test_a_text_has_a_minimum_and_a_maximum_length(api, lan):
    send = {"chat_id": lan.id}
    assert await api.result("sendMessage", **send, text="ạ" * 4096)
    too_long = (400, "Bad Request: message is too long")
    assert await api.refusal("sendMessage", **send, text="ạ" * 4097) == too_long
    tagged = "<b>" + "x" * 4096 + "</b>"
    assert await api.result("sendMessage", **send, text=tagged, parse_mode="HTML")
    empty = (400, "Bad Request: message text is empty")
    assert await api.refusal("sendMessage", **send, text="") == empty
    blank = (400, "Bad Request: text must be non-empty")
    assert await api.refusal("sendMessage", **send, text=" \n ") == blank


async def test_a_message_to_a_chat_that_never_started_or_blocked_is_forbidden(api, world, lan):
    stranger = world.add_phone("Minh")
    assert await api.refusal("sendMessage", chat_id=stranger.id, text="x") == (
        403,
        "Forbidden: bot can't initiate conversation with a user",
    )
    world.block(lan.id, True)
    blocked = (403, "Forbidden: bot was blocked by the user")
    assert await api.refusal("sendMessage", chat_id=lan.id, text="x") == blocked
    assert await api.refusal("sendChatAction", chat_id=lan.id, action="typing") == blocked
    world.block(lan.id, False)
    assert await api.result("sendMessage", chat_id=lan.id, text="x")


async def test_unknown_parameters_are_refused_by_name(api, lan):
    code, description = await api.refusal(
        "sendMessage", chat_id=lan.id, text="x", disable_web_page_preview=True
    )
    assert code == 400
    assert "disable_web_page_preview" in description


async def test_unknown_fields_of_nested_objects_are_refused_by_name(api, lan):
    code, description = await api.refusal(
        "sendMessage",
        chat_id=lan.id,
        text="x",
        reply_markup=keyboard({"text": "A", "callbackdata": "a"}),
    )
    assert code == 400
    assert "callbackdata" in description


@pytest.mark.parametrize(
    ("button", "expected"),
    [
        ({"text": "A", "callback_data": "a" * 64}, None),
        ({"text": "A", "callback_data": "a" * 65}, "BUTTON_DATA_INVALID"),
        ({"text": "A", "callback_data": "ạ" * 22}, "BUTTON_DATA_INVALID"),
        ({"text": "A", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "", "callback_data": "a"}, "text must be non-empty"),
        ({"text": "A"}, "text buttons are unallowed in the inline keyboard"),
        ({"text": "A", "callback_data": "a", "url": "https://a.vn"}, "must have one action"),
        ({"text": "A", "url": "https://a.vn/b?c=d"}, None),
        ({"text": "A", "url": "http://localhost"}, "wrong HTTP URL"),
        ({"text": "A", "url": "javascript:x"}, "wrong HTTP URL"),
    ],
)
async def test_buttons_are_checked_as_telegram_does(api, lan, button, expected):
    answer = await api("sendMessage", chat_id=lan.id, text="x", reply_markup=keyboard(button))
    if expected is None:
        assert answer["result"]["reply_markup"] == keyboard(button)
    else:
        assert answer["error_code"] == 400
        assert expected in answer["description"]


async def test_more_than_a_hundred_buttons_are_too_many(api, lan):
    buttons = [{"text": "A", "callback_data": str(n)} for n in range(101)]
    assert await api.refusal(
        "sendMessage", chat_id=lan.id, text="x", reply_markup=keyboard(*buttons)
    ) == (400, "Bad Request: reply markup is too long")


async def test_reply_keyboards_are_accepted_but_not_stored_with_the_message(api, lan):
    sent = await api.result(
        "sendMessage",
        chat_id=lan.id,
        text="x",
        reply_markup={"keyboard": [[{"text": "A"}]], "resize_keyboard": True},
    )
    assert "reply_markup" not in sent
    await api.result(
        "sendMessage", chat_id=lan.id, text="x", reply_markup={"remove_keyboard": True}
    )


async def test_a_reply_must_name_an_existing_message(api, world, lan):
    mine = world.send_text(lan.id, "12/15")[0]["message_id"]
    sent = await api.result(
        "sendMessage", chat_id=lan.id, text="x", reply_parameters={"message_id": mine}
    )
    assert sent["reply_to_message"]["text"] == "12/15"
    gone = {"message_id": 999}
    assert await api.refusal("sendMessage", chat_id=lan.id, text="x", reply_parameters=gone) == (
        400,
        "Bad Request: message to be replied not found",
    )
    gone["allow_sending_without_reply"] = True
    await api.result("sendMessage", chat_id=lan.id, text="x", reply_parameters=gone)


@pytest.mark.parametrize("form", ["query", "form", "json", "multipart"])
async def test_parameters_may_come_in_any_encoding(client, world, lan, form):
    url = f"/bot{world.token}/sendMessage"
    markup = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    flat = {"chat_id": str(lan.id), "text": "Chào", "reply_markup": json.dumps(markup)}
    if form == "query":
        answer = await client.get(url, params=flat)
    elif form == "form":
        answer = await client.post(url, data=flat)
    elif form == "json":
        answer = await client.post(url, json={**flat, "reply_markup": markup})
    else:
        answer = await client.post(url, files={name: (None, text) for name, text in flat.items()})
    assert answer.json()["result"]["reply_markup"] == markup


async def test_entities_are_found_in_messages_of_the_bot(api, lan):
    sent = await api.result("sendMessage", chat_id=lan.id, text="Xem t.me/x và /status")
    assert sent["entities"] == [
        {"offset": 4, "length": 6, "type": "url"},
        {"offset": 14, "length": 7, "type": "bot_command"},
    ]


async def test_message_ids_are_counted_for_each_chat(api, world, lan):
    minh = world.add_phone("Minh")
    world.start(minh.id)
    first = await api.result("sendMessage", chat_id=lan.id, text="x")
    second = await api.result("sendMessage", chat_id=minh.id, text="x")
    third = await api.result("sendMessage", chat_id=lan.id, text="x")
    numbers = [message["message_id"] for message in (first, second, third)]
    assert numbers == [2, 2, 3]


async def test_calls_are_recorded(api, world, lan):
    await api("sendMessage", chat_id=lan.id, text="x")
    await api("sendMessage", chat_id=lan.id, text="")
    assert [(call.method, call.chat, call.code) for call in world.calls] == [
        ("sendMessage", lan.id, 200),
        ("sendMessage", lan.id, 400),
    ]
    assert world.count("sendMessage") == 1
    assert all(call.size > 0 for call in world.calls)
