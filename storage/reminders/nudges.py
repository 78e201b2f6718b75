"""When a leader last had a person reminded, so that nobody is reminded too often."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.tables import nudges


def last_nudges(tx: Connection, person_ids: Iterable[int], since: datetime) -> dict[int, datetime]:
    """Return which of these people were reminded after `since`, and when."""
    wanted = list(person_ids)
    rows = tx.execute(
        sa.select(nudges.c.person_id, nudges.c.at).where(
            nudges.c.person_id.in_(wanted), nudges.c.at > since
        )
    )
    return {row.person_id: row.at for row in rows}


def record(tx: Connection, person_ids: Iterable[int], at: datetime) -> None:
    """Store that these people were reminded."""
    whom = list(person_ids)
    tx.execute(sa.delete(nudges).where(nudges.c.person_id.in_(whom)))
    if whom:
        tx.execute(sa.insert(nudges), [{"person_id": one, "at": at} for one in whom])
