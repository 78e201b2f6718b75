"""Whether any data of a commune has changed: the number of its newest history entry.

Everything on which a result depends has an entry: answers, reports, figures, rounds, confirmations.
"""

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage.tables import history, units

_NEWEST = sa.select(sa.func.max(history.c.id))
_SINCE = history.c.id > bindparam("since")
_OF_COMMUNE = bindparam("of_commune", type_=history.c.commune_id.type)
# An entry names the commune or one of its units. Each index is searched from the last number on.
_LATER = sa.union_all(
    sa.select(history.c.id).where(history.c.commune_id == _OF_COMMUNE, _SINCE),
    sa.select(history.c.id)
    .join_from(units, history, history.c.unit_id == units.c.id)
    .where(units.c.commune_id == _OF_COMMUNE, _SINCE),
).subquery()
_NEWEST_SINCE = sa.select(sa.func.max(_LATER.c.id))

_WHOSE = sa.func.coalesce(history.c.commune_id, units.c.commune_id)
_BY_COMMUNE = (
    sa.select(_WHOSE, sa.func.max(history.c.id))
    .select_from(history.outerjoin(units, history.c.unit_id == units.c.id))
    .where(_SINCE, _WHOSE.is_not(None))
    .group_by(_WHOSE)
)


def newest(tx: Connection) -> int:
    """Return the number of the newest change of the whole installation; 0 without any."""
    return tx.scalar(_NEWEST) or 0


def newest_since(tx: Connection, commune_id: int, number: int) -> int | None:
    """Return the number of the commune's newest change after this one; None if there is none."""
    found: int | None = tx.scalar(_NEWEST_SINCE, {"of_commune": commune_id, "since": number})
    return found


def newest_by_commune(tx: Connection, number: int) -> dict[int, int]:
    """Return the number of the newest change after this one, by commune; others are missing."""
    return {row[0]: row[1] for row in tx.execute(_BY_COMMUNE, {"since": number})}
