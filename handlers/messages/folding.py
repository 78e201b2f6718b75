"""One scheduled message a day for each person: what comes on the same day is joined into it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from handlers.messages.keys import DedupeKey, day_of, key_of_day
from handlers.messages.message import Dropped, Message
from storage import outbox
from storage.outbox import Placed


def standing(tx: Connection, keys: Collection[DedupeKey]) -> dict[DedupeKey, Placed]:
    """The messages with these keys; a dropped one gives its key up, for nothing was said by it."""
    by_text = {str(key): key for key in keys}
    found = {by_text[text]: one for text, one in outbox.placed(tx, by_text).items()}
    outbox.give_up_keys(tx, [one.id for one in found.values() if one.state == "dropped"])
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
    joined = message.joined(other.payload, row.payload)
    outbox.fold(tx, [replace(other, payload=joined)])
    return Dropped("another_that_day")
