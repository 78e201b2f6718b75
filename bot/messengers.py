"""What the program asks of a messenger: to read its updates, to show things, to give files.

`bot/telegram/` and `bot/zalo/` implement it. A program runs several bots, each known by its name.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from handlers.flow.channel import Capabilities, Incoming, Reply, Screen, bot_and_reference
from handlers.report.attachment_rules import Why

Payload = Mapping[str, Any]
# 20 MB over a slow line. A server that sends a byte now and then would keep all files waiting.
SECONDS_FOR_A_FILE = 180.0


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a person did, with the callback query to answer, the album and the topic."""

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


class Reader(Protocol):
    """Reads one bot's updates. All but `decode` read raw data and never fail."""

    def identity_of(self, payload: Payload) -> str | None:
        """By what an update is known when it comes again, within its bot; None: it is none."""

    def chat_of(self, payload: Payload) -> str:
        """The chat of an update, whose updates are handled in order; empty for none."""

    def date_of(self, payload: Payload) -> int | None:
        """The date of an update's message in Unix seconds; None for other updates."""

    def kind_of(self, payload: Payload) -> str:
        """The update's kind, as the metrics count it."""

    def album_of(self, payload: Payload) -> str | None:
        """The album of an update's photo or file; None without one."""

    def decode(self, payload: dict[str, Any]) -> Decoded | None:
        """What a person did; None when it isn't for the bot. ValidationError if it is invalid."""


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
        """Send one message of the outbox, without retries; raises the messenger's error."""

    async def silence(self, *, waits: bool = True) -> str | None:
        """Why the messenger doesn't answer now; None when it does.

        `waits`: whether being told to wait counts as silence.
        """

    def has_pending(self, chat: str) -> bool:
        """Whether something for this chat is still to be shown."""

    async def settled(self, chat: str | None = None) -> None:
        """Give the calls beside the last reply (of all chats) a moment to finish."""


class FilePostponed(Exception):  # noqa: N818 - these read as what happened
    """The messenger wants to be asked again after a while."""

    def __init__(self, after: timedelta) -> None:
        super().__init__(str(after))
        self.after = after


class FileNotFetched(Exception):  # noqa: N818
    """A passing reason: a later try may get the file."""


class FileRefused(Exception):  # noqa: N818
    """No later try will get the file."""

    def __init__(self, why: Why, reason: str) -> None:
        super().__init__(reason)
        self.why = why


class FileSource(Protocol):
    """Gives the files that people sent to one bot."""

    async def fetch(self, reference: str, largest: int) -> bytes:
        """The file; one of the three errors above when there is none, or a larger one."""


@dataclass(frozen=True, slots=True)
class Files:
    """The files that people sent, to whichever bot."""

    sources: Mapping[str, FileSource]

    async def fetch(self, file: str, largest: int) -> bytes:
        """The file of a reference with its bot (`file_at`); raises as a FileSource does."""
        bot, reference = bot_and_reference(file)
        source = self.sources.get(bot)
        if source is None:
            raise FileRefused("not_fetched", "its bot doesn't run")
        try:
            async with asyncio.timeout(SECONDS_FOR_A_FILE):
                return await source.fetch(reference, largest)
        except TimeoutError:
            raise FileNotFetched(f"not whole after {SECONDS_FOR_A_FILE:.0f} seconds") from None


@dataclass(frozen=True, slots=True)
class Messenger:
    """One bot, as its updates are read and its replies are shown."""

    reader: Reader
    channel: Channel
