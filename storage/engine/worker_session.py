"""What a worker holds while it lives: locks of the session of one connection of PostgreSQL.

They end with the worker, however it dies. What is asked for while a statement is on its way goes
with the next one: a chat that is served costs two journeys that it shares with all the others.
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

from storage import inbox
from storage.engine import postgresql
from storage.engine.group_commit import readable
from storage.errors import AloneRunning, Closed, StorageError, Unreachable
from storage.inbox import Page

T = TypeVar("T")

_MARK = sa.text(f"SELECT pg_try_advisory_lock_shared({postgresql.RUNNING_LOCK})")
_DUTY = sa.text(f"SELECT pg_try_advisory_lock({postgresql.DUTY_LOCK})")
_TURNS = sa.text(
    "SELECT turn.place, CASE WHEN turn.taking THEN pg_try_advisory_lock(turn.key)"
    " ELSE pg_advisory_unlock(turn.key) END"
    " FROM unnest(CAST(:keys AS bigint[]), CAST(:takings AS boolean[]))"
    " WITH ORDINALITY AS turn(key, taking, place)"
)
# Whoever holds the mark is a worker that lives. A 64-bit key stands in two halves.
_WORKERS = sa.text(
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock' AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND classid = 0 AND objid = :mark AND objsubid = 1"
).bindparams(mark=postgresql.RUNNING_LOCK)


@dataclass(slots=True)
class _Ask:
    chat: str
    what: Literal["begin", "more", "end"]
    answer: asyncio.Future[Page | None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class WorkerSession:
    """One worker's connection: that it runs, which chats it serves, whether it is on duty.

    When the connection is lost, so is all that was held; the next call opens another one. Every
    method raises a StorageError while the server doesn't answer, and AloneRunning when meanwhile
    a bot has taken the database for itself.
    """

    shared = True

    def __init__(self, url: sa.URL) -> None:
        self._engine = postgresql.session_engine(url)
        self._connection: AsyncConnection | None = None
        self._busy = asyncio.Lock()
        self._asked: list[_Ask] = []
        self._held: set[str] = set()
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

    async def begin(self, chat: str) -> Page | None:
        """Take a chat and what waits in it; None while another worker serves it.

        Of this worker one task at a time may ask: a session is never refused what it holds.
        """
        return await self._ask(_Ask(chat, "begin"))

    async def more(self, chat: str) -> Page:
        """What waits in a chat."""
        return await self._ask(_Ask(chat, "more")) or Page()

    async def end(self, chat: str) -> bool:
        """Let a chat go; whether something waits in it all the same.

        Looked at afterwards: who was refused the chat meanwhile relies on it.
        """
        return bool(await self._ask(_Ask(chat, "end")))

    def holds(self, chat: str) -> bool:
        """Whether the chat is still this worker's, as far as it knows."""
        return chat in self._held

    # --- everything else ----------------------------------------------------------------------

    async def try_duty(self) -> bool:
        """Whether this worker is, or now becomes, the one that does what only one may do."""
        if not self.active:
            self.active = bool(await self.run(lambda tx: tx.scalar(_DUTY)))
        return self.active

    async def workers(self) -> frozenset[int]:
        """A number for each worker that lives, this one too."""
        return frozenset(await self.run(lambda tx: list(tx.scalars(_WORKERS))))

    async def run(self, function: Callable[[Connection], T]) -> T:
        """Run a function on the connection; each of its statements commits by itself."""
        async with self._busy:
            return await self._run(function)

    # --- the connection -----------------------------------------------------------------------

    async def _ask(self, ask: _Ask) -> Page | None:
        self._asked.append(ask)
        async with self._busy:
            if not ask.answer.done():
                await self._answer_all()
        return ask.answer.result()

    async def _answer_all(self) -> None:
        asks, self._asked = self._asked, []
        turns = [one for one in asks if self._is_turn(one)]
        try:
            given, found = await self._run(lambda tx: _turns(tx, turns, asks))
        except StorageError as error:
            _refuse(asks, error)
        except BaseException:
            _refuse(asks, Unreachable())
            raise
        else:
            for one in asks:
                self._answer(one, given, found)

    def _is_turn(self, ask: _Ask) -> bool:
        """Whether it changes a lock; what was lost with a connection needn't be let go."""
        return ask.what == "begin" or (ask.what == "end" and ask.chat in self._held)

    def _answer(self, ask: _Ask, given: set[str], found: dict[str, Page]) -> None:
        page = found.get(ask.chat)
        if ask.what == "begin":
            page = (page or Page()) if ask.chat in given else None
            if page is not None:
                self._held.add(ask.chat)
        elif ask.what == "end":
            self._held.discard(ask.chat)
        ask.answer.set_result(page)

    async def _run(self, function: Callable[[Connection], T]) -> T:
        try:
            return await (await self._connected()).run_sync(function)
        except StorageError:
            await self._lose()
            raise
        except (SQLAlchemyError, OSError) as error:
            await self._lose()
            raise _outage(error) from error
        except BaseException:
            await self._lose()
            raise

    async def _connected(self) -> AsyncConnection:
        if self._closed:
            raise Closed
        if self._connection is None:
            try:
                connection = await self._engine.connect()
            except (SQLAlchemyError, OSError) as error:
                raise _outage(error) from error
            self._connection = connection
            raw = await connection.get_raw_connection()
            if raw.driver_connection is not None:
                raw.driver_connection.add_termination_listener(self._ended)
            if not await connection.scalar(_MARK):
                await self._lose()
                raise AloneRunning
        return self._connection

    def _ended(self, _: object) -> None:
        """The connection is closed, by whomever: others may take the chats from now on."""
        self._held.clear()
        self.active = False

    async def _lose(self) -> None:
        """Whatever went wrong: begin anew, with nothing held."""
        self._held.clear()
        self.active = False
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.invalidate()
            await connection.close()

    async def _close(self) -> None:
        async with self._busy:
            self._closed = True
            await self._lose()
            await self._engine.dispose()


def _turns(tx: Connection, turns: list[_Ask], asks: list[_Ask]) -> tuple[set[str], dict[str, Page]]:
    """Take and let go in the order asked for; which chats were given, and what waits then."""
    given: set[str] = set()
    if turns:
        parameters: dict[str, Any] = {
            "keys": [key_of(one.chat) for one in turns],
            "takings": [one.what == "begin" for one in turns],
        }
        for place, done in tx.execute(_TURNS, parameters):
            ask = turns[place - 1]
            if ask.what == "begin" and done:
                given.add(ask.chat)
    looked_at = {one.chat for one in asks if one.what != "begin" or one.chat in given}
    return given, inbox.pages(tx, looked_at, inbox.HELD_OF_A_CHAT) if looked_at else {}


def _refuse(asks: list[_Ask], error: StorageError) -> None:
    for one in asks:
        one.answer.set_exception(error)
        one.answer.exception()  # who asked may be gone: nobody need read it


def key_of(chat: str) -> int:
    """The chat's lock: 64 bits that meet no other one's by accident."""
    digest = hashlib.blake2b(chat.encode(), digest_size=8, person=b"chat").digest()
    return int.from_bytes(digest, signed=True)


def _outage(error: Exception) -> StorageError:
    """Whatever the driver says, the server couldn't be asked."""
    known = readable(error)
    return known if isinstance(known, StorageError) else Unreachable(type(error).__name__)
