"""The path of an answer, in whole processes: our bot beside bare bots that store nothing.

Every bot talks to the same model of Telegram, gets the same updates and makes the same calls. Our
bot stores each answer (`synchronous=FULL`) before it shows anything. Read the ratios, each of one
round.
"""

# ruff: noqa: T201 - it prints its tables
import asyncio
import statistics
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from tests.bench.answering.contenders import (
    AIOGRAM,
    AIOGRAM_PYTHON,
    BARE,
    CONVERSATION,
    OURS,
    STOCK,
    running,
)
from tests.bench.answering.model import FIRST, Course

WARM = 30
ROUNDS = {1: 3, 100: 3, 1000: 2}
PEOPLE = {1: 40, 100: 300, 1000: 1000}
AT_HALF = 500  # people
PATIENCE = 600
WAYS = ("polling", "webhook")
SHORT = {"WARM": 2, "ROUNDS": {100: 1}, "PEOPLE": {100: 8}, "AT_HALF": 4, "WAYS": ("polling",)}


@dataclass(frozen=True)
class Run:
    """One course of one bot."""

    course: Course
    micros: float  # of processor time for an answer
    memory: float  # megabytes

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.course.rate

    def wait(self, share: float) -> float:
        """Milliseconds within which this share of the screens came."""
        waits = sorted(self.course.waits)
        return waits[min(int(len(waits) * share), len(waits) - 1)] * 1000

    @property
    def calls(self) -> float:
        """Calls for each answered question, without the one that opens the report."""
        people = self.course.calls["sendmessage"] - self.typed
        return (sum(self.course.calls.values()) - people) / self.course.answers

    @property
    def typed(self) -> float:
        """The share of typed answers, which lead to new messages."""
        return self.course.answers / 2


async def run(name: str, way: str, at_once: int, people: int, rate: float | None = None) -> Run:
    """One run of one bot in its own process, after a short one to warm up."""
    with tempfile.TemporaryDirectory() as folder:
        async with running(name, Path(folder), way, people + WARM) as bot:
            warm, rest = range(FIRST, FIRST + WARM), range(FIRST + WARM, FIRST + WARM + people)
            async with asyncio.timeout(PATIENCE):
                await bot.model.run(warm, min(at_once, WARM))
                before = bot.seconds()
                course = await bot.model.run(rest, at_once, rate)
                used = (bot.seconds() - before) / course.answers
                return Run(course, used * 1e6, bot.memory())


async def compare(way: str, at_once: int) -> dict[str, list[Run]]:
    """All bots in turn, in several rounds; slow ones with many people only once."""
    runs: dict[str, list[Run]] = defaultdict(list)
    names = [OURS, STOCK, BARE, *([AIOGRAM] if AIOGRAM_PYTHON.exists() else [])]
    for number in range(ROUNDS[at_once]):
        for name in names:
            if name == STOCK and at_once > 100 and number:
                continue
            runs[name].append(await run(name, way, at_once, PEOPLE[at_once]))
    return runs


def ratios(ours: list[Run], other: list[Run]) -> str:
    """Our rate divided by another one, for each round: the median and the spread."""
    found = sorted(a.rate / b.rate for a, b in zip(ours, other, strict=False))
    return f"{statistics.median(found):.2f}× ({found[0]:.2f} to {found[-1]:.2f})"


def show(way: str, at_once: int, runs: dict[str, list[Run]]) -> None:
    """One table."""
    print(f"\n{way}, {at_once} at once")
    print(f"{'':>22}{'answers/s':>11}{'µs CPU':>9}{'p50 ms':>9}{'p99 ms':>9}   ours is")
    for name, some in runs.items():
        middle = sorted(some, key=lambda one: one.rate)[len(some) // 2]
        print(
            f"{name:>22}{middle.rate:>11.0f}{middle.micros:>9.0f}{middle.wait(0.5):>9.1f}"
            f"{middle.wait(0.99):>9.1f}   {ratios(runs[OURS], some) if name != OURS else ''}"
        )


async def at_half(limit: float) -> None:
    """Waiting times at half of the maximum rate of the bare bot on our transport."""
    print(f"\npolling, at half of the bare bot's limit: {limit / 2:.0f} answers/s, milliseconds")
    found: dict[str, list[Run]] = defaultdict(list)
    for _ in range(ROUNDS[100]):
        for name in (OURS, BARE):
            # Nine updates for eight answers.
            found[name].append(await run(name, "polling", 1000, AT_HALF, limit / 2 * 9 / 8))
    for name, some in found.items():
        p50, p99 = (statistics.median(one.wait(share) for one in some) for share in (0.5, 0.99))
        print(f"{name:>22}  p50 {p50:.1f}  p99 {p99:.1f}")


async def measure() -> None:
    """Everything, table by table."""
    limit = 0.0
    for way in WAYS:
        for at_once, people in PEOPLE.items():
            runs = await compare(way, at_once)
            show(way, at_once, runs)
            if (way, at_once) == ("polling", 100):
                limit = statistics.median(one.rate for one in runs[BARE])
                ours = runs[OURS][-1]
                size = ours.course.sent / sum(ours.course.calls.values())
                print(f"calls for an answered question: {ours.calls:.2f}, {size:.0f} bytes each")
                print(
                    f"memory after {people} people: "
                    f"{ours.memory / runs[BARE][-1].memory:.2f} times the bare bot's"
                )
    await at_half(limit)
    kept = await run(CONVERSATION, "polling", 100, PEOPLE[100])
    print(f"\n{CONVERSATION}, polling, 100 at once: {kept.rate:.0f} answers/s")


def main() -> None:
    """Print the tables."""
    print("answers a second in whole processes; ours keeps each one before it shows anything")
    asyncio.run(measure())


if __name__ == "__main__":
    main()
