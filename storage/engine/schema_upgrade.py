"""Upgrades a database to the schema of this program, and refuses a newer one.

`Database.open()` does it by default, `smart-commune migrate` on demand. Alembic takes 10 MB, so it
is imported only when a migration runs.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from storage.engine.group_commit import translated_error
from storage.engine.sqlite import core_engine, open_raw
from storage.errors import DatabaseBehind, DatabaseNewer, NoDatabase, NotADatabase, NotUtf8
from storage.private_files import make_private

if TYPE_CHECKING:
    from alembic.config import Config

T = TypeVar("T")
VERSIONS = Path(__file__).parents[1] / "migrations" / "versions"
_BUSY_SECONDS = 30.0
_STORED = sa.table("alembic_version", sa.column("version_num", sa.Text))


def known_revisions() -> list[str]:
    """Return all revisions of the schema, oldest first; each file name begins with its revision."""
    return sorted(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*_*.py"))


def head_revision() -> str:
    """Return the revision that this program needs."""
    return known_revisions()[-1]


def revision_of(tx: sa.Connection) -> str | None:
    """Return the revision stored in the database; None if there is none."""
    if not sa.inspect(tx).has_table(_STORED.name):
        return None
    found: str | None = tx.scalar(sa.select(_STORED.c.version_num))
    return found


def migrate(url: str | sa.URL, revision: str = "head") -> list[str]:
    """Migrate the database to `revision`; return the revisions that were applied."""
    return _with_connection(sa.make_url(url), lambda tx: _migrate(tx, revision))


def downgrade(url: str | sa.URL, revision: str) -> None:
    """Migrate back to the older `revision`; the tests of the migrations use it."""

    def go_back(tx: sa.Connection) -> None:
        from alembic import command

        command.downgrade(config(tx), revision)
        _check_foreign_keys(tx)

    _with_connection(sa.make_url(url), go_back)


def location_of(url: str | sa.URL) -> str:
    """Return where the database is, for people: a file's absolute path or the server's address."""
    url = sa.make_url(url)
    if url.get_backend_name() == "sqlite":
        return str(Path(url.database or "").absolute())
    return url.render_as_string(hide_password=True)


def read_any_revision(url: str | sa.URL, work: Callable[[sa.Connection], T]) -> T:
    """Run a read-only function on a database of any revision; raise NoDatabase if there is none."""
    url = sa.make_url(url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise NoDatabase(location_of(url))
    return _with_connection(url, work, writing=False)


def current_revision(url: str | sa.URL) -> str | None:
    """Return the database's revision; None if there is no database, or it is empty."""
    try:
        return read_any_revision(url, revision_of)
    except NoDatabase:
        return None


def older_revision(url: str | sa.URL) -> str | None:
    """Return the database's revision if it is older than this program's; else None."""
    current = current_revision(url)
    return current if current in known_revisions()[:-1] else None


def check_revision(url: str | sa.URL) -> None:
    """Raise DatabaseNewer, DatabaseBehind or NoDatabase unless the revision is this program's."""
    current = current_revision(url)
    refuse_newer(current)
    if current is None:
        raise NoDatabase(location_of(url))
    if current != head_revision():
        raise DatabaseBehind(f"revision {current}")


def config(tx: sa.Connection | None = None) -> "Config":
    """Return Alembic's configuration, without a file."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(VERSIONS.parent).replace("%", "%%"))
    made.attributes["connection"] = tx
    return made


def _migrate(tx: sa.Connection, revision: str) -> list[str]:
    before = revision_of(tx)
    refuse_newer(before)
    # Tables without a revision belong to another program: never migrate that database.
    if before is None and set(sa.inspect(tx).get_table_names()) - {"alembic_version"}:
        raise NotADatabase("it has tables of another program")
    wanted = head_revision() if revision == "head" else revision
    waiting = [one for one in known_revisions() if (before or "") < one <= wanted]
    if waiting:
        from alembic import command  # 10 MB that a usual start does not need

        command.upgrade(config(tx), revision)
        _check_foreign_keys(tx)
    return waiting


def refuse_newer(revision: str | None) -> None:
    """Raise DatabaseNewer for a revision that this program does not know."""
    if revision is not None and revision not in known_revisions():
        raise DatabaseNewer(f"revision {revision}")


def _with_connection(url: sa.URL, work: Callable[[sa.Connection], T], *, writing: bool = True) -> T:
    """Run `work` in one transaction, DDL included: a failed migration changes nothing."""
    try:
        if url.get_backend_name() == "sqlite":
            with (_sqlite if writing else _sqlite_read_only)(url) as tx, tx.begin():
                return work(tx)
        return asyncio.run((_in_postgresql if writing else _in_postgresql_read_only)(url, work))
    except Exception as error:
        file = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
        clear = translated_error(error, file)
        if clear is error:
            raise
        raise clear from error


@contextlib.contextmanager
def _sqlite(url: sa.URL) -> Iterator[sa.Connection]:
    path = Path(url.database or "")
    if not path.exists():
        make_private(path)
    # Alembic's batch mode drops and renames tables; _check_foreign_keys runs at the end instead.
    raw = open_raw(
        path, ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF"), _BUSY_SECONDS
    )
    with contextlib.closing(raw), core_engine(raw, "BEGIN IMMEDIATE").connect() as tx:
        yield tx


@contextlib.contextmanager
def _sqlite_read_only(url: sa.URL) -> Iterator[sa.Connection]:
    raw = open_raw(Path(url.database or ""), ("query_only=ON",), _BUSY_SECONDS)
    with contextlib.closing(raw), core_engine(raw, "BEGIN").connect() as tx:
        yield tx


def _check_foreign_keys(tx: sa.Connection) -> None:
    """Check every row, after migrations only: with 460,000 people it takes half a second."""
    if tx.dialect.name != "sqlite":
        return
    if tx.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise sqlite3.IntegrityError("a migration left rows with broken references")


def _check_encoding(tx: sa.Connection) -> None:
    encoding = tx.scalar(sa.text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise NotUtf8(str(encoding))


async def _in_postgresql(url: sa.URL, work: Callable[[sa.Connection], T]) -> T:
    from sqlalchemy.ext.asyncio import create_async_engine

    from storage.engine import postgresql

    engine = create_async_engine(url, poolclass=NullPool, connect_args={"timeout": 10})
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_check_encoding)
            # Two programs that start together must not migrate at the same time.
            await connection.execute(
                sa.text(f"SELECT pg_advisory_xact_lock({postgresql.WRITE_LOCK})")
            )
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


async def _in_postgresql_read_only(url: sa.URL, work: Callable[[sa.Connection], T]) -> T:
    from storage.engine import postgresql

    def checked(tx: sa.Connection) -> T:
        _check_encoding(tx)
        return work(tx)

    engine = postgresql.read_engine(url, 1)
    try:
        return await postgresql.run(engine, checked)
    finally:
        await engine.dispose()
