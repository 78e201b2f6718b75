"""The one bot's mark on PostgreSQL: a lock of a connection of its own, taken anew when it is lost.

On SQLite that is process_lock.py; of several workers each has a keeper.
"""

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import postgresql
from storage.engine.group_commit import readable
from storage.errors import AlreadyRunning, Closed, StorageError, Unreachable, WorkersRunning

_TAKE = sa.text(f"SELECT pg_try_advisory_lock({postgresql.RUNNING_LOCK})")
_SHARE = sa.text(f"SELECT pg_try_advisory_lock_shared({postgresql.RUNNING_LOCK})")
_ME = sa.text("SELECT pg_backend_pid()")
_HOLDERS = sa.text(
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND classid = 0 AND objid = :mark AND objsubid = 1"
).bindparams(mark=postgresql.RUNNING_LOCK)


class AloneMark:
    """Every method raises a StorageError while the server doesn't answer."""

    def __init__(self, url: sa.URL) -> None:
        self._url = url
        self._engine = postgresql.session_engine(url)
        self._connection: AsyncConnection | None = None
        self._before: int | None = None  # our session that held it, as the server numbers them
        self._closed = False

    async def hold(self) -> None:
        """Take it, or see whether it is still held; AlreadyRunning when another has it."""
        if self._closed:
            raise Closed
        try:
            if self._connection is None:
                await self._take()
            else:
                await self._connection.scalar(_ME)
        except StorageError:
            await self._lose()
            raise
        except (SQLAlchemyError, OSError) as error:
            await self._lose()
            known = readable(error)
            if isinstance(known, StorageError):
                raise known from error
            raise Unreachable(type(error).__name__) from error

    async def close(self) -> None:
        """Give it back."""
        self._closed = True
        await self._lose()
        await self._engine.dispose()

    async def _take(self) -> None:
        self._connection = connection = await self._engine.connect()
        if await connection.scalar(_TAKE):
            self._before = await connection.scalar(_ME)
            return
        holders = set(await connection.scalars(_HOLDERS))
        if self._before in holders:  # the server hasn't noticed yet that our connection is gone
            raise Unreachable("the lock of the lost connection is still held")
        refusal = WorkersRunning if await connection.scalar(_SHARE) else AlreadyRunning
        raise refusal(self._url.render_as_string(hide_password=True))

    async def _lose(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.invalidate()
            await connection.close()
