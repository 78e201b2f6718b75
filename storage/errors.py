"""Errors of the database; each class's docstring is the sentence that an operator reads.

StorageError
├── DatabaseLocked      another process holds the write lock longer than the busy timeout
├── AlreadyRunning      another bot runs on this database
│   ├── SingleBotRunning  a worker starts while a single bot runs
│   ├── WorkersRunning  a single bot starts while workers run
│   └── OneProcess      a second worker starts on SQLite
├── DatabaseNewer       a newer version of the program has migrated it
├── DatabaseBehind      it needs a migration
├── NoDatabase          there is none, or it is empty
├── DiskFull
├── NotADatabase        the file is of another kind, or damaged
├── NotWritable         the file or its folder can't be written
├── NotEmpty            the target of a restore or copy holds data
├── NotUtf8             a PostgreSQL database with another encoding
├── Unreachable         the database server doesn't answer
│   └── NotBegun        the connection was closed before the work began
├── Closed              the database was closed while the work waited
└── BatchLost           all units of one transaction were rolled back
"""

import errno
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any


class StorageError(Exception):
    """The database could not do this."""

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        super().__init__(self.sentence())

    def sentence(self, translated: Callable[[str], str] = str) -> str:
        """Return the sentence, in the language of `translated`."""
        sentence = translated((self.__doc__ or "").strip())
        return f"{sentence} ({self.detail})" if self.detail else sentence


class DatabaseLocked(StorageError):  # noqa: N818
    """Another process is writing to the database; try again in a moment."""


class AlreadyRunning(StorageError):  # noqa: N818
    """Another bot is already running on this database; stop it first."""


class SingleBotRunning(AlreadyRunning):
    """A bot with long polling, or a restore, uses this database; stop it before a worker."""


class WorkersRunning(AlreadyRunning):
    """Webhook workers run on this database; stop them, or set WEBHOOK_URL to add a worker."""


class OneProcess(AlreadyRunning):
    """Another bot runs on this SQLite file; several workers need PostgreSQL."""


class DatabaseNewer(StorageError):  # noqa: N818
    """The database was written by a newer version of this program; install that version."""


class DatabaseBehind(StorageError):  # noqa: N818
    """The database is older than this program; stop the bot, then run "smart-commune migrate"."""


class NoDatabase(StorageError):  # noqa: N818
    """There is no database at {place}; go to the folder of .env, or set DATABASE_URL."""

    def sentence(self, translated: Callable[[str], str] = str) -> str:
        """Return the sentence with the database's place."""
        return translated((self.__doc__ or "").strip()).format(place=self.detail)


class DiskFull(StorageError):  # noqa: N818
    """The disk is full; nothing was written. Make room, then the work goes on by itself."""

    def __init__(self, detail: str = "", place: Path | None = None) -> None:
        super().__init__(detail)
        self.place = place  # the database's file; None where a server has it
        if place is not None:
            self.args = (f"{self.args[0]} ({place})",)


class NotADatabase(StorageError):  # noqa: N818
    """The file is not a database of this program, or it is damaged; restore a backup."""


class NotWritable(StorageError):  # noqa: N818
    """The database file or its folder can't be written; check the owner and the permissions."""


class NotEmpty(StorageError):  # noqa: N818
    """The database holds data already; nothing was overwritten. Name an empty one."""


class Unreachable(StorageError):  # noqa: N818
    """The database server does not answer; check DATABASE_URL and whether the server runs."""


class NotBegun(Unreachable):
    """The database server closed the connection; try again in a moment."""


class NotUtf8(StorageError):  # noqa: N818
    """The database isn't in UTF-8; create one with ENCODING 'UTF8' TEMPLATE template0."""


class Closed(StorageError):  # noqa: N818
    """The database is closed."""


class BatchLost(StorageError):  # noqa: N818
    """The database rolled back the whole transaction; nothing was written."""


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
# On a full disk SQLite cannot create the index of its log; its short code is only "I/O error".
_SQLITE_EXTENDED: dict[int, type[StorageError]] = {
    sqlite3.SQLITE_IOERR_SHMSIZE: DiskFull,
    sqlite3.SQLITE_IOERR_SHMOPEN: NotWritable,
}
_NOT_WRITABLE = {errno.EACCES, errno.EROFS, errno.EPERM, errno.ENOTDIR, errno.EEXIST, errno.EISDIR}
# By SQLSTATE, or by its class (the first two or three characters).
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
    """Return the StorageError for a driver's error; None if the error is a bug in our code."""
    causes = _causes(error)
    for cause in causes:
        if isinstance(cause, StorageError):
            return cause
        found = _of_driver(cause)
        if found is not None:
            return found(_first_line(cause))
    # asyncpg has no code for a connection that is closed already, but SQLAlchemy marks it.
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
    if getattr(cause, "connection_invalidated", False):  # SQLAlchemy's mark
        return Unreachable
    if isinstance(cause, OSError):
        if cause.errno in {errno.ENOSPC, errno.EDQUOT}:
            return DiskFull
        if cause.errno in _NOT_WRITABLE:
            return NotWritable
        return Unreachable
    return None
