"""Reads the events of one Zalo bot into what the conversation understands.

Nothing is kept of people who haven't agreed yet, and Zalo has no buttons that would carry a joining
code: so their choices are held in memory. What is forgotten (after a restart, or many strangers
later) is asked for once more.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.messengers import Decoded
from bot.zalo import updates
from bot.zalo.updates import InGroup
from handlers.flow.asked_screen import captioned
from handlers.flow.channel import Button, Incoming, Screen, Sender, file_at

MOST = 500


class Strangers:
    """The newest screen of each of the last strangers."""

    def __init__(self) -> None:
        self._screens: OrderedDict[str, tuple[Button, ...]] = OrderedDict()

    def shown(self, chat: str, screen: Screen, *, stranger: bool) -> None:
        """Note what a chat was shown last, if a stranger writes there."""
        self._screens.pop(chat, None)
        buttons = tuple(one for row in screen.rows for one in row if one.data)
        if not stranger or not buttons:
            return
        self._screens[chat] = buttons
        if len(self._screens) > MOST:
            self._screens.popitem(last=False)

    def pressed(self, chat: str, text: str) -> str | None:
        """What the button does whose number or words a stranger typed."""
        buttons = self._screens.get(chat, ())
        said = text.strip()
        if said.isdecimal() and 0 < int(said) <= len(buttons):
            return buttons[int(said) - 1].data
        press = captioned(buttons, said)
        return press.data if press is not None else None


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
