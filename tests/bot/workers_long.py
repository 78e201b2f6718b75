"""Kills workers many times at random while people write: `python -m tests.bot.workers_long`.

The long version of a test in `make test`. With `--outages` the database fails as well; then
no chair asks: a reply on its way at that moment may come after one of another worker.
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
from pathlib import Path

from bot.service.exit_error import WRONG_SET_UP
from tests.bot.crash_long import LONGEST_THOUGHT, PATIENCE, Killer
from tests.bot.worker_village import WorkerVillage
from tests.postgresql import running_cluster


class WorkerKiller(Killer):
    """Kills one of several workers, and sometimes lets the database fail."""

    def __init__(self, village, kills, chance, cluster, outages):
        super().__init__(village, kills, chance)
        self.cluster = cluster
        self.outages = outages

    async def __call__(self, village):
        for number in range(1, self.kills + 1):
            await self.moment()
            if self.chance.random() < self.outages / self.kills:
                await self.outage()
            await village.kill_one()
            self.mischief()
            if number % 10 == 0:
                print(f"{number} kills, {village.answered.count} answers", flush=True)
        self.enough.set()

    def mischief(self):
        """All faults except delays: a webhook delivers the updates of one chat in order."""
        super().mischief()
        self.village.world.updates.delay(0, 0)
        del self.did["updates delayed"]
        self.village.answers_lost = self.did["faults: answer lost"]

    async def outage(self):
        await asyncio.to_thread(self.cluster.stop)
        await asyncio.sleep(self.chance.uniform(0, 3))
        await asyncio.to_thread(self.cluster.start)
        self.did["outages of the database"] += 1
        await asyncio.sleep(0.5)
        for one in self.village.workers:  # one that met it at its start has ended
            if one.process.returncode is not None:
                assert one.process.returncode == WRONG_SET_UP, one.log.read_text()
                self.did["started anew after an outage"] += 1
                await one.start()


async def run(given, chance, cluster, url, folder):
    """One run; gives its figures, or raises an error."""
    village = WorkerVillage(
        folder, url, chance, given.people, chairs=0 if given.outages else given.chairs,
        waiting=given.reminders, patience=PATIENCE,
        think=lambda: chance.uniform(0, LONGEST_THOUGHT),
    )  # fmt: skip
    await village.found()
    killer = WorkerKiller(village, given.kills, chance, cluster, given.outages)
    try:
        front = await village.work_together(
            given.workers, killer, doubled=0.3, bursts=0, enough=killer.enough
        )
        await village.check()
    except BaseException:
        events = [line for line in village.logs().splitlines() if line[:2] == "20"]
        sys.stderr.write("\n".join(events[-300:]) + "\n")
        raise
    finally:
        village.record.close()
    asked = [chair.asked for chair in village.chairs]
    return {
        "workers": given.workers, "people": given.people, "kills": village.kills,
        "answers": village.answered.count, "questions of chairs": sum(asked),
        "of them answered": sum(len(chair.answers()) for chair in village.chairs),
        "reminders": given.reminders,
        "different updates": village.world.updates.next_id - village.first,
        "given to workers": sum(front.given.values()), **dict(sorted(killer.did.items())),
    }  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--people", type=int, default=25)
    parser.add_argument("--chairs", type=int, default=6)
    parser.add_argument("--reminders", type=int, default=300)
    parser.add_argument("--outages", type=int, default=0)
    parser.add_argument("--seed", type=int, default=None)
    given = parser.parse_args()
    seed = secrets.randbelow(10**6) if given.seed is None else given.seed
    print(f"seed {seed}", flush=True)
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # interrupted on purpose
    began = time.monotonic()
    with running_cluster() as cluster, tempfile.TemporaryDirectory(prefix="workers-") as folder:
        url = asyncio.run(cluster.create("template_ready"))
        figures = asyncio.run(run(given, random.Random(seed), cluster, url, Path(folder)))
    for name, value in figures.items():
        print(f"{value:>8}  {name}")
    print(f"nothing lost, nothing twice, in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
