"""Dedupe keys: what makes a message the only one of its sort, as they stand in the outbox.

A person gets one scheduled message a day: what comes on the same day is joined into it.
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
    """The sort of the message, whom or what it is about, and its day if it is one a day.

    As text: "day:12:2026-03-02", "all_in:4:12".
    """

    sort: str
    about: tuple[int | str, ...]
    day: date | None = None

    def __str__(self) -> str:
        """The form in which it is stored."""
        parts = (self.sort, *self.about, *((self.day.isoformat(),) if self.day else ()))
        return _SEPARATOR.join(str(one) for one in parts)


def day_of(stored: str) -> date | None:
    """The day of a stored key; None for a key without one."""
    try:
        return date.fromisoformat(stored.rpartition(_SEPARATOR)[2])
    except ValueError:
        return None


def key_of_day(person_id: int, day: date) -> DedupeKey:
    """The key of the one scheduled message that a person gets on a day."""
    return DedupeKey("day", (person_id,), day)


def key_of_evening(person_id: int, day: date) -> DedupeKey:
    """The key of the reminder that a person asked for on an evening."""
    return DedupeKey("evening", (person_id,), day)


# --- one scheduled message a day ------------------------------------------------------------------


def standing(tx: Connection, keys: Collection[DedupeKey]) -> dict[DedupeKey, KeyedMessage]:
    """The messages with these keys; a dropped one gives its key up, for nothing was said by it."""
    by_text = {str(key): key for key in keys}
    found = {by_text[text]: one for text, one in outbox.messages_by_key(tx, by_text).items()}
    outbox.clear_keys(tx, [one.id for one in found.values() if one.state == "dropped"])
    return {key: one for key, one in found.items() if one.state != "dropped"}


def moved_to(message: Message, day: date) -> Dropped | None:
    """Make a message that was for another day the one of this day.

    Dropped when the person has one on that day already, which then says this one's reasons too.
    """
    tx, row = message.tx, message.row
    if not message.folds or row.dedupe_key is None or day_of(row.dedupe_key) == day:
        return None
    key = key_of_day(row.person_id, day)
    other = standing(tx, [key]).get(key)
    if other is None:
        outbox.rekey(tx, row.id, str(key))
        return None
    if message.cache.left.pop(other.id, None):  # claimed together: it is claimed again, saying more
        outbox.put_back(tx, [other.id])
    elif other.state != "waiting":
        return Dropped("another_that_day")
    outbox.replace_waiting(tx, [replace(other, payload=message.joined(other.payload, row.payload))])
    return Dropped("another_that_day")
