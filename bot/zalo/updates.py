"""Decodes Zalo's events into the conversation's Incoming.

It finds the kind of an event from its content: sources differ in the names of events, and some
report polled events without a name.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.zalo.client import instant_of
from handlers.flow.channel import Attachment, Incoming, Sender

CHANNEL = "zalo"  # the channel of a Sender
Payload = dict[str, Any]

# One public client knows this name. A person who only reacts to a message expects no answer.
_NO_MESSAGES = frozenset({"message.reaction.received"})
_WEB = ("https://", "http://")


class _Part(BaseModel):
    """A part of an event; it parses only the fields that the conversation needs."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


class _User(_Part):
    id: str
    display_name: str | None = None
    is_bot: bool | None = None


class _Chat(_Part):
    id: str
    chat_type: str | None = None


class _Message(_Part):
    message_id: str | None = None
    sender: _User | None = Field(None, alias="from")
    chat: _Chat
    text: str | None = None
    caption: str | None = None
    photo_url: Any = None  # the field in observed events
    photo: Any = None  # the documented field

    @property
    def private(self) -> bool:
        """Whether the chat is one person's with the bot; such a chat has the person's id."""
        if self.chat.chat_type:
            return self.chat.chat_type.upper() == "PRIVATE"
        return self.sender is None or self.sender.id == self.chat.id

    @property
    def picture(self) -> str | None:
        """The address of the message's picture; None without one."""
        for address in (self.photo_url, self.photo):
            if isinstance(address, str) and address.startswith(_WEB):
                return address
        return None


class _Event(_Part):
    event_name: str | None = None
    message: _Message


@dataclass(frozen=True, slots=True)
class InGroup:
    """A message to the bot in a group, where the bot only answers that it works in private."""

    chat: str
    message: str | None


def payloads(body: object) -> list[Payload]:
    """Return the events of a poll's or a webhook's body: bare, or in `{"ok": true, "result": …}`.

    A poll returns at most one event. A list, which nobody has reported, is read too, because its
    events would be lost otherwise. A body without a message, such as a probe, has no event.
    """
    inner = body.get("result") if isinstance(body, dict) and "result" in body else body
    found = inner if isinstance(inner, list) else [inner]
    return [one for one in found if isinstance(one, dict) and isinstance(one.get("message"), dict)]


def chat_of(payload: Mapping[str, Any]) -> str:
    """Return the chat of an event; empty without one. Events of one chat are handled in order.

    This function and the next two read raw data and never fail, because an event is stored before
    it is decoded.
    """
    chat = _raw(payload).get("chat")
    return str(chat.get("id") or "") if isinstance(chat, dict) else ""


def identity_of(payload: Mapping[str, Any]) -> str:
    """Return the id that shows when an event comes again: its message's id, unique in its bot.

    Without a message's id it is a hash of the whole event.
    """
    message = _raw(payload).get("message_id")
    if isinstance(message, str | int) and message:
        return str(message)
    whole = json.dumps(payload, sort_keys=True, default=str)
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def date_of(payload: Mapping[str, Any]) -> int | None:
    """Return when a message was written, in whole Unix seconds; None if Zalo doesn't report it."""
    written = instant_of(_raw(payload).get("date"))
    return int(written.timestamp()) if written is not None else None


def kind_of(payload: Mapping[str, Any]) -> str:
    """Return the event's name for the metrics, such as "text" or "image"; else "other"."""
    name = str(payload.get("event_name", ""))
    kind = name.removeprefix("message.").removesuffix(".received")
    return kind if kind in {"text", "image", "sticker", "voice", "unsupported"} else "other"


def decode(payload: Mapping[str, Any]) -> Incoming | InGroup | None:
    """Decode an event; return None when it isn't for the bot, raise ValidationError if invalid.

    Messages of other bots are ignored: two bots would answer each other without end.
    """
    event = _Event.model_validate(payload)
    message = event.message
    person = message.sender
    if (person is not None and person.is_bot) or event.event_name in _NO_MESSAGES:
        return None
    if not message.private:
        return InGroup(message.chat.id, message.message_id)
    name = person.display_name if person is not None else None
    kind, text, picture = _content(message)
    return Incoming(
        sender=Sender(CHANNEL, message.chat.id, _clean(name or "")),
        kind=kind,
        text=_clean(text),
        message=message.message_id,
        attachment=Attachment("photo", picture) if picture is not None else None,
        written_at=instant_of(_raw(payload).get("date")),
    )


def _content(
    message: _Message,
) -> tuple[Literal["text", "attachment", "unsupported"], str, str | None]:
    """Return kind, text and picture of a message; a voice, sticker, file or card has neither."""
    if message.picture is not None:
        return "attachment", message.caption or message.text or "", message.picture
    if message.text and message.text.strip():
        return "text", message.text, None
    return "unsupported", "", None


def _raw(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    message = payload.get("message")
    return message if isinstance(message, dict) else {}


def _clean(text: str) -> str:
    """Return the text without characters that databases refuse: NUL and lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\x00", "")
