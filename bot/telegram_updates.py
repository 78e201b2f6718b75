"""Telegram's updates, as they lie in the inbox, read into what the conversation understands.

Only private chats are read: in groups and channels the bot says nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, Message, Update, User

from handlers.channel import TELEGRAM, Attachment, Incoming, IncomingKind, Sender

WANTED = ("message", "edited_message", "callback_query", "my_chat_member")


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a person did, and the number of the press that waits for an answer."""

    incoming: Incoming
    query: str | None = None


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


def kind_of(payload: Mapping[str, Any]) -> str:
    """Which of the kinds that were asked for it is, else "other"."""
    return next((kind for kind in WANTED if kind in payload), "other")


def decode(payload: dict[str, Any]) -> Decoded | None:
    """The update as an Incoming; None for what isn't for the bot."""
    update = Update.de_json(payload, None)
    if update.callback_query:
        return _press(update.callback_query, update.update_id)
    if update.my_chat_member:
        return _membership(update.my_chat_member, update.update_id)
    message = update.message or update.edited_message
    if message is None or message.chat.type != "private" or message.from_user is None:
        return None
    if update.edited_message:
        return _edit(message, update.update_id)
    return _message(message, update.update_id)


def _message(message: Message, update_id: int) -> Decoded | None:
    attachment = _attachment(message)
    kind: IncomingKind
    if message.text is not None and message.forward_origin is None:
        kind = "text"
    elif attachment:
        kind = "attachment"
    elif message.text is not None or message.effective_attachment is not None:
        kind = "unsupported"
    else:  # a service message: something was pinned, a timer set
        return None
    return Decoded(
        Incoming(
            sender=_sender(message.chat.id, message.from_user),
            kind=kind,
            text=_clean(message.text or message.caption or "") if kind != "unsupported" else "",
            message=str(message.message_id),
            attachment=attachment,
            update_id=update_id,
        )
    )


def _edit(message: Message, update_id: int) -> Decoded | None:
    if message.text is None:
        return None
    return Decoded(
        Incoming(
            sender=_sender(message.chat.id, message.from_user),
            kind="edit",
            text=_clean(message.text),
            message=str(message.message_id),
            update_id=update_id,
        )
    )


def _press(query: CallbackQuery, update_id: int) -> Decoded | None:
    message = query.message
    if query.data is None or (message is not None and message.chat.type != "private"):
        return None
    return Decoded(
        Incoming(
            sender=_sender(message.chat.id if message else query.from_user.id, query.from_user),
            kind="press",
            data=_clean(query.data),
            message=str(message.message_id) if message else None,
            update_id=update_id,
        ),
        query=query.id,
    )


def _membership(change: ChatMemberUpdated, update_id: int) -> Decoded | None:
    if change.chat.type != "private":
        return None
    gone = change.new_chat_member.status in {ChatMember.BANNED, ChatMember.LEFT}
    return Decoded(
        Incoming(
            sender=_sender(change.chat.id, change.from_user),
            kind="blocked" if gone else "unblocked",
            update_id=update_id,
        )
    )


def _sender(chat: int, user: User | None) -> Sender:
    if user is None:
        return Sender(TELEGRAM, str(chat), "")
    return Sender(TELEGRAM, str(chat), _clean(user.full_name), user.username, user.language_code)


def _attachment(message: Message) -> Attachment | None:
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return Attachment("photo", largest.file_id, None, "image/jpeg", largest.file_size)
    document = message.document
    if document and not message.animation:  # a GIF comes with a document of the same file
        name = _clean(document.file_name) if document.file_name else None
        return Attachment("file", document.file_id, name, document.mime_type, document.file_size)
    return None


def _clean(text: str) -> str:
    """Without what no database takes: zero characters and halves of surrogate pairs."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", "")
