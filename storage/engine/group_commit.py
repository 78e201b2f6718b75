"""Group commit: units of work that arrive together share one transaction and one fsync.

Each unit runs in its own savepoint: one that fails is rolled back alone. The callers wait for the
commit; the units themselves are plain functions of a connection and run in its thread.
"""

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from storage.errors import BatchLost, Closed, NotBegun, StorageError, translate

SECONDS_TO_GO_ALONG = 0.02
SECONDS_TOGETHER = 0.01  # of work in one commit; on a slow disk that is still hundreds of units

T = TypeVar("T")
FAILING_SECONDS = 60.0  # whoever tries again does so within half of it
Work = Callable[[Connection], T]


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What became of one unit: its value, or the error that is its caller's."""

    value: T | None = None
    error: BaseException | None = None


def run_together(tx: Connection, works: Sequence[Work[Any]]) -> list[Outcome[Any]]:
    """Run units in one transaction and commit it; a failing COMMIT raises for all of them.

    It ends early, so that those who came first needn't wait for hundreds: gives fewer outcomes.
    """
    if len(works) == 1:
        return [run_alone(tx, works[0])]
    outcomes: list[Outcome[Any]] = []
    with tx.begin():
        end = time.perf_counter() + SECONDS_TOGETHER
        for work in works:
            outcomes.append(_run_in_savepoint(tx, work))
            if time.perf_counter() > end:
                break
    return outcomes


def run_alone(tx: Connection, work: Work[T]) -> Outcome[T]:
    """Run one unit in a transaction of its own."""
    try:
        with tx.begin():
            value = work(tx)
            _refuse_lost(tx)
    except (asyncio.CancelledError, NotBegun):
        raise
    except BaseException as error:  # noqa: BLE001 - it is handed to the caller
        return Outcome(error=error)
    return Outcome(value=value)


def _run_in_savepoint(tx: Connection, work: Work[Any]) -> Outcome[Any]:
    _control(tx, "SAVEPOINT unit")
    try:
        value = work(tx)
    except asyncio.CancelledError:  # PostgreSQL's writer itself is being stopped
        raise
    except BaseException as error:  # noqa: BLE001 - it is handed to the caller it belongs to
        _roll_back(tx, error, "unit")
        return Outcome(error=error)
    _control(tx, "RELEASE SAVEPOINT unit")
    return Outcome(value=value)


@contextmanager
def savepoint(tx: Connection) -> Iterator[None]:
    """A part of a unit that is undone when it fails, while the rest of the unit goes on."""
    _control(tx, "SAVEPOINT part")
    try:
        yield
    except BaseException as error:
        _roll_back(tx, error, "part")
        raise
    _control(tx, "RELEASE SAVEPOINT part")


def _roll_back(tx: Connection, error: BaseException, name: str) -> None:
    """Undo one unit; when the database dropped the whole transaction, nothing may go on in it."""
    try:
        _control(tx, f"ROLLBACK TO SAVEPOINT {name}")
        _control(tx, f"RELEASE SAVEPOINT {name}")
    except Exception as lost:
        raise translate(error) or BatchLost() from lost


def _control(tx: Connection, statement: str) -> None:
    """A savepoint's statement; SQLAlchemy's own compiles each anew, a fifth of a unit's time."""
    raw: object = tx.connection.dbapi_connection
    if isinstance(raw, sqlite3.Connection):
        _refuse_lost(tx)
        raw.execute(statement)
    else:
        tx.exec_driver_sql(statement)


def _refuse_lost(tx: Connection) -> None:
    """A full disk may have ended the transaction: what came next would be committed piecemeal."""
    raw: object = tx.connection.dbapi_connection
    if isinstance(raw, sqlite3.Connection) and not raw.in_transaction:
        raise BatchLost


class Writer:
    """Queues units of work and hands them to one connection, a batch at a time."""

    def __init__(
        self,
        run: Callable[[Sequence[Work[Any]]], Awaitable[list[Outcome[Any]]]],
        largest: int,
    ) -> None:
        self._run = run
        self._largest = largest
        self._waiting: deque[tuple[Work[Any], asyncio.Future[Any]]] = deque()
        self._arrived = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None  # for what goes along with the next group
        self._closing = False
        self.failures = 0  # batches of which the database itself refused all or a part
        self._failed_at: float | None = None  # monotonic; None: the last one went well
        # Not a detached task: it is started by open() and awaited by close().
        self._task = asyncio.get_running_loop().create_task(self._serve(), name="storage-writer")

    @property
    def waiting(self) -> int:
        """How many units wait for their turn."""
        return len(self._waiting)

    @property
    def failing(self) -> bool:
        """Whether the last batch failed for the database's own reasons, not long ago.

        After a minute without any other a failure says nothing: its caller has given up.
        """
        return self._failed_at is not None and time.monotonic() - self._failed_at < FAILING_SECONDS

    def submit(self, work: Work[T]) -> "asyncio.Future[T]":
        """Have `work` run after all that was submitted before; its value once that is committed."""
        done = self._queued(work)
        self._arrived.set()
        return done

    def submit_soon(self, work: Work[T]) -> "asyncio.Future[T]":
        """The same for what nobody waits for: it goes along with the next group."""
        done = self._queued(work)
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(SECONDS_TO_GO_ALONG, self._arrived.set)
        return done

    def _queued(self, work: Work[T]) -> "asyncio.Future[T]":
        if self._closing:
            raise Closed
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, done))
        return done

    async def close(self) -> None:
        """Finish what waits, then stop."""
        self._closing = True
        self._arrived.set()
        await self._task
        if self._timer is not None:
            self._timer.cancel()

    async def _serve(self) -> None:
        while True:
            await self._arrived.wait()
            await asyncio.sleep(0)  # what follows from the same arrival goes along
            while batch := self._next_batch():
                await self._commit(batch)
                await asyncio.sleep(0)  # who was waiting may have more to do: it goes along
            if self._closing:
                return
            self._arrived.clear()

    def _next_batch(self) -> list[tuple[Work[Any], asyncio.Future[Any]]]:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        batch: list[tuple[Work[Any], asyncio.Future[Any]]] = []
        while self._waiting and len(batch) < self._largest:
            work, done = self._waiting.popleft()
            if not done.cancelled():  # its caller went away before it began
                batch.append((work, done))
        return batch

    async def _commit(self, batch: list[tuple[Work[Any], asyncio.Future[Any]]]) -> None:
        try:
            outcomes = await self._run([work for work, _ in batch])
            self._waiting.extendleft(reversed(batch[len(outcomes) :]))
            batch = batch[: len(outcomes)]
        except Exception as error:  # noqa: BLE001 - every waiter gets it, the loop goes on
            outcomes = [Outcome(error=error)] * len(batch)
        told = [one.error and readable(one.error) for one in outcomes]
        if any(isinstance(one, StorageError) for one in told):
            self.failures += 1
            self._failed_at = time.monotonic()
        else:
            self._failed_at = None
        for (_, done), outcome, clear in zip(batch, outcomes, told, strict=True):
            if done.done():
                continue
            if clear is None:
                done.set_result(outcome.value)
            else:
                done.set_exception(clear)


def readable(error: BaseException) -> BaseException:
    """The driver's error as one of ours with a sentence, where there is one."""
    if isinstance(error, StorageError):
        return error
    if isinstance(error, StopIteration):  # no future can carry one
        raised = RuntimeError("a unit of work raised StopIteration")
        raised.__cause__ = error
        return raised
    known = translate(error)
    if known is None:
        return error
    known.__cause__ = error
    return known
