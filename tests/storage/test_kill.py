"""SIGKILL during grouped writes: every acknowledged write is there exactly once."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa

from storage.engine.database import Database
from storage.tables import communes

# Many concurrent writers; each prints which of its writes were acknowledged.
WRITER = """
import asyncio, sys
import sqlalchemy as sa
from storage.engine.database import Database
from storage.tables import communes, units

async def one(database, writer):
    for n in range(100000):
        code = f"{writer}-{n}"
        def work(tx):
            made = tx.execute(sa.insert(communes).values(code=code, name="x")).inserted_primary_key
            tx.execute(sa.insert(units).values(
                commune_id=made[0], kind="office", code="office", label=""))
        await database.write(work)
        sys.stdout.write(code + "\\n")
        sys.stdout.flush()

async def main():
    async with Database(sys.argv[1]) as database:
        await asyncio.gather(*(one(database, w) for w in range(16)))

asyncio.run(main())
"""


def killed_while_writing(sqlite_url: str) -> list[str]:
    root = Path(__file__).resolve().parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, sqlite_url], cwd=root, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    acknowledged = [process.stdout.readline().strip() for _ in range(300)]
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate(timeout=20)
    complete = rest.splitlines() if rest.endswith("\n") else rest.splitlines()[:-1]
    acknowledged += complete
    assert process.returncode == -signal.SIGKILL
    return acknowledged


async def test_acknowledged_writes_survive_a_kill(sqlite_url: str) -> None:
    acknowledged = await asyncio.to_thread(killed_while_writing, sqlite_url)
    async with Database(sqlite_url) as database:
        stored = await database.read(lambda tx: list(tx.scalars(sa.select(communes.c.code))))
    assert set(acknowledged) <= set(stored)
    assert len(stored) == len(set(stored))
    # No unit of work is there only in part.
    raw = sqlite3.connect(sa.make_url(sqlite_url).database)
    assert raw.execute("SELECT count(*) FROM units").fetchone() == (len(stored),)
    assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    raw.close()
