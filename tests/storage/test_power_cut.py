"""A power cut during grouped commits: acknowledged writes are there, and no unit only in part.

The program is stopped, its files are copied as they are, and the WAL of the copy is
cut at random places, as if not all of it had reached the disk.
"""

import os
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.engine.database import Database
from tests.storage.power_cut import commits, copied, cut, freeze, wal_of, whole
from tests.storage.test_kill import WRITER

CUTS = 12
STOPS = (60, 150, 300)  # writes acknowledged
LATE = 6000  # long after the first checkpoint


class Writing:
    """The process that writes, and which writes were acknowledged."""

    def __init__(self, url):
        self.process = subprocess.Popen(
            [sys.executable, "-c", WRITER, url],
            cwd=Path(__file__).resolve().parents[2],
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        self.heard = b""

    def until(self, count):
        while self.heard.count(b"\n") < count:
            more = os.read(self.process.stdout.fileno(), 1 << 16)
            assert more, "it has ended"
            self.heard += more

    def rest(self):
        """What it had printed before it was stopped."""
        os.set_blocking(self.process.stdout.fileno(), False)
        while more := self.process.stdout.read(1 << 16):
            self.heard += more
        os.set_blocking(self.process.stdout.fileno(), True)
        return set(self.heard.decode().split("\n")[:-1])

    def end(self):
        self.process.kill()
        self.process.wait(20)
        self.process.stdout.close()


@pytest.fixture
def writing(sqlite_url):
    made = Writing(sqlite_url)
    yield made
    made.end()


def stored(database):
    """The stored codes, after integrity checks; no unit of work is there only in part."""
    assert whole(database)
    with closing(sqlite3.connect(database)) as raw, raw:
        codes = [code for (code,) in raw.execute("SELECT code FROM communes")]
        units = raw.execute("SELECT count(*) FROM units").fetchone()[0]
    raw.close()
    assert len(codes) == len(set(codes)) == units
    return set(codes)


@pytest.mark.parametrize("acknowledged", [*STOPS, LATE])
async def test_acknowledged_writes_survive_a_power_cut(sqlite_url, writing, tmp_path, acknowledged):
    database = Path(sa.make_url(sqlite_url).database)
    writing.until(acknowledged)
    freeze(writing.process.pid)
    heard = writing.rest()
    lying = copied(database, tmp_path / "lying")
    assert heard <= stored(copied(lying, tmp_path / "copy"))

    # Synced data cannot be cut off: everything up to the last acknowledged commit.
    ends, length = commits(wal_of(lying)), wal_of(lying).stat().st_size
    synced = length
    for end in reversed(ends):
        if not heard <= stored(cut(lying, tmp_path / "cut", end, zeros=False)):
            break
        synced = end
    assert synced in ends
    chance = random.Random(acknowledged)
    for number in range(CUTS):
        # Before the first checkpoint a WAL may end anywhere and leaves a complete earlier state.
        place = chance.randint(synced if number % 2 or acknowledged == LATE else 0, length)
        left = stored(cut(lying, tmp_path / "cut", place, zeros=bool(number % 3)))
        assert heard <= left or place < synced
    url = f"sqlite+aiosqlite:///{cut(lying, tmp_path / 'cut', synced, zeros=True)}"
    async with Database(url) as opened:  # and the program goes on with it
        await opened.write(lambda tx: tx.execute(sa.text("UPDATE communes SET name = 'y'")))


async def test_every_commit_waits_for_the_disk(sqlite_url):
    async with Database(sqlite_url) as database:
        for pragma, wanted in (("synchronous", 2), ("journal_mode", "wal")):
            found = await database.write(
                lambda tx, pragma=pragma: tx.exec_driver_sql(f"PRAGMA {pragma}").scalar()
            )
            assert found == wanted
