"""A write that changes nothing, to see whether the database takes any."""

import sqlalchemy as sa
from sqlalchemy import Connection

_SAME = sa.text("UPDATE alembic_version SET version_num = version_num")


def touch(tx: Connection) -> None:
    """Write as much as a disk that is full, a lock or a read-only server would refuse."""
    if tx.dialect.name == "sqlite":
        # An update to the same value writes nothing there; this number, used by nobody, always.
        tx.exec_driver_sql("PRAGMA user_version=0")
    else:
        tx.execute(_SAME)
