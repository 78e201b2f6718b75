"""Reads the events of one Zalo bot into what the conversation understands."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.messengers import Decoded
from bot.zalo import updates
from bot.zalo.strangers import Strangers
from bot.zalo.updates import InGroup
from handlers.flow.channel import Incoming, Sender, file_at


class ZaloReader:
    """One bot's; a stranger's number or words are the choice that they were shown."""

    def __init__(self, bot: str, strangers: Strangers) -> None:
        self._bot = bot
        self._strangers = strangers

    def identity_of(self, payload: Mapping[str, Any]) -> str | None:
        """By what an event is known when it comes again."""
        return updates.identity_of(payload)

    def chat_of(self, payload: Mapping[str, Any]) -> str:
        """The chat of an event."""
        return updates.chat_of(payload)

    def date_of(self, payload: Mapping[str, Any]) -> int | None:
        """When a message was written, in Unix seconds."""
        return updates.date_of(payload)

    def kind_of(self, payload: Mapping[str, Any]) -> str:  # noqa: ARG002
        """Every event is a message."""
        return "message"

    def album_of(self, payload: Mapping[str, Any]) -> str | None:  # noqa: ARG002
        """Zalo doesn't tell which pictures belong together."""
        return None

    def decode(self, payload: dict[str, Any]) -> Decoded | None:
        """What a person did; None when it isn't for the bot."""
        found = updates.decode(payload)
        if found is None:
            return None
        identity = updates.identity_of(payload)
        if isinstance(found, InGroup):
            sender = Sender(self._bot, found.chat, "")
            return Decoded(Incoming(sender, "in_group", message=found.message, update=identity))
        sender = replace(found.sender, bot=self._bot)
        incoming = replace(found, sender=sender, update=identity)
        if found.attachment is not None:
            file = file_at(self._bot, found.attachment.reference)
            incoming = replace(incoming, attachment=replace(found.attachment, reference=file))
        pressed = self._strangers.pressed(sender.address, found.text)
        if found.kind == "text" and pressed is not None:
            incoming = replace(incoming, kind="press", data=pressed, text="")
        return Decoded(incoming)
