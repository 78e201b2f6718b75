"""The type of a row, and an INSERT that returns the new id."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

Row = sa.Row[*tuple[Any, ...]]


def insert(tx: Connection, table: sa.Table, /, **values: object) -> int:
    """Insert one row; return its id."""
    key = tx.execute(sa.insert(table), values).inserted_primary_key
    if key is None:
        raise KeyError(table.name)
    return int(key[0])
