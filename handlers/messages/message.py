"""What every kind of message that is checked and worded at its claim has."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from handlers.flow.channel import Screen
from handlers.messages.claim_cache import ClaimCache
from storage.messages.outbox import Outgoing


@dataclass(frozen=True, slots=True)
class Dropped:
    """It is not sent; the reason is a code."""

    reason: str


@dataclass(frozen=True, slots=True)
class Later:
    """It is sent at another moment."""

    when: datetime


class Message:
    """One claimed message; a subclass for each stored kind, listed in `kinds.py`.

    `at_night`: it answers those who get it, so it goes out at any hour; all others are held between
    21:00 and 07:00. `bulk`: one of very many, so it is held while the clock is in doubt, too.
    `folds`: a person gets one a day; the reasons of a second one are joined into the first.
    """

    kind: ClassVar[str]
    at_night: ClassVar[bool] = False
    bulk: ClassVar[bool] = False
    folds: ClassVar[bool] = False

    def __init__(self, row: Outgoing, cache: ClaimCache) -> None:
        self.row = row
        self.cache = cache
        self.tx = cache.tx
        self.texts = cache.deployment.texts(row.language, row.bot)

    def unwanted(self) -> str | None:
        """Why it is not to be sent any more, as a reason code; None when it is."""
        return None

    def worded(self) -> Outgoing | Dropped | Later:
        """The message as it goes out now."""
        return self.row

    @classmethod
    def joined(cls, payload: str, more: str) -> str:
        """The payload that says what two messages of a day say."""
        raise NotImplementedError

    def showing(self, screen: Screen) -> Outgoing:
        """The message with this screen."""
        return replace(self.row, payload=screen.to_json())
