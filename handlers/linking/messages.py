"""What waits for a person who became another one: it goes to that one, and nobody is told twice."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from handlers.messages.folding import standing
from handlers.messages.keys import DedupeKey, day_of, key_of_day
from handlers.messages.kinds import KINDS
from storage import inherited_messages as inherited
from storage import outbox
from storage.inherited_messages import Waiting


def hand_over_messages(tx: Connection, old_id: int, new_id: int, now: datetime) -> None:
    """Give the waiting messages of a person to another.

    Of those that a person gets once a day, the two are joined; what was asked for as one question
    an evening ends, since that was the other's own choice.
    """
    for row in inherited.waiting_of(tx, old_id):
        message = KINDS.get(row.kind)
        day = day_of(row.dedupe_key) if row.dedupe_key is not None else None
        if message is None or not message.folds or day is None:
            inherited.give_to(tx, row.id, new_id)
        elif row.dedupe_key != str(key_of_day(old_id, day)):
            outbox.finish(tx, row.id, "dropped", now, "joined")
        else:
            _give_days_message(tx, row, key_of_day(new_id, day), new_id, now)


def _give_days_message(
    tx: Connection, row: Waiting, key: DedupeKey, new_id: int, now: datetime
) -> None:
    other = standing(tx, [key]).get(key)
    if other is None:
        inherited.give_to(tx, row.id, new_id)
        outbox.rekey(tx, row.id, str(key))
        return
    if other.state == "waiting":
        joined = KINDS[row.kind].joined(other.payload, row.payload)
        outbox.fold(tx, [replace(other, payload=joined)])
    outbox.finish(tx, row.id, "dropped", now, "another_that_day")
