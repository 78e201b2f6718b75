"""Errors of the drivers: each becomes an error of storage with a sentence, or is a bug."""

import errno
import sqlite3

import pytest
import sqlalchemy as sa

from storage.errors import (
    BatchLost,
    Closed,
    DatabaseLocked,
    DiskFull,
    NoDatabase,
    NotADatabase,
    NotWritable,
    StorageError,
    Unreachable,
    translate,
)


class PostgresqlError(Exception):
    def __init__(self, sqlstate: str | None) -> None:
        super().__init__("the server's words\nand more")
        self.sqlstate = sqlstate


def of_sqlite(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("SQLite's words")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_BUSY, DatabaseLocked), (sqlite3.SQLITE_LOCKED, DatabaseLocked),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, DatabaseLocked), (sqlite3.SQLITE_FULL, DiskFull),
        (sqlite3.SQLITE_IOERR_SHMSIZE, DiskFull), (sqlite3.SQLITE_IOERR_SHMOPEN, NotWritable),
        (sqlite3.SQLITE_IOERR_WRITE, BatchLost), (sqlite3.SQLITE_NOTADB, NotADatabase),
        (sqlite3.SQLITE_CORRUPT, NotADatabase), (sqlite3.SQLITE_READONLY_DBMOVED, NotWritable),
        (sqlite3.SQLITE_CANTOPEN, NotWritable), (sqlite3.SQLITE_PERM, NotWritable),
        (sqlite3.SQLITE_CONSTRAINT_UNIQUE, None), (sqlite3.SQLITE_ERROR, None),
    ],
)  # fmt: skip
def test_errors_of_sqlite_are_translated_by_code(
    code: int, kind: type[StorageError] | None
) -> None:
    found = translate(of_sqlite(code))
    assert (type(found) if found else None) is kind


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("55P03", DatabaseLocked), ("53100", DiskFull), ("25006", NotWritable),
        ("08006", Unreachable), ("57P01", Unreachable), ("28P01", Unreachable),
        ("3D000", Unreachable), ("23505", None), ("57014", None), ("3D001", None), (None, None),
    ],
)  # fmt: skip
def test_errors_of_postgresql_are_translated_by_state_or_class(
    state: str | None, kind: type[StorageError] | None
) -> None:
    found = translate(PostgresqlError(state))
    assert (type(found) if found else None) is kind


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, DiskFull), (errno.EDQUOT, DiskFull), (errno.EACCES, NotWritable),
        (errno.EROFS, NotWritable), (errno.ENOTDIR, NotWritable), (errno.EISDIR, NotWritable),
        (errno.ECONNREFUSED, Unreachable), (errno.ETIMEDOUT, Unreachable),
    ],
)  # fmt: skip
def test_errors_of_the_system_are_translated_by_number(
    number: int, kind: type[StorageError]
) -> None:
    assert type(translate(OSError(number, "x"))) is kind


def test_the_cause_is_found_inside_a_wrapping_error() -> None:
    wrapped = sa.exc.OperationalError("SELECT 1", {}, of_sqlite(sqlite3.SQLITE_FULL))
    assert isinstance(translate(wrapped), DiskFull)
    bug = ValueError("a bug")
    bug.__cause__ = PostgresqlError("53100")
    assert isinstance(translate(bug), DiskFull)
    ours = Closed()
    bug.__cause__ = ours
    assert translate(bug) is ours
    assert translate(ValueError("a bug")) is None
    cut = sa.exc.InterfaceError("SELECT 1", {}, ValueError(), connection_invalidated=True)
    assert isinstance(translate(cut), Unreachable)
    round_about = ValueError()
    round_about.__cause__ = round_about
    assert translate(round_about) is None


def test_the_message_ends_with_the_first_line_of_the_driver() -> None:
    assert str(translate(PostgresqlError("53100"))) == f"{DiskFull.__doc__} (the server's words)"
    assert str(translate(OSError())) == str(Unreachable.__doc__)
    long = OSError(errno.ENOSPC, "x" * 500)
    assert str(translate(long)).endswith(f"({str(long)[:200]})")
    assert str(NoDatabase("/a/b.db")).startswith("There is no database at /a/b.db; ")
