"""SQLite: a connection in a thread of its own, on which plain SQLAlchemy Core functions run.

A work function costs one hop to the thread, whatever the number of its statements. SQLAlchemy's
own asyncio dialect makes a hop for every statement, which is 15 times slower (measured).
"""

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import aiosqlite
import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from storage.engine.prepared import QuickConnection
from storage.personal_data import erasing

T = TypeVar("T")


class SqliteConnection(aiosqlite.Connection):
    """aiosqlite's thread, with a raw connection and a synchronous Core connection on it.

    `_execute` and `_thread` are private to aiosqlite, which has no other way to run a function in
    its thread or to make that a daemon; tests/storage/engine/test_sqlite.py holds what they do.
    """

    _raw: sqlite3.Connection  # there once it is open

    def __init__(self, path: Path, *, begin: str, pragmas: Iterable[str], busy: float) -> None:
        def opened() -> sqlite3.Connection:
            self._raw = open_raw(path, pragmas, busy)
            return self._raw

        super().__init__(opened, iter_chunk_size=64)
        # A process that is told to stop by a second signal must not hang on this thread.
        self._thread.daemon = True
        self._begin = begin
        self._core: sa.Connection | None = None
        self.erased = False  # something stands in the log that is to stand nowhere

    async def run(self, function: Callable[[sa.Connection], T]) -> T:
        """Run a function of the Core connection in the connection's thread."""
        # aiosqlite leaves its own queueing method untyped.
        value: T = await self._execute(self._call, function)  # type: ignore[no-untyped-call]
        return value

    def _call(self, function: Callable[[sa.Connection], T]) -> T:
        if self._core is None:
            self._core = QuickConnection(core_engine(self._raw, self._begin), self._raw)
        try:
            return function(self._core)
        finally:
            self.erased |= erasing.taken(self._core)
            # Whatever happened, the next function finds no transaction open.
            if self._core.in_transaction():
                self._core.rollback()
            if self._raw.in_transaction:
                self._raw.rollback()

    async def checkpoint(self) -> None:
        """Write the log into the database file and empty it, so that nothing old stands in it.

        While another process reads, it is left for the next time.
        """

        def call() -> None:
            busy, *_ = self._raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            self.erased = self.erased and bool(busy)

        await self._execute(call)  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        """Finish what is queued, close the connection and end its thread."""
        core, self._core = self._core, None
        if core is not None:
            await self._execute(core.close)  # type: ignore[no-untyped-call]
        await super().close()


def open_raw(path: Path, pragmas: Iterable[str], busy: float) -> sqlite3.Connection:
    """A raw connection without Python's implicit transactions, with the pragmas applied."""
    raw = sqlite3.connect(path, timeout=busy, isolation_level=None, check_same_thread=False)
    try:
        for pragma in pragmas:
            raw.execute(f"PRAGMA {pragma}").fetchall()
    except BaseException:
        raw.close()
        raise
    return raw


def core_engine(raw: sqlite3.Connection, begin: str) -> sa.Engine:
    """A Core engine whose only connection is this one; each transaction starts with `begin`."""
    engine = sa.create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
    sa.event.listen(engine, "begin", lambda _: raw.execute(begin))
    return engine
