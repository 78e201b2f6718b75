"""The open database: one writer with group commit, a few readers, for SQLite and PostgreSQL.

A unit of work is a plain function of a Core connection. It cannot await, so no transaction ever
waits for the network (docs/decisions/0001-units-of-work-are-plain-functions.md).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

import sqlalchemy as sa

from storage.engine.group_commit import (
    UnitOutcome,
    Work,
    Writer,
    run_alone,
    run_together,
    translated_error,
)
from storage.engine.process_lock import ProcessLock
from storage.engine.schema_upgrade import check_revision, migrate, older_revision
from storage.engine.sqlite import SqliteConnection
from storage.errors import AlreadyRunning, Closed, OneProcess
from storage.private_files import make_private

if TYPE_CHECKING:
    from storage.engine.bot_lock import BotLock
    from storage.engine.worker_session import WorkerSession

T = TypeVar("T")
_SAME_REVISION = sa.text("UPDATE alembic_version SET version_num = version_num")
BUSY_SECONDS = 5.0
READERS = 3
LARGEST_GROUP = 256

# synchronous=FULL syncs every commit: an acknowledged answer must survive a power cut.
_BOTH = ("foreign_keys=ON", "temp_store=MEMORY")
# secure_delete overwrites deleted rows, so that the file has no data of a forgotten person.
_WRITER = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "cache_size=-8000", *_BOTH)
_READER = (*_BOTH, "cache_size=-4000", "query_only=ON")


class Database:
    """A database, opened with `async with Database(url)` or open() and close().

    `upgrade` creates a missing database and migrates an older one: `before_upgrade` is called with
    the old revision, and `applied` lists the new ones. Without `upgrade` both are refused
    (NoDatabase, DatabaseBehind). A newer database is always refused (DatabaseNewer).

    `exclusive` is for the bot: a second bot on the same database is refused, commands are not.
    `shared` allows several workers on PostgreSQL; each has a `session`. A single bot on PostgreSQL
    has a `bot_lock`, which the program must check while it runs.
    """

    def __init__(
        self,
        url: str,
        *,
        upgrade: bool = True,
        before_upgrade: Callable[[str], None] | None = None,
        exclusive: bool = False,
        shared: bool = False,
        busy_seconds: float = BUSY_SECONDS,
        readers: int = READERS,
        largest_group: int = LARGEST_GROUP,
    ) -> None:
        self._url = sa.make_url(url)
        self._upgrade = upgrade
        self._before_upgrade = before_upgrade
        self._exclusive = exclusive
        self._shared = shared
        self._busy = busy_seconds
        self._readers = readers
        self._largest = largest_group
        self._writer: Writer | None = None
        self._read: Callable[[Work[Any]], Any] | None = None
        self._try: Callable[[Sequence[Work[Any]]], Any] | None = None
        self._scrub: Callable[[], Awaitable[None]] | None = None
        self._stack = AsyncExitStack()
        self.session: WorkerSession | None = None
        self.applied: list[str] = []
        self.bot_lock: BotLock | None = None  # PostgreSQL only

    @property
    def waiting(self) -> int:
        """The number of units of work that wait for the writer."""
        return self._writer.waiting if self._writer else 0

    @property
    def failing(self) -> bool:
        """Whether the last write failed because of the database: full, locked or damaged."""
        return self._writer is not None and self._writer.failing

    @property
    def failures(self) -> int:
        """The number of groups of writes that failed because of the database."""
        return self._writer.failures if self._writer else 0

    @property
    def file(self) -> Path | None:
        """The SQLite file; None for PostgreSQL."""
        sqlite = self._url.get_backend_name() == "sqlite"
        return Path(self._url.database or "") if sqlite else None

    async def try_writing(self) -> None:
        """Try a write that changes no data; raise the StorageError that prevents writing.

        It bypasses the writer's queue. There its success would reset `failing` after a real write
        failed.
        """
        if self._try is None:
            raise Closed
        (outcome,) = await self._translated(self._try([_write_unchanged]))
        if outcome.error is not None:
            raise translated_error(outcome.error, self.file)

    async def open(self) -> Self:
        """Check or upgrade the schema, then open the connections."""
        try:
            if self._url.get_backend_name() == "sqlite":
                await self._open_sqlite()
            else:
                await self._open_postgresql()
        except BaseException as error:
            await self.close()
            clear = translated_error(error, self.file)
            if clear is error:
                raise
            raise clear from error
        return self

    async def close(self) -> None:
        """Finish the queued writes, then close every connection."""
        self._read = self._try = self._scrub = None
        await self._stack.aclose()
        self._writer = None

    async def __aenter__(self) -> Self:
        return await self.open()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a write transaction; return its value once it is on the disk.

        An exception of `work` rolls back its own changes and nothing else. If the caller is
        cancelled while it waits, the work is committed completely or not at all.
        """
        return await self.submit(work)

    def submit(self, work: Work[T]) -> "asyncio.Future[T]":
        """Queue `work` like write() without waiting; units run in the order of submission."""
        if self._writer is None:
            raise Closed
        return self._writer.submit(work)

    def submit_soon(self, work: Work[T]) -> "asyncio.Future[T]":
        """Queue work that no caller waits for: it joins the commit of the next group."""
        if self._writer is None:
            raise Closed
        return self._writer.submit_soon(work)

    async def read(self, work: Work[T]) -> T:
        """Run `work` on a read-only connection in one snapshot; return its value."""
        if self._read is None:
            raise Closed
        outcome: UnitOutcome[T] = await self._translated(self._read(work))
        if outcome.error is not None:
            raise translated_error(outcome.error, self.file)
        return cast("T", outcome.value)

    async def scrub(self) -> None:
        """Empty SQLite's write-ahead log, so that it has no deleted rows."""
        if self._scrub is not None:
            await self._translated(self._scrub())

    async def _open_sqlite(self) -> None:
        path = Path(self._url.database or "")
        if self._upgrade:  # a command that only reads must not create the file
            make_private(path)
        if self._exclusive:
            lock = ProcessLock(path)
            try:
                lock.take()
            except AlreadyRunning as error:
                if self._shared:
                    raise OneProcess(str(path)) from error
                raise
            self._stack.callback(lock.release)
        await asyncio.to_thread(self._prepare)
        writer = SqliteConnection(path, begin="BEGIN IMMEDIATE", pragmas=_WRITER, busy=self._busy)
        await self._stack.enter_async_context(writer)
        idle: asyncio.LifoQueue[SqliteConnection] = asyncio.LifoQueue()
        for _ in range(self._readers):
            reader = SqliteConnection(path, begin="BEGIN", pragmas=_READER, busy=self._busy)
            await self._stack.enter_async_context(reader)
            idle.put_nowait(reader)

        async def run(works: Sequence[Work[Any]]) -> list[UnitOutcome[Any]]:
            outcomes = await writer.run(partial(run_together, works=works))
            if writer.erased:  # a reader may block the checkpoint; then the next write tries again
                await writer.checkpoint()
            return outcomes

        async def read(work: Work[Any]) -> UnitOutcome[Any]:
            reader = await idle.get()
            try:
                return await reader.run(partial(run_alone, work=work))
            finally:
                idle.put_nowait(reader)

        self._start(run, read)
        self._scrub = writer.checkpoint

    async def _open_postgresql(self) -> None:
        from storage.engine import postgresql  # imported here: SQLite does not need these 6 MB
        from storage.engine.bot_lock import BotLock
        from storage.engine.worker_session import WorkerSession

        writer = postgresql.write_engine(self._url, self._busy)
        self._stack.push_async_callback(writer.dispose)
        readers = postgresql.read_engine(self._url, self._readers)
        self._stack.push_async_callback(readers.dispose)
        if self._shared:
            self.session = await self._stack.enter_async_context(WorkerSession(self._url))
        elif self._exclusive:
            self.bot_lock = BotLock(self._url)
            self._stack.push_async_callback(self.bot_lock.close)
            await self.bot_lock.hold()
        await asyncio.to_thread(self._prepare)

        # Several workers take turns with the write lock, so a group must be short.
        self._largest = min(self._largest, postgresql.LARGEST_GROUP)

        async def run(works: Sequence[Work[Any]]) -> list[UnitOutcome[Any]]:
            return await postgresql.write(writer, partial(run_together, works=works))

        async def read(work: Work[Any]) -> UnitOutcome[Any]:
            return await postgresql.read(readers, work)

        self._start(run, read)

    def _prepare(self) -> None:
        if not self._upgrade:
            check_revision(self._url)
            return
        if self._before_upgrade is not None and (old := older_revision(self._url)) is not None:
            self._before_upgrade(old)
        self.applied = migrate(self._url)

    def _start(
        self,
        run: Callable[[Sequence[Work[Any]]], Any],
        read: Callable[[Work[Any]], Any],
    ) -> None:
        self._writer = Writer(run, self._largest, self.file)
        self._stack.push_async_callback(self._writer.close)
        self._read, self._try = read, run

    async def _translated(self, call: Awaitable[T]) -> T:
        """Return the result of the call; translate errors of the driver, such as no connection."""
        try:
            return await call
        except Exception as error:
            clear = translated_error(error, self.file)
            if clear is error:
                raise
            raise clear from error


def _write_unchanged(tx: sa.Connection) -> None:
    """Write what a full disk, a lock or a read-only server would refuse; no data changes."""
    if tx.dialect.name == "sqlite":
        # SQLite skips an update to the same value, but always writes this unused number.
        tx.exec_driver_sql("PRAGMA user_version=0")
    else:
        tx.execute(_SAME_REVISION)
