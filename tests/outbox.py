"""Puts one message into the outbox, for tests of its delivery."""

import sqlalchemy as sa

from storage.messages import outbox
from storage.tables import outbox as table


def enqueue(tx, person_id, kind, payload, now, *, not_before=None, priority=0, dedupe_key=None):
    """Add a message; gives its id, or None when the dedupe key exists already."""
    if dedupe_key is not None and outbox.messages_by_key(tx, [dedupe_key]):
        return None
    when = not_before or now
    draft = outbox.Draft(person_id, kind, payload, when, priority, dedupe_key)
    outbox.enqueue_all(tx, [draft], now)
    return tx.scalar(sa.select(sa.func.max(table.c.id)))
