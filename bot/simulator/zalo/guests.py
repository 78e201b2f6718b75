"""Zalo's telephones on the page of the simulated Telegram."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.simulator.zalo.telephone import Chat, ChatMessage
from bot.simulator.zalo.world import World

FIRST = 8_800_000_000  # above all ids of the simulated Telegram


class ZaloGuests:
    """The telephones of a simulated Zalo, numbered for the page.

    `on_entry` is called with each new entry and the telephone's number. `store_picture` stores a
    picture for the page and returns its sizes.
    """

    def __init__(
        self,
        world: World,
        on_entry: Callable[[int, dict[str, Any]], None],
        store_picture: Callable[[bytes], list[dict[str, Any]]],
    ) -> None:
        self._world = world
        self._on_entry = on_entry
        self._store_picture = store_picture
        self._chats: dict[int, str] = {}
        self._labels: dict[int, Mapping[str, str]] = {}
        self._next = FIRST
        self.language = "vi"
        world.on_entry = self._entry_added

    def add(self, name: str, label: Mapping[str, str]) -> str:
        """Add a telephone; return its chat's id at the bot."""
        chat = self._world.add_phone(name).id
        self._chats[self._next], self._labels[self._next] = chat, label
        self._next += 1
        return chat

    def forget(self) -> None:
        """Delete all telephones and their chats."""
        self._chats.clear()
        self._labels.clear()
        self._world.forget()

    def described(self) -> list[dict[str, Any]]:
        """Return the telephones in the form of the page's API."""
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
        """Return whether the number is the id of one of them."""
        return number in self._chats

    def entries(self, number: int) -> list[dict[str, Any]]:
        """Return the messages of a chat in the form of the page's API."""
        chat = self._world.phones[self._chats[number]]
        return [self._described(place, entry) for place, entry in enumerate(chat.entries, start=1)]

    def send_text(self, number: int, text: str) -> None:
        """Send a text."""
        self._world.send_text(self._chats[number], text)

    def send_photo(self, number: int, content: bytes, caption: str | None) -> None:
        """Send a picture."""
        self._store_picture(content)  # it refuses a file that isn't a picture
        self._world.send_photo(self._chats[number], content, caption)

    def block(self, number: int, blocked: bool) -> None:
        """Block or unblock the bot."""
        self._world.block(self._chats[number], blocked)

    def _entry_added(self, chat: Chat, entry: ChatMessage) -> None:
        number = next((one for one, its in self._chats.items() if its == chat.id), None)
        if number is not None:
            self._on_entry(number, self._described(len(chat.entries), entry))

    def _described(self, place: int, entry: ChatMessage) -> dict[str, Any]:
        """Return an entry in the form of the page's API; Zalo has no buttons."""
        given = entry.message
        message: dict[str, Any] = {"message_id": place, "date": given["date"] // 1000}
        field = "text" if "text" in given else "caption"
        if given.get(field):
            message[field] = given[field]
        if entry.content is not None:
            message["photo"] = self._store_picture(entry.content)
        elif field not in message:
            message["text"] = "…"
        return {"message": message, "mine": entry.mine, "edited": False}
