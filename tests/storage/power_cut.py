"""The state of a disk after a power cut: a copy of the files of a stopped program.

Synced data is there in any case; of later data some, none, or zeros.
"""

import os
import shutil
import signal
import sqlite3
import struct
import subprocess
from contextlib import closing
from pathlib import Path

_HEADER, _FRAME_HEADER = 32, 24


def freeze(process_id):
    """Stop a child process, and return when it has stopped."""
    os.kill(process_id, signal.SIGSTOP)
    os.waitpid(process_id, os.WUNTRACED)


def copied(database: Path, folder: Path) -> Path:
    """Copy the database and its WAL as they are, without the index in shared memory.

    Another process copies: closing a file here would release the locks of SQLite in this process.
    """
    folder.mkdir(parents=True)
    there = [file for file in (database, wal_of(database)) if file.exists()]
    subprocess.run(["cp", *there, folder], check=True)
    return folder / database.name


def wal_of(database: Path) -> Path:
    return database.with_name(f"{database.name}-wal")


def commits(wal: Path) -> list[int]:
    """Give the end of each commit in the WAL, in bytes."""
    content = wal.read_bytes()
    size = struct.unpack(">I", content[8:12])[0] + _FRAME_HEADER
    ends = []
    for at in range(_HEADER, len(content) - size + 1, size):
        if content[at + 8 : at + 16] != content[16:24]:  # left from before the last checkpoint
            break
        if content[at + 4 : at + 8] != bytes(4):
            ends.append(at + size)
    return ends


def cut(database: Path, folder: Path, length: int, *, zeros: bool) -> Path:
    """Make a copy whose WAL ends after `length` bytes, followed by `zeros` zero bytes."""
    shutil.rmtree(folder, ignore_errors=True)
    made = copied(database, folder)
    whole = wal_of(made).stat().st_size
    os.truncate(wal_of(made), length)
    if zeros:
        os.truncate(wal_of(made), whole)
    return made


def whole(database: Path) -> bool:
    """Whether it opens and SQLite finds no damage."""
    with closing(sqlite3.connect(database)) as raw, raw:
        found = raw.execute("PRAGMA integrity_check").fetchall()
        dangling = raw.execute("PRAGMA foreign_key_check").fetchall()
    raw.close()
    return found == [("ok",)] and dangling == []
