"""Files with personal data, which only the program's own user may read."""

import os
import stat
from pathlib import Path

# Windows has no such permissions: there a file has those of its folder.
PERMISSIONS = hasattr(os, "geteuid")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_private(database: Path) -> None:
    """Create the folder and the file if they are missing; remove other users' permissions.

    SQLite gives the files next to it (-wal, -shm) the same permissions.
    """
    database.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # O_CREAT with a mode: other users can never read the file, not even for a moment.
    os.close(os.open(database, os.O_RDWR | os.O_CREAT, 0o600))
    for file in (database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))):
        if file.exists() and readable_by_others(file) and file.stat().st_uid == os.geteuid():
            file.chmod(0o600)


def readable_by_others(file: Path) -> bool:
    """Return whether other users than the owner may use it; False without PERMISSIONS."""
    return PERMISSIONS and bool(file.stat().st_mode & _OTHERS)


def give_to_owner_of_folder(file: int, folder: Path) -> None:
    """Give an open file that root writes to the folder's user, because the bot must read it."""
    if PERMISSIONS and os.geteuid() == 0:
        owner = folder.stat()
        os.fchown(file, owner.st_uid, owner.st_gid)
