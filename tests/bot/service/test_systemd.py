"""The ping of the watchdog proves that the event loop runs and that a write ends."""

import asyncio
import socket
import sqlite3
import threading
import time
from contextlib import asynccontextmanager, closing

import pytest

from bot.service import systemd
from storage.engine.database import Database

PAUSE = 0.02  # seconds between pings


class Systemd:
    """The socket to which the program sends its states."""

    def __init__(self, taken):
        self._socket = taken

    async def hears(self):
        async with asyncio.timeout(10):
            return await asyncio.get_running_loop().sock_recv(self._socket, 100)

    def heard(self):
        """The states received so far."""
        states = []
        try:
            while True:
                states.append(self._socket.recv(100))
        except BlockingIOError:
            return states


@pytest.fixture
def told(tmp_path, monkeypatch):
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    monkeypatch.setenv("WATCHDOG_USEC", str(int(PAUSE * systemd.PINGS * 1_000_000)))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as taken:
        taken.setblocking(False)
        taken.bind(str(tmp_path / "notify"))
        yield Systemd(taken)


@asynccontextmanager
async def living(tmp_path, told):
    """A database whose program sends pings."""
    async with Database(f"sqlite+aiosqlite:///{tmp_path}/smart.db", busy_seconds=0.01) as database:
        pinging = asyncio.ensure_future(systemd.keep_alive(database))
        assert await told.hears() == b"WATCHDOG=1"
        yield database
        pinging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await pinging


async def test_a_hanging_loop_stops_the_pings(tmp_path, told):
    async with living(tmp_path, told):
        told.heard()
        time.sleep(10 * PAUSE)  # noqa: ASYNC251 - the loop hangs
        assert told.heard() == []
        assert await told.hears() == b"WATCHDOG=1"


async def test_a_hanging_database_stops_the_pings(tmp_path, told):
    hanging, going_on = threading.Event(), threading.Event()

    def hang(tx):
        hanging.set()
        going_on.wait(10)

    async with living(tmp_path, told) as database:
        written = asyncio.ensure_future(database.write(hang))
        await asyncio.to_thread(hanging.wait, 10)
        told.heard()
        await asyncio.sleep(10 * PAUSE)
        assert told.heard() == []
        going_on.set()
        await written
        assert await told.hears() == b"WATCHDOG=1"


async def test_a_locked_database_does_not_stop_the_pings(tmp_path, told):
    async with living(tmp_path, told):
        with closing(sqlite3.connect(tmp_path / "smart.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            told.heard()
            for _ in range(3):
                assert await told.hears() == b"WATCHDOG=1"


@pytest.mark.parametrize(("name", "value"), [("WATCHDOG_USEC", ""), ("WATCHDOG_PID", "1")])
async def test_a_process_without_a_watchdog_sends_no_pings(
    tmp_path, told, monkeypatch, name, value
):
    monkeypatch.setenv(name, value)
    async with Database(f"sqlite+aiosqlite:///{tmp_path}/smart.db") as database:
        await systemd.keep_alive(database)
    assert told.heard() == []


def test_without_systemd_nothing_is_sent(told, monkeypatch):
    monkeypatch.delenv("NOTIFY_SOCKET")
    systemd.notify(systemd.READY)
    assert told.heard() == []


def test_a_missing_socket_stops_nothing(told, tmp_path):
    (tmp_path / "notify").unlink()
    systemd.notify(systemd.READY)
