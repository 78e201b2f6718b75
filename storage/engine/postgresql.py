"""PostgreSQL: it runs the same units of work with SQLAlchemy's asyncpg dialect and `run_sync`."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import AdaptedConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from storage.engine.group_commit import UnitOutcome, run_alone
from storage.engine.prepared import PreparedStatement, QuickConnection, Rows
from storage.errors import NotBegun, Unreachable

T = TypeVar("T")

# Every write transaction holds WRITE_LOCK, like SQLite's BEGIN IMMEDIATE, so that no command or
# other worker overwrites an update that it has not read. A single bot holds RUNNING_LOCK
# exclusively; workers share it. The worker that holds ACTIVE_LOCK runs the jobs.
WRITE_LOCK = 0x534D4352
RUNNING_LOCK = WRITE_LOCK + 1
ACTIVE_LOCK = WRITE_LOCK + 2

LARGEST_GROUP = 32  # units in one transaction: few, so that other workers get the lock soon

# A machine that loses its network closes no connection. Without keepalives its locks would stay for
# two hours. The server probes after 10 seconds and gives up 15 seconds later. The worker itself
# notices within 11 seconds (bot/service/workers/worker.py).
_KEEPALIVE = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
PREPARED_STATEMENTS = 500  # more than the bot has
_IDLE_TIMEOUT = "30s"  # a program that is stopped in a transaction must not keep the write lock


class WriteConnection(QuickConnection):
    """The writer's Core connection: prepared statements bypass SQLAlchemy's cursor."""

    def __init__(self, tx: sa.Connection) -> None:
        super().__init__(tx.engine, tx.connection)

    def run(self, plan: PreparedStatement, values: Sequence[Any]) -> Rows:
        """Run a prepared statement in one round trip."""
        if plan.returns_rows:
            found = self._driver(lambda driver: driver.fetch(plan.sql, *values))
            return Rows(plan.rows([tuple(row) for row in found]), len(found))
        status: str = self._driver(lambda driver: driver.execute(plan.sql, *values))
        return Rows((), int(status.rpartition(" ")[2]))  # "UPDATE 1", "INSERT 0 1"

    def run_many(self, plan: PreparedStatement, values: Sequence[Sequence[Any]]) -> Rows:
        """Run a prepared statement many times."""
        self._driver(lambda driver: driver.executemany(plan.sql, values))
        return Rows((), len(values))

    def control(self, *statements: str) -> None:
        """Run statements that control savepoints, all in one round trip."""
        self._driver(lambda driver: driver.execute("; ".join(statements)))

    def _driver(self, call: Callable[[Any], Awaitable[Any]]) -> Any:  # noqa: ANN401 - asyncpg's
        adapted = cast("AdaptedConnection", self.connection.dbapi_connection)
        try:
            return adapted.run_async(call)
        except Exception as error:
            if not adapted.driver_connection.is_closed():
                raise
            self.invalidate(error)
            raise Unreachable(type(error).__name__) from error


def write_engine(url: sa.URL, busy: float) -> AsyncEngine:
    """Return an engine with one connection; each of its transactions holds the write lock."""
    settings = {
        "lock_timeout": str(int(busy * 1000)),
        "idle_in_transaction_session_timeout": _IDLE_TIMEOUT,
    }
    engine = _engine(url, 1, settings)
    sa.event.listen(engine.sync_engine, "begin", _take_write_lock)
    return engine


def read_engine(url: sa.URL, readers: int) -> AsyncEngine:
    """Return an engine that refuses writes; each transaction reads one snapshot."""
    settings = {
        "default_transaction_read_only": "on",
        "default_transaction_isolation": "repeatable read",
    }
    return _engine(url, readers, settings)


def session_engine(url: sa.URL) -> AsyncEngine:
    """Return an engine for one connection with session locks; each statement commits by itself."""
    arguments: dict[str, Any] = {"timeout": 10, "command_timeout": 10}
    engine = create_async_engine(
        url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=arguments
    )
    _set_at_connect(engine, {"synchronous_commit": "off"})
    return engine


def _engine(url: sa.URL, size: int, settings: dict[str, str]) -> AsyncEngine:
    arguments: dict[str, Any] = {
        "timeout": 10,
        "prepared_statement_cache_size": PREPARED_STATEMENTS,
        "statement_cache_size": PREPARED_STATEMENTS,  # of asyncpg itself
    }
    engine = create_async_engine(
        url, pool_size=size, max_overflow=0, pool_timeout=60, connect_args=arguments
    )
    _set_at_connect(engine, settings)
    return engine


def _set_at_connect(engine: AsyncEngine, settings: dict[str, str]) -> None:
    """Apply settings in each new session; PgBouncer refuses them as startup parameters."""
    statement = "; ".join(
        f"SET {name} TO '{value}'" for name, value in (_KEEPALIVE | settings).items()
    )

    def connected(connection: Any, _: object) -> None:  # noqa: ANN401 - SQLAlchemy's adapter
        connection.run_async(lambda driver: driver.execute(statement))

    sa.event.listen(engine.sync_engine, "connect", connected)


def _take_write_lock(tx: sa.Connection) -> None:
    try:
        tx.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")
    except DBAPIError as error:
        # the transaction has not begun: it is safe to run it again
        if error.connection_invalidated:
            raise NotBegun from error
        raise


async def write(engine: AsyncEngine, function: Callable[[sa.Connection], T]) -> T:
    """Run a function like run(), on the connection of the writer's engine."""
    return await run(engine, lambda tx: function(WriteConnection(tx)))


async def run(engine: AsyncEngine, function: Callable[[sa.Connection], T]) -> T:
    """Run a function of a Core connection on a connection of this engine; return its value.

    A connection that was closed while it was idle fails at the first statement, before any work is
    done. Then the function runs again on a new connection.
    """
    try:
        return await _once(engine, function)
    except NotBegun:
        return await _once(engine, function)


async def _once(engine: AsyncEngine, function: Callable[[sa.Connection], T]) -> T:
    async with engine.connect() as connection:
        return await connection.run_sync(function)


async def read(engine: AsyncEngine, work: Callable[[sa.Connection], T]) -> UnitOutcome[T]:
    """Run a unit that only reads; retry on a new connection if the old one was closed."""
    outcome = await run(engine, partial(run_alone, work=work))
    if isinstance(outcome.error, DBAPIError) and outcome.error.connection_invalidated:
        return await run(engine, partial(run_alone, work=work))
    return outcome
