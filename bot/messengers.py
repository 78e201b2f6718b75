"""The interface of a messenger: reading its updates, showing screens, fetching files.

`bot/telegram/` and `bot/zalo/` implement it. A program runs several bots, each with its own name.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from handlers.flow.channel import Capabilities, Incoming, Reply, Screen, bot_and_reference
from handlers.report.attachment_rules import Why

Payload = Mapping[str, Any]
# It allows 20 MB over a slow line. Without it a very slow server would keep all files waiting.
SECONDS_FOR_A_FILE = 180.0


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded update: what the person did, the callback query to answer, album and topic."""

    incoming: Incoming
    query: str | None = None
    album: str | None = None
    topic: int | None = None


@dataclass(frozen=True, slots=True)
class SentMessage:
    """The message that shows a screen, and its time by the messenger's clock."""

    message: str
    at: datetime
    replaced: bool = False  # it replaced an earlier screen of the message


class UpdateReader(Protocol):
    """Reads one bot's updates. All but `decode` read raw data and never fail."""

    def identity_of(self, payload: Payload) -> str | None:
        """Return the update's id within its bot, to recognise it again; None if it is no update."""

    def chat_of(self, payload: Payload) -> str:
        """Return the chat of an update, empty for none; the updates of a chat stay in order."""

    def date_of(self, payload: Payload) -> int | None:
        """Return the date of an update's message in Unix seconds; None for other updates."""

    def kind_of(self, payload: Payload) -> str:
        """Return the update's kind, as the metrics count it."""

    def album_of(self, payload: Payload) -> str | None:
        """Return the album of an update's photo or file; None without one."""

    def decode(self, payload: dict[str, Any]) -> Decoded | None:
        """Decode an update; None if it isn't for the bot. Raise ValidationError if invalid."""


class Channel(Protocol):
    """Shows replies and messages in the chats of one bot."""

    capabilities: Capabilities
    lost: asyncio.Event  # a reply couldn't be shown because of the network

    async def show(
        self, chat: str, reply: Reply, query: str | None = None, topic: int | None = None
    ) -> bool:
        """Show a reply; return whether the person can have seen it."""

    async def say(
        self, chat: str, text: str, query: str | None = None, topic: int | None = None
    ) -> None:
        """Send one plain sentence, outside of the conversation."""

    async def deliver(
        self, chat: str, screen: Screen, remove_keyboard: str | None = None
    ) -> SentMessage:
        """Send one message of the outbox, without retries; raise the messenger's error."""

    async def probe(self, *, waits: bool = True) -> str | None:
        """Make a test call; return the reason when it fails, None when it succeeds.

        `waits`: whether a refusal with a pause (RetryAfter) counts as a failure.
        """

    def has_pending(self, chat: str) -> bool:
        """Return whether something for this chat is still to be shown."""

    async def wait_for_side_calls(self, chat: str | None = None) -> None:
        """Give the side calls of the last reply (in all chats) a moment to finish."""


class FilePostponed(Exception):  # noqa: N818 - the names say what happened
    """The messenger refuses the file for now; ask again after the given time."""

    def __init__(self, after: timedelta) -> None:
        super().__init__(str(after))
        self.after = after


class FileNotFetched(Exception):  # noqa: N818
    """The file can't be fetched for a passing reason; a later try may succeed."""


class FileRefused(Exception):  # noqa: N818
    """The file can never be fetched."""

    def __init__(self, why: Why, reason: str) -> None:
        super().__init__(reason)
        self.why = why


class FileSource(Protocol):
    """Fetches the files that people sent to one bot."""

    async def fetch(self, reference: str, largest: int) -> bytes:
        """Return the file; raise one of the three errors above if it fails or is larger."""


@dataclass(frozen=True, slots=True)
class Files:
    """Fetches the files that people sent, from any of the bots."""

    sources: Mapping[str, FileSource]

    async def fetch(self, file: str, largest: int) -> bytes:
        """Return the file of a reference with its bot (`file_at`); raise as a FileSource does."""
        bot, reference = bot_and_reference(file)
        source = self.sources.get(bot)
        if source is None:
            raise FileRefused("not_fetched", "its bot doesn't run")
        try:
            async with asyncio.timeout(SECONDS_FOR_A_FILE):
                return await source.fetch(reference, largest)
        except TimeoutError:
            raise FileNotFetched(f"not complete after {SECONDS_FOR_A_FILE:.0f} seconds") from None


@dataclass(frozen=True, slots=True)
class Messenger:
    """One bot: the reader of its updates and the channel for its replies."""

    reader: UpdateReader
    channel: Channel
