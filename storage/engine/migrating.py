"""Bringing a database to the schema of this program, and refusing one that is newer.

`Database.open()` does it by itself unless told otherwise; `smart-commune migrate` by hand.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from storage.engine.group_commit import readable
from storage.engine.revisions import VERSIONS, head_revision, known_revisions, revision_of
from storage.engine.sqlite import core_engine, open_raw
from storage.errors import DatabaseBehind, DatabaseNewer, NoDatabase, NotADatabase, NotUtf8
from storage.private_files import make_private

if TYPE_CHECKING:
    from alembic.config import Config

T = TypeVar("T")
_BUSY_SECONDS = 30.0


def migrate(url: str | sa.URL, revision: str = "head") -> list[str]:
    """Bring the database to `revision`; gives the revisions applied, none when it was there."""
    return _with_connection(sa.make_url(url), lambda tx: _migrate(tx, revision))


def downgrade(url: str | sa.URL, revision: str) -> None:
    """Go back to `revision`; for the tests of the migrations."""

    def go_back(tx: sa.Connection) -> None:
        from alembic import command

        command.downgrade(config(tx), revision)
        _refuse_dangling(tx)

    _with_connection(sa.make_url(url), go_back)


def place_of(url: str | sa.URL) -> str:
    """Where the database is, as people look for it: the whole path of a file, else the address."""
    url = sa.make_url(url)
    if url.get_backend_name() == "sqlite":
        return str(Path(url.database or "").absolute())
    return url.render_as_string(hide_password=True)


def look(url: str | sa.URL, work: Callable[[sa.Connection], T]) -> T:
    """Run a function on a database of any revision that is there; it can't change anything."""
    url = sa.make_url(url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise NoDatabase(place_of(url))
    return _with_connection(url, work, writing=False)


def current_revision(url: str | sa.URL) -> str | None:
    """The revision the database stands at; None when there is none, or nothing is in it."""
    try:
        return look(url, revision_of)
    except NoDatabase:
        return None


def older_revision(url: str | sa.URL) -> str | None:
    """The revision of a database that is behind this program; None of any other."""
    current = current_revision(url)
    return current if current in known_revisions()[:-1] else None


def check_revision(url: str | sa.URL) -> None:
    """Raise when the database isn't of this program's revision."""
    current = current_revision(url)
    refuse_newer(current)
    if current is None:
        raise NoDatabase(place_of(url))
    if current != head_revision():
        raise DatabaseBehind(f"revision {current}")


def config(tx: sa.Connection | None = None) -> "Config":
    """Alembic's configuration; no file is needed."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(VERSIONS.parent).replace("%", "%%"))
    made.attributes["connection"] = tx
    return made


def _migrate(tx: sa.Connection, revision: str) -> list[str]:
    before = revision_of(tx)
    refuse_newer(before)
    if before is None and set(sa.inspect(tx).get_table_names()) - {"alembic_version"}:
        raise NotADatabase("it holds tables of something else")
    wanted = head_revision() if revision == "head" else revision
    waiting = [one for one in known_revisions() if (before or "") < one <= wanted]
    if waiting:
        from alembic import command  # nobody needs it at a usual start

        command.upgrade(config(tx), revision)
        _refuse_dangling(tx)
    return waiting


def refuse_newer(revision: str | None) -> None:
    """Raise DatabaseNewer for a revision that this program doesn't know."""
    if revision is not None and revision not in known_revisions():
        raise DatabaseNewer(f"revision {revision}")


def _with_connection(url: sa.URL, work: Callable[[sa.Connection], T], *, writing: bool = True) -> T:
    """One transaction for all of it, DDL too: a migration that fails leaves nothing behind."""
    try:
        if url.get_backend_name() == "sqlite":
            with (_sqlite if writing else _sqlite_to_look)(url) as tx, tx.begin():
                return work(tx)
        return asyncio.run((_in_postgresql if writing else _look_in_postgresql)(url, work))
    except Exception as error:
        clear = readable(error)
        if clear is error:
            raise
        raise clear from error


@contextlib.contextmanager
def _sqlite(url: sa.URL) -> Iterator[sa.Connection]:
    path = Path(url.database or "")
    if not path.exists():
        make_private(path)
    # Foreign keys off: batch mode drops and renames tables; they are checked at the end.
    raw = open_raw(
        path, ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF"), _BUSY_SECONDS
    )
    with contextlib.closing(raw), core_engine(raw, "BEGIN IMMEDIATE").connect() as tx:
        yield tx


@contextlib.contextmanager
def _sqlite_to_look(url: sa.URL) -> Iterator[sa.Connection]:
    raw = open_raw(Path(url.database or ""), ("query_only=ON",), _BUSY_SECONDS)
    with contextlib.closing(raw), core_engine(raw, "BEGIN").connect() as tx:
        yield tx


def _refuse_dangling(tx: sa.Connection) -> None:
    """After a change only: it reads every row, half a second of each start with 460,000 people."""
    if tx.dialect.name != "sqlite":
        return
    if tx.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise sqlite3.IntegrityError("a migration left rows that point nowhere")


def _refuse_other_encodings(tx: sa.Connection) -> None:
    encoding = tx.scalar(sa.text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise NotUtf8(str(encoding))


async def _in_postgresql(url: sa.URL, work: Callable[[sa.Connection], T]) -> T:
    from sqlalchemy.ext.asyncio import create_async_engine

    from storage.engine import postgresql

    engine = create_async_engine(url, poolclass=NullPool, connect_args={"timeout": 10})
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_refuse_other_encodings)
            await connection.execute(
                sa.text(f"SELECT pg_advisory_xact_lock({postgresql.WRITE_LOCK})")
            )
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


async def _look_in_postgresql(url: sa.URL, work: Callable[[sa.Connection], T]) -> T:
    from storage.engine import postgresql

    def checked(tx: sa.Connection) -> T:
        _refuse_other_encodings(tx)
        return work(tx)

    engine = postgresql.read_engine(url, 1)
    try:
        return await postgresql.run(engine, checked)
    finally:
        await engine.dispose()
