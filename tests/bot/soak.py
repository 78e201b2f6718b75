"""Runs the program under mixed load and watches it: `python -m tests.bot.soak --minutes 30`.

People answer and correct, a leader and an officer read /status, lists, the history and files. It
prints the growth of memory and open files, as the slope of a line through the samples after the
first fifth (in which caches fill). It ends with an error if an answer is lost.
"""

# ruff: noqa: T201 - it prints its figures
import argparse
import asyncio
import logging
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bot.service.tasks import Tasks
from storage.engine.database import Database
from storage.people import people
from tests.bot.crash_village import Village

READERS = {"leader": 7_000_001, "officer": 7_000_002}
READINGS = (
    "/tinhhinh", "theo khu", "chỉ tiêu", "việc", "khu 5", "/lichsu", "/visao", "/neu khu 5 90%",
    "/quanly", "kỳ báo cáo", "/duyet", "/trogiup", "xuat excel", "/xuat excel", "đâu rồi?",
)  # fmt: skip
EVERY = 5.0  # seconds between two samples
# Seconds between two answers of a person: each correction is one more, and must stay below the total.
THOUGHT = 5.0


class Watch:
    """Reads screens, takes samples of the process, and ends everything when the time is over."""

    def __init__(self, village, seconds, seed):
        self.village = village
        self.seconds = seconds
        self.chance = random.Random(seed)
        self.enough = asyncio.Event()
        self.samples = []  # seconds, MB, open files

    async def __call__(self, program):
        tasks = Tasks()
        for number in READERS.values():
            tasks.start(self.read(number), "reader")
        began = time.monotonic()
        while (now := time.monotonic() - began) < self.seconds:
            self.samples.append((now, *measured(program.process.pid)))
            if len(self.samples) % 60 == 0:
                print(f"{now / 60:5.1f} min  {self.samples[-1][1]:6.1f} MB", flush=True)
            await asyncio.sleep(EVERY)
        self.enough.set()
        await tasks.close()

    async def read(self, number):
        while True:
            self.village.world.send_text(number, self.chance.choice(READINGS))
            await asyncio.sleep(self.chance.uniform(0.3, 1.5))

    def slopes(self):
        """Megabytes and open files an hour."""
        later = self.samples[len(self.samples) // 5 :]
        hours = [one[0] / 3600 for one in later]
        return tuple(
            statistics.linear_regression(hours, [one[place] for one in later]).slope
            for place in (1, 2)
        )


def measured(pid):
    """The memory of a process in MB, and its number of open files."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096 / 1_000_000, len(list(Path(f"/proc/{pid}/fd").iterdir()))


async def run(minutes, crowd, seed, folder):
    """One run; gives the Watch."""
    village = Village(folder, crowd, patience=600, think=lambda: THOUGHT)
    await village.found()
    async with Database(village.url) as database:
        await database.write(lambda tx: add_readers(tx, datetime.now(UTC)))
    for role, number in READERS.items():
        village.world.add_phone(role, user_id=number)
    watch = Watch(village, minutes * 60, seed)
    await village.work(watch, enough=watch.enough)
    await village.check()
    print(f"{village.answered.count} answers")
    return watch


def add_readers(tx, now):
    for role, number in READERS.items():
        person = people.add_person(
            tx, bot="telegram", address=str(number), name=role, handle=None, language="vi",
            consent_version="2026-11", now=now,
        )  # fmt: skip
        people.add_membership(tx, person.id, role, commune_id=1, now=now)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        watch = asyncio.run(run(given.minutes, given.people, given.seed, Path(folder)))
    first, last = watch.samples[len(watch.samples) // 5], watch.samples[-1]
    memory, files = watch.slopes()
    print(f"memory {first[1]:.1f} MB then {last[1]:.1f} MB, slope {memory:+.1f} MB an hour")
    print(f"open files {first[2]} then {last[2]}, slope {files:+.1f} an hour")


if __name__ == "__main__":
    main()
