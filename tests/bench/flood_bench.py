"""How long others wait for a reply while one person sends a thousand messages; read the ratios."""

# ruff: noqa: T201 - it prints its table
import asyncio
import random
import resource
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.intake import dispatcher
from bot.service.clock import Clock
from bot.service.program import Program
from bot.service.running import started
from bot.settings import load
from bot.simulator.server import serving
from bot.simulator.telegram.floods import Limits
from bot.simulator.telegram.world import World
from tests.bot.crash_village import settle_village
from tests.bot.crashing import FIRST

OTHERS = 20
FLOOD = 1000
ANSWERED = 40  # messages of the flood that get a reply, one a second
SECONDS = 15.0
PAUSE = (1.5, 2.5)  # between the messages of one of the others: ten a second in all
SHORT = {"OTHERS": 3, "FLOOD": 30, "ANSWERED": 3, "SECONDS": 2.0, "PAUSE": (0.2, 0.4)}


@asynccontextmanager
async def _village(folder: Path) -> AsyncIterator[tuple[World, Program]]:
    world = World()
    world.floods.limit(Limits(overall=30, per_chat=1, chat_burst=5))
    async with serving(world) as address:
        settings = load(
            telegram_bot_token=world.token,
            telegram_api_url=address,
            database_url=f"sqlite+aiosqlite:///{folder}/bot.db",
            data_dir=folder / "data",
        )
        async with started(settings, Clock()) as program:
            now = datetime.now(UTC) - timedelta(minutes=1)
            await program.database.write(lambda tx: settle_village(tx, OTHERS + 1, now))
            for number in range(1, OTHERS + 2):
                world.add_phone(f"Người {number}", user_id=FIRST + number)
            yield world, program


async def _other(world: World, number: int, waits: list[float]) -> None:
    """Asks for help repeatedly, and measures the time until the reply."""
    chance = random.Random(number)
    await asyncio.sleep(chance.uniform(0, PAUSE[1]))
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        sent = world.send_text(FIRST + number, "/trogiup")[0]["message_id"]
        began = time.monotonic()
        while not any(
            not one.mine and one.number > sent for one in world.phone(FIRST + number).newest()
        ):
            await world.bell.wait(5)
        waits.append(time.monotonic() - began)
        await asyncio.sleep(chance.uniform(*PAUSE))


async def measure(flood: int) -> tuple[list[float], int, float]:
    """The waits of the others in order, the replies to the flood, seconds until all was read."""
    with tempfile.TemporaryDirectory() as folder:
        async with _village(Path(folder)) as (world, program):
            waits: list[float] = []
            noisy = FIRST + OTHERS + 1
            world.start(noisy)
            async with asyncio.TaskGroup() as group:
                for number in range(1, OTHERS + 1):
                    group.create_task(_other(world, number, waits))
                await asyncio.sleep(2)
                began = time.monotonic()
                for number in range(flood):
                    world.send_text(noisy, f"tin thứ {number}")
                while world.updates.pending():
                    await world.bell.wait(0.05)
                await program.dispatcher.idle()
                read = time.monotonic() - began
            replies = sum(
                one["type"] == "message" and not one["mine"]
                for one in world.journal.after(0)
                if one["phone"] == noisy
            )
            return sorted(waits), replies, read


def main() -> None:
    """Print the table."""
    print(f"{OTHERS} people write now and then; one sends {FLOOD} messages at once")
    print(f"{'':>26}{'p50 ms':>9}{'p99 ms':>9}{'replies to the one':>20}{'s until read':>14}")
    kept, rows = dispatcher.FLOOD, []
    for name, flood, limit in (
        ("no flood", 0, kept),
        ("flood", FLOOD, kept),
        (f"{ANSWERED}, every reply sent", ANSWERED, 10**9),
    ):
        dispatcher.FLOOD = limit
        waits, replies, read = asyncio.run(measure(flood))
        half, last = (1000 * waits[int(len(waits) * share)] for share in (0.5, 0.99))
        rows.append((half, last))
        print(f"{name:>26}{half:>9.1f}{last:>9.1f}{replies:>20}{read:>14.1f}")
    dispatcher.FLOOD = kept
    (half, last), (half_then, last_then), _ = rows
    print(f"{'ratio':>26}{half_then / half:>9.2f}{last_then / last:>9.2f}")
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"most memory used, simulator and all: {used:.0f} MB")


if __name__ == "__main__":
    main()
