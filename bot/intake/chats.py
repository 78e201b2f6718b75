"""What the dispatcher holds of a chat in memory."""

import asyncio
import json
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from bot.telegram.updates import Decoded, album_of
from handlers.flow.channel import Reply
from storage import inbox

ALBUM_SECONDS = 1.0  # after the last photo of an album; its messages can come apart


@dataclass(frozen=True, slots=True)
class Offered:
    """An update in memory, and the storing of it while that may still fail."""

    update: inbox.Update
    storing: "asyncio.Future[Any] | None" = None

    @property
    def lost(self) -> bool:
        """Whether it could not be stored: whoever handed it over does so again."""
        if self.storing is None or not self.storing.done():
            return False
        return self.storing.cancelled() or self.storing.exception() is not None


@dataclass(frozen=True, slots=True)
class Album:
    """The replies to the photos of an album so far; it gets one when the last has come."""

    name: str
    replies: tuple[Reply, ...]
    newest: inbox.Update
    decoded: Decoded  # the newest
    since: float = field(default_factory=time.monotonic)

    @property
    def complete(self) -> bool:
        """Whether nothing more has come for a while."""
        return time.monotonic() - self.since >= ALBUM_SECONDS

    def includes(self, work: Offered | int | None) -> bool:
        """Whether this is one more photo of it."""
        if not isinstance(work, Offered):
            return False
        try:
            return album_of(json.loads(work.update.payload)) == self.name
        except (ValueError, AttributeError):
            return False


@dataclass(slots=True)
class Chat:
    """One chat that has something waiting, or something to be shown."""

    held: deque[Offered | int] = field(default_factory=deque)  # an int: show this person
    behind: bool = False  # more of this chat lies in the inbox than is held here
    news: bool = False  # told of updates that lie in the inbox, since it was looked into
    backlog: int = 0  # about how many wait, here and there
    flooded: bool = False
    apologised: bool = False  # in this flood
    owed: tuple[Reply, Decoded] | None = None  # the last reply of a flood, and to what
    album: Album | None = None  # handled and not replied to yet
