"""PostgreSQL: the same work functions through SQLAlchemy's asyncpg dialect and `run_sync`."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from storage.engine.group_commit import Outcome, run_alone
from storage.errors import NotBegun

T = TypeVar("T")

# Writers take this lock for the length of a transaction, as SQLite's BEGIN IMMEDIATE does; so that
# a command run beside the bot can't lose an update, nor another worker. RUNNING marks the one bot,
# or, taken in shared mode, each of several workers; who holds DUTY does what only one may do.
WRITE_LOCK = 0x534D4352
RUNNING_LOCK = WRITE_LOCK + 1
DUTY_LOCK = WRITE_LOCK + 2

LARGEST_GROUP = 32  # units in one transaction: so few that another worker's turn comes soon

# A machine that vanishes says no farewell: its locks must not stay for two hours. (Seconds; the
# server asks after 10, and gives up 15 later. A worker notices within 11, see keeper.py.)
_VANISHED = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
STATEMENTS = 500  # kept prepared: all that the bot has
_FROZEN = "30s"  # in a transaction, while everybody waits for the write lock


def write_engine(url: sa.URL, busy: float) -> AsyncEngine:
    """An engine with one connection, every transaction of which holds the write lock."""
    settings = {
        "lock_timeout": str(int(busy * 1000)),
        "idle_in_transaction_session_timeout": _FROZEN,
    }
    engine = _engine(url, 1, settings)
    sa.event.listen(engine.sync_engine, "begin", _take_write_lock)
    return engine


def read_engine(url: sa.URL, readers: int) -> AsyncEngine:
    """An engine that can't write by mistake; a transaction sees one state throughout."""
    settings = {
        "default_transaction_read_only": "on",
        "default_transaction_isolation": "repeatable read",
    }
    return _engine(url, readers, settings)


def session_engine(url: sa.URL) -> AsyncEngine:
    """An engine for one connection that keeps locks: each statement stands for itself."""
    arguments: dict[str, Any] = {"timeout": 10, "command_timeout": 10}
    engine = create_async_engine(
        url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=arguments
    )
    _set_at_connect(engine, {"synchronous_commit": "off"})
    return engine


def _engine(url: sa.URL, size: int, settings: dict[str, str]) -> AsyncEngine:
    arguments: dict[str, Any] = {"timeout": 10, "prepared_statement_cache_size": STATEMENTS}
    engine = create_async_engine(
        url, pool_size=size, max_overflow=0, pool_timeout=60, connect_args=arguments
    )
    _set_at_connect(engine, settings)
    return engine


def _set_at_connect(engine: AsyncEngine, settings: dict[str, str]) -> None:
    """Set them in each new session; PgBouncer refuses them among what a connection begins with."""
    statement = "; ".join(
        f"SET {name} TO '{value}'" for name, value in (_VANISHED | settings).items()
    )

    def connected(connection: Any, _: object) -> None:  # noqa: ANN401 - SQLAlchemy's adapter
        connection.run_async(lambda driver: driver.execute(statement))

    sa.event.listen(engine.sync_engine, "connect", connected)


def _take_write_lock(tx: sa.Connection) -> None:
    try:
        tx.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")
    except DBAPIError as error:
        if error.connection_invalidated:
            raise NotBegun from error
        raise


async def run(engine: AsyncEngine, function: Callable[[sa.Connection], T]) -> T:
    """Run a function of a Core connection on a connection of this engine.

    A connection that was cut while nobody used it is noticed at the first statement, when nothing
    has begun yet: then the function runs once more, on a new one.
    """
    try:
        return await _once(engine, function)
    except NotBegun:
        return await _once(engine, function)


async def _once(engine: AsyncEngine, function: Callable[[sa.Connection], T]) -> T:
    async with engine.connect() as connection:
        return await connection.run_sync(function)


async def read(engine: AsyncEngine, work: Callable[[sa.Connection], T]) -> Outcome[T]:
    """Run a unit that only reads; once more on a new connection when the old one was cut."""
    outcome = await run(engine, partial(run_alone, work=work))
    if isinstance(outcome.error, DBAPIError) and outcome.error.connection_invalidated:
        return await run(engine, partial(run_alone, work=work))
    return outcome
