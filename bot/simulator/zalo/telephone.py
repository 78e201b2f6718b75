"""A telephone with Zalo and its chat with the bot; a group that the bot is in."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

Message = dict[str, Any]


@dataclass(slots=True)
class Entry:
    """A message of the chat; `content` is the picture that came with it."""

    message: Message
    mine: bool
    content: bytes | None = None


@dataclass(slots=True)
class Chat:
    """What a chat with the bot holds; `typing` counts the typing signs that it showed."""

    id: str
    name: str
    kind: str = "PRIVATE"
    entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=1000))
    typing: int = 0

    def described(self) -> dict[str, Any]:
        """The chat as an event has it."""
        return {"id": self.id, "chat_type": self.kind}


@dataclass(slots=True)
class Telephone(Chat):
    """One person's telephone. The chat's id is the person's id at this bot."""

    started: bool = False
    blocked: bool = False

    def sender(self) -> dict[str, Any]:
        """The person as an event has them."""
        return {"id": self.id, "display_name": self.name, "is_bot": False}
