"""How updates of Telegram are read, and which ones are ignored."""

import pytest

from bot.telegram.updates import album_of, chat_of, decode
from handlers.flow.channel import Attachment

LAN = {
    "id": 77, "is_bot": False, "first_name": "Lan", "last_name": "Nguyễn",
    "username": "lan", "language_code": "vi",
}  # fmt: skip
PRIVATE = {"id": 77, "type": "private", "first_name": "Lan"}
GROUP = {"id": -5, "type": "group", "title": "Tổ"}


def message(chat=PRIVATE, **parts):
    return {"message_id": 9, "date": 1_700_000_000, "chat": chat, "from": LAN, **parts}


def update(**parts):
    return {"update_id": 4, **parts}


def read(**parts):
    decoded = decode(update(**parts))
    assert decoded is not None
    return decoded.incoming


def test_a_text_is_read_with_its_sender():
    incoming = read(message=message(text="/start abc"))
    assert (incoming.kind, incoming.text, incoming.message) == ("text", "/start abc", "9")
    assert incoming.update == "4"
    sender = incoming.sender
    assert (sender.bot, sender.address, sender.name) == ("telegram", "77", "Lan Nguyễn")
    assert (sender.handle, sender.language) == ("lan", "vi")


def test_a_press_has_its_data_and_its_message():
    query = {"id": "55", "from": LAN, "chat_instance": "1", "data": "1|q", "message": message()}
    decoded = decode(update(callback_query=query))
    assert decoded.query == "55"
    assert (decoded.incoming.kind, decoded.incoming.data) == ("press", "1|q")
    assert decoded.incoming.message == "9"


def test_a_press_under_an_inaccessible_message_is_read():
    old = {"message_id": 3, "date": 0, "chat": PRIVATE}
    query = {"id": "55", "from": LAN, "chat_instance": "1", "data": "1|q", "message": old}
    assert decode(update(callback_query=query)).incoming.message == "3"


def test_a_press_without_a_message_is_read():
    query = {"id": "55", "from": LAN, "chat_instance": "1", "data": "1|q"}
    decoded = decode(update(callback_query=query))
    assert decoded.incoming.message is None
    assert decoded.incoming.sender.address == "77"


def test_an_edit_is_read():
    incoming = read(edited_message=message(text="360/400", edit_date=1_700_000_100))
    assert (incoming.kind, incoming.text, incoming.message) == ("edit", "360/400", "9")


def test_the_largest_photo_is_read_with_its_caption():
    sizes = [
        {"file_id": "s", "file_unique_id": "1", "width": 90, "height": 60, "file_size": 900},
        {"file_id": "l", "file_unique_id": "2", "width": 900, "height": 600, "file_size": 90_000},
    ]
    incoming = read(message=message(photo=sizes, caption="biên bản"))
    assert incoming.kind == "attachment"
    assert incoming.text == "biên bản"
    assert incoming.attachment == Attachment("photo", "telegram:l", None, "image/jpeg", 90_000)


def test_a_document_is_read():
    document = {
        "file_id": "d", "file_unique_id": "3", "file_name": "biên bản.pdf",
        "mime_type": "application/pdf", "file_size": 12,
    }  # fmt: skip
    assert read(message=message(document=document)).attachment == Attachment(
        "file", "telegram:d", "biên bản.pdf", "application/pdf", 12
    )


@pytest.mark.parametrize(
    "parts",
    [
        {"voice": {"file_id": "v", "file_unique_id": "1", "duration": 3}},
        {
            "sticker": {
                "file_id": "v", "file_unique_id": "1", "type": "regular", "width": 1, "height": 1,
                "is_animated": False, "is_video": False,
            }
        },
        {"contact": {"phone_number": "0987654321", "first_name": "An"}},
    ],
)  # fmt: skip
def test_other_contents_are_read_as_unsupported(parts):
    incoming = read(message=message(**parts))
    assert incoming.kind == "unsupported"
    assert incoming.text == ""
    assert incoming.attachment is None


def test_a_forwarded_text_and_a_location_have_their_own_kinds_and_no_text():
    origin = {"type": "user", "date": 1, "sender_user": LAN}
    forwarded = read(message=message(text="350/400", forward_origin=origin))
    assert (forwarded.kind, forwarded.text) == ("forwarded", "")
    place = read(message=message(location={"latitude": 21.0, "longitude": 105.0}))
    assert (place.kind, place.text) == ("location", "")


def test_a_photo_of_an_album_has_the_id_of_the_album():
    size = {"file_id": "s", "file_unique_id": "1", "width": 90, "height": 60}
    given = update(message=message(photo=[size], media_group_id="44"))
    assert decode(given).album == album_of(given) == "44"
    assert album_of(update(message=message(text="x"))) is None
    assert album_of(update(callback_query={})) is None


@pytest.mark.parametrize(
    "parts",
    [
        {"message": message(chat=GROUP, text="350/400")},
        {"message": message(pinned_message=message(text="x"))},
        {"edited_message": message(chat=GROUP, text="x", edit_date=5)},
        {"callback_query": {"id": "5", "from": LAN, "chat_instance": "1", "data": "x",
                            "message": message(chat=GROUP)}},
        {"callback_query": {"id": "5", "from": LAN, "chat_instance": "1", "game_short_name": "g"}},
        {"channel_post": {"message_id": 1, "date": 1, "chat": {"id": -9, "type": "channel",
                                                               "title": "t"}, "text": "x"}},
        {"something_new": {"chat": {"id": 1}}},
    ],
)  # fmt: skip
def test_updates_that_are_not_for_the_bot_are_ignored(parts):
    assert decode(update(**parts)) is None


@pytest.mark.parametrize(("status", "kind"), [("kicked", "blocked"), ("member", "unblocked")])
def test_blocking_and_unblocking_are_read(status, kind):
    bot = {"id": 1, "is_bot": True, "first_name": "b"}
    new = {"user": bot, "status": status}
    if status == "kicked":
        new["until_date"] = 0
    change = {
        "chat": PRIVATE, "from": LAN, "date": 1,
        "old_chat_member": {"user": bot, "status": "member"}, "new_chat_member": new,
    }  # fmt: skip
    assert read(my_chat_member=change).kind == kind


def test_characters_that_no_database_accepts_are_removed():
    assert read(message=message(text="a\x00b\ud83dc\U0001f44d")).text == "ab\ufffdc\U0001f44d"


@pytest.mark.parametrize(
    ("payload", "chat"),
    [
        (update(message=message(text="x")), "77"),
        (update(edited_message=message(text="x")), "77"),
        (update(callback_query={"id": "5", "from": LAN, "message": message()}), "77"),
        (update(callback_query={"id": "5", "from": LAN}), "77"),
        (update(my_chat_member={"chat": PRIVATE, "from": LAN}), "77"),
        (update(message=message(chat=GROUP)), "-5"),
        (update(poll={}), ""),
        (update(message=None), ""),
        (update(message=[1]), ""),
        (update(message={"chat": 5}), ""),
        ({}, ""),
    ],
)
def test_the_chat_of_any_update_is_found(payload, chat):
    assert chat_of(payload) == chat
