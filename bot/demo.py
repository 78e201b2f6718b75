"""The demo: a simulated Telegram, a sample commune and the real bot, in one process over HTTP."""

import asyncio
import signal
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.sample import Sample, make_sample
from bot.service.clock import Clock
from bot.service.exit_error import ExitError
from bot.service.running import started, until_stopped
from bot.settings import Settings, load
from bot.simulator.server import serving
from bot.simulator.world import Moment, World
from bot.telegram.connecting import StopRequested
from storage.engine.database import Database

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HOST = "127.0.0.1"


class Switch:
    """Stops the bot and starts a new one when the page asks for it, as in an outage."""

    def __init__(self) -> None:
        self.quitting = False
        self._wanted_on, self._wanted_off = asyncio.Event(), asyncio.Event()
        self._on, self._off = asyncio.Event(), asyncio.Event()
        # Two requests of the page at once must not start two bots.
        self._turning = asyncio.Lock()

    def quit(self) -> None:
        """End the demo."""
        self.quitting = True
        self._wanted_off.set()
        self._wanted_on.set()

    async def turn(self, on: bool) -> None:
        """Switch the bot on or off; return when it runs or has stopped."""
        async with self._turning:
            if self.quitting:
                return
            if on:
                self._wanted_on.set()
                await self._on.wait()
            else:
                self._wanted_on.clear()
                self._wanted_off.set()
                await self._off.wait()

    async def run(self, settings: Settings, clock: Clock) -> None:
        """Run one bot after another until quit(); raises the ExitError when one can't go on."""
        while not self.quitting:
            with suppress(StopRequested):
                async with started(settings, clock, stop=self._wanted_off) as program:
                    self._off.clear()
                    self._on.set()
                    await until_stopped(program, self._wanted_off)
            self._on.clear()
            self._off.set()
            await self._wanted_on.wait()
            if not self.quitting:
                self._wanted_off.clear()


async def run_demo(port: int, say: Callable[[str], None], host: str = HOST) -> None:
    """Run until Ctrl-C, then delete the data."""
    switch = Switch()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, switch.quit)
    clock = Clock(_morning(datetime.now(UTC)))  # a working day, at any hour of starting the demo
    moments: list[Moment] = []

    async def move(when: datetime) -> None:
        clock.move_to(when)

    world = World(
        now=clock.now, zone=ZONE, name="Xã thông minh", moments=lambda: moments, move_clock=move,
        switch_bot=switch.turn,
    )  # fmt: skip
    folder = tempfile.TemporaryDirectory(prefix="smart-commune-demo-")
    async with AsyncExitStack() as stack:
        place = Path(stack.enter_context(folder))
        try:
            address = await stack.enter_async_context(serving(world, host, port))
        except OSError as error:
            raise ExitError(
                f"Nothing can listen on {host}, port {port} (in use?); choose another with --port."
            ) from error
        settings = _settings(world, address, place)
        # The sample is complete before the bot starts on the same database.
        async with Database(settings.database_url.get_secret_value(), exclusive=True) as database:
            sample = await database.write(lambda tx: make_sample(tx, clock.now(), ZONE))
        moments += _moments(sample)
        _hand_out_phones(world, sample)
        say(f"The demo runs at {address} (Ctrl-C ends it).")
        await switch.run(settings, clock)


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
        if persona.start is None:  # people who have joined see their current screen
            world.start(persona.id)
    for other in sample.others:
        world.add_phone(other.name, label=other.label, user_id=other.id, shown=False)


def _moments(sample: Sample) -> list[Moment]:
    second, minutes = timedelta(seconds=1), timedelta(minutes=5)
    past, closed = sample.deadline + second, sample.closes_at + second
    return [
        Moment("day-before", "Trước hạn 1 ngày", _morning(sample.deadline, days=-1)),
        Moment("deadline-day", "Sáng ngày hạn", _morning(sample.deadline)),
        Moment("before-deadline", "Trước hạn 5 phút", past - minutes),
        Moment("deadline", "Hết hạn", past),
        Moment("day-after", "Sau hạn 1 ngày", _morning(sample.deadline, days=1)),
        Moment("before-close", "Trước chốt 5 phút", closed - minutes),
        Moment("close", "Chốt kỳ", closed),
    ]


def _morning(moment: datetime, days: int = 0) -> datetime:
    local = moment.astimezone(ZONE) + timedelta(days=days)
    return local.replace(hour=8, minute=0, second=0, microsecond=0)
