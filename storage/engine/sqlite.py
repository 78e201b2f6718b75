"""SQLite: a connection in its own thread that runs plain SQLAlchemy Core functions.

A unit of work makes one hop to the thread, for any number of statements. SQLAlchemy's asyncio
dialect makes one hop for every statement, which is 15 times slower (measured).
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite
import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from storage.engine import erasing
from storage.engine.prepared import PreparedStatement, QuickConnection, Rows

T = TypeVar("T")


class CoreConnection(QuickConnection):
    """A Core connection on a raw SQLite connection."""

    def __init__(self, engine: sa.Engine, raw: sqlite3.Connection) -> None:
        super().__init__(engine)
        self._raw = raw

    def run(self, plan: PreparedStatement, values: Sequence[Any]) -> Rows:
        """Run a prepared statement."""
        cursor = self._raw.execute(plan.sql, values)
        return Rows(plan.rows(cursor.fetchall()), cursor.rowcount)

    def run_many(self, plan: PreparedStatement, values: Sequence[Sequence[Any]]) -> Rows:
        """Run a prepared statement many times."""
        return Rows((), self._raw.executemany(plan.sql, values).rowcount)

    def control(self, *statements: str) -> None:
        """Run statements that control savepoints."""
        for statement in statements:
            self._raw.execute(statement)


class SqliteConnection(aiosqlite.Connection):
    """aiosqlite's thread, with a raw connection and a synchronous Core connection on it.

    `_execute` and `_thread` are private to aiosqlite, which has no public way to run a function in
    its thread or to make the thread a daemon. tests/storage/engine/test_sqlite.py checks both.
    """

    _raw: sqlite3.Connection  # set when the connection opens

    def __init__(self, path: Path, *, begin: str, pragmas: Iterable[str], busy: float) -> None:
        def opened() -> sqlite3.Connection:
            self._raw = open_raw(path, pragmas, busy)
            return self._raw

        super().__init__(opened, iter_chunk_size=64)
        # A daemon, so that a process that gets a second stop signal does not wait for this thread.
        self._thread.daemon = True
        self._begin = begin
        self._core: sa.Connection | None = None
        self.erased = False  # whether the write-ahead log still has erased data

    async def run(self, function: Callable[[sa.Connection], T]) -> T:
        """Run a function of the Core connection in the connection's thread; return its value."""
        value: T = await self._execute(self._call, function)  # type: ignore[no-untyped-call]
        return value

    def _call(self, function: Callable[[sa.Connection], T]) -> T:
        if self._core is None:
            self._core = CoreConnection(core_engine(self._raw, self._begin), self._raw)
        try:
            return function(self._core)
        finally:
            self.erased |= erasing.take_mark(self._core)
            # The next function must not find an open transaction, even after an error.
            if self._core.in_transaction():
                self._core.rollback()
            if self._raw.in_transaction:
                self._raw.rollback()

    async def checkpoint(self) -> None:
        """Copy the write-ahead log into the database file and empty it.

        While another connection reads the log, it cannot be emptied: then `erased` stays set.
        """

        def call() -> None:
            busy, *_ = self._raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            self.erased = self.erased and bool(busy)

        await self._execute(call)  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        """Run the queued functions, close the connection and end its thread."""

        def close_core() -> None:
            core, self._core = self._core, None
            if core is not None:
                core.close()

        # In the thread, after a function whose caller was cancelled and which may open the
        # connection.
        with suppress(ValueError):  # it is closed already
            await self._execute(close_core)  # type: ignore[no-untyped-call]
        await super().close()


def open_raw(path: Path, pragmas: Iterable[str], busy: float) -> sqlite3.Connection:
    """Return a raw connection with the pragmas applied and without implicit transactions."""
    raw = sqlite3.connect(path, timeout=busy, isolation_level=None, check_same_thread=False)
    try:
        for pragma in pragmas:
            raw.execute(f"PRAGMA {pragma}").fetchall()
    except BaseException:
        raw.close()
        raise
    return raw


def core_engine(raw: sqlite3.Connection, begin: str) -> sa.Engine:
    """Return a Core engine with only this connection; each transaction starts with `begin`."""
    # A pool with this one connection, because SQLAlchemy must never open another one.
    engine = sa.create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
    sa.event.listen(engine, "begin", lambda _: raw.execute(begin))
    return engine
