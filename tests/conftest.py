"""The program under test: the real bot, in process, against the simulated Telegram."""

import asyncio
import io
import logging
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import pytest
import structlog
from telegram.request import HTTPXRequest

from bot import logs
from bot.clock import Clock
from bot.running import Program, started
from bot.settings import Settings
from bot.simulator.server import create_app
from bot.simulator.world import World

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # a Monday, 9:00 in Việt Nam
TELEGRAM = "http://telegram.test"


@dataclass
class House:
    """One installation: its simulated Telegram, its clock, its folder; the bot can be restarted."""

    world: World
    clock: Clock
    settings: Settings
    program: Program | None = None

    @asynccontextmanager
    async def running(self, **parts):
        """The bot, running meanwhile; `parts` replace what `started` would take itself."""
        app = create_app(self.world)
        async with started(
            self.settings,
            self.clock,
            request=parts.pop("request", None) or in_process(app),
            poll_request=in_process(app),
            **parts,
        ) as program:
            self.program = program
            try:
                yield program
            finally:
                self.program = None

    async def quiet(self):
        """Return when all that people did is handled, shown and confirmed."""
        assert self.program is not None
        async with asyncio.timeout(20):
            while True:
                while self.world.updates.pending():
                    await self.world.bell.wait()
                await self.program.idle()
                if not self.world.updates.pending():
                    return

    async def until(self, condition):
        """Return when `condition()` is true; a world's doing wakes it, else it looks again."""
        async with asyncio.timeout(10):
            while not condition():
                await self.world.bell.wait(0.02)


def in_process(app):
    """PTB's own client, talking to the simulator without a socket."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
    return HTTPXRequest(httpx_kwargs={"transport": transport})


@pytest.fixture
def clock():
    """A clock that stands still until a test moves it."""
    return Clock(START, ticking=False)


@pytest.fixture
def world(clock):
    """A simulated Telegram without any telephone."""
    return World(now=clock.now)


@pytest.fixture
def log():
    """Everything that is logged meanwhile, at the most talkative level, as it would be written."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    written = io.StringIO()
    logs.configure("DEBUG", "json", stream=written)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def house(world, clock, tmp_path, log):
    """An installation in a folder of its own, not running yet."""
    return House(
        world,
        clock,
        Settings(
            _env_file=None,
            telegram_bot_token=world.token,
            telegram_api_url=TELEGRAM,
            telegram_proxy_url=None,
            database_url=f"sqlite+aiosqlite:///{tmp_path}/bot.db",
            data_dir=tmp_path / "data",
            webhook_url=None,
            listen=None,
        ),
    )
