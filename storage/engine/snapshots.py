"""Copies the whole database into one SQLite file while the bot runs, and restores such a file.

A snapshot has the same format for SQLite and PostgreSQL, so a backup of one can be restored into
the other.
"""

import asyncio
import contextlib
import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.engine.database import Database
from storage.engine.group_commit import translated_error
from storage.engine.process_lock import ProcessLock
from storage.engine.schema_upgrade import (
    location_of,
    migrate,
    read_any_revision,
    refuse_newer,
    revision_of,
)
from storage.engine.sqlite import core_engine, open_raw
from storage.errors import DiskFull, NoDatabase, NotADatabase, NotEmpty
from storage.scratch_files import Scratch
from storage.tables import board_sessions, board_tickets, metadata, reached, worker_calls

_ROWS_AT_ONCE = 500
# Every running program writes these tables: a database with no other rows counts as empty.
_TRANSIENT = (reached, worker_calls)
_BUSY_SECONDS = 30.0


async def take_snapshot(url: str, file: Path) -> None:
    """Copy a consistent state of the database into a new SQLite file, without blocking writers.

    Any revision can be copied, except one newer than the program from PostgreSQL (DatabaseNewer).
    From PostgreSQL the rows pass through this process, so do not call it on a running bot's event
    loop.
    """
    source = sa.make_url(url)
    if source.get_backend_name() == "sqlite":
        await asyncio.to_thread(_copy_sqlite, Path(source.database or ""), file)
        return

    def copy(tx: Connection) -> None:
        revision = _revision(tx, url)
        refuse_newer(revision)
        # The copy gets the source's own revision, so that older databases can be copied too.
        migrate(url_of(file), revision)
        with _disk_full_as_os_error(file), _opened(file) as target:
            _copy_unchanged(tx, target)

    await asyncio.to_thread(read_any_revision, url, copy)


async def fill_from_snapshot(
    url: str, file: Path, data_dir: Path, before_commit: Callable[[], None] = lambda: None
) -> None:
    """Fill the empty database of `url` from the snapshot; raise NotEmpty if it has data.

    The snapshot is checked first, and an older one is migrated. `before_commit` runs when all is
    ready, directly before the one step (a rename or a commit) that completes the restore.
    """
    await asyncio.to_thread(check_snapshot, file)
    await asyncio.to_thread(migrate, url_of(file))
    await asyncio.to_thread(_end_sessions, file)
    target = sa.make_url(url)
    if target.get_backend_name() == "sqlite":
        await asyncio.to_thread(
            _put_in_place, file, Path(target.database or ""), data_dir, before_commit
        )
        return

    def fill(tx: Connection) -> None:
        with _opened(file) as source:
            _fill(source, tx)
        before_commit()

    async with Database(url, exclusive=True) as database:
        await database.write(fill)


def _end_sessions(file: Path) -> None:
    """End all sessions of the board: a session closed since the backup must stay closed."""
    with _opened(file) as tx:
        for table in (board_sessions, board_tickets):
            tx.execute(sa.delete(table))


@contextlib.contextmanager
def without_bot(url: str) -> Iterator[None]:
    """Hold a SQLite file's lock, so that no bot starts on it; AlreadyRunning if one runs."""
    source = sa.make_url(url)
    file = Path(source.database or "")
    if source.get_backend_name() != "sqlite" or not file.is_file():
        yield
        return
    lock = ProcessLock(file)
    lock.take()
    try:
        yield
    finally:
        lock.release()


def check_snapshot(file: Path) -> None:
    """Raise NotADatabase for a damaged file, DatabaseNewer for one of a newer program."""
    try:
        with contextlib.closing(
            sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
        ) as raw:
            found = raw.execute("PRAGMA integrity_check").fetchone()[0]
            if found != "ok":
                raise NotADatabase(str(found)[:200])
            dangling = raw.execute("PRAGMA foreign_key_check").fetchone()
            if dangling is not None:
                raise NotADatabase(f"a row of {dangling[0]} has a broken reference")
    except sqlite3.Error as error:
        raise translated_error(error) from error


def url_of(file: Path) -> str:
    """Return the DATABASE_URL of a SQLite file."""
    return f"sqlite+aiosqlite:///{file}"


def _copy_sqlite(source: Path, target: Path) -> None:
    """Copy with SQLite's online backup in one step: in WAL mode it blocks no other connection."""
    read_any_revision(url_of(source), lambda tx: _revision(tx, url_of(source)))
    with (
        _disk_full_as_os_error(target),
        contextlib.closing(open_raw(source, ("query_only=ON",), _BUSY_SECONDS)) as raw,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        raw.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE").fetchall()  # one file, without -wal and -shm


@contextlib.contextmanager
def _disk_full_as_os_error(file: Path) -> Iterator[None]:
    """Translate SQLite's errors; a full disk becomes an OSError that names `file`'s folder."""
    try:
        yield
    except sqlite3.Error as error:
        clear = translated_error(error)
        if isinstance(clear, DiskFull):
            folder = str(file.absolute().parent)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), folder) from error
        raise clear from error


def _put_in_place(
    file: Path, target: Path, data_dir: Path, before_commit: Callable[[], None]
) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    lock = ProcessLock(target)
    lock.take()  # no bot may have the file open
    try:
        if target.exists() and _rows_in(target):
            raise NotEmpty(str(target))
        # Copy to the same disk first, because only a rename makes the new database appear at once.
        with Scratch.beside(target, data_dir) as scratch:
            ready = scratch.path / target.name
            _copy_whole(file, ready)
            # A log of the old, empty database must not be replayed onto the new file.
            for end in ("-wal", "-shm"):
                target.with_name(f"{target.name}{end}").unlink(missing_ok=True)
            before_commit()
            ready.replace(target)
    finally:
        lock.release()


def _copy_whole(file: Path, copy: Path) -> None:
    """Copy into one file that needs no log."""
    with (
        _disk_full_as_os_error(copy),
        contextlib.closing(sqlite3.connect(file)) as source,
        contextlib.closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
    copy.chmod(0o600)


def _rows_in(file: Path) -> bool:
    with _opened(file) as tx:
        return set(sa.inspect(tx).get_table_names()) >= set(metadata.tables) and not _empty(tx)


def _fill(source: Connection, target: Connection) -> None:
    if not _empty(target):
        raise NotEmpty(target.engine.url.render_as_string(hide_password=True))
    for table in _TRANSIENT:
        target.execute(sa.delete(table))
    _copy_rows(source, target)
    for table in metadata.sorted_tables:
        if "id" in table.c and target.dialect.name == "postgresql":
            # The sequence must continue after the copied ids.
            target.execute(
                sa.text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'),"  # noqa: S608
                    f" coalesce((SELECT max(id) FROM {table.name}), 1))"
                )
            )


def _revision(tx: Connection, url: str) -> str:
    revision = revision_of(tx)
    if revision is None:
        raise NoDatabase(location_of(url))
    return revision


def _copy_unchanged(source: Connection, target: Connection) -> None:
    """Copy the rows of all tables; both databases have the same revision, possibly an older one."""
    schema = sa.inspect(target)
    for name in schema.get_table_names():
        if name == "alembic_version":
            continue
        names = [one["name"] for one in schema.get_columns(name)]
        table = sa.table(name, *(sa.column(one) for one in names))
        key = schema.get_pk_constraint(name)["constrained_columns"]
        rows = source.execute(sa.select(table).order_by(*(table.c[one] for one in key)))
        for some in rows.mappings().partitions(_ROWS_AT_ONCE):
            target.execute(sa.insert(table), [dict(row) for row in some])


def _copy_rows(source: Connection, target: Connection) -> None:
    for table in metadata.sorted_tables:
        rows = source.execute(sa.select(table).order_by(*table.primary_key.columns))
        for some in rows.mappings().partitions(_ROWS_AT_ONCE):
            target.execute(sa.insert(table), [dict(row) for row in some])


def _empty(tx: Connection) -> bool:
    return all(
        tx.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is None
        for table in metadata.sorted_tables
        if table not in _TRANSIENT
    )


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[Connection]:
    raw = open_raw(file, (), _BUSY_SECONDS)
    with contextlib.closing(raw), core_engine(raw, "BEGIN").connect() as tx, tx.begin():
        yield tx
