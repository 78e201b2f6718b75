"""The lock of a single bot on PostgreSQL: an advisory lock on its own connection.

It prevents a second bot on the database. SQLite uses process_lock.py instead, and each of several
workers has a worker_session.py.
"""

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import postgresql
from storage.engine.group_commit import translated_error
from storage.errors import AlreadyRunning, Closed, StorageError, Unreachable, WorkersRunning

# An exclusive lock. It fails while another bot or any worker (shared mode) holds the same key.
_TAKE = sa.text(f"SELECT pg_try_advisory_lock({postgresql.RUNNING_LOCK})")
_SHARE = sa.text(f"SELECT pg_try_advisory_lock_shared({postgresql.RUNNING_LOCK})")
_OWN_PID = sa.text("SELECT pg_backend_pid()")
_HOLDERS = sa.text(
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND classid = 0 AND objid = :key AND objsubid = 1"
).bindparams(key=postgresql.RUNNING_LOCK)


class BotLock:
    """The lock that is held while the bot runs.

    Methods raise a StorageError while the server does not answer.
    """

    def __init__(self, url: sa.URL) -> None:
        self._url = url
        self._engine = postgresql.session_engine(url)
        self._connection: AsyncConnection | None = None
        self._lock_pid: int | None = (
            None  # the server's process id of our last session with the lock
        )
        self._closed = False

    async def hold(self) -> None:
        """Take the lock, or check that it is held; AlreadyRunning if another bot has it."""
        if self._closed:
            raise Closed
        try:
            if self._connection is None:
                await self._take()
            else:
                await self._connection.scalar(_OWN_PID)
        except StorageError:
            await self._drop_connection()
            raise
        except (SQLAlchemyError, OSError) as error:
            await self._drop_connection()
            known = translated_error(error)
            if isinstance(known, StorageError):
                raise known from error
            raise Unreachable(type(error).__name__) from error

    async def close(self) -> None:
        """Release the lock and close the connection."""
        self._closed = True
        await self._drop_connection()
        await self._engine.dispose()

    async def _take(self) -> None:
        self._connection = connection = await self._engine.connect()
        if await connection.scalar(_TAKE):
            self._lock_pid = await connection.scalar(_OWN_PID)
            return
        holders = set(await connection.scalars(_HOLDERS))
        if self._lock_pid in holders:
            # The server has not yet noticed that our old connection is gone. No other bot runs:
            # wait.
            raise Unreachable("the lock of the lost connection is still held")
        # The shared lock succeeds together with workers, but not together with another single bot.
        refusal = WorkersRunning if await connection.scalar(_SHARE) else AlreadyRunning
        raise refusal(self._url.render_as_string(hide_password=True))

    async def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.invalidate()
            await connection.close()
