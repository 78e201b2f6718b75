"""How long each press and each job holds the writer in a large commune, compared with an answer.

A commune of 50 areas and 300 people in a province of 148; the walk of tests/handlers/test_costs.py
on the writer itself, with its prepared statements. For a screen that is only read the
writer only finishes it (handlers/conversation/read_only.py). Read the ratios.
"""

# ruff: noqa: T201 - it prints its table
import asyncio
import gc
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from handlers.announcements.delivery import notices_work
from handlers.conversation import dispatch, read_only
from handlers.flow.press import unpack
from handlers.messages.claim import claim
from handlers.reminders.planning import reminders_work
from handlers.rounds.jobs import rounds_work
from storage.engine.database import Database
from tests.bench.measuring import milliseconds, spread
from tests.handlers.two_communes import HOUSE, INSIDE, NOW, Communes, ShortWalk, coming, fill

AREAS, MEMBERS, COMMUNES = 50, 6, 148
CLAIMED_AT_ONCE = 5  # as bot/sending/sender.py does
TIMES = 3
MOST = 10  # times an answer
LETTERS = INSIDE
SHORT = {"AREAS": 3, "MEMBERS": 2, "COMMUNES": 3, "TIMES": 1, "LETTERS": "L"}
DAYS = (0.0, 4.0, 5.0, 7.1, 8.0, 12.1)  # of a round: reminders, the deadline, the close


@dataclass
class Timed(ShortWalk):
    """A walk that measures every action a few times, as the bot performs it."""

    held: dict[str, list[float]] = field(default_factory=dict)

    def do(self, kind: str, what: str, step: str | None = None) -> Any:
        """Perform one action; all but the last are rolled back. The shortest time counts."""
        press = unpack(what) if kind == "press" else None
        key = press.action if press else f"{what} ({step})" if step else what
        self.held.setdefault(key, []).append(shortest(lambda: self.time(kind, what), self.communes))
        return super().do(kind, what, step)

    def time(self, kind: str, what: str) -> float:
        """How long the writer is held."""
        tx, incoming = self.communes.tx, coming(self.letter, kind, what)
        if read_only.reads(incoming):
            looked = read_only.look(tx, incoming, NOW, HOUSE)
            if looked is not None:
                return milliseconds(lambda: read_only.finish(tx, incoming, looked, NOW, HOUSE))
        return milliseconds(lambda: dispatch.handle(tx, incoming, NOW, HOUSE))


def shortest(measure_once: Callable[[], float], communes: Communes) -> float:
    """The shortest of a few times, each rolled back."""
    found = []
    for _ in range(TIMES):
        with communes.trying():
            found.append(measure_once())
    return min(found)


def presses(communes: Communes) -> dict[str, list[float]]:
    """The time of each press and each typed text."""
    found: dict[str, list[float]] = {}
    for letter in LETTERS:
        walk = Timed(communes, letter)
        walk.all()
        for key, some in walk.held.items():
            found.setdefault(key, []).extend(some)
    return found


def ticks(communes: Communes) -> dict[str, list[float]]:
    """The time of each piece of work of the jobs, over a round."""
    found: dict[str, list[float]] = {}
    tx = communes.tx
    for days in DAYS:
        now = NOW + timedelta(days=days)
        for due in (rounds_work, reminders_work, notices_work):
            for work in due(tx, now, HOUSE):
                name = getattr(work, "func", work).__name__.strip("_")
                found.setdefault(f"tick: {name}", []).append(milliseconds(lambda: work(tx)))  # noqa: B023
        for _ in range(100):
            some = milliseconds(lambda: claim(tx, now, CLAIMED_AT_ONCE, deployment=HOUSE))  # noqa: B023
            found.setdefault("tick: claim", []).append(some)
    return found


def answers(communes: Communes) -> list[float]:
    """The time of a typed answer."""
    with communes.trying():
        tx = communes.tx
        dispatch.handle(tx, coming("R", "text", "/baocao"), NOW, HOUSE)
        one = coming("R", "text", "340/400")
        return [
            shortest(lambda: milliseconds(lambda: dispatch.handle(tx, one, NOW, HOUSE)), communes)
            for _ in range(50)
        ]


def measured(tx: Connection) -> tuple[dict[str, list[float]], list[float]]:
    """Everything, in one transaction that is rolled back."""
    communes = Communes(tx, fill(tx, AREAS, MEMBERS - 1, COMMUNES - 2, gap=False))
    gc.collect()
    gc.freeze()
    before = answers(communes)
    found = presses(communes)
    with communes.trying():
        found |= ticks(communes)
    return found, [*before, *answers(communes)]


async def measure() -> tuple[dict[str, list[float]], list[float]]:
    """On the writer of a database file."""
    with tempfile.TemporaryDirectory() as folder:
        async with Database(f"sqlite+aiosqlite:///{Path(folder) / 'bot.db'}") as database:
            return await database.write(measured)


def main() -> None:
    """Print what takes longest."""
    found, usual = asyncio.run(measure())
    answer = statistics.median(usual)
    print(f"a typed answer holds the writer for {spread(usual)} ms")
    print(f"the {len(found)} kinds of presses, texts and ticks; those that take longest:")
    print(f"{'':>40}{'ms':>10}{'times an answer':>18}")
    middles = {key: statistics.median(some) for key, some in found.items()}
    for key in sorted(middles, key=lambda one: -middles[one])[:25]:
        print(f"{key:>40}{middles[key]:>10.2f}{middles[key] / answer:>18.1f}")
    over = sum(one > MOST * answer for one in middles.values())
    print(f"more than {MOST} times an answer: {over}")


if __name__ == "__main__":
    main()
