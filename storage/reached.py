"""When the messenger was last reached, by a clock that agreed with it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.tables import reached


def reached_at(tx: Connection, channel: str) -> datetime | None:
    """The last time that was kept; None before the first."""
    return tx.scalar(sa.select(reached.c.at).where(reached.c.channel == channel))


def keep(tx: Connection, channel: str, now: datetime) -> None:
    """It is reached now."""
    kept = tx.execute(sa.update(reached).where(reached.c.channel == channel).values(at=now))
    if not kept.rowcount:
        tx.execute(sa.insert(reached).values(channel=channel, at=now))
