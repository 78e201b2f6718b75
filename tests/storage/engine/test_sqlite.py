"""What storage/engine/sqlite.py needs of aiosqlite's private members; a new release that changes it fails here."""

import asyncio
import inspect
import sqlite3
import threading

import aiosqlite
import pytest

from storage.engine.sqlite import SqliteConnection


def fresh():
    return aiosqlite.Connection(lambda: sqlite3.connect(":memory:"), iter_chunk_size=64)


@pytest.fixture
async def ours(tmp_path):
    made = SqliteConnection(tmp_path / "a.db", begin="BEGIN IMMEDIATE", pragmas=(), busy=1)
    async with made:
        yield made


async def test_the_thread_is_created_with_the_connection_and_started_later():
    """So that it can be made a daemon in between."""
    one = fresh()
    assert isinstance(one._thread, threading.Thread)
    assert not one._thread.is_alive()
    one._thread.daemon = True
    async with one:
        assert one._thread.is_alive()
    one._thread.join(5)
    assert not one._thread.is_alive()


async def test_execute_runs_functions_in_the_thread_in_order():
    assert list(inspect.signature(aiosqlite.Connection._execute).parameters)[1] == "fn"
    async with fresh() as one:
        done = []

        def note(number):
            done.append((number, threading.current_thread()))
            return number

        given = await asyncio.gather(*(one._execute(note, number) for number in range(5)))
        assert given == [0, 1, 2, 3, 4]
        assert done == [(number, one._thread) for number in range(5)]
        with pytest.raises(ZeroDivisionError):
            await one._execute(lambda: 1 / 0)
    with pytest.raises(ValueError, match="closed"):
        await one._execute(note, 6)


async def test_functions_run_on_the_one_connection_in_its_daemon_thread(ours):
    assert ours._thread.daemon
    threads = {await ours.run(lambda _: threading.current_thread()) for _ in range(2)}
    assert threads == {ours._thread}
    assert len({await ours.run(id) for _ in range(2)}) == 1


async def test_a_transaction_that_is_left_open_is_rolled_back(ours):
    def left(tx):
        tx.begin()
        tx.exec_driver_sql("CREATE TABLE t (a)")
        tx.exec_driver_sql("INSERT INTO t VALUES (1)")

    await ours.run(left)
    found = "SELECT count(*) FROM sqlite_master"
    assert await ours.run(lambda tx: tx.exec_driver_sql(found).scalar()) == 0


async def test_a_connection_can_be_closed_twice(ours):
    await ours.run(lambda tx: tx.exec_driver_sql("SELECT 1").scalar())
    await ours.close()
    await ours.close()
    ours._thread.join(5)
    assert not ours._thread.is_alive()
