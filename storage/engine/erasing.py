"""A mark for a transaction that erases personal data, so that SQLite's log is emptied after it.

The write-ahead log keeps old pages, and with them the erased data, until a checkpoint.
"""

from sqlalchemy import Connection

_KEY = "erased"


def mark(tx: Connection) -> None:
    """Request that the log is emptied after this transaction."""
    tx.info[_KEY] = True


def take_mark(tx: Connection) -> bool:
    """Return whether this connection was marked since the last call, and clear the mark."""
    return bool(tx.info.pop(_KEY, False))
