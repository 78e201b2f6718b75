"""Zalo's events as the conversation understands them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.simulator.zalo.world import Variants, World
from bot.zalo.updates import (
    InGroup,
    chat_of,
    date_of,
    decode,
    identity_of,
    kind_of,
    payloads,
)
from handlers.flow.channel import Attachment, Sender

NOW = datetime(2026, 3, 2, 2, 0, 7, 250_000, tzinfo=UTC)


@pytest.fixture
def world():
    return World(now=lambda: NOW)


@pytest.fixture
def lan(world):
    return world.add_phone("Nguyễn Thị Lan")


def event(world):
    update = world.updates.next()
    world.updates.delivered(update)
    return update


def made(**message):
    """An event in the reported form, with the changes of a test."""
    return {
        "event_name": "message.text.received",
        "message": {
            "message_id": "2d758cb5e222177a4e35",
            "date": 1750316131602,
            "from": {"id": "6ede9afa66b88fe6d6a9", "display_name": "Lan", "is_bot": False},
            "chat": {"id": "6ede9afa66b88fe6d6a9", "chat_type": "PRIVATE"},
            **message,
        },
    }


# --- kinds ------------------------------------------------------------------------------------


def test_a_text_is_read(world, lan):
    message = world.send_text(lan.id, "350/400")
    incoming = decode(event(world))
    assert incoming.kind == "text"
    assert incoming.text == "350/400"
    assert incoming.sender == Sender("zalo", lan.id, "Nguyễn Thị Lan")
    assert incoming.message == message["message_id"]
    assert incoming.written_at == NOW.replace(microsecond=0)  # whole seconds
    assert incoming.update is None


@pytest.mark.parametrize("field", ["photo_url", "photo"])
def test_a_picture_is_read_with_its_caption(field):
    world = World(variants=Variants(photo=field))
    lan = world.add_phone("Lan")
    world.send_photo(lan.id, b"picture", "nhà văn hoá")
    incoming = decode(event(world))
    assert incoming.kind == "attachment"
    assert incoming.text == "nhà văn hoá"
    assert incoming.attachment == Attachment("photo", incoming.attachment.reference)
    assert incoming.attachment.reference.startswith("http")


@pytest.mark.parametrize("send", ["send_sticker", "send_other"])
def test_an_unreadable_message_gets_the_helping_sentence(world, lan, send):
    getattr(world, send)(lan.id)
    assert decode(event(world)).kind == "unsupported"


def test_a_voice_message_gets_the_helping_sentence(world, lan):
    world.send_voice(lan.id, b"aac")
    assert decode(event(world)).kind == "unsupported"


@pytest.mark.parametrize("photo", [None, "", "file:///etc/passwd", 7, {"url": "https://a.vn/b"}])
def test_a_picture_without_a_web_address_gets_the_helping_sentence(photo):
    payload = {**made(photo_url=photo), "event_name": "message.image.received"}
    assert decode(payload).kind == "unsupported"


@pytest.mark.parametrize("text", [None, "", " \n"])
def test_a_text_without_words_gets_the_helping_sentence(text):
    assert decode(made(text=text)).kind == "unsupported"


def test_a_text_with_a_link_can_be_a_separate_kind_of_event(world, lan):
    world.send_text(lan.id, "https://xa.vn", event="link")
    assert decode(event(world)).text == "https://xa.vn"


def test_an_event_without_a_name_is_read_by_its_content():
    assert decode({"message": made(text="5/5")["message"]}).text == "5/5"


def test_an_unknown_kind_of_event_gets_the_helping_sentence():
    assert decode({**made(), "event_name": "message.location.received"}).kind == "unsupported"


# --- senders without an answer --------------------------------------------------------------------


def test_a_message_of_another_bot_is_ignored():
    assert decode(made(text="x", **{"from": {"id": "1", "is_bot": True}})) is None


def test_a_reaction_is_ignored():
    assert decode({**made(), "event_name": "message.reaction.received"}) is None


def test_a_group_is_recognised_and_not_read(world, lan):
    group = world.add_group("Tổ công nghệ số")
    message = world.send_in_group(lan.id, group.id, "@Bot 350/400", to_bot=True)
    assert decode(event(world)) == InGroup(group.id, message["message_id"])


def test_a_chat_without_a_type_is_private_when_it_has_the_persons_id():
    assert decode(made(text="x", chat={"id": "6ede9afa66b88fe6d6a9"})).kind == "text"
    assert decode(made(text="x", chat={"id": "another"})) == InGroup(
        "another", "2d758cb5e222177a4e35"
    )


# --- missing or odd parts -------------------------------------------------------------------


def test_an_event_needs_only_a_chat_and_a_text():
    incoming = decode({"message": {"chat": {"id": 17}, "text": "5"}})
    assert incoming.sender == Sender("zalo", "17", "")
    assert (incoming.text, incoming.message, incoming.written_at) == ("5", None, None)


@pytest.mark.parametrize("payload", [{}, {"message": {}}, {"message": {"chat": {}}}])
def test_a_body_that_is_not_an_event_is_a_validation_error(payload):
    with pytest.raises(ValidationError):
        decode(payload)


def test_characters_that_no_database_accepts_are_removed():
    incoming = decode(made(text="350\x00/\ud83d400"))
    assert incoming.text == "350/\ufffd400"


# --- raw readers ------------------------------------------------------------------------------


def test_an_event_is_identified_by_its_message():
    payload = made(text="x")
    assert identity_of(payload) == "2d758cb5e222177a4e35"
    assert chat_of(payload) == "6ede9afa66b88fe6d6a9"
    assert date_of(payload) == 1750316131
    assert kind_of(payload) == "text"
    assert kind_of({**payload, "event_name": "message.reaction.received"}) == "other"


def test_an_event_without_an_id_is_identified_by_its_content():
    first, again, other = (
        made(message_id=None),
        made(message_id=None),
        made(message_id=None, text="x"),
    )
    assert identity_of(first) == identity_of(again) != identity_of(other)


@pytest.mark.parametrize("date", [None, 0, -1, True, "soon", 1 << 60])
def test_an_invalid_date_is_read_as_none(date):
    assert date_of(made(date=date)) is None
    assert decode(made(text="x", date=date)).written_at is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["message", "chat", "id", "date", "message_id", "from", "event_name"]),
            inner,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_stored_and_either_read_or_recognised_as_broken(body):
    for payload in payloads(body):
        assert identity_of(payload)
        assert isinstance(chat_of(payload), str)
        assert isinstance(kind_of(payload), str)
        date_of(payload)
        try:
            decode(payload)
        except ValidationError:
            continue


# --- bodies -----------------------------------------------------------------------------------


def test_a_body_may_be_bare_or_wrapped_in_ok_and_result():
    payload = made(text="x")
    assert payloads(payload) == [payload]
    assert payloads({"ok": True, "result": payload}) == [payload]
    assert payloads({"ok": True, "result": [payload, payload]}) == [payload, payload]


@pytest.mark.parametrize(
    "body",
    [None, {}, [], "x", {"ok": True}, {"ok": True, "result": None}, {"event_name": "x"},
     {"message": None}],
)  # fmt: skip
def test_a_probe_is_not_an_event(body):
    assert payloads(body) == []
