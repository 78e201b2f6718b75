"""A commune's units with their names at an instant, restored from their history."""

from collections import Counter
from dataclasses import fields, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage import history
from storage.places import places
from storage.places.places import Unit
from storage.tables import history as history_table

_CHANGES_SINCE = (
    sa.select(history_table.c.unit_id, history_table.c.old)
    .where(
        history_table.c.unit_id.in_(bindparam("of_units", expanding=True)),
        history_table.c.what == "area",
        history_table.c.at > bindparam("at", type_=history_table.c.at.type),
    )
    .order_by(history_table.c.id.desc())
)
_PLAYED_BACK = {one.name for one in fields(Unit)} - {"id", "commune_id", "kind", "code"}


def units_with_names(
    tx: Connection, commune_id: int, at: datetime | None = None
) -> dict[int, Unit]:
    """Return all present and former units of the commune by id, with their names at the instant.

    With None the names are the present ones.
    """
    every = [*places.units_of(tx, commune_id), places.office_of(tx, commune_id)]
    found = {one.id: one for one in every}
    changes = tx.execute(_CHANGES_SINCE, {"of_units": list(found), "at": at}).all() if at else ()
    for unit_id, old in changes:
        before = {k: v for k, v in (history.unpack(old) or {}).items() if k in _PLAYED_BACK}
        found[unit_id] = replace(found[unit_id], **before)
    if not changes:
        return found
    alike = Counter(one.label for one in found.values())
    return {one.id: replace(one, shared_label=alike[one.label] > 1) for one in found.values()}
