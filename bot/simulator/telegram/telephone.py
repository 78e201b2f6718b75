"""A telephone: its person, and the messages of its chat with the bot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Message = dict[str, Any]


@dataclass(slots=True)
class ChatMessage:
    """A message of the chat. `offered` has all callback data that its buttons ever had."""

    message: Message
    mine: bool
    edited: bool = False
    offered: set[str] = field(default_factory=set)

    @property
    def number(self) -> int:
        """The message's id."""
        return int(self.message["message_id"])

    def described(self) -> dict[str, Any]:
        """Return the entry in the form of the page's API."""
        return {"message": self.message, "mine": self.mine, "edited": self.edited}


@dataclass(slots=True)
class Telephone:
    """One person's telephone; its id is the person's Telegram id and the chat's id."""

    id: int
    name: str
    label: Mapping[str, str] | None = None  # by language
    language: str | None = "vi"
    username: str | None = None
    start: str | None = None
    started: bool = False
    blocked: bool = False
    entries: dict[int, ChatMessage] = field(default_factory=dict)
    next_message: int = 1
    shown: bool = True  # whether the page shows the telephone

    def user(self) -> dict[str, Any]:
        """Return the person as a User of the Bot API."""
        user: dict[str, Any] = {"id": self.id, "is_bot": False, "first_name": self.name}
        if self.username:
            user["username"] = self.username
        if self.language:
            user["language_code"] = self.language
        return user

    def chat(self) -> dict[str, Any]:
        """Return the chat as a Chat of the Bot API."""
        chat: dict[str, Any] = {"id": self.id, "first_name": self.name, "type": "private"}
        if self.username:
            chat["username"] = self.username
        return chat

    def described(self) -> dict[str, Any]:
        """Return the telephone in the form of the page's API."""
        return {
            "id": self.id,
            "name": self.name,
            "label": self.label,
            "language": self.language,
            "started": self.started,
            "blocked": self.blocked,
            "start": self.start,
        }

    def newest(self) -> list[ChatMessage]:
        """Return the entries, newest first."""
        return list(reversed(self.entries.values()))
