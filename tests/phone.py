"""A person's telephone in tests: writes, presses, reads, and waits until the bot is quiet."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from bot.simulator.telegram.telephone import ChatMessage
from bot.simulator.telegram.world import World

PATIENCE = 20.0
Idle = Callable[[], Awaitable[None]]
Named = int | str | dict[str, Any]


async def settled(world: World, idle: Idle) -> None:
    """Return when the bot has confirmed every update and has nothing to do.

    It does not wait for updates that are held back, or for a bot that is switched off.
    """
    updates = world.updates
    async with asyncio.timeout(PATIENCE):
        while world.bot_on:
            while updates.pending() > updates.held():
                await world.bell.wait(1)
            await idle()
            if updates.pending() == updates.held():
                return


class Phone:
    """One telephone. Every action returns after the bot has handled it.

    A message is named by itself, by its number, or by a part of its text (the newest that has it).
    While the bot is switched off, or actions are held back, actions return at once.

    `idle` belongs to the running bot: it returns when the bot has nothing to do. `acts` counts what
    the person wrote and pressed.
    """

    def __init__(
        self,
        world: World,
        idle: Idle,
        name: str = "Lan",
        language: str | None = "vi",
        *,
        user_id: int | None = None,
    ) -> None:
        self.world = world
        self.idle = idle
        self.telephone = world.add_phone(name, language, user_id=user_id)
        self.id = self.telephone.id
        self.acts = 0
        self._pressed_at = 0

    # --- acting ------------------------------------------------------------------------------

    async def send(self, text: str, *, reply_to: Named | None = None) -> None:
        """Write a text (the first one starts the bot)."""
        self.acts += 1
        self.world.send_text(self.id, text, self._answered(reply_to))
        await self.settled()

    async def reply(self, message: Named, text: str) -> None:
        """Answer a message of the chat with Telegram's own reply."""
        await self.send(text, reply_to=message)

    async def press(
        self, caption: str, *, on: int | dict[str, Any] | None = None, exact: bool = False
    ) -> None:
        """Press the button whose caption contains this, on the newest message that has it."""
        message, data = self.find(caption, on=on, exact=exact)
        self.acts += 1
        self._pressed_at = self.world.journal.last
        self.world.press(self.id, message["message_id"], data)
        await self.settled()

    async def press_data(self, data: str, *, on: int | dict[str, Any] | None = None) -> None:
        """Press a button with any data, even if no button has it (an old or forged one)."""
        number = self.message()["message_id"] if on is None else _number(on)
        self._pressed_at = self.world.journal.last
        self.world.press(self.id, number, data, force=True)
        await self.settled()

    async def edit(self, message: Named, text: str) -> None:
        """Edit one of the person's own messages."""
        self.world.edit_text(self.id, self.number(message, mine=True), text)
        await self.settled()

    async def edit_unchanged(self, message: Named) -> None:
        """Send an edit without changes, as a reaction or the preview of a link does."""
        self.world.edit_unchanged(self.id, self.number(message, mine=True))
        await self.settled()

    async def photo(
        self, content: bytes, caption: str | None = None, *, reply_to: Named | None = None
    ) -> None:
        """Send a picture."""
        await self.file("photo", content, caption=caption, reply_to=reply_to)

    async def file(
        self,
        kind: str,
        content: bytes,
        *,
        name: str | None = None,
        media_type: str | None = None,
        caption: str | None = None,
        reply_to: Named | None = None,
    ) -> None:
        """Send a photo, document, voice, sticker or video."""
        self.world.send_file(
            self.id, kind, content, name=name, media_type=media_type, caption=caption,
            reply_to=self._answered(reply_to),
        )  # fmt: skip
        await self.settled()

    async def block(self, blocked: bool = True) -> None:
        """Block the bot, or unblock it."""
        self.world.block(self.id, blocked)
        await self.settled()

    def hold(self, times: int = 1) -> None:
        """Hold back the next actions of the person until `release`."""
        self.world.updates.hold(self.id, times)

    async def release(self) -> None:
        """Deliver the actions that were held back, after those of other people."""
        self.world.updates.release(self.id)
        await self.settled()

    async def settled(self) -> None:
        """Wait until the bot has handled everything and is quiet."""
        try:
            await settled(self.world, self.idle)
        except TimeoutError:
            waiting = self.world.updates.pending()
            raise AssertionError(
                f"the bot was not done after {PATIENCE:.0f} s ({waiting} updates unconfirmed)\n"
                f"{self.transcript()}"
            ) from None

    # --- reading ----------------------------------------------------------------------------

    @property
    def screen(self) -> str:
        """The text (or caption) of the bot's newest message."""
        return text_of(self.message())

    @property
    def screens(self) -> list[str]:
        """The texts of all the bot's messages, oldest first."""
        return [text_of(message) for message in self.messages]

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The bot's messages, oldest first."""
        return [entry.message for entry in self.telephone.entries.values() if not entry.mine]

    @property
    def mine(self) -> list[dict[str, Any]]:
        """The person's own messages, oldest first."""
        return [entry.message for entry in self.telephone.entries.values() if entry.mine]

    @property
    def buttons(self) -> list[str]:
        """The captions under the bot's newest message."""
        return captions(self.message())

    @property
    def toast(self) -> str | None:
        """The text with which the bot answered the last press."""
        toasts = [
            event["text"]
            for event in self.world.journal.after(self._pressed_at)
            if event["type"] == "toast" and event["phone"] == self.id
        ]
        return toasts[-1] if toasts else None

    @property
    def commands(self) -> list[str]:
        """The names in the command menu."""
        menu = self.world.menus.commands_for(self.id, self.telephone.language)
        return [command["command"] for command in menu]

    def message(self, place: int = -1) -> dict[str, Any]:
        """The bot's message at this place (-1: the newest)."""
        messages = self.messages
        assert messages, f"the bot has written nothing\n{self.transcript()}"
        return messages[place]

    def number(self, message: Named, *, mine: bool = False) -> int:
        """The number of a message; a part of its text finds the newest that has it."""
        if not isinstance(message, str):
            return _number(message)
        for entry in self.telephone.newest():
            if message in text_of(entry.message) and (entry.mine or not mine):
                return entry.number
        raise AssertionError(f"no message has {message!r}\n{self.transcript()}")

    def _answered(self, message: Named | None) -> int | None:
        return None if message is None else self.number(message)

    def find(
        self, caption: str, *, on: int | dict[str, Any] | None = None, exact: bool = False
    ) -> tuple[dict[str, Any], str]:
        """The newest message with such a button, and the button's data."""
        wanted = None if on is None else _number(on)
        entries: list[ChatMessage] = self.telephone.newest()
        for entry in entries:
            if wanted is not None and entry.number != wanted:
                continue
            for button in _buttons(entry.message):
                fits = button["text"] == caption if exact else caption in button["text"]
                if fits and "callback_data" in button:
                    return entry.message, button["callback_data"]
        if isinstance(on, dict):  # an earlier version of a message: the button as it was then
            for button in _buttons(on):
                if caption in button["text"] and "callback_data" in button:
                    return on, button["callback_data"]
        there = [f"  #{one.number}: {captions(one.message)}" for one in entries
                 if captions(one.message)]  # fmt: skip
        raise AssertionError(
            "\n".join([f"no button {caption!r}; there are:", *there, self.transcript()])
        )

    def transcript(self, last: int = 30) -> str:
        """The end of the chat as readable text."""
        lines = [f"--- {self.telephone.name} ({self.id}) ---"]
        for entry in list(self.telephone.entries.values())[-last:]:
            who = self.telephone.name if entry.mine else "bot"
            mark = " (edited)" if entry.edited else ""
            if answered := entry.message.get("reply_to_message"):
                mark += f" (to #{answered['message_id']})"
            media = "".join(
                f"[{kind}] " for kind in ("photo", "document", "voice") if kind in entry.message
            )
            lines.append(f"#{entry.number} {who}{mark}: {media}{text_of(entry.message)}")
            keyboard = entry.message.get("reply_markup", {}).get("inline_keyboard", [])
            lines += ["    " + " ".join(f"[{one['text']}]" for one in row) for row in keyboard]
        return "\n".join(lines)


def text_of(message: dict[str, Any]) -> str:
    """The text or caption of a message; a no-break space reads as a space."""
    return str(message.get("text") or message.get("caption") or "").replace("\u00a0", " ")


def captions(message: dict[str, Any]) -> list[str]:
    """The captions of a message's buttons."""
    return [button["text"] for button in _buttons(message)]


def _buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def _number(message: int | dict[str, Any]) -> int:
    return message if isinstance(message, int) else int(message["message_id"])
