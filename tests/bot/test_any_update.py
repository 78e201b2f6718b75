"""Any update of Telegram is read or ignored; no chat gets stuck, no screen is refused."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.intake import dispatcher
from bot.simulator.telegram.specification import MESSAGE
from bot.telegram.contents import SERVICE
from bot.telegram.updates import chat_of, decode
from handlers.flow.press import LIMIT
from tests.handlers.conftest import found_commune
from tests.phone import Phone

LAN = {"id": 7, "is_bot": False, "first_name": "<b>Lan</b> \u202e&", "last_name": "*_`[x](y)"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Lan"}
GROUP = {"id": -1007, "type": "supergroup", "title": "Tổ"}
CHANNEL = {"id": -1008, "type": "channel", "title": "Xã"}
FILE = {"file_id": "x", "file_unique_id": "y", "file_size": 3}
PICTURE = {**FILE, "width": 3, "height": 3}
FILM = {**PICTURE, "duration": 3}
ORIGIN = {"type": "hidden_user", "date": 1, "sender_user_name": "ai đó"}
LIST = {"type": "list", "items": [{"label": "1.", "blocks": [{"type": "paragraph", "text": "có"}]}]}
# The possible contents of a private message, and whether the bot answers them.
CONTENTS = {
    "text": ({"text": "350/400"}, "text"),
    "an empty text": ({"text": ""}, "text"),
    "forwarded": ({"text": "350/400", "forward_origin": ORIGIN}, "forwarded"),
    "a pasted list": ({"rich_message": {"blocks": [LIST]}}, "text"),
    "a forwarded list": (
        {"rich_message": {"blocks": [LIST]}, "forward_origin": ORIGIN}, "forwarded",
    ),
    "blocks without text": ({"rich_message": {"blocks": [{"type": "divider"}]}}, "unsupported"),
    "blocks that are none": ({"rich_message": {"blocks": [1, {"text": {"text": {}}}]}}, "unsupported"),
    "photo": ({"photo": [PICTURE]}, "attachment"),
    "of an album": ({"photo": [PICTURE], "media_group_id": "1", "caption": "\u0000x"}, "attachment"),
    "file": ({"document": FILE}, "attachment"),
    "a file with a name": ({"document": {**FILE, "file_name": "a\ud800b\u0000"}}, "attachment"),
    "film": ({"video": FILM}, "attachment"),
    "round film": ({"video_note": {**FILE, "length": 3, "duration": 3}}, "attachment"),
    "gif": ({"animation": FILM, "document": FILE}, "attachment"),
    "voice": ({"voice": {**FILE, "duration": 1}}, "unsupported"),
    "music": ({"audio": {**FILE, "duration": 1}}, "unsupported"),
    "sticker": (
        {"sticker": {**PICTURE, "type": "regular", "is_animated": False, "is_video": False}},
        "unsupported",
    ),
    "contact": ({"contact": {"phone_number": "0912345678", "first_name": "A"}}, "unsupported"),
    "place": ({"location": {"latitude": 21.3, "longitude": 105.2}}, "location"),
    "a giveaway": ({"giveaway": {"chats": [], "winner_count": 1}}, "unsupported"),
    "dice": ({"dice": {"emoji": "🎲", "value": 1}}, "unsupported"),
    "pinned": ({"pinned_message": {"message_id": 1, "date": 0, "chat": PRIVATE}}, None),
    "a timer": ({"message_auto_delete_timer_changed": {"message_auto_delete_time": 9}}, None),
    "what comes one day": ({"something_new": {"a": [1, 2]}}, "unsupported"),
    "nothing": ({}, "unsupported"),
}  # fmt: skip
# Kinds of updates that the bot ignores.
ELSEWHERE = {
    "channel_post": {"message_id": 1, "date": 1, "chat": CHANNEL, "text": "x"},
    "edited_channel_post": {"message_id": 1, "date": 1, "chat": CHANNEL, "text": "x"},
    "inline_query": {"id": "1", "from": LAN, "query": "x", "offset": ""},
    "chosen_inline_result": {"result_id": "1", "from": LAN, "query": "x"},
    "poll_answer": {"poll_id": "1", "user": LAN, "option_ids": [0], "option_persistent_ids": []},
    "deleted_business_messages": {"business_connection_id": "1", "chat": PRIVATE,
                                  "message_ids": [1]},
    "chat_join_request": {"chat": GROUP, "from": LAN, "user_chat_id": 7, "date": 1},
    "something_new": {"a": 1},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch):
    monkeypatch.setattr(dispatcher, "PAUSES", (0.01, 0.01))


def message(chat=PRIVATE, **content):
    return {"message_id": 1, "date": 1, "chat": chat, "from": LAN} | content


def kind_of(update):
    found = decode({"update_id": 1, **update})
    return found.incoming.kind if found is not None else None


@pytest.mark.parametrize("name", CONTENTS)
def test_every_kind_of_message_is_read_or_ignored(name):
    content, kind = CONTENTS[name]
    assert kind_of({"message": message(**content)}) == kind
    edited = kind_of({"edited_message": message(**content, edit_date=2)})
    written = "text" in content or content.get("rich_message") == {"blocks": [LIST]}
    assert edited == ("edit" if written else None)
    for chat in (GROUP, CHANNEL):
        assert kind_of({"message": message(chat, **content)}) is None


# All other fields of Message describe the message and are not content.
ABOUT = {
    "message_id", "message_thread_id", "direct_messages_topic", "from", "sender_chat",
    "sender_boost_count", "sender_business_bot", "sender_tag", "receiver_user",
    "ephemeral_message_id", "date", "guest_query_id", "business_connection_id", "chat",
    "forward_origin", "is_topic_message", "is_automatic_forward", "reply_to_message",
    "external_reply", "quote", "reply_to_story", "reply_to_checklist_task_id",
    "reply_to_poll_option_id", "via_bot", "guest_bot_caller_user", "guest_bot_caller_chat",
    "edit_date", "has_protected_content", "is_from_offline", "is_paid_post", "media_group_id",
    "author_signature", "paid_star_count", "entities", "link_preview_options",
    "suggested_post_info", "effect_id", "caption", "caption_entities",
    "show_caption_above_media", "has_media_spoiler", "reply_markup",
}  # fmt: skip
HELD = {
    "text", "rich_message", "animation", "audio", "document", "live_photo", "paid_media", "photo",
    "sticker", "story", "video", "video_note", "voice", "checklist", "contact", "dice", "game",
    "poll", "venue", "location", "invoice", "passport_data", "giveaway", "giveaway_winners",
}  # fmt: skip
SAMPLES = {"text": "350/400", "photo": [PICTURE], "document": FILE, "rich_message": {"blocks": []}}


def test_every_field_of_the_bot_api_is_known():
    """A newer Bot API fails here until its new fields are added to a list."""
    assert set(MESSAGE) == ABOUT | HELD | SERVICE
    assert len(MESSAGE) == len(ABOUT) + len(HELD) + len(SERVICE)


@pytest.mark.parametrize("name", sorted(HELD | SERVICE))
def test_messages_of_people_are_answered_and_service_messages_are_not(name):
    sample = SAMPLES.get(name, {})
    assert (kind_of({"message": message(**{name: sample})}) is None) == (name in SERVICE)


def test_another_bot_is_not_answered():
    other = {**LAN, "is_bot": True}
    assert kind_of({"message": {**message(text="x"), "from": other}}) is None
    assert kind_of({"edited_message": {**message(text="x"), "from": other}}) is None


@pytest.mark.parametrize("name", ELSEWHERE)
def test_other_updates_are_ignored(name):
    assert kind_of({name: ELSEWHERE[name]}) is None
    assert isinstance(chat_of({name: ELSEWHERE[name]}), str)


@pytest.mark.parametrize("chat", [GROUP, CHANNEL])
@pytest.mark.parametrize("data", ["1|home", "", "\u0000", "x" * 200])
def test_presses_in_groups_are_ignored(chat, data):
    query = {"id": "1", "from": LAN, "chat_instance": "1", "data": data, "message": message(chat)}
    assert kind_of({"callback_query": query}) is None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(["message", "edited_message", "callback_query",
                                        "my_chat_member", "poll"]), ANYTHING, max_size=2))  # fmt: skip
def test_finding_the_chat_of_an_update_never_fails(update):
    assert isinstance(chat_of(update), str)
    json.dumps(update)


@pytest.fixture
async def phone(deployment):
    """A person in the middle of a report, with a name that is invalid HTML."""
    async with deployment.running() as program:
        await program.database.write(lambda tx: found_commune(tx, deployment.clock.now()))
        deployment.world.add_phone("<i>&\u202e*_`", user_id=LAN["id"])
        phone = Phone(deployment.world, deployment.quiet, "<i>&\u202e*_`", user_id=LAN["id"])
        yield phone


async def join(deployment, phone):
    from datetime import timedelta

    from storage.people import invitations

    now = deployment.clock.now()
    _, code = await deployment.program.database.write(
        lambda tx: invitations.create_invitation(
            tx, "reporter", now=now, expires_at=now + timedelta(days=1), commune_id=1, unit_id=2
        )
    )
    await phone.send(f"/start {code}")
    await phone.press("✅")
    await phone.press("📝")
    assert "Câu 1/8" in phone.screen


async def test_after_any_update_start_works_and_no_screen_is_refused(deployment, phone, log):
    await join(deployment, phone)
    updates = deployment.world.updates
    for name, (content, _) in CONTENTS.items():
        if name == "a file with a name":  # the simulator cannot send half a letter
            continue
        updates.add("message", message(**content))
        updates.add("edited_message", message(**content, edit_date=2))
        updates.add("message", message(GROUP, **content))
    for name, content in ELSEWHERE.items():
        updates.allowed = frozenset()
        updates.add(name, content)
    for broken in ({}, {"chat": PRIVATE}, {"from": LAN}, "x", [], None, {"chat": {"id": None}}):
        updates.add("message", broken)
        updates.add("callback_query", broken)
        updates.add("my_chat_member", broken)
    await deployment.quiet()
    await phone.send("/start")
    assert "Câu" in phone.screen
    assert "screen refused" not in log.getvalue()
    assert "reply refused" not in log.getvalue()


async def test_a_pasted_list_is_an_answer_and_other_contents_get_a_sentence(deployment, phone):
    await join(deployment, phone)

    async def sent(**content):
        date = int(deployment.clock.now().timestamp())
        number = phone.telephone.next_message  # written after all messages of the chat
        deployment.world.updates.add("message", message(**content, date=date, message_id=number))
        await deployment.quiet()

    await sent(text="350/400", forward_origin=ORIGIN)
    assert phone.screen.startswith("Tin chuyển tiếp từ chỗ khác thì chưa ghi được ạ.")
    await sent(location={"latitude": 21.3, "longitude": 105.2})
    assert phone.screen.startswith("Không cần gửi vị trí ạ.")
    await sent(giveaway={"chats": [], "winner_count": 1})
    assert phone.screen.startswith("Xin trả lời bằng chữ hoặc số ạ.")
    before = len(phone.messages)
    deployment.world.updates.add(
        "message", {**message(text="1/2"), "from": {**LAN, "is_bot": True}}
    )
    await deployment.quiet()
    assert len(phone.messages) == before
    paragraph = {"type": "paragraph", "text": [{"type": "bold", "text": "350"}, "/400"]}
    await sent(rich_message={"blocks": [paragraph]})
    assert "Câu 2/8" in phone.screen


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
async def test_any_text_and_any_data_of_a_button_is_handled(deployment, phone, log, data):
    if not phone.messages:
        await join(deployment, phone)
    text = data.draw(st.text(min_size=1, max_size=200))  # the simulator sends only whole letters
    pressed = data.draw(st.binary(min_size=1, max_size=LIMIT)).decode("utf-8", "replace")
    if text.strip():
        deployment.world.send_text(phone.id, text)
    deployment.world.press(phone.id, phone.message()["message_id"], pressed, force=True)
    await deployment.quiet()
    await phone.send("/start")
    assert phone.buttons
    for sign in ("refused", "failed", "Traceback"):
        assert sign not in log.getvalue()
