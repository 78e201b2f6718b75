"""A transaction that erases somebody says so: what it erased is to stand nowhere afterwards.

SQLite's write-ahead log holds pages as they were; after such a commit it is emptied at once.
"""

from sqlalchemy import Connection

_KEY = "erased"


def mark(tx: Connection) -> None:
    """Have the log emptied after this transaction."""
    tx.info[_KEY] = True


def taken(tx: Connection) -> bool:
    """Whether a transaction on this connection erased something since it was last asked."""
    return bool(tx.info.pop(_KEY, False))
