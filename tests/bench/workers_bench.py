"""Answers stored per second by one and by two workers on one PostgreSQL; read the ratios.

An answer takes the same work as in the bot, without Telegram: store the update, lock the chat, run
the real conversation in one transaction, record that it was shown, release the chat. Each worker is
a process. `python -m tests.bench.workers_bench`; it needs PostgreSQL's programs.
"""

# ruff: noqa: T201 - it prints its table
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.intake.chat_locks import ChatLocks, SingleProcessLocks
from handlers.conversation import dispatch
from handlers.flow.channel import TELEGRAM, Incoming, Reply, Sender
from handlers.flow.deployment import Deployment
from storage.conversations.conversations import remember_shown
from storage.engine.database import Database
from storage.messages import inbox
from storage.messages.inbox import Update
from storage.tables import answers
from tests.bot.crash_village import settle_village
from tests.bot.crashing import FIRST
from tests.postgresql import NotInstalled, running_cluster

PEOPLE = 120  # all of them at the same time
SAID = ["/baocao", "340", "50", "có", "chưa", "250", "60", "chưa", "có"]  # eight are answers
ROUNDS = 3
SHORT = {"PEOPLE": 4, "ROUNDS": 1}
HOUSE = Deployment(ZoneInfo("Asia/Ho_Chi_Minh"), "bench_bot")


@dataclass(frozen=True, slots=True)
class Way:
    """One line of the table."""

    name: str
    workers: int
    postgresql: bool = True
    shared: bool = True


COUNTING_METHODS = (
    Way("SQLite, one process", 1, postgresql=False, shared=False),
    Way("PostgreSQL, one process alone", 1, shared=False),
    Way("PostgreSQL, 1 worker", 1),
    Way("PostgreSQL, 2 workers", 2),
)


async def person(database: Database, locks: ChatLocks, number: int) -> None:
    """A person reports: one answer after another, each stored before the next."""
    chat = str(FIRST + number)
    sender = Sender(TELEGRAM, chat, "Người", None, "vi")
    for place, text in enumerate(SAID):
        update = Update(TELEGRAM, str(number * 100 + place), chat, text)
        now = datetime.now(UTC)
        await database.write(lambda tx, one=update, at=now: inbox.take_in(tx, [one], at))
        await locks.begin((TELEGRAM, chat))
        incoming = Incoming(sender, "text", text, message="1", update=update.identity)
        reply = await database.write(
            lambda tx, one=incoming, at=now: dispatch.handle(tx, one, at, HOUSE)
        )
        await database.write(lambda tx, one=reply: seen(tx, one))
        await locks.end((TELEGRAM, chat))


def seen(tx: Connection, reply: Reply) -> None:
    """What the channel records after it has shown a reply."""
    for shown in reply.shown:
        if shown.purpose is not None and reply.person is not None:
            remember_shown(tx, reply.person, "telegram", shown.purpose, "1", shown.revision)


async def work(url: str, first: int, last: int, *, shared: bool) -> None:
    """One worker: reports that it is ready, and begins on a signal."""
    async with Database(url, exclusive=True, shared=shared) as database:
        await database.read(inbox.oldest)
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        locks = database.session or SingleProcessLocks(database)
        await asyncio.gather(*(person(database, locks, number) for number in range(first, last)))


async def rate(url: str, way: Way) -> float:
    """Answers a second of all workers together, from the first word to the last commit."""
    async with Database(url) as database:
        now = datetime.now(UTC) - timedelta(minutes=1)
        await database.write(lambda tx: settle_village(tx, PEOPLE, now))
    share = PEOPLE // way.workers
    workers = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bench.workers_bench", url),
            *(str(1 + n * share), str(1 + (n + 1) * share), str(int(way.shared))),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        for n in range(way.workers)
    ]
    for one in workers:
        assert one.stdout is not None
        assert await one.stdout.readline() == b"ready\n"
    began = time.perf_counter()
    ended = await asyncio.gather(*(one.communicate(b"\n") for one in workers))
    took = time.perf_counter() - began
    assert len(ended) == len([one for one in workers if one.returncode == 0])
    async with Database(url) as database:
        kept = await database.read(lambda tx: tx.scalar(sa.select(sa.func.count(answers.c.state))))
    assert kept == PEOPLE * (len(SAID) - 1)
    return PEOPLE * (len(SAID) - 1) / took


async def measure(cluster_urls: Sequence[str], folder: Path) -> dict[str, list[float]]:
    """The rates of each way, in turn, so that noise of the machine affects all."""
    rates: dict[str, list[float]] = {way.name: [] for way in COUNTING_METHODS}
    urls = iter(cluster_urls)
    for number in range(ROUNDS):
        for way in COUNTING_METHODS:
            sqlite = f"sqlite+aiosqlite:///{folder / f'{number}.db'}"
            rates[way.name].append(await rate(next(urls) if way.postgresql else sqlite, way))
    return rates


def main() -> None:
    """Print the table."""
    try:
        with running_cluster(fsync=True) as cluster, tempfile.TemporaryDirectory() as folder:
            count = ROUNDS * sum(way.postgresql for way in COUNTING_METHODS)
            urls = [asyncio.run(cluster.create("template_ready")) for _ in range(count)]
            rates = asyncio.run(measure(urls, Path(folder)))
    except NotInstalled as missing:
        print(f"workers: {missing}")
        return
    print(f"answers kept per second, {PEOPLE} people at once (medians of {ROUNDS}, synced)")
    alone = sorted(rates[COUNTING_METHODS[2].name])[ROUNDS // 2]
    print(f"{'':>32}{'answers/s':>12}{'range':>14}{'to 1 worker':>14}")
    for name, found in rates.items():
        middle = sorted(found)[ROUNDS // 2]
        span = f"{min(found):.0f}–{max(found):.0f}"
        print(f"{name:>32}{middle:>12.0f}{span:>14}{middle / alone:>14.2f}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        asyncio.run(
            work(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), shared=sys.argv[4] == "1")
        )
    else:
        main()
