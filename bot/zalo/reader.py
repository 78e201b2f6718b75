"""Decodes the events of one Zalo bot into the conversation's Incoming.

Nothing is stored of strangers: people who haven't consented yet. Zalo has no buttons that could
carry their joining code, so their choices are in memory only. After a restart, or after many other
strangers, the bot asks again.
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

MOST = 500  # strangers in memory


class Strangers:
    """The buttons of the newest screen that each of the last strangers was shown."""

    def __init__(self) -> None:
        self._screens: OrderedDict[str, tuple[Button, ...]] = OrderedDict()

    def note_screen(self, chat: str, screen: Screen, *, stranger: bool) -> None:
        """Note the screen that a chat was shown last; only for a stranger's chat."""
        self._screens.pop(chat, None)
        buttons = tuple(one for row in screen.rows for one in row if one.data)
        if not stranger or not buttons:
            return
        self._screens[chat] = buttons
        if len(self._screens) > MOST:
            self._screens.popitem(last=False)

    def chosen(self, chat: str, text: str) -> str | None:
        """Return the data of the button whose number or words a stranger typed; None if none."""
        buttons = self._screens.get(chat, ())
        typed = text.strip()
        if typed.isdecimal() and 0 < int(typed) <= len(buttons):
            return buttons[int(typed) - 1].data
        button = captioned(buttons, typed)
        return button.data if button is not None else None


class ZaloReader:
    """The reader of one bot; it turns a stranger's typed number or words into a press."""

    def __init__(self, bot: str, strangers: Strangers) -> None:
        self._bot = bot
        self._strangers = strangers

    def identity_of(self, payload: Mapping[str, Any]) -> str | None:
        """Return the id that shows when an event comes again."""
        return updates.identity_of(payload)

    def chat_of(self, payload: Mapping[str, Any]) -> str:
        """Return the chat of an event; empty without one."""
        return updates.chat_of(payload)

    def date_of(self, payload: Mapping[str, Any]) -> int | None:
        """Return when a message was written, in Unix seconds; None without a date."""
        return updates.date_of(payload)

    def kind_of(self, payload: Mapping[str, Any]) -> str:  # noqa: ARG002
        """Return "message": every event is one."""
        return "message"

    def album_of(self, payload: Mapping[str, Any]) -> str | None:  # noqa: ARG002
        """Return None: Zalo doesn't report which pictures belong together."""
        return None

    def decode(self, payload: dict[str, Any]) -> Decoded | None:
        """Decode an event; return None when it isn't for the bot."""
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
        chosen = self._strangers.chosen(sender.address, found.text)
        if found.kind == "text" and chosen is not None:
            incoming = replace(incoming, kind="press", data=chosen, text="")
        return Decoded(incoming)
