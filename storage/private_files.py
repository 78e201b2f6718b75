"""Files that only the program's own user may read: what people wrote lies in them."""

import os
import stat
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_private(database: Path) -> None:
    """Create the folder and the file if they aren't there; shut others out of the file.

    SQLite gives what it puts beside the file (WAL, index) the same permissions.
    """
    database.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(database, os.O_RDWR | os.O_CREAT, 0o600))
    for file in (database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))):
        if file.exists() and readable_by_others(file) and file.stat().st_uid == os.geteuid():
            file.chmod(0o600)


def readable_by_others(file: Path) -> bool:
    """Whether anybody but the owner may read, write or enter it."""
    return bool(file.stat().st_mode & _OTHERS)
