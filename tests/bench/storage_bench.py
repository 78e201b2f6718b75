"""Answers stored per second, in groups and with one commit for each; read the ratios."""

# ruff: noqa: T201 - it prints its table
import asyncio
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from criteria.answers import Ratio
from storage.conversations import conversations
from storage.engine.database import Database
from storage.messages import inbox
from storage.messages.inbox import Update
from storage.reports import reports
from tests.storage.sample import NOW, Sample, sample

ROUNDS = 3
ALONE, TOGETHER = 300, 1500  # answers with one waiting, and with more
SHORT = {"ROUNDS": 1, "ALONE": 10, "TOGETHER": 30}


def _answer(number: int, one: Sample, update: int) -> Callable[[Connection], None]:
    report = one.areas[number % len(one.areas)]

    def work(tx: Connection) -> None:
        """The work of one typed answer: about nine statements."""
        assert inbox.finish(tx, "telegram", str(update)) is not None
        draft = reports.start_report(tx, one.round.id, report.id, NOW)
        value = Ratio(update % 400, 400)
        reports.put_answer(tx, draft, "HT1", value, by=one.person.id, way="text", now=NOW)
        reports.answers_of(tx, draft.id)
        conversations.save_place(tx, one.person.id, draft.id, "{}", NOW)

    return work


async def _rate(database: Database, one: Sample, waiting: int, first: int, total: int) -> float:
    updates = [Update("telegram", str(first + n), "1", "{}") for n in range(total)]
    await database.write(lambda tx: inbox.take_in(tx, updates, NOW))
    numbers = iter(range(total))

    async def worker() -> None:
        for number in numbers:
            await database.write(_answer(number, one, first + number))

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(waiting)))
    return total / (time.perf_counter() - began)


def _slow_disk(tx: Connection) -> None:
    """Make every commit 10 ms longer, as on the disk of a cheap server."""
    sa.event.listen(tx.engine, "commit", lambda _: time.sleep(0.01))


async def measure(*, slow: bool) -> dict[tuple[str, int], float]:
    """Answers per second by kind of commit and number of waiting callers: medians."""
    rates: dict[tuple[str, int], list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, largest in (("one commit each", 1), ("group commit", 256)):
            url = f"sqlite+aiosqlite:///{Path(folder) / f'{largest}.db'}"
            async with Database(url, largest_group=largest) as database:
                one = await database.write(lambda tx: sample(tx, areas=30))
                if slow:
                    await database.write(_slow_disk)
                first = 1
                for waiting in (1, 16, 128) * ROUNDS:
                    total = (ALONE if waiting == 1 else TOGETHER) // (5 if slow else 1)
                    rate = await _rate(database, one, waiting, first, total)
                    first += total
                    rates.setdefault((name, waiting), []).append(rate)
    return {key: sorted(some)[len(some) // 2] for key, some in rates.items()}


def fsyncs() -> float:
    """The limit of the disk: pages written and synced per second."""
    with tempfile.NamedTemporaryFile() as file:
        began, times = time.perf_counter(), 500
        for _ in range(times):
            os.pwrite(file.fileno(), b"x" * 4096, 0)
            os.fsync(file.fileno())
        return times / (time.perf_counter() - began)


def main() -> None:
    """Print both tables."""
    print(f"the disk alone: {fsyncs():.0f} fsyncs a second")
    print("answers kept per second (SQLite, synchronous=FULL, about nine statements each)")
    _show("this disk", asyncio.run(measure(slow=False)))
    _show("with 10 ms more for each commit", asyncio.run(measure(slow=True)))


def _show(disk: str, rates: dict[tuple[str, int], float]) -> None:
    print(disk)
    print(f"{'':>18}{'1 waiting':>12}{'16':>10}{'128':>10}")
    for name in ("one commit each", "group commit"):
        print(f"{name:>18}" + "".join(f"{rates[name, n]:>11.0f}" for n in (1, 16, 128)))
    ratios = [rates["group commit", n] / rates["one commit each", n] for n in (1, 16, 128)]
    print(f"{'ratio':>18}" + "".join(f"{ratio:>11.1f}" for ratio in ratios))


if __name__ == "__main__":
    main()
