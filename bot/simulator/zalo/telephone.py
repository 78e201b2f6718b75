"""A telephone with its Zalo chat with the bot, and a group that the bot is in."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

Message = dict[str, Any]


@dataclass(slots=True)
class ChatMessage:
    """A message of the chat; `content` is its picture, if it has one."""

    message: Message
    mine: bool
    content: bytes | None = None


@dataclass(slots=True)
class Chat:
    """A chat with the bot; `typing` counts the typing signs that the bot has shown."""

    id: str
    name: str
    kind: str = "PRIVATE"
    entries: deque[ChatMessage] = field(default_factory=lambda: deque(maxlen=1000))
    typing: int = 0

    def described(self) -> dict[str, Any]:
        """Return the chat in the form of an event."""
        return {"id": self.id, "chat_type": self.kind}


@dataclass(slots=True)
class Telephone(Chat):
    """The telephone of one person. The chat's id is the person's id at this bot."""

    started: bool = False
    blocked: bool = False

    def sender(self) -> dict[str, Any]:
        """Return the person in the form of an event."""
        return {"id": self.id, "display_name": self.name, "is_bot": False}
