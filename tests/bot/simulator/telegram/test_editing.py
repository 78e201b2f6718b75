"""Edits and deletions, and answers to presses."""

import pytest

KEYS = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
SAME = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)
NOT_MODIFIED = (400, SAME)


@pytest.fixture
async def sent(api, lan):
    return await api.result("sendMessage", chat_id=lan.id, text="<b>x</b>", parse_mode="HTML",
                            reply_markup=KEYS)  # fmt: skip


@pytest.fixture
def at(lan, sent):
    return {"chat_id": lan.id, "message_id": sent["message_id"]}


async def test_an_edit_changes_the_text_and_removes_the_buttons(api, lan, sent, at):
    edited = await api.result("editMessageText", **at, text="y")
    assert edited["text"] == "y"
    assert "edit_date" in edited
    assert "reply_markup" not in edited
    assert lan.entries[sent["message_id"]].message == edited


async def test_an_unchanged_edit_is_refused(api, at):
    same = {**at, "text": " <b>x</b>", "parse_mode": "HTML", "reply_markup": KEYS}
    assert await api.refusal("editMessageText", **same) == NOT_MODIFIED
    assert await api.refusal("editMessageReplyMarkup", **at, reply_markup=KEYS) == NOT_MODIFIED
    await api.result("editMessageReplyMarkup", **at)
    assert await api.refusal("editMessageReplyMarkup", **at) == NOT_MODIFIED


async def test_the_same_words_in_another_format_are_a_change(api, at):
    await api.result("editMessageText", **at, text="x", reply_markup=KEYS)


async def test_messages_that_cannot_be_edited(api, world, lan, at):
    mine = world.send_text(lan.id, "của tôi")[0]["message_id"]
    edit = {"chat_id": lan.id, "text": "y"}
    assert await api.refusal("editMessageText", **edit, message_id=mine) == (
        400,
        "Bad Request: message can't be edited",
    )
    assert await api.refusal("editMessageText", **edit, message_id=999) == (
        400,
        "Bad Request: message to edit not found",
    )
    assert await api.refusal("editMessageText", **edit) == (
        400,
        "Bad Request: message identifier is not specified",
    )
    assert await api.refusal("editMessageCaption", **at, caption="y") == (
        400,
        "Bad Request: there is no caption in the message to edit",
    )


async def test_messages_can_be_deleted(api, time, lan, at):
    assert await api.result("deleteMessage", **at) is True
    assert await api.refusal("deleteMessage", **at) == (
        400,
        "Bad Request: message to delete not found",
    )
    assert await api.refusal("editMessageText", **at, text="y") == (
        400,
        "Bad Request: message to edit not found",
    )
    old = await api.result("sendMessage", chat_id=lan.id, text="x")
    time.pass_by(hours=49)
    assert await api.refusal("deleteMessage", chat_id=lan.id, message_id=old["message_id"]) == (
        400,
        "Bad Request: message can't be deleted for everyone",
    )


async def test_a_press_is_answered_once(api, world, lan, sent):
    query = world.press(lan.id, sent["message_id"], "a")
    assert await api.result("answerCallbackQuery", callback_query_id=query, text="Đã ghi")
    toast = world.journal.after(0)[-1]
    assert (toast["type"], toast["text"], toast["alert"]) == ("toast", "Đã ghi", False)
    too_old = (
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    )
    assert await api.refusal("answerCallbackQuery", callback_query_id=query) == too_old
    assert await api.refusal("answerCallbackQuery", callback_query_id="1") == too_old


async def test_a_press_cannot_be_answered_late(api, world, time, lan, sent):
    query = world.press(lan.id, sent["message_id"], "a")
    time.pass_by(seconds=16)
    code, description = await api.refusal("answerCallbackQuery", callback_query_id=query)
    assert code == 400
    assert "query is too old" in description


async def test_a_removed_button_can_still_be_pressed_for_a_moment(api, world, lan, sent, at):
    await api.result("editMessageText", **at, text="y")
    world.press(lan.id, sent["message_id"], "a")
    update = (await api.result("getUpdates"))[0]
    assert update["callback_query"]["message"]["text"] == "y"
