"""Zalo's events, read into what the conversation understands.

What an event is shows by its content: some sources know names of events that others don't, and some
have polled events without a name.
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

# One public client names it. Whoever only puts a heart to a message waits for no answer.
_NO_MESSAGES = frozenset({"message.reaction.received"})
_WEB = ("https://", "http://")


class _Part(BaseModel):
    """Only what the conversation needs is read."""

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
    photo_url: Any = None  # as it is seen
    photo: Any = None  # as it is documented

    @property
    def private(self) -> bool:
        """Whether it stands in a chat of one person with the bot, whose ids are the same."""
        if self.chat.chat_type:
            return self.chat.chat_type.upper() == "PRIVATE"
        return self.sender is None or self.sender.id == self.chat.id

    @property
    def picture(self) -> str | None:
        """The address of a picture."""
        for address in (self.photo_url, self.photo):
            if isinstance(address, str) and address.startswith(_WEB):
                return address
        return None


class _Event(_Part):
    event_name: str | None = None
    message: _Message


@dataclass(frozen=True, slots=True)
class InGroup:
    """Somebody spoke to the bot in a group, where it says only that it works in private."""

    chat: str
    message: str | None


def payloads(body: object) -> list[Payload]:
    """The events in what a poll or the webhook gave: bare, or within `{"ok": true, "result": …}`.

    A poll gives one at most; a list, which nobody has reported, would be gone if it weren't read.
    What holds no message is no event: a probe, or a time-out.
    """
    inner = body.get("result") if isinstance(body, dict) and "result" in body else body
    found = inner if isinstance(inner, list) else [inner]
    return [one for one in found if isinstance(one, dict) and isinstance(one.get("message"), dict)]


def chat_of(payload: Mapping[str, Any]) -> str:
    """The chat an event belongs to, whose events are handled in order; empty for none.

    This and the next two read raw data and never fail: an event is stored before anybody
    understands it.
    """
    chat = _raw(payload).get("chat")
    return str(chat.get("id") or "") if isinstance(chat, dict) else ""


def identity_of(payload: Mapping[str, Any]) -> str:
    """By what an event is known again when it comes once more: its message's id, within its bot."""
    message = _raw(payload).get("message_id")
    if isinstance(message, str | int) and message:
        return str(message)
    whole = json.dumps(payload, sort_keys=True, default=str)
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def date_of(payload: Mapping[str, Any]) -> int | None:
    """When a message was written, as Zalo says: in whole seconds; None when it doesn't."""
    written = instant_of(_raw(payload).get("date"))
    return int(written.timestamp()) if written is not None else None


def kind_of(payload: Mapping[str, Any]) -> str:
    """The name of the event, for those who count: "text", "image" …; else "other"."""
    name = str(payload.get("event_name", ""))
    kind = name.removeprefix("message.").removesuffix(".received")
    return kind if kind in {"text", "image", "sticker", "voice", "unsupported"} else "other"


def decode(payload: Mapping[str, Any]) -> Incoming | InGroup | None:
    """What a person did; None for what isn't for the bot. ValidationError if it can't be read.

    Another bot is nobody to talk to: the two would never end.
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
    """Kind, words and picture of a message: a voice, a sticker, a file or a card has neither."""
    if message.picture is not None:
        return "attachment", message.caption or message.text or "", message.picture
    if message.text and message.text.strip():
        return "text", message.text, None
    return "unsupported", "", None


def _raw(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    message = payload.get("message")
    return message if isinstance(message, dict) else {}


def _clean(text: str) -> str:
    """Without what no database takes: zero characters and halves of surrogate pairs."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\x00", "")
