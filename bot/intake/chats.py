"""The state of a chat that the dispatcher has in memory."""

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.messengers import Decoded
from handlers.flow.channel import Reply
from storage.messages import inbox

ALBUM_SECONDS = 1.0  # to wait after a photo of an album: its messages may arrive separately


@dataclass(frozen=True, slots=True)
class QueuedUpdate:
    """An update in memory; `storing` is the write that stores it, None if it is stored."""

    update: inbox.Update
    storing: "asyncio.Future[Any] | None" = None

    @property
    def lost(self) -> bool:
        """Whether storing the update failed; the messenger then delivers it again."""
        if self.storing is None or not self.storing.done():
            return False
        return self.storing.cancelled() or self.storing.exception() is not None


@dataclass(frozen=True, slots=True)
class Album:
    """The replies to an album's photos so far; the person gets one reply after the last photo."""

    name: str
    replies: tuple[Reply, ...]
    newest: inbox.Update
    decoded: Decoded  # of the newest update
    since: float = field(default_factory=time.monotonic)

    @property
    def complete(self) -> bool:
        """Whether no photo has arrived for ALBUM_SECONDS."""
        return time.monotonic() - self.since >= ALBUM_SECONDS

    def includes(
        self, work: QueuedUpdate | int | None, album_of: Callable[[Any], str | None]
    ) -> bool:
        """Return whether this is another photo of the album."""
        if not isinstance(work, QueuedUpdate):
            return False
        try:
            return album_of(json.loads(work.update.payload)) == self.name
        except (ValueError, AttributeError):
            return False


@dataclass(slots=True)
class ChatState:
    """A chat with waiting updates, or with a person whose screen is to be shown again."""

    # an int is the id of a person whose screen is shown again
    queue: deque[QueuedUpdate | int] = field(default_factory=deque)
    behind: bool = False  # the inbox has more updates of this chat than `queue`
    news: bool = False  # updates may have reached the inbox since it was last read
    backlog: int = 0  # about how many updates wait, in memory and in the inbox
    flooded: bool = False
    apologised: bool = False  # during this flood
    # the newest reply during a flood, and its update
    last_reply: tuple[Reply, Decoded] | None = None
    album: Album | None = None  # handled, but not replied to yet
