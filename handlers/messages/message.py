"""The base class of the messages that are checked and worded when they are claimed."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from handlers.flow.channel import Screen
from handlers.messages.claim_cache import ClaimCache
from storage.messages.outbox import Outgoing


@dataclass(frozen=True, slots=True)
class Dropped:
    """The decision not to send a message, with a reason code."""

    reason: str


@dataclass(frozen=True, slots=True)
class Later:
    """The decision to send a message at another time."""

    when: datetime


class Message:
    """One claimed message; each stored kind has a subclass, listed in `kinds.py`.

    `at_night`: it answers its recipients, so it is sent at any hour; all others wait between 21:00
    and 07:00. `bulk`: nobody has just asked for it, so it also waits while the clock is doubtful.
    `merges`: a person gets one a day; the reasons of a second one are merged into the first.
    """

    kind: ClassVar[str]
    at_night: ClassVar[bool] = False
    bulk: ClassVar[bool] = False
    merges: ClassVar[bool] = False

    def __init__(self, row: Outgoing, cache: ClaimCache) -> None:
        self.row = row
        self.cache = cache
        self.tx = cache.tx
        self.texts = cache.deployment.texts(row.language, row.bot)

    def unwanted(self) -> str | None:
        """Return the reason code why it is no longer to be sent; None when it is."""
        return None

    def worded(self) -> Outgoing | Dropped | Later:
        """Return the message with its present text, or the decision not to send it now."""
        return self.row

    @classmethod
    def merged(cls, payload: str, more: str) -> str:
        """Return the payload that merges two messages of a day."""
        raise NotImplementedError

    def showing(self, screen: Screen) -> Outgoing:
        """Return the message with this screen as its payload."""
        return replace(self.row, payload=screen.to_json())
