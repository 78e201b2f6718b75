"""Telegram's updates, as they lie in the inbox, read into what the conversation understands.

Only private chats are read: in groups and channels the bot says nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from handlers.channel import TELEGRAM, Attachment, Incoming, IncomingKind, Sender

WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
GONE = ("kicked", "left")
# What a message can hold besides text; with none of it and no text it is a service message.
_CONTENTS = frozenset(
    (
        "animation", "audio", "checklist", "contact", "dice", "document", "game", "invoice",
        "live_photo", "location", "paid_media", "passport_data", "photo", "poll", "sticker",
        "story", "successful_payment", "venue", "video", "video_note", "voice",
    )
)  # fmt: skip


class _Part(BaseModel):
    """Only what the conversation needs is read: a fifth of the time of PTB's whole objects."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _User(_Part):
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None


class _Chat(_Part):
    id: int
    type: str


class _Photo(_Part):
    file_id: str
    width: int
    height: int
    file_size: int | None = None


class _Document(_Part):
    file_id: str
    file_name: str | None = None
    mime_type: str | None = None
    file_size: int | None = None


class _Message(_Part):
    message_id: int
    chat: _Chat
    sender: _User | None = Field(None, alias="from")
    text: str | None = None
    caption: str | None = None
    photo: tuple[_Photo, ...] = ()
    document: _Document | None = None


class _Query(_Part):
    id: str
    sender: _User = Field(alias="from")
    data: str | None = None
    message: _Message | None = None


class _Member(_Part):
    status: str


class _Membership(_Part):
    chat: _Chat
    sender: _User = Field(alias="from")
    new_chat_member: _Member


class _Update(_Part):
    update_id: int
    message: _Message | None = None
    edited_message: _Message | None = None
    callback_query: _Query | None = None
    my_chat_member: _Membership | None = None


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a person did, and the number of the press that waits for an answer."""

    incoming: Incoming
    query: str | None = None


_LATEST = 1 << 35  # what comes after the year 3000 is no date


def chat_of(payload: Mapping[str, Any]) -> str:
    """The chat an update belongs to, whose updates are handled in order; empty for none.

    It reads raw data and never fails: an update is stored before anybody understands it.
    """
    for kind in WANTED:
        part = payload.get(kind)
        if not isinstance(part, dict):
            continue
        for place in (part, part.get("message"), {"chat": part.get("from")}):
            chat = place.get("chat") if isinstance(place, dict) else None
            if isinstance(chat, dict) and "id" in chat:
                return str(chat["id"])
    return ""


def date_of(payload: Mapping[str, Any]) -> int | None:
    """When an update's message was written, as Telegram says: seconds; None for other updates."""
    message = payload.get("message") if isinstance(payload, Mapping) else None
    date = message.get("date") if isinstance(message, Mapping) else None
    return date if isinstance(date, int) and 0 < date < _LATEST else None


def kind_of(payload: Mapping[str, Any]) -> str:
    """Which of the kinds that were asked for it is, else "other"."""
    return next((kind for kind in WANTED if kind in payload), "other")


def decode(payload: dict[str, Any]) -> Decoded | None:
    """The update as an Incoming; None for what isn't for the bot. ValidationError if it is none."""
    update = _Update.model_validate(payload)
    if update.callback_query:
        return _press(update.callback_query, update.update_id)
    if update.my_chat_member:
        return _membership(update.my_chat_member, update.update_id)
    message = update.message or update.edited_message
    if message is None or message.chat.type != "private" or message.sender is None:
        return None
    if update.edited_message:
        return _edit(message, update.update_id)
    return _message(message, update.update_id, payload["message"])


def _message(message: _Message, update_id: int, raw: Mapping[str, Any]) -> Decoded | None:
    attachment = _attachment(message, raw)
    kind: IncomingKind
    if message.text is not None and not raw.get("forward_origin"):
        kind = "text"
    elif attachment:
        kind = "attachment"
    elif message.text is not None or any(raw[name] for name in _CONTENTS & raw.keys()):
        kind = "unsupported"
    else:  # a service message: something was pinned, a timer set
        return None
    return Decoded(
        Incoming(
            sender=_sender(message.chat.id, message.sender),
            kind=kind,
            text=_clean(message.text or message.caption or "") if kind != "unsupported" else "",
            message=str(message.message_id),
            attachment=attachment,
            update_id=update_id,
        )
    )


def _edit(message: _Message, update_id: int) -> Decoded | None:
    if message.text is None:
        return None
    return Decoded(
        Incoming(
            sender=_sender(message.chat.id, message.sender),
            kind="edit",
            text=_clean(message.text),
            message=str(message.message_id),
            update_id=update_id,
        )
    )


def _press(query: _Query, update_id: int) -> Decoded | None:
    message = query.message
    if query.data is None or (message is not None and message.chat.type != "private"):
        return None
    return Decoded(
        Incoming(
            sender=_sender(message.chat.id if message else query.sender.id, query.sender),
            kind="press",
            data=_clean(query.data),
            message=str(message.message_id) if message else None,
            update_id=update_id,
        ),
        query=query.id,
    )


def _membership(change: _Membership, update_id: int) -> Decoded | None:
    if change.chat.type != "private":
        return None
    return Decoded(
        Incoming(
            sender=_sender(change.chat.id, change.sender),
            kind="blocked" if change.new_chat_member.status in GONE else "unblocked",
            update_id=update_id,
        )
    )


def _sender(chat: int, user: _User | None) -> Sender:
    if user is None:
        return Sender(TELEGRAM, str(chat), "")
    name = f"{user.first_name} {user.last_name}" if user.last_name else user.first_name
    return Sender(TELEGRAM, str(chat), _clean(name), user.username, user.language_code)


def _attachment(message: _Message, raw: Mapping[str, Any]) -> Attachment | None:
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return Attachment("photo", largest.file_id, None, "image/jpeg", largest.file_size)
    document = message.document
    if document and not raw.get("animation"):  # a GIF comes with a document of the same file
        name = _clean(document.file_name) if document.file_name else None
        return Attachment("file", document.file_id, name, document.mime_type, document.file_size)
    return None


def _clean(text: str) -> str:
    """Without what no database takes: zero characters and halves of surrogate pairs."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\x00", "")
