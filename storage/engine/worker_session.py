"""The session locks of one worker on PostgreSQL, all on one connection.

The server releases them when the worker ends, even if it is killed. Requests that arrive while a
statement runs are sent together with the next one, so each chat costs only a share of two round
trips.
"""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import postgresql
from storage.engine.group_commit import translated_error
from storage.errors import Closed, SingleBotRunning, StorageError, Unreachable
from storage.messages import inbox
from storage.messages.inbox import Address, WaitingUpdates

T = TypeVar("T")

_RUNNING = sa.text(f"SELECT pg_try_advisory_lock_shared({postgresql.RUNNING_LOCK})")
_ACTIVE = sa.text(f"SELECT pg_try_advisory_lock({postgresql.ACTIVE_LOCK})")
_LOCK_CHANGES = sa.text(
    "SELECT change.place, CASE WHEN change.acquires THEN pg_try_advisory_lock(change.key)"
    " ELSE pg_advisory_unlock(change.key) END"
    " FROM unnest(CAST(:keys AS bigint[]), CAST(:acquires AS boolean[]))"
    " WITH ORDINALITY AS change(key, acquires, place)"
)
# Each running worker holds RUNNING_LOCK in shared mode. pg_locks has a 64-bit key in two halves.
_WORKERS = sa.text(
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock' AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND classid = 0 AND objid = :key AND objsubid = 1"
).bindparams(key=postgresql.RUNNING_LOCK)


@dataclass(slots=True)
class _ChatRequest:
    chat: Address
    kind: Literal["begin", "more", "end"]
    answer: asyncio.Future[WaitingUpdates | None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class WorkerSession:
    """One worker's locks: that it runs, which chats it serves, whether it is the active worker.

    A lost connection loses all its locks; the next call opens a new one. Every method raises a
    StorageError while the server does not answer, and SingleBotRunning if a single bot has taken
    the database in the meantime.
    """

    shared = True

    def __init__(self, url: sa.URL) -> None:
        self._engine = postgresql.session_engine(url)
        self._connection: AsyncConnection | None = None
        self._busy = asyncio.Lock()
        self._requests: list[_ChatRequest] = []
        self._chats: set[Address] = set()  # the chats whose locks this session holds
        self._closed = False
        self.active = False

    async def __aenter__(self) -> Self:
        try:
            async with self._busy:
                await self._connected()
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._close()

    # --- chats --------------------------------------------------------------------------------

    async def begin(self, chat: Address) -> WaitingUpdates | None:
        """Lock a chat and return its waiting updates; return None while another worker has the
        lock.

        Only one task of this worker may ask for a chat, because PostgreSQL grants a session the
        lock that it already holds.
        """
        return await self._request(_ChatRequest(chat, "begin"))

    async def more(self, chat: Address) -> WaitingUpdates:
        """Return the updates that wait in a chat."""
        return await self._request(_ChatRequest(chat, "more")) or WaitingUpdates()

    async def end(self, chat: Address) -> bool:
        """Release a chat; return whether updates wait in it.

        It checks after the release. A worker that was refused the lock in the meantime relies on
        this worker to find its update.
        """
        return bool(await self._request(_ChatRequest(chat, "end")))

    def holds(self, chat: Address) -> bool:
        """Return whether this worker still has the chat's lock, as far as it knows."""
        return chat in self._chats

    # --- the active worker and other statements ------------------------------------------------

    async def try_become_active(self) -> bool:
        """Try to become the worker that runs the jobs and the outbox; return whether it is now."""
        if not self.active:
            self.active = bool(await self.run(lambda tx: tx.scalar(_ACTIVE)))
        return self.active

    async def workers(self) -> frozenset[int]:
        """Return the server's process ids of all running workers, including this one."""
        return frozenset(await self.run(lambda tx: list(tx.scalars(_WORKERS))))

    async def run(self, function: Callable[[Connection], T]) -> T:
        """Run a function on the connection; each of its statements commits by itself."""
        async with self._busy:
            return await self._run(function)

    # --- the connection -----------------------------------------------------------------------

    async def _request(self, request: _ChatRequest) -> WaitingUpdates | None:
        self._requests.append(request)
        async with self._busy:
            # otherwise an earlier caller has sent it together with its own request
            if not request.answer.done():
                await self._answer_all()
        return request.answer.result()

    async def _answer_all(self) -> None:
        # All requests that arrived while the last statement ran; later ones wait for the next.
        requests, self._requests = self._requests, []
        changes = [one for one in requests if self._changes_lock(one)]
        try:
            granted, pages = await self._run(lambda tx: _execute(tx, changes, requests))
        except StorageError as error:
            _fail(requests, error)
        except BaseException:
            _fail(requests, Unreachable())
            raise
        else:
            for one in requests:
                self._answer(one, granted, pages)

    def _changes_lock(self, request: _ChatRequest) -> bool:
        """Return whether it acquires or releases a lock; a lost connection has none to release."""
        if request.kind == "end":
            return request.chat in self._chats
        return request.kind == "begin"

    def _answer(
        self, request: _ChatRequest, granted: set[Address], pages: dict[Address, WaitingUpdates]
    ) -> None:
        page = pages.get(request.chat)
        if request.kind == "begin":
            page = (page or WaitingUpdates()) if request.chat in granted else None
            if page is not None:
                self._chats.add(request.chat)
        elif request.kind == "end":
            self._chats.discard(request.chat)
        request.answer.set_result(page)

    async def _run(self, function: Callable[[Connection], T]) -> T:
        try:
            return await (await self._connected()).run_sync(function)
        except StorageError:
            await self._drop_connection()
            raise
        except (SQLAlchemyError, OSError) as error:
            await self._drop_connection()
            raise _storage_error(error) from error
        except BaseException:
            await self._drop_connection()
            raise

    async def _connected(self) -> AsyncConnection:
        if self._closed:
            raise Closed
        if self._connection is None:
            try:
                connection = await self._engine.connect()
            except (SQLAlchemyError, OSError) as error:
                raise _storage_error(error) from error
            self._connection = connection
            raw = await connection.get_raw_connection()
            # Without it a closed connection is noticed only at the next statement.
            if raw.driver_connection is not None:
                raw.driver_connection.add_termination_listener(self._connection_closed)
            if not await connection.scalar(_RUNNING):
                await self._drop_connection()
                raise SingleBotRunning
        return self._connection

    def _connection_closed(self, _: object) -> None:
        """Forget all locks at once, because other workers can now take the chats."""
        self._chats.clear()
        self.active = False

    async def _drop_connection(self) -> None:
        """Drop the connection and all its locks; the next call opens a new one."""
        self._chats.clear()
        self.active = False
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.invalidate()
            await connection.close()

    async def _close(self) -> None:
        async with self._busy:
            self._closed = True
            await self._drop_connection()
            await self._engine.dispose()


def _execute(
    tx: Connection, changes: list[_ChatRequest], requests: list[_ChatRequest]
) -> tuple[set[Address], dict[Address, WaitingUpdates]]:
    """Change the locks in the order of the requests, then read the updates of all these chats.

    Return the chats whose lock was granted, and the waiting updates by chat.
    """
    granted: set[Address] = set()
    if changes:
        parameters: dict[str, Any] = {
            "keys": [lock_key(one.chat) for one in changes],
            "acquires": [one.kind == "begin" for one in changes],
        }
        for place, done in tx.execute(_LOCK_CHANGES, parameters):
            request = changes[place - 1]
            if request.kind == "begin" and done:
                granted.add(request.chat)
    chats = {one.chat for one in requests if one.kind != "begin" or one.chat in granted}
    return granted, inbox.pages(tx, chats, inbox.UPDATES_PER_CHAT) if chats else {}


def _fail(requests: list[_ChatRequest], error: StorageError) -> None:
    for one in requests:
        one.answer.set_exception(error)
        # the caller may be cancelled: this avoids asyncio's log "exception was never retrieved"
        one.answer.exception()


def lock_key(chat: Address) -> int:
    """Return the key of the chat's advisory lock: a 64-bit hash of bot and chat."""
    digest = hashlib.blake2b("\0".join(chat).encode(), digest_size=8, person=b"chat").digest()
    return int.from_bytes(digest, signed=True)


def _storage_error(error: Exception) -> StorageError:
    """Return the StorageError for a driver's error; Unreachable for an unknown error."""
    known = translated_error(error)
    return known if isinstance(known, StorageError) else Unreachable(type(error).__name__)
