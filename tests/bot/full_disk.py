"""Fills the disk under a running bot, ends it, starts it again: `python -m tests.bot.full_disk`.

It needs root: a small tmpfs is mounted for the database. With messages and replies on their way
the bot is killed or stopped, on a disk with so many bytes left. It must start again, or say in one
sentence that the disk is full (never exit code 70), and go on without a loss once there is room.
"""

# ruff: noqa: T201 - it prints what it sees
import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.service.exit_error import WRONG_SET_UP
from bot.simulator.faults import Fault
from bot.simulator.server import serving
from handlers.flow.channel import Screen
from storage.engine.database import Database
from tests.bot.crash_village import Village
from tests.bot.crashing import Program, database_url
from tests.outbox import enqueue

PEOPLE = 12
LEFT = (0, 8192, 40_000, 120_000)  # bytes
STARTS = 3


@contextmanager
def small_disk(folder, size="6m"):
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)
    folder.chmod(0o700)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder, left):
    """Write until nothing fits, then give so many bytes back."""
    filler = folder / "filler"
    with filler.open("ab", buffering=0) as file:
        try:
            while file.write(b"x" * 4096):
                pass
        except OSError:
            pass
    os.truncate(filler, max(0, filler.stat().st_size - left))


async def messages(folder):
    """Several messages for everybody, so that some are being sent when the bot ends."""
    now, text = datetime.now(UTC), Screen("tin").to_json()
    async with Database(database_url(folder)) as database:
        await database.write(
            lambda tx: [enqueue(tx, 1 + n % PEOPLE, "told", text, now) for n in range(10 * PEOPLE)]
        )


async def starts(program):
    """The exit codes of some starts; None if the bot keeps running."""
    codes = []
    for _ in range(STARTS):
        await program.start()
        try:
            codes.append(await asyncio.wait_for(program.process.wait(), 5))
        except TimeoutError:
            return [*codes, None]
    return codes


async def once(folder, log, how, left):
    village = Village(folder, PEOPLE)
    await village.found()
    await messages(folder)
    async with serving(village.world) as address:
        program = Program(folder, address, village.world.token)
        program.log = log
        await program.start()
        answering = asyncio.gather(
            *(one.answer_everything(village.answered) for one in village.villagers)
        )
        await village.answered.reach(30)
        village.world.faults.add(Fault("sendMessage", times=20, delay=2.5))
        await asyncio.sleep(0.5)
        fill(folder, left)
        await asyncio.sleep(2)
        assert program.process.returncode is None, log.read_text()
        if how == "kill":
            await program.kill()
        else:
            assert await program.stop() == 0, log.read_text()
        village.check_after_a_kill()
        codes = await starts(program)
        assert set(codes) <= {None, WRONG_SET_UP}, log.read_text()
        print(f"{how}, {left} bytes left: started with {codes}", flush=True)
        (folder / "filler").unlink()
        if codes[-1] is not None:
            await program.start()
        await asyncio.wait_for(answering, 120)
        await asyncio.wait_for(village.all_taken_in(), 60)
        assert await program.stop() == 0, log.read_text()
        await village.check()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--left", type=int, nargs="*", default=LEFT)
    given = parser.parse_args()
    for how in ("kill", "stop"):
        for left in given.left:
            with tempfile.TemporaryDirectory() as top:
                folder = Path(top) / "disk"
                folder.mkdir()
                with small_disk(folder):
                    asyncio.run(once(folder, Path(top) / "log", how, left))
    print("nothing was lost")


if __name__ == "__main__":
    sys.exit(main())
