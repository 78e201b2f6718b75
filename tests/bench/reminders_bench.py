"""The reminders of a day for the whole country: planning time, order, the outbox."""

# ruff: noqa: T201 - it prints its tables
import asyncio
import sqlite3
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from handlers.flow.deployment import Deployment
from handlers.messages.claim import claim
from handlers.reminders.planning import reminders_work
from storage.engine.database import Database
from storage.messages import outbox
from tests.bench.large_database import DAY, NOW, Filling, Shape
from tests.bench.measuring import milliseconds, spread

COMMUNES = 3_240  # of 142 people each: 460,080
COMMUNE = Shape(areas=28, members=5, answered=0, to_plan=True, history=False)
LATER = COMMUNE.ends
# In turn: nobody has reported yet, half have; the deadline is in three days, tomorrow, today.
SHAPES = [
    replace(COMMUNE, answered=answered, ends=LATER - days * DAY)
    for answered in (0, 0, 14)
    for days in (0, 2, 3)
]
AT_ONCE = 25  # rows claimed together
CLAIMS = 40
SHORT = {"COMMUNES": 9, "CLAIMS": 3}
HOUSE = Deployment(ZoneInfo("Asia/Ho_Chi_Minh"), "bot")


async def plan(database: Database) -> None:
    """As the job does it: read what is due, then one transaction for each round."""
    began, worked = time.perf_counter(), time.process_time()
    work = await database.read(lambda tx: reminders_work(tx, NOW, HOUSE))
    looked = time.perf_counter() - began
    found = [
        await database.write(lambda tx, one=one: milliseconds(lambda: one(tx))) for one in work
    ]
    took, worked = time.perf_counter() - began, time.process_time() - worked
    found.sort()
    print(
        f"the plan of the day: {len(work):,} rounds in {took:.1f} s, of it the processor"
        f" {worked:.1f} s (finding them {looked:.3f} s)"
    )
    print(
        f"  each round holds the writer for {spread(found)} ms, one in a hundred"
        f" {found[-len(found) // 100]:.1f}, the longest {found[-1]:.1f}"
    )


ORDER = """
    SELECT priority, (rounds.deadline - {now}) / 86400000000 AS days,
           count(*), count(DISTINCT rounds.commune_id), min(place), max(place)
    FROM (SELECT *, row_number() OVER (ORDER BY priority DESC, not_before, id) AS place
          FROM outbox WHERE state = 'waiting') AS waiting
    JOIN rounds ON rounds.id = waiting.round_id
    GROUP BY 1, 2 ORDER BY min(place)
"""


def who_comes_first(path: Path) -> None:
    """The order of sending: priority, then how near the deadline is."""
    print("the order of sending (at 26 a second; -1: may settle a verdict, -2: may change one, -3)")
    print(f"{'priority':>10}{'days left':>11}{'messages':>10}{'communes':>10}{'first':>10}{'last':>10}"
          f"{'from hour':>11}{'to':>7}")  # fmt: skip
    now = int(NOW.timestamp() * 1e6)
    with closing(sqlite3.connect(path)) as raw:
        for priority, days, count, communes, first, last in raw.execute(ORDER.format(now=now)):
            hours = [place / 26 / 3600 for place in (first, last)]
            print(f"{priority:>10}{days:>11}{count:>10,}{communes:>10,}{first:>10,}{last:>10,}"
                  f"{hours[0]:>11.1f}{hours[1]:>7.1f}")  # fmt: skip


async def take(database: Database) -> None:
    """The queries of the sender on the full outbox; nothing is sent, claimed rows are put back."""
    times: dict[str, list[float]] = {}

    async def keep(name: str, work) -> None:
        took = await database.write(lambda tx: milliseconds(lambda: work(tx)))
        times.setdefault(name, []).append(took)

    for _ in range(CLAIMS):
        await keep("next_due", outbox.next_due)
        await keep(f"claim of {AT_ONCE} rows", lambda tx: outbox.claim(tx, NOW, AT_ONCE))
        await keep("claim when nothing is due", lambda tx: outbox.claim(tx, NOW - DAY, AT_ONCE))
        await keep(
            f"claim of {AT_ONCE}, checked and worded",
            lambda tx: claim(tx, NOW + timedelta(minutes=1), AT_ONCE, deployment=HOUSE),
        )
    waiting = (await database.read(outbox.counts))["waiting"]
    print(f"the outbox with {waiting:,} messages waiting, ms in the database's thread")
    for name, some in times.items():
        print(f"{name:>36}{spread(some)!s:>24}")


async def measure(path: Path) -> None:
    """All tables, on one database."""
    async with Database(f"sqlite+aiosqlite:///{path}") as database:
        await plan(database)
        who_comes_first(path)
        await take(database)


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reminders.db"
        filling = Filling(path)
        for number in range(COMMUNES):
            filling.commune(SHAPES[number % len(SHAPES)])
        filling.close()
        print(f"{COMMUNES:,} communes of 28 areas with 5 members each, a leader and an officer")
        asyncio.run(measure(path))


if __name__ == "__main__":
    main()
