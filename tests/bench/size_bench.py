"""All people of the country: size on the disk, memory, start time, what holds the writer."""

# ruff: noqa: T201 - it prints its tables
import asyncio
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.simulator.server import serving
from bot.simulator.telegram.world import World
from handlers.announcements.delivery import notices_work
from handlers.flow.deployment import Deployment
from handlers.reminders.planning import reminders_work
from handlers.rounds.jobs import rounds_work
from storage.conversations import conversations
from storage.engine.database import Database
from storage.engine.schema_upgrade import migrate
from storage.evidence import evidence
from storage.messages import inbox, outbox
from storage.personal_data import withdrawal
from tests.bench.large_database import NOW, Filling, Shape
from tests.bench.measuring import milliseconds, ratios, spread
from tests.bench.process import memory, running

COMMUNE = Shape(areas=28, members=5, spoken=True, updates=10, outbox="sent")
PEOPLE = {"nobody": 0, "25,000": 176, "460,000": 3_240}  # communes of 142 people each
STARTS = 5
SETTLED = 3.0  # seconds after the start
SHORT = {"PEOPLE": {"nobody": 0, "460,000": 2}, "STARTS": 1, "SETTLED": 0.1}
HOUSE = Deployment(ZoneInfo("Asia/Ho_Chi_Minh"), "bot")


def fill(path: Path, communes: int) -> None:
    """Fill in communes of 28 areas with 5 members each, a leader and an officer."""
    if not communes:
        migrate(f"sqlite+aiosqlite:///{path}")
        return
    filling = Filling(path)
    for _ in range(communes):
        filling.commune(COMMUNE)
    filling.close()


def sizes(paths: dict[str, Path]) -> None:
    """What takes the space."""
    print("one round: every area has reported (8 answers, each with its history), everybody has a")
    print("conversation, 10 update numbers and one sent message; communes of 28 areas, 142 people")
    print(f"{'people':>10}{'MB':>8}{'bytes a person':>16}   the largest, MB with their indices")
    for name, path in paths.items():
        with closing(sqlite3.connect(path)) as raw:
            people = raw.execute("SELECT count(*) FROM people").fetchone()[0]
            found = raw.execute(
                "SELECT m.tbl_name, sum(pgsize) / 1e6 FROM dbstat JOIN sqlite_schema AS m"
                " USING (name) GROUP BY 1 ORDER BY 2 DESC LIMIT 7"
            ).fetchall()
        size = path.stat().st_size
        each = f"{size / people:,.0f}" if people else "-"
        said = ", ".join(f"{table} {part:.0f}" for table, part in found if part > 1)
        print(f"{name:>10}{size / 1e6:>8.0f}{each:>16}   {said}")


async def starts(paths: dict[str, Path]) -> None:
    """The program started on each in turn."""
    seconds: dict[str, list[float]] = {name: [] for name in paths}
    used: dict[str, list[float]] = {name: [] for name in paths}
    world = World()
    async with serving(world) as address:
        for context in range(STARTS + 1):
            for name, path in paths.items():
                async with running(path, address, world.token) as (process, took):
                    await asyncio.sleep(SETTLED)
                    if context:  # the first reads the files
                        seconds[name].append(took)
                        used[name].append(memory(process.pid))
    print(
        f"`run` until it says that it runs, and its memory {SETTLED:.0f} s later; {STARTS} starts"
    )
    print(f"{'people':>10}{'seconds':>22}{'ratio':>22}{'MB':>24}")
    for name in paths:
        print(
            f"{name:>10}{spread(seconds[name])!s:>22}"
            f"{spread(ratios(seconds[name], seconds['nobody']))!s:>22}{spread(used[name])!s:>24}"
        )


WORKS: dict[str, Callable[[Connection, datetime], Any]] = {
    "every 30 s, read: rounds": lambda tx, now: rounds_work(tx, now, HOUSE),
    "every 30 s, read: reminders": lambda tx, now: reminders_work(tx, now, HOUSE),
    "every 30 s, read: notices": lambda tx, now: notices_work(tx, now, HOUSE),
    "at the start, read: what to show again": lambda tx, now: conversations.not_shown(tx, NOW),
    "hourly, read: files to delete": lambda tx, _: evidence.files_to_delete(tx),
    "hourly, read: old updates": inbox.old,
    "hourly, read: old messages": outbox.old,
    "hourly, read: who withdrew": withdrawal.due_to_be_forgotten,
    "hourly, holds the writer: updates that failed": inbox.empty_failed,
}


async def by_the_clock(path: Path) -> None:
    """The queries of the jobs on the largest database, in the thread of the database."""
    times: dict[str, list[float]] = {name: [] for name in WORKS}
    now = datetime.now(UTC)
    async with Database(f"sqlite+aiosqlite:///{path}") as database:
        for _ in range(8):
            for name, work in WORKS.items():
                took = await database.write(
                    lambda tx, work=work: milliseconds(lambda: work(tx, now))
                )
                times[name].append(took)
    print("what the clock asks of the database of 460,000 people when nothing is due, ms")
    for name, some in times.items():
        print(f"{name:>46}{spread(some[1:])!s:>28}")


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: Path(folder) / f"{count}.db" for name, count in PEOPLE.items()}
        for name, path in paths.items():
            fill(path, PEOPLE[name])
        sizes(paths)
        asyncio.run(starts(paths))
        asyncio.run(by_the_clock(paths["460,000"]))


if __name__ == "__main__":
    main()
