"""Tells systemd (sd_notify) that the program is ready, that it stops, and that it doesn't hang.

Without systemd NOTIFY_SOCKET isn't set, and nothing is sent.
"""

import asyncio
import os
import socket
from contextlib import suppress

import structlog

from storage.engine.database import Database
from storage.errors import StorageError

READY, STOPPING, ALIVE = "READY=1", "STOPPING=1", "WATCHDOG=1"
PINGS = 3  # within the time after which systemd restarts a program that doesn't ping

log = structlog.get_logger(__name__)


def notify(state: str) -> None:
    """Send one state to systemd; only log a failure, since systemd notices a missing ping."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    abstract = address.startswith("@")
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            sender.sendto(state.encode(), f"\0{address[1:]}" if abstract else address)
    except OSError as error:
        log.warning("systemd not told", state=state, error=error.strerror)


async def keep_alive(database: Database) -> None:
    """Ping systemd while the event loop runs and writes to the database don't hang.

    A write that fails (a full disk) doesn't hang, so it doesn't stop the pings: a restart
    wouldn't help.
    """
    while (pause := _seconds_between_pings()) is not None:
        with suppress(StorageError):
            await database.try_writing()
        notify(ALIVE)
        await asyncio.sleep(pause)


def _seconds_between_pings() -> float | None:
    """Return the seconds between two pings; None when systemd doesn't watch this process."""
    microseconds = os.environ.get("WATCHDOG_USEC", "")
    for_whom = os.environ.get("WATCHDOG_PID", str(os.getpid()))
    if not microseconds.isdecimal() or for_whom != str(os.getpid()):
        return None
    return int(microseconds) / 1_000_000 / PINGS
