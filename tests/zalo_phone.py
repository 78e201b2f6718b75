"""A person's telephone with Zalo in tests: writes, reads, and waits until the bot is quiet."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from bot.simulator.zalo.telephone import ChatMessage, Message
from bot.simulator.zalo.world import World

PATIENCE = 20.0
Idle = Callable[[], Awaitable[None]]


class ZaloPhone:
    """One telephone. Every action returns after the bot has handled it.

    `idle` belongs to the running bot: it returns when the bot has nothing to do. There are no
    buttons: a choice is its number or its words, sent as a text.
    """

    def __init__(
        self, world: World, idle: Idle, name: str = "Lan", person: object | None = None
    ) -> None:
        self.world = world
        self.idle = idle
        self.telephone = world.add_phone(name, person)
        self.id = self.telephone.id

    # --- acting ------------------------------------------------------------------------------

    async def send(self, text: str) -> None:
        """Write a text."""
        self.world.send_text(self.id, text)
        await self.settled()

    async def photo(self, content: bytes, caption: str | None = None) -> None:
        """Send a picture."""
        self.world.send_photo(self.id, content, caption)
        await self.settled()

    async def sticker(self) -> None:
        """Send a sticker."""
        self.world.send_sticker(self.id)
        await self.settled()

    async def voice(self, content: bytes) -> None:
        """Send a voice message."""
        self.world.send_voice(self.id, content)
        await self.settled()

    async def other(self) -> None:
        """Send a file, a card or a place; Zalo does not give these to a bot."""
        self.world.send_other(self.id)
        await self.settled()

    async def settled(self) -> None:
        """Wait until the bot has received every event and is quiet."""
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    while self.world.updates.pending():
                        await self.world.bell.wait(1)
                    await self.idle()
                    if not self.world.updates.pending():
                        return
        except TimeoutError:
            raise AssertionError(
                f"the bot was not done after {PATIENCE:.0f} s\n{self.transcript()}"
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
    def messages(self) -> list[Message]:
        """The bot's messages, oldest first."""
        return [entry.message for entry in self.entries if not entry.mine]

    @property
    def entries(self) -> list[ChatMessage]:
        """Everything in the chat, oldest first."""
        return list(self.telephone.entries)

    def message(self, place: int = -1) -> dict[str, Any]:
        """The bot's message at this place (-1: the newest)."""
        messages = self.messages
        assert messages, f"the bot has written nothing\n{self.transcript()}"
        return messages[place]

    def transcript(self, last: int = 30) -> str:
        """The end of the chat as readable text."""
        lines = [f"--- {self.telephone.name} ({self.id}) ---"]
        for entry in self.entries[-last:]:
            who = self.telephone.name if entry.mine else "bot"
            media = "[photo] " if entry.content is not None else ""
            lines.append(f"{who}: {media}{text_of(entry.message)}")
        return "\n".join(lines)


def text_of(message: Message) -> str:
    """The text or caption of a message; a no-break space reads as a space."""
    return str(message.get("text") or message.get("caption") or "").replace("\u00a0", " ")
