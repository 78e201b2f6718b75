"""Kills the program many times at random while people answer: `python -m tests.bot.crash_long`.

The long version of a test in `make test`: it ends with figures, or with what was lost. The seed
decides when it is killed and which faults occur, though not to the millisecond.
"""

# ruff: noqa: T201 - it prints its figures
import argparse
import asyncio
import logging
import random
import secrets
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bot.simulator.faults import Fault
from tests.bot.crash_village import Village
from tests.bot.crashing import Record, written
from tests.storage.power_cut import copied, freeze

PATIENCE = 300  # seconds; a person may have to wait through many kills
LONGEST_THOUGHT = 2.0
POWER_CUTS = 0.3  # of the kills
FAULTS = {
    "error 500": {"code": 500},
    "error 502": {"code": 502, "description": "Bad Gateway"},
    "told to wait": {"code": 429, "description": "Too Many Requests", "retry_after": 1},
    "connection reset": {"reset": True},
    "answer lost": {"lost": True},
    "slow answer": {"delay": 1.0},
}
METHODS = ("sendMessage", "editMessageText", "getUpdates", None)


class Killer:
    """Kills and restarts the program, each time at another moment and with other faults."""

    def __init__(self, village, kills, chance):
        self.village = village
        self.kills = kills
        self.chance = chance
        self.enough = asyncio.Event()
        self.did = Counter()

    async def __call__(self, program):
        for number in range(1, self.kills + 1):
            await self.moment()
            if self.chance.random() < POWER_CUTS:
                self.power_cut(program)
            await program.kill()
            self.village.check_after_a_kill()
            self.mischief()
            await program.start()
            if number % 10 == 0:
                print(f"{number} kills, {self.village.answered.count} answers", flush=True)
        self.enough.set()

    def power_cut(self, program):
        """Stop it: a copy of its files as they are has everything that was acknowledged."""
        freeze(program.process.pid)
        with tempfile.TemporaryDirectory(dir=self.village.folder) as folder:
            copied(self.village.folder / "bot.db", Path(folder) / "copy")
            record = Record(Path(folder) / "copy", copy=True)
            assert record.whole()
            self.village.check_after_a_kill(record)
            record.close()
        self.did["power cuts before a kill"] += 1

    async def moment(self):
        """Wait for a random moment: after some writes of people or the bot, or during the start."""
        chance = self.chance
        kind = chance.choices(["answers", "replies", "start"], [4, 4, 2])[0]
        self.did[f"killed by {kind}"] += 1
        if kind == "answers":
            await self.village.answered.reach(self.village.answered.count + chance.randint(1, 80))
        elif kind == "replies":
            await written(self.village.world, chance.randint(1, 120))
        await asyncio.sleep(chance.uniform(0, 1.2 if kind == "start" else 0.05))

    def mischief(self):
        """The faults of Telegram and the network during the next run of the program."""
        chance, world = self.chance, self.village.world
        self.did["updates given again"] += world.updates.repeat(chance.randint(0, 40))
        doubled, delayed = chance.randint(0, 10), chance.randint(0, 5)
        world.updates.double(doubled)
        world.updates.delay(delayed, chance.uniform(0.1, 1.5))
        self.did["updates doubled"] += doubled
        self.did["updates delayed"] += delayed
        for _ in range(chance.randint(0, 3)):
            name = chance.choice(list(FAULTS))
            times = chance.randint(1, 3)
            fault = Fault(chance.choice(METHODS), times=times, skip=chance.randint(0, 40))
            for what, value in FAULTS[name].items():
                setattr(fault, what, value)
            world.faults.add(fault)
            self.did[f"faults: {name}"] += times


async def run(people, kills, seed, way, folder):
    """One run; gives its figures, or raises an error."""
    chance = random.Random(seed)
    village = Village(
        folder, people, patience=PATIENCE, think=lambda: chance.uniform(0, LONGEST_THOUGHT)
    )
    await village.found()
    killer = Killer(village, kills, chance)
    await village.work(killer, way, killer.enough)
    await village.check()
    updates = village.world.updates.next_id - village.first
    return {
        "people": people, "kills": kills, "answers": village.answered.count,
        "different updates": updates, **dict(sorted(killer.did.items())),
    }  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--way", choices=["polling", "webhook"], default="polling")
    given = parser.parse_args()
    seed = secrets.randbelow(10**6) if given.seed is None else given.seed
    print(f"seed {seed}", flush=True)
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # interrupted on purpose
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="crash-") as folder:
        try:
            figures = asyncio.run(run(given.people, given.kills, seed, given.way, Path(folder)))
        except BaseException:
            sys.stderr.write((Path(folder) / "log").read_text()[-20_000:])
            raise
    for name, value in figures.items():
        print(f"{value:>8}  {name}")
    print(f"nothing lost, nothing twice, in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
