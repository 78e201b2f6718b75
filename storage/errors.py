"""What can go wrong outside our code, each with the sentence an operator reads.

StorageError
├── DatabaseLocked      another process holds the write lock longer than the busy timeout
├── AlreadyRunning      another bot runs on this database
│   ├── SingleBotRunning    a worker meets one that has the database for itself
│   ├── WorkersRunning  one that wants it for itself meets workers
│   └── OneProcess      a second worker on SQLite
├── DatabaseNewer       written by a newer version of the program
├── DatabaseBehind      migrations are waiting
├── NoDatabase          there is none, or nothing is in it
├── DiskFull
├── NotADatabase        the file is something else, or damaged
├── NotWritable         file or folder can't be written
├── NotEmpty            what is to be filled holds something already
├── NotUtf8             PostgreSQL keeps the database in an encoding that lacks letters
├── Unreachable         the database server doesn't answer
│   └── NotBegun        the connection was cut before anything was done on it
├── Closed              the database was closed while the work waited
└── BatchLost           the units written together were all rolled back
"""

import errno
import sqlite3
from typing import Any


class StorageError(Exception):
    """The database could not do this."""

    def __init__(self, detail: str = "") -> None:
        sentence = (self.__doc__ or "").strip()
        super().__init__(f"{sentence} ({detail})" if detail else sentence)


class DatabaseLocked(StorageError):  # noqa: N818
    """Another process is writing to the database and doesn't let go; try again in a moment."""


class AlreadyRunning(StorageError):  # noqa: N818
    """Another bot is already running on this database; stop it first."""


class SingleBotRunning(AlreadyRunning):
    """A bot that polls, or a restore, has this database for itself; stop it before a worker."""


class WorkersRunning(AlreadyRunning):
    """Webhook workers run on this database; stop them first, or set WEBHOOK_URL to be one more."""


class OneProcess(AlreadyRunning):
    """Another bot runs on this SQLite file, and a file serves one; workers need PostgreSQL."""


class DatabaseNewer(StorageError):  # noqa: N818
    """The database was written by a newer version of this program; install that version."""


class DatabaseBehind(StorageError):  # noqa: N818
    """The database is older than this program; stop the bot, then run "smart-commune migrate"."""


class NoDatabase(StorageError):  # noqa: N818
    """There is no database; go to the folder of .env, or set DATABASE_URL."""

    def __init__(self, place: str) -> None:
        Exception.__init__(
            self, f"There is no database at {place}; go to the folder of .env, or set DATABASE_URL."
        )


class DiskFull(StorageError):  # noqa: N818
    """The disk is full; nothing was written. Make room and the work goes on by itself."""


class NotADatabase(StorageError):  # noqa: N818
    """The file is not a database of this program, or it is damaged; restore a backup."""


class NotWritable(StorageError):  # noqa: N818
    """The database file or its folder can't be written; check the owner and the permissions."""


class NotEmpty(StorageError):  # noqa: N818
    """The database holds something already, and nothing was overwritten; name an empty one."""


class Unreachable(StorageError):  # noqa: N818
    """The database server does not answer; check DATABASE_URL and whether the server runs."""


class NotBegun(Unreachable):
    """The database server closed the connection; try again in a moment."""


class NotUtf8(StorageError):  # noqa: N818
    """The database isn't in UTF-8; make one with ENCODING 'UTF8' TEMPLATE template0."""


class Closed(StorageError):  # noqa: N818
    """The database is closed."""


class BatchLost(StorageError):  # noqa: N818
    """The database gave up the whole transaction; nothing of it was written."""


_SQLITE: dict[int, type[StorageError]] = {
    sqlite3.SQLITE_BUSY: DatabaseLocked,
    sqlite3.SQLITE_LOCKED: DatabaseLocked,
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_NOTADB: NotADatabase,
    sqlite3.SQLITE_CORRUPT: NotADatabase,
    sqlite3.SQLITE_READONLY: NotWritable,
    sqlite3.SQLITE_CANTOPEN: NotWritable,
    sqlite3.SQLITE_PERM: NotWritable,
    sqlite3.SQLITE_IOERR: BatchLost,
}
# On a full disk SQLite can't make the index of its log: an "I/O error" by its short code.
_SQLITE_EXTENDED: dict[int, type[StorageError]] = {
    sqlite3.SQLITE_IOERR_SHMSIZE: DiskFull,
    sqlite3.SQLITE_IOERR_SHMOPEN: NotWritable,
}
_IN_THE_WAY = {errno.EACCES, errno.EROFS, errno.EPERM, errno.ENOTDIR, errno.EEXIST, errno.EISDIR}
# SQLSTATE of PostgreSQL, or its class.
_POSTGRESQL: dict[str, type[StorageError]] = {
    "55P03": DatabaseLocked,
    "53100": DiskFull,
    "25006": NotWritable,
    "08": Unreachable,
    "57P": Unreachable,
    "28": Unreachable,
    "3D000": Unreachable,
}


def translate(error: BaseException) -> StorageError | None:
    """The sentence for an error of a driver, or None when it is a bug of ours."""
    causes = _causes(error)
    for cause in causes:
        if isinstance(cause, StorageError):
            return cause
        found = _of_driver(cause)
        if found is not None:
            return found(_first_line(cause))
    # asyncpg has no code for a connection that it finds closed already; SQLAlchemy knows.
    if any(getattr(cause, "connection_invalidated", False) for cause in causes):
        return Unreachable(_first_line(causes[-1]))
    return None


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error) else ""


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    step: BaseException | None = error
    while step is not None and step not in found:
        found.append(step)
        original: Any = getattr(step, "orig", None)
        step = original if isinstance(original, BaseException) else step.__cause__
    return found


def _of_driver(cause: BaseException) -> type[StorageError] | None:
    code = getattr(cause, "sqlite_errorcode", None)
    if isinstance(code, int):
        return _SQLITE_EXTENDED.get(code) or _SQLITE.get(code & 0xFF)
    state = getattr(cause, "sqlstate", None)
    if isinstance(state, str):
        for length in (5, 3, 2):
            if state[:length] in _POSTGRESQL:
                return _POSTGRESQL[state[:length]]
    if getattr(cause, "connection_invalidated", False):  # SQLAlchemy's: it was cut
        return Unreachable
    if isinstance(cause, OSError):
        if cause.errno in {errno.ENOSPC, errno.EDQUOT}:
            return DiskFull
        if cause.errno in _IN_THE_WAY:
            return NotWritable
        return Unreachable
    return None
