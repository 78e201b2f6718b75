"""Telephones with Zalo on the page of the simulated Telegram."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.simulator.zalo.telephone import Chat, Entry
from bot.simulator.zalo.world import World

FIRST = 8_800_000_000  # above every Telegram id here


class ZaloGuests:
    """The telephones of a simulated Zalo, numbered for the page.

    `noted` gets each new entry with the telephone's number; `picture` stores a picture where the
    page can show it, and gives its sizes.
    """

    def __init__(
        self,
        world: World,
        noted: Callable[[int, dict[str, Any]], None],
        picture: Callable[[bytes], list[dict[str, Any]]],
    ) -> None:
        self._world = world
        self._noted = noted
        self._picture = picture
        self._chats: dict[int, str] = {}
        self._labels: dict[int, Mapping[str, str]] = {}
        self._next = FIRST
        self.language = "vi"
        world.on_entry = self._entered

    def add(self, name: str, label: Mapping[str, str]) -> str:
        """One more telephone; its chat's id at the bot."""
        chat = self._world.add_phone(name).id
        self._chats[self._next], self._labels[self._next] = chat, label
        self._next += 1
        return chat

    def forget(self) -> None:
        """Nothing is left of them."""
        self._chats.clear()
        self._labels.clear()
        self._world.forget()

    def described(self) -> list[dict[str, Any]]:
        """The telephones as the page gets them."""
        return [
            {
                "id": number, "name": phone.name, "label": self._labels[number],
                "language": self.language, "started": True, "blocked": phone.blocked,
                "start": None, "messenger": "zalo",
            }
            for number, chat in self._chats.items()
            for phone in [self._world.phones[chat]]
        ]  # fmt: skip

    def has(self, number: int) -> bool:
        """Whether this is one of them."""
        return number in self._chats

    def entries(self, number: int) -> list[dict[str, Any]]:
        """The messages of a chat."""
        chat = self._world.phones[self._chats[number]]
        return [self._shown(place, entry) for place, entry in enumerate(chat.entries, start=1)]

    def send_text(self, number: int, text: str) -> None:
        """Write a text."""
        self._world.send_text(self._chats[number], text)

    def send_photo(self, number: int, content: bytes, caption: str | None) -> None:
        """Send a picture."""
        self._picture(content)  # refuses what is none
        self._world.send_photo(self._chats[number], content, caption)

    def block(self, number: int, blocked: bool) -> None:
        """Block the bot, or let it in again."""
        self._world.block(self._chats[number], blocked)

    def _entered(self, chat: Chat, entry: Entry) -> None:
        number = next((one for one, its in self._chats.items() if its == chat.id), None)
        if number is not None:
            self._noted(number, self._shown(len(chat.entries), entry))

    def _shown(self, place: int, entry: Entry) -> dict[str, Any]:
        """An entry in the form that the page knows: without buttons, for Zalo has none."""
        given = entry.message
        message: dict[str, Any] = {"message_id": place, "date": given["date"] // 1000}
        words = "text" if "text" in given else "caption"
        if given.get(words):
            message[words] = given[words]
        if entry.content is not None:
            message["photo"] = self._picture(entry.content)
        elif words not in message:
            message["text"] = "…"
        return {"message": message, "mine": entry.mine, "edited": False}
