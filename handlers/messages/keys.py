"""Dedupe keys: the outbox has at most one message with the same key.

A person gets one scheduled message a day; a second one of the same day is merged into it.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from handlers.messages.message import Dropped, Message
from storage.messages import outbox
from storage.messages.outbox import KeyedMessage

_SEPARATOR = ":"


@dataclass(frozen=True, slots=True)
class DedupeKey:
    """The sort of a message, the ids that it is about, and its day if it is one a day.

    As text: "day:12:2026-03-02", "all_in:4:12".
    """

    sort: str
    about: tuple[int | str, ...]
    day: date | None = None

    def __str__(self) -> str:
        """Return the stored form."""
        parts = (self.sort, *self.about, *((self.day.isoformat(),) if self.day else ()))
        return _SEPARATOR.join(str(one) for one in parts)


def day_of(stored: str) -> date | None:
    """Return the day of a stored key; None for a key without one."""
    try:
        return date.fromisoformat(stored.rpartition(_SEPARATOR)[2])
    except ValueError:
        return None


def key_of_day(person_id: int, day: date) -> DedupeKey:
    """Return the key of the one scheduled message that a person gets on a day."""
    return DedupeKey("day", (person_id,), day)


def key_of_evening(person_id: int, day: date) -> DedupeKey:
    """Return the key of the reminder that a person asked for on an evening."""
    return DedupeKey("evening", (person_id,), day)


# --- one scheduled message a day ------------------------------------------------------------------


def undropped(tx: Connection, keys: Collection[DedupeKey]) -> dict[DedupeKey, KeyedMessage]:
    """Return the messages with these keys; free the keys of dropped ones, which were not sent."""
    by_text = {str(key): key for key in keys}
    found = {by_text[text]: one for text, one in outbox.messages_by_key(tx, by_text).items()}
    outbox.clear_keys(tx, [one.id for one in found.values() if one.state == "dropped"])
    return {key: one for key, one in found.items() if one.state != "dropped"}


def move_or_merge(message: Message, day: date) -> Dropped | None:
    """Move a message of another day to this day, or merge it into the person's message of that day.

    Return Dropped if it was merged, or if that day's message is sent already; else None.
    """
    tx, row = message.tx, message.row
    if not message.merges or row.dedupe_key is None or day_of(row.dedupe_key) == day:
        return None
    key = key_of_day(row.person_id, day)
    other = undropped(tx, [key]).get(key)
    if other is None:
        outbox.rekey(tx, row.id, str(key))
        return None
    if message.cache.left.pop(other.id, None):  # both are in this claim: the other is claimed again
        outbox.put_back(tx, [other.id])
    elif other.state != "waiting":
        return Dropped("another_that_day")
    outbox.replace_waiting(tx, [replace(other, payload=message.merged(other.payload, row.payload))])
    return Dropped("another_that_day")
