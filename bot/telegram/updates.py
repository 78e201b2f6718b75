"""Decodes Telegram's updates from the inbox into the conversation's Incoming.

It decodes only updates of private chats: the bot doesn't write in groups and channels.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.messengers import Decoded
from bot.telegram.contents import PLACES, SERVICE, text_of_blocks
from handlers.flow.channel import TELEGRAM, Attachment, Incoming, IncomingKind, Sender, file_at

WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
GONE = ("kicked", "left")


class _Part(BaseModel):
    """A part of an update. It parses only needed fields, five times as fast as PTB's objects."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _User(_Part):
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False


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


class _Video(_Part):
    file_id: str | None = None
    file_size: int | None = None


class _Replied(_Part):
    message_id: int


class _Message(_Part):
    message_id: int
    date: int = 0
    edit_date: int | None = None
    reply_to_message: _Replied | None = None
    chat: _Chat
    sender: _User | None = Field(None, alias="from")
    text: str | None = None
    caption: str | None = None
    photo: tuple[_Photo, ...] = ()
    document: _Document | None = None
    video: _Video | None = None
    video_note: _Video | None = None
    animation: _Video | None = None
    media_group_id: str | None = None
    message_thread_id: int | None = None
    is_topic_message: bool = False
    rich_message: Any = None

    @property
    def topic(self) -> int | None:
        """The topic of the private chat that the message is in; None without topics."""
        return self.message_thread_id if self.is_topic_message else None

    @property
    def written(self) -> str | None:
        """The written text, plain or in blocks; None for other messages."""
        return self.text if self.text is not None else text_of_blocks(self.rich_message) or None


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


_LATEST = 1 << 35  # seconds; a later date is invalid


def identity_of(payload: Mapping[str, Any]) -> str | None:
    """Return the id that shows when an update comes again; None if the payload isn't an update."""
    number = payload.get("update_id") if isinstance(payload, Mapping) else None
    return str(number) if isinstance(number, int) else None


def chat_of(payload: Mapping[str, Any]) -> str:
    """Return the chat of an update; empty without one. Updates of one chat are handled in order.

    It reads raw data and never fails, because an update is stored before it is decoded.
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


def album_of(payload: Mapping[str, Any]) -> str | None:
    """Return the album of an update's photo or file; None without one."""
    message = payload.get("message")
    album = message.get("media_group_id") if isinstance(message, dict) else None
    return album if isinstance(album, str) else None


def date_of(payload: Mapping[str, Any]) -> int | None:
    """Return the date of an update's message in Unix seconds; None for other updates."""
    message = payload.get("message") if isinstance(payload, Mapping) else None
    date = message.get("date") if isinstance(message, Mapping) else None
    return date if isinstance(date, int) and 0 < date < _LATEST else None


def kind_of(payload: Mapping[str, Any]) -> str:
    """Return the update's kind, one of WANTED, else "other"."""
    return next((kind for kind in WANTED if kind in payload), "other")


def decode(payload: dict[str, Any]) -> Decoded | None:
    """Decode the update; return None when it isn't for the bot, raise ValidationError if invalid.

    Messages of other bots are ignored: two bots would answer each other without end.
    """
    update = _Update.model_validate(payload)
    if update.callback_query:
        return _press(update.callback_query, update.update_id)
    if update.my_chat_member:
        return _membership(update.my_chat_member, update.update_id)
    message = update.message or update.edited_message
    if message is None or message.chat.type != "private" or message.sender is None:
        return None
    if message.sender.is_bot:
        return None
    if update.edited_message:
        return _edit(message, update.update_id)
    return _message(message, update.update_id, payload["message"])


def _message(message: _Message, update_id: int, raw: Mapping[str, Any]) -> Decoded | None:
    attachment = _attachment(message, raw)
    kind = _kind(message, attachment, raw)
    if kind is None:
        return None
    text = {"text": message.written, "attachment": message.caption}.get(kind)
    return Decoded(
        Incoming(
            sender=_sender(message.chat.id, message.sender),
            kind=kind,
            text=_clean(text or ""),
            message=str(message.message_id),
            attachment=attachment,
            update=str(update_id),
            written_at=_time(message.date),
            reply_to=_reply_to(message),
        ),
        album=message.media_group_id,
        topic=message.topic,
    )


def _kind(
    message: _Message, attachment: Attachment | None, raw: Mapping[str, Any]
) -> IncomingKind | None:
    """Return the kind of a message; None for service messages. Unknown kinds get a reply too."""
    if message.written is not None:
        return "forwarded" if raw.get("forward_origin") else "text"
    if attachment:
        return "attachment"
    if raw.keys() & SERVICE:
        return None
    return "location" if any(name in raw for name in PLACES) else "unsupported"


def _edit(message: _Message, update_id: int) -> Decoded | None:
    if message.written is None:
        return None
    return Decoded(
        Incoming(
            sender=_sender(message.chat.id, message.sender),
            kind="edit",
            text=_clean(message.written),
            message=str(message.message_id),
            update=str(update_id),
            written_at=_time(message.edit_date or message.date),
        ),
        topic=message.topic,
    )


def _time(seconds: int) -> datetime | None:
    """Return Telegram's time of a message; None for 0, which inaccessible messages have."""
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _reply_to(message: _Message) -> str | None:
    replied = message.reply_to_message
    return str(replied.message_id) if replied is not None else None


def _press(query: _Query, update_id: int) -> Decoded | None:
    message = query.message  # None for messages that Telegram no longer stores
    if query.data is None or (message is not None and message.chat.type != "private"):
        return None
    return Decoded(
        Incoming(
            sender=_sender(message.chat.id if message else query.sender.id, query.sender),
            kind="press",
            data=_clean(query.data),
            message=str(message.message_id) if message else None,
            update=str(update_id),
        ),
        query=query.id,
        topic=message.topic if message is not None else None,
    )


def _membership(change: _Membership, update_id: int) -> Decoded | None:
    if change.chat.type != "private":
        return None
    return Decoded(
        Incoming(
            sender=_sender(change.chat.id, change.sender),
            kind="blocked" if change.new_chat_member.status in GONE else "unblocked",
            update=str(update_id),
        )
    )


def _sender(chat: int, user: _User | None) -> Sender:
    if user is None:
        return Sender(TELEGRAM, str(chat), "")
    name = f"{user.first_name} {user.last_name}" if user.last_name else user.first_name
    return Sender(TELEGRAM, str(chat), _clean(name), user.username, user.language_code)


def _attachment(message: _Message, raw: Mapping[str, Any]) -> Attachment | None:
    if message.photo:
        # Telegram sends several sizes of a photo; the largest is the original.
        largest = max(message.photo, key=lambda size: size.width * size.height)
        photo = file_at(TELEGRAM, largest.file_id)
        return Attachment("photo", photo, None, "image/jpeg", largest.file_size)
    video = message.video or message.video_note or message.animation
    if video and video.file_id:  # videos aren't accepted; the reply says what is accepted
        reference = file_at(TELEGRAM, video.file_id)
        return Attachment("file", reference, None, "video/mp4", video.file_size)
    document = message.document
    if document:
        name = _clean(document.file_name) if document.file_name else None
        file = file_at(TELEGRAM, document.file_id)
        return Attachment("file", file, name, document.mime_type, document.file_size)
    return None


def _clean(text: str) -> str:
    """Return the text without characters that databases refuse: NUL and lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\x00", "")
