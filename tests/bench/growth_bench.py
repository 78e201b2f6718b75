"""The cost of `/status` as communes are added, for one commune and for 148 together."""

# ruff: noqa: T201 - it prints its tables
import asyncio
import random
import sqlite3
import statistics
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from criteria.scoring import score
from handlers.conversation import dispatch
from handlers.flow.channel import Incoming, Sender
from handlers.flow.deployment import Deployment
from storage.engine.database import Database
from storage.engine.sqlite import open_raw
from storage.results import current_facts
from storage.rounds import rounds
from tests.bench.large_database import (
    CRITERIA,
    NOW,
    SMALL_TEXT,
    Shape,
    asked_among,
    leaders,
    operator_of,
)
from tests.bench.measuring import milliseconds, ratios, spread

PROVINCE = 148
SIZES = (1, PROVINCE, 3_321, 10_000)
ASKED = 20
WHOLE = Shape(areas=30, rounds=12, answered=24)
OTHER = Shape(areas=5, rounds=12, answered=4, text=SMALL_TEXT, history=False)
PASSES = 60
AT_RANDOM = 300
SHORT = {"PROVINCE": 3, "SIZES": (1, 3, 4, 30), "ASKED": 2, "PASSES": 2, "AT_RANDOM": 5}
HOUSE = Deployment(ZoneInfo("Asia/Ho_Chi_Minh"), "bot")
CACHE = 8  # MB of pages that the writer keeps
RAW = ("temp_store=MEMORY", f"cache_size=-{CACHE}000", "query_only=ON")


@dataclass
class Place:
    """One database, opened as by the program, with the queries."""

    database: Database
    raw: sqlite3.Connection
    communes: list[int]
    leaders: list[str]
    operator: str
    megabytes: float
    statements: dict[str, list[tuple[str, Any]]] = field(default_factory=dict)


def status(address: str) -> Callable[[Connection], float]:
    """The unit of work of a `/status`; it measures its time in the thread of the database."""
    incoming = Incoming(Sender("telegram", address, "Lan"), "text", text="/status")

    def work(tx: Connection) -> float:
        return milliseconds(lambda: dispatch.handle(tx, incoming, NOW, HOUSE))

    return work


async def _opened(stack: AsyncExitStack, folder: str, communes: int) -> Place:
    """Open a database; its large communes are those of a province, or those that are asked."""
    path = Path(folder) / f"{communes}.db"
    asked = asked_among(path, communes, ASKED, WHOLE, WHOLE if communes <= PROVINCE else OTHER)
    database = await stack.enter_async_context(Database(f"sqlite+aiosqlite:///{path}"))
    raw = stack.enter_context(closing(open_raw(path, RAW, 5)))
    megabytes = path.stat().st_size / 1e6
    made = Place(database, raw, asked, [*leaders(raw, asked)], operator_of(raw), megabytes)
    for address in made.leaders:
        made.statements[address] = await database.write(lambda tx, a=address: _recorded(tx, a))
    return made


def _recorded(tx: Connection, address: str) -> list[tuple[str, Any]]:
    """The reading statements of a `/status`, as SQLite gets them."""
    seen: list[tuple[str, Any]] = []

    def keep(_c: Any, _cursor: Any, statement: str, given: Any, _context: Any, _many: Any) -> None:
        if statement.startswith("SELECT"):
            seen.append((statement, given))

    sa.event.listen(tx, "before_cursor_execute", keep)
    status(address)(tx)
    sa.event.remove(tx, "before_cursor_execute", keep)
    return seen


def _replayed(place: Place, address: str) -> float:
    """Execute the same statements on a raw connection, and fetch every row."""
    statements = place.statements[address]

    def work() -> None:
        for statement, given in statements:
            place.raw.execute(statement, given).fetchall()

    return milliseconds(work)


async def one_commune(places: dict[int, Place]) -> None:
    """Ask the same communes repeatedly, in all databases in turn."""
    whole: dict[int, list[float]] = {size: [] for size in places}
    queries: dict[int, list[float]] = {size: [] for size in places}
    for context in range(PASSES + 2):
        order = list(places)
        random.shuffle(order)
        for size in order:
            place = places[size]
            times, raws = [], []
            for number in range(ASKED):
                address = place.leaders[number % len(place.leaders)]
                times.append(await place.database.write(status(address)))
                raws.append(_replayed(place, address))
            if context >= 2:
                whole[size].append(statistics.median(times))
                queries[size].append(statistics.median(raws))
    print("/status of one commune asked again: 30 areas, 13 indicators, 12 rounds; ms, median")
    print(
        f"of {PASSES} passes over {ASKED} of them (quartiles), and of the passes' ratios to 1 commune"
    )
    print(f"{'communes':>10}{'MB':>7}{'whole, in the thread':>24}{'ratio':>20}"
          f"{'its SQL, raw':>24}{'ratio':>20}")  # fmt: skip
    for size, place in places.items():
        print(
            f"{size:>10,}{place.megabytes:>7.0f}{spread(whole[size])!s:>24}"
            f"{spread(ratios(whole[size], whole[1]))!s:>20}{spread(queries[size])!s:>24}"
            f"{spread(ratios(queries[size], queries[1]))!s:>20}"
        )
    print(f"statements in one /status: {len(places[1].statements[places[1].leaders[0]])}")


async def at_random(place: Place) -> None:
    """Ask small communes anywhere in the largest database: once, and again at once."""
    others = [n for n in range(1, SIZES[-1] + 1) if n not in place.communes]
    chosen = random.sample(others, AT_RANDOM)
    first, again = [], []
    for address in leaders(place.raw, chosen):
        first.append(await place.database.write(status(address)))
        again.append(await place.database.write(status(address)))
    print(
        f"{AT_RANDOM} others at random, 5 areas each, {place.megabytes:.0f} MB against a cache of {CACHE}:"
    )
    print(f"  the first time {spread(first)} ms, at once again {spread(again)} ms,"
          f" ratio {spread(ratios(first, again))}")  # fmt: skip


async def operators_table(place: Place) -> None:
    """The first page of all communes compared with the status of one commune."""
    one, table = [], []
    for context in range(PASSES + 2):
        address = place.leaders[context % len(place.leaders)]
        pair = (
            await place.database.write(status(address)),
            await place.database.write(status(place.operator)),
        )
        if context >= 2:
            one.append(pair[0])
            table.append(pair[1])
    count = place.raw.execute("SELECT count(*) FROM communes").fetchone()[0]
    print(
        f"the operator's table over {count:,} communes: {spread(table)} ms; one commune's /status"
        f" {spread(one)} ms; ratio {spread(ratios(table, one))}"
    )


# --- adding up ------------------------------------------------------------------------------------

SUMS = """
    SELECT answers.indicator, sum(numerator), sum(denominator), sum(yes), count(*)
    FROM reports JOIN answers ON answers.report_id = reports.id
    WHERE reports.round_id = ? AND reports.sends > 0 AND answers.held = 0
      AND answers.state != 'unknown'
    GROUP BY answers.indicator
"""


async def adding_up(place: Place) -> None:
    """The exact score of 30 areas, from the database and from facts, compared with sums in SQL."""
    round_id = place.raw.execute(
        "SELECT id FROM rounds WHERE commune_id = ? AND state = 'open'", place.communes[:1]
    ).fetchone()[0]
    names = ("SQL sums, raw", "facts read and scored", "of it the score alone")
    times: dict[str, list[float]] = {name: [] for name in names}

    def once(tx: Connection) -> None:
        round_ = rounds.round_by_id(tx, round_id)
        assert round_ is not None
        facts = current_facts.round_facts(tx, round_, CRITERIA)
        assert score(CRITERIA, facts).total == len(CRITERIA.indicators)
        work: tuple[Callable[[], object], ...] = (
            lambda: place.raw.execute(SUMS, (round_id,)).fetchall(),
            lambda: score(CRITERIA, current_facts.round_facts(tx, round_, CRITERIA)),
            lambda: score(CRITERIA, facts),
        )
        for name, one in zip(names, work, strict=True):
            times[name].append(milliseconds(one))

    for _ in range(5 * PASSES):
        await place.database.read(once)
    print("adding up one commune: 30 areas and the office, 13 indicators; ms")
    for name in names:
        print(
            f"{name:>24}{spread(times[name])!s:>24}{spread(ratios(times[name], times[names[0]]))!s:>24}"
        )


async def measure() -> None:
    """All tables, on the same databases."""
    with tempfile.TemporaryDirectory() as folder:
        async with AsyncExitStack() as stack:
            places = {size: await _opened(stack, folder, size) for size in SIZES}
            await one_commune(places)
            await at_random(places[SIZES[-1]])
            await operators_table(places[PROVINCE])
            await operators_table(places[SIZES[2]])
            await adding_up(places[PROVINCE])


def main() -> None:
    """Print the tables."""
    asyncio.run(measure())


if __name__ == "__main__":
    main()
