"""Group commit: units of work that arrive together share one transaction and one fsync.

Each unit runs in its own savepoint, so a failing unit is rolled back alone. The callers wait for
the commit. The units are plain functions of a connection and run in its thread.
"""

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from storage.engine.prepared import QuickConnection
from storage.errors import BatchLost, Closed, DiskFull, NotBegun, StorageError, translate

LONGEST_DELAY = 0.02  # seconds that work of submit_soon() waits for a group to join
# seconds of work in one commit; even on a slow disk these are hundreds of units
LONGEST_GROUP = 0.01

T = TypeVar("T")
FAILING_SECONDS = 60.0  # twice the longest pause between retries
Work = Callable[[Connection], T]


@dataclass(frozen=True, slots=True)
class UnitOutcome(Generic[T]):
    """The result of one unit: its value, or the error to raise at its caller."""

    value: T | None = None
    error: BaseException | None = None


def run_together(tx: Connection, works: Sequence[Work[Any]]) -> list[UnitOutcome[Any]]:
    """Run units in one transaction and commit it; return the outcomes of the units that ran.

    A failing COMMIT raises for all of them. After LONGEST_GROUP seconds the remaining units are
    left for the next transaction, so that the first callers do not wait for hundreds of units.
    """
    # A single unit needs no savepoint: the rollback of its transaction undoes it alone.
    if len(works) == 1:
        return [run_alone(tx, works[0])]
    outcomes: list[UnitOutcome[Any]] = []
    with tx.begin():
        end = time.perf_counter() + LONGEST_GROUP
        _control(tx, "SAVEPOINT unit")
        for work in works:
            outcomes.append(_run_in_savepoint(tx, work))
            if time.perf_counter() > end:
                break
    return outcomes


def run_alone(tx: Connection, work: Work[T]) -> UnitOutcome[T]:
    """Run one unit in its own transaction; return its outcome."""
    try:
        with tx.begin():
            value = work(tx)
            _check_in_transaction(tx)
    except (asyncio.CancelledError, NotBegun):
        raise
    except BaseException as error:  # noqa: BLE001 - raised at the caller
        return UnitOutcome(error=error)
    return UnitOutcome(value=value)


def _run_in_savepoint(tx: Connection, work: Work[Any]) -> UnitOutcome[Any]:
    """Run one unit after its savepoint; then set the savepoint of the next unit."""
    try:
        value = work(tx)
    except asyncio.CancelledError:  # the writer's own task is cancelled (PostgreSQL)
        raise
    except BaseException as error:  # noqa: BLE001 - raised at the unit's caller
        _roll_back(tx, error, "ROLLBACK TO SAVEPOINT unit")
        return UnitOutcome(error=error)
    _control(tx, "RELEASE SAVEPOINT unit", "SAVEPOINT unit")
    return UnitOutcome(value=value)


@contextmanager
def savepoint(tx: Connection) -> Iterator[None]:
    """Undo only this part of a unit if it raises; the rest of the unit can continue."""
    _control(tx, "SAVEPOINT part")
    try:
        yield
    except BaseException as error:
        _roll_back(tx, error, "ROLLBACK TO SAVEPOINT part", "RELEASE SAVEPOINT part")
        raise
    _control(tx, "RELEASE SAVEPOINT part")


def _roll_back(tx: Connection, error: BaseException, *statements: str) -> None:
    """Undo one unit; raise if the database has already ended the whole transaction."""
    try:
        _control(tx, *statements)
    except Exception as lost:
        raise translate(error) or BatchLost() from lost


def _control(tx: Connection, *statements: str) -> None:
    """Execute savepoint statements.

    SQLAlchemy compiles its own savepoint statements each time, a fifth of a unit's whole time.
    """
    _check_in_transaction(tx)
    if isinstance(tx, QuickConnection):
        tx.control(*statements)
        return
    for statement in statements:
        tx.exec_driver_sql(statement)


def _check_in_transaction(tx: Connection) -> None:
    """Raise BatchLost if SQLite has ended the transaction by itself, as it does on a full disk.

    Later statements would otherwise be committed one by one.
    """
    raw: object = tx.connection.dbapi_connection
    if isinstance(raw, sqlite3.Connection) and not raw.in_transaction:
        raise BatchLost


class Writer:
    """The queue of units of work. It runs them on one connection, group by group."""

    def __init__(
        self,
        run: Callable[[Sequence[Work[Any]]], Awaitable[list[UnitOutcome[Any]]]],
        largest: int,
        file: Path | None = None,
    ) -> None:
        self._run = run
        self._file = file  # named in the error of a full disk
        self._largest = largest
        self._waiting: deque[tuple[Work[Any], asyncio.Future[Any]]] = deque()
        self._arrived = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None  # ends the delay of submit_soon()
        self._closing = False
        self.failures = 0  # groups that the database refused completely or in part
        self._failed_at: float | None = None  # monotonic seconds; None if the last group succeeded
        # Not detached: Database.open() starts it, close() awaits it.
        self._task = asyncio.get_running_loop().create_task(self._serve(), name="storage-writer")

    @property
    def waiting(self) -> int:
        """The number of units in the queue."""
        return len(self._waiting)

    @property
    def failing(self) -> bool:
        """Whether the last group failed because of the database within the last minute.

        An older failure has no meaning for the present state: its caller has given up.
        """
        return self._failed_at is not None and time.monotonic() - self._failed_at < FAILING_SECONDS

    def submit(self, work: Work[T]) -> "asyncio.Future[T]":
        """Queue `work` after all submitted before; the future has its value after the commit."""
        done = self._enqueue(work)
        self._arrived.set()
        return done

    def submit_soon(self, work: Work[T]) -> "asyncio.Future[T]":
        """Queue work that no caller waits for: it joins the commit of the next group."""
        done = self._enqueue(work)
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(LONGEST_DELAY, self._arrived.set)
        return done

    def _enqueue(self, work: Work[T]) -> "asyncio.Future[T]":
        if self._closing:
            raise Closed
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, done))
        return done

    async def close(self) -> None:
        """Run the queued units, then stop."""
        self._closing = True
        self._arrived.set()
        await self._task
        if self._timer is not None:
            self._timer.cancel()

    async def _serve(self) -> None:
        while True:
            await self._arrived.wait()
            await asyncio.sleep(0)  # let the other callers of this loop iteration join
            while batch := self._next_batch():
                await self._commit(batch)
                await asyncio.sleep(0)  # callers that were waiting may submit more work at once
            # Checked only here: close() promises to run everything that was queued before it.
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
            if not done.cancelled():  # otherwise the caller was cancelled before the unit began
                batch.append((work, done))
        return batch

    async def _commit(self, batch: list[tuple[Work[Any], asyncio.Future[Any]]]) -> None:
        try:
            outcomes = await self._run([work for work, _ in batch])
            # Units that run_together() left for the next transaction stay in the queue in their
            # order.
            self._waiting.extendleft(reversed(batch[len(outcomes) :]))
            batch = batch[: len(outcomes)]
        except Exception as refused:  # noqa: BLE001 - raised at every caller; the loop continues
            outcomes = [UnitOutcome(error=refused)] * len(batch)
        errors = [one.error and translated_error(one.error, self._file) for one in outcomes]
        if any(isinstance(one, StorageError) for one in errors):
            self.failures += 1
            self._failed_at = time.monotonic()
        else:
            self._failed_at = None
        for (_, done), outcome, error in zip(batch, outcomes, errors, strict=True):
            if done.done():  # cancelled while its unit ran: the unit is committed nevertheless
                continue
            if error is None:
                done.set_result(outcome.value)
            else:
                done.set_exception(error)


def translated_error(error: BaseException, file: Path | None = None) -> BaseException:
    """Return the StorageError for a driver's error, or the error itself if there is none.

    The error of a full disk has the path of the database's file, if there is one.
    """
    if isinstance(error, StorageError):
        return _with_place(error, file)
    if isinstance(error, StopIteration):  # a future cannot have a StopIteration as its exception
        raised = RuntimeError("a unit of work raised StopIteration")
        raised.__cause__ = error
        return raised
    known = translate(error)
    if known is None:
        return error
    known.__cause__ = error
    return _with_place(known, file)


def _with_place(error: StorageError, file: Path | None) -> StorageError:
    if not isinstance(error, DiskFull) or error.place is not None or file is None:
        return error
    named = DiskFull(place=file.absolute())
    named.__cause__ = error
    return named
