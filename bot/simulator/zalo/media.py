"""Pictures and voice messages that people send, each at a public address that expires; new ids."""

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Media:
    """A file that can be fetched until `until`."""

    content: bytes
    media_type: str
    until: datetime


class MediaStore:
    """Stores what people send, up to a total size; it deletes the oldest first."""

    def __init__(self, now: Callable[[], datetime], lifetime: timedelta, keep_bytes: int) -> None:
        self.lifetime = lifetime
        self._now = now
        self._keep = keep_bytes
        self._media: OrderedDict[str, Media] = OrderedDict()

    def add(self, content: bytes, media_type: str) -> str:
        """Store the content; return the name at the end of its address."""
        name = new_id()
        self._media[name] = Media(content, media_type, self._now() + self.lifetime)
        while sum(len(one.content) for one in self._media.values()) > self._keep:
            self._media.popitem(last=False)
        return name

    def find(self, name: str) -> Media | None:
        """Return the file with this name; None if it doesn't exist or has expired."""
        media = self._media.get(name)
        return media if media is not None and self._now() < media.until else None

    def expire(self) -> None:
        """Make all addresses expire now."""
        self._media.clear()


_DIGITS = 20


def new_id() -> str:
    """Return a new random id."""
    return secrets.token_hex(_DIGITS // 2)


def id_at(bot: str, person: object) -> str:
    """Return the id of a person or group at this bot; each bot gets a different id of them."""
    return hashlib.sha256(f"{bot}/{person}".encode()).hexdigest()[:_DIGITS]
