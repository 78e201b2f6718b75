"""The memory of the running bot after a thousand people answered, compared with a bare PTB bot."""

# ruff: noqa: T201 - it prints its table
import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.simulator.server import serving
from bot.simulator.telegram.world import World
from tests.bench.large_database import ADDRESSES, Filling, Shape
from tests.bench.measuring import ratios, spread
from tests.bench.process import ROOT, memory, running
from tests.bot.crashing import Villager

COMMUNES = 34
COMMUNE = Shape(areas=30, answered=0)
PEOPLE = 1_000
AT_ONCE = 50
SETTLED = 3.0
RUNS = 1
ECHOES = 4  # of each of the bare one's people: more of them don't make it larger
SHORT = {"COMMUNES": 1, "PEOPLE": 4, "AT_ONCE": 2, "SETTLED": 0.1}


class Reporter(Villager):
    """Fills in one area's report: eight answers, two corrected, and sends it."""

    person = 0

    @property
    def id(self):
        return ADDRESSES + self.person


class Trusting:
    """A villager who does not check the database: no message is lost here."""

    def refused(self, *_):
        return False


async def everybody(one: Callable[[int], Awaitable[None]], numbers: list[int]) -> None:
    """The work of each number, so many concurrently."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def in_turn(number: int) -> None:
        async with slots:
            await one(number)

    async with asyncio.TaskGroup() as group:
        for number in numbers:
            group.create_task(in_turn(number))


async def ours(folder: Path) -> tuple[float, float]:
    """MB when it has started, and after everybody answered."""
    path, world = folder / "bot.db", World()
    filling = Filling(path)
    for _ in range(COMMUNES):
        filling.commune(COMMUNE)
    reporters = filling.reporters[:PEOPLE]
    filling.close()
    for number in reporters:
        world.add_phone(f"Người {number}", user_id=ADDRESSES + number)

    async def report(number: int) -> None:
        reporter = Reporter(world, Trusting(), number % 30)
        reporter.person = number
        await reporter.answer_everything(lambda: None)

    async with serving(world) as address, running(path, address, world.token) as (process, _):
        await asyncio.sleep(SETTLED)
        before = memory(process.pid)
        await everybody(report, reporters)
        await asyncio.sleep(SETTLED)
        return before, memory(process.pid)


async def bare() -> tuple[float, float]:
    """The same for the bare bot, to which everybody writes a few times."""
    world = World()
    phones = [world.add_phone(f"Người {number}").id for number in range(PEOPLE)]

    async def write(phone: int) -> None:
        for number in range(ECHOES):
            sent = world.send_text(phone, f"{number}/400")[0]["message_id"]
            while not any(
                not entry.mine and entry.number > sent for entry in world.phone(phone).newest()
            ):
                await world.bell.wait(5)

    async with serving(world) as address:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bench.bare_bot", address, world.token),
            cwd=ROOT, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            while not world.count("getUpdates"):
                await world.bell.wait(0.1)
            await asyncio.sleep(SETTLED)
            before = memory(process.pid)
            await everybody(write, phones)
            await asyncio.sleep(SETTLED)
            return before, memory(process.pid)
        finally:
            process.terminate()
            await process.wait()


async def measure() -> None:
    """Both in turn."""
    found: dict[str, list[tuple[float, float]]] = {"bare PTB, an echo": [], "this program": []}
    theirs, mine = found.values()
    for _ in range(RUNS):
        theirs.append(await bare())
        with tempfile.TemporaryDirectory() as folder:
            mine.append(await ours(Path(folder)))
    print(f"MB of resident memory: started, and after {PEOPLE} people answered")
    print(f"{'':>20}{'started':>24}{'after':>24}")
    for name, some in found.items():
        before, after = zip(*some, strict=True)
        print(f"{name:>20}{spread(before)!s:>24}{spread(after)!s:>24}")
    before, after = (
        ratios([one[place] for one in mine], [one[place] for one in theirs]) for place in (0, 1)
    )
    print(f"{'ratio':>20}{spread(before)!s:>24}{spread(after)!s:>24}")


def main() -> None:
    """Print the table."""
    asyncio.run(measure())


if __name__ == "__main__":
    main()
