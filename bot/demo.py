"""The demo: simulated Telegram, sample commune and the very same bot, in one process over HTTP."""

import asyncio
import signal
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.connecting import Told
from bot.ending import Ending
from bot.running import started, until_stopped
from bot.sample import Sample, make_sample
from bot.settings import Settings, load
from bot.simulator.server import serving
from bot.simulator.world import Moment, World

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HOST = "127.0.0.1"


async def run_demo(port: int, say: Callable[[str], None]) -> None:
    """Run until Ctrl-C; the data is gone then."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    clock = Clock(_morning(datetime.now(UTC)))  # a day of work, whatever the hour it is started
    moments: list[Moment] = []

    async def move(when: datetime) -> None:
        clock.move_to(when)

    world = World(
        now=clock.now, zone=ZONE, name="Xã thông minh", moments=lambda: moments, move_clock=move
    )
    folder = tempfile.TemporaryDirectory(prefix="smart-commune-demo-")
    async with AsyncExitStack() as stack:
        place = Path(stack.enter_context(folder))
        try:
            address = await stack.enter_async_context(serving(world, HOST, port))
        except OSError as error:
            raise Ending(f"Port {port} is in use; choose another with --port.") from error
        try:
            program = await stack.enter_async_context(
                started(_settings(world, address, place), clock, stop=stop)
            )
        except Told:
            return
        sample = await program.database.write(lambda tx: make_sample(tx, clock.now(), ZONE))
        moments += _moments(sample)
        _hand_out_phones(world, sample)
        say(f"The demo runs at {address} (Ctrl-C ends it).")
        await until_stopped(program, stop)


def _settings(world: World, address: str, folder: Path) -> Settings:
    return load(
        telegram_bot_token=world.token,
        telegram_api_url=address,
        telegram_proxy_url=None,
        database_url=f"sqlite+aiosqlite:///{folder}/demo.db",
        data_dir=folder / "data",
        timezone=ZONE,
        operator_ids=frozenset(),
        webhook_url=None,
        listen=None,
    )


def _hand_out_phones(world: World, sample: Sample) -> None:
    for persona in sample.personas:
        world.add_phone(persona.name, label=persona.label, start=persona.start, user_id=persona.id)
        if persona.start is None:  # who has joined sees where they are
            world.start(persona.id)
    for other in sample.others:
        world.add_phone(other.name, label=other.label, user_id=other.id, shown=False)


def _moments(sample: Sample) -> list[Moment]:
    return [
        Moment("day-before", "Sáng trước hạn một ngày", _morning(sample.deadline, days=-1)),
        Moment("deadline-day", "Sáng ngày hạn", _morning(sample.deadline)),
        Moment("deadline", "Hết hạn", sample.deadline + timedelta(seconds=1)),
        Moment("day-after", "Sáng sau hạn một ngày", _morning(sample.deadline, days=1)),
        Moment("close", "Chốt kỳ", sample.closes_at + timedelta(seconds=1)),
    ]


def _morning(moment: datetime, days: int = 0) -> datetime:
    local = moment.astimezone(ZONE) + timedelta(days=days)
    return local.replace(hour=8, minute=0, second=0, microsecond=0)
