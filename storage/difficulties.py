"""What stands in the way of an area, as its people say it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.rows import insert
from storage.tables import difficulties


@dataclass(frozen=True, slots=True)
class Difficulty:
    """One difficulty, to an indicator or in general."""

    id: int
    commune_id: int
    round_id: int | None
    unit_id: int | None
    indicator: str | None
    text: str
    raised_by: int | None
    raised_at: datetime


_COLUMNS = (
    difficulties.c.id,
    difficulties.c.commune_id,
    difficulties.c.round_id,
    difficulties.c.unit_id,
    difficulties.c.indicator,
    difficulties.c.text,
    difficulties.c.raised_by,
    difficulties.c.raised_at,
)


def raise_difficulty(
    tx: Connection,
    *,
    commune_id: int,
    text: str,
    by: int | None,
    now: datetime,
    round_id: int | None = None,
    unit_id: int | None = None,
    indicator: str | None = None,
) -> int:
    """Keep a difficulty."""
    return insert(
        tx,
        difficulties,
        commune_id=commune_id,
        round_id=round_id,
        unit_id=unit_id,
        indicator=indicator,
        text=text,
        raised_by=by,
        raised_at=now,
    )


def open_difficulties(tx: Connection, commune_id: int) -> list[Difficulty]:
    """What the commune hasn't settled, the oldest first."""
    rows = tx.execute(
        sa.select(*_COLUMNS)
        .where(difficulties.c.commune_id == commune_id, difficulties.c.settled_at.is_(None))
        .order_by(difficulties.c.id)
    )
    return [Difficulty(*row) for row in rows]


def settle(tx: Connection, difficulty_id: int, now: datetime) -> bool:
    """Mark it settled; False when it was already."""
    return bool(
        tx.execute(
            sa.update(difficulties)
            .where(difficulties.c.id == difficulty_id, difficulties.c.settled_at.is_(None))
            .values(settled_at=now)
        ).rowcount
    )
