"""The program under test: the real bot in this process, with a simulated Telegram."""

import asyncio
import gc
import io
import logging
import shutil
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import structlog
from telegram.request import HTTPXRequest

from bot.operations import logs
from bot.sample import Sample, make_sample
from bot.sending import sender
from bot.sending.pacing import Pacing
from bot.service.clock import Clock
from bot.service.clock_watch import ClockWatch
from bot.service.program import Program
from bot.service.running import started
from bot.settings import Settings
from bot.simulator.server import create_app
from bot.simulator.telegram.world import World
from tests.phone import Phone, settled
from tests.template import filled, template

__all__ = ["template"]

# The files that take longest, those that compute between those that wait for processes.
LONGEST = (
    "bench/test_benches.py",
    "handlers/test_costs.py",
    "bot/test_crash.py",
    "handlers/reminders/test_any_course.py",
    "bot/test_process.py",
    "handlers/test_rights.py",
    "browser/test_demo.py",
    "handlers/test_any_input.py",
    "browser/test_accessible.py",
    "handlers/conversation/test_read_only.py",
    "bot/test_demo.py",
    "handlers/roster/test_roster.py",
    "bot/test_workers_killed.py",
    "handlers/test_year.py",
    "screens/test_screens.py",
    "bot/board/test_matrix.py",
    "bot/test_without_unix.py",
    "handlers/test_any_talk.py",
    "handlers/test_forgotten.py",
    "bot/board/test_desk_rights.py",
    "bot/service/test_job_costs.py",
    "bot/test_two_channels.py",
    "browser/test_desk.py",
    "test_setting_up.py",
)
HERE = Path(__file__).parent
assert not [one for one in LONGEST if not (HERE / one).exists()]

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # a Monday, 9:00 in Việt Nam
TELEGRAM = "http://telegram.test"


@dataclass
class Deployment:
    """One installation: its simulated Telegram, its clock, its folder; the bot can be restarted."""

    world: World
    clock: Clock
    settings: Settings
    program: Program | None = None
    parts: dict = field(default_factory=dict)  # the parts that `running` was given
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    @asynccontextmanager
    async def running(self, **parts):
        """Run the bot; `parts` replace the parts that `started` would create.

        It sends without a limit unless a `pacing` is given.
        """
        self.parts = parts
        await self.switch_on()
        try:
            yield self.program
        finally:
            await self.switch_off()

    @asynccontextmanager
    async def outage(self):
        """Stop the bot as if its process had ended; then start a new one.

        The actions of people wait at Telegram. Returns when the new bot has handled them.
        """
        await self.switch_off()
        yield
        await self.switch_on()
        await self.quiet()

    async def switch_on(self):
        """Start the bot."""
        app = create_app(self.world)
        watch = self.parts.get("watch") or ClockWatch(self.clock)
        usual = {
            "request": in_process(app, watch),
            "poll_request": in_process(app, watch),
            "watch": watch,
            "pacing": Pacing(chat_gap=0, rate=1000),
        }
        program = started(self.settings, self.clock, **usual | self.parts)
        self.program = await self.stack.enter_async_context(program)
        self.world.note_bot(True)

    async def switch_off(self):
        """Stop the bot."""
        self.world.note_bot(False)
        self.program = None
        await self.stack.aclose()

    async def quiet(self):
        """Return when all actions of people are handled, shown and confirmed."""
        await settled(self.world, self.idle)

    def phone(self, name="Lan", **more):
        """The telephone of a person; its actions wait until the bot is quiet."""
        return Phone(self.world, self.idle, name, **more)

    async def idle(self):
        """Return when the running bot has nothing to do."""
        assert self.program is not None
        await self.program.idle()

    async def until(self, condition):
        """Return when `condition()` is true; it is checked repeatedly."""
        async with asyncio.timeout(10):
            while not condition():
                await self.world.bell.wait(0.02)


def in_process(app, watch):
    """The client of PTB, connected to the simulator without a socket; `watch` gets its times."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
    return HTTPXRequest(httpx_kwargs={"transport": transport, "event_hooks": hears(watch)})


def hears(watch):
    """A hook that passes the Date of each answer to the watch of the clock."""

    async def answered(response):
        watch.answered(response.headers.get("Date"))

    return {"response": [answered]}


def pytest_collection_modifyitems(items):
    """Begin with the files that take longest: no worker is left alone with one of them at the end."""
    order = {HERE / one: place for place, one in enumerate(LONGEST)}
    items.sort(key=lambda one: order.get(one.path, len(order)))


def pytest_collection_finish():
    """Hide what was collected from the garbage collector: it stays, and looking at it takes 0.6 s."""
    gc.collect()
    gc.freeze()


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
    """Everything that is logged during the test, at the most detailed level, as it is written."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    written = io.StringIO()
    logs.configure("DEBUG", "json", stream=written)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def deployment(world, clock, tmp_path, log, template, monkeypatch):
    """An installation in its own folder with an empty database; it does not run yet."""
    # Each update wakes the sender. Its rest of 20 ms after that was a fifth of all tests' time.
    monkeypatch.setattr(sender, "LOOKS_APART", 0.001)
    shutil.copyfile(template, tmp_path / "bot.db")
    return Deployment(
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


@dataclass
class Town:
    """The sample commune with a running bot, its telephones and its ids."""

    deployment: Deployment
    sample: Sample
    head: Phone  # area head of Khu 1
    member: Phone  # second member of Khu 1
    officer: Phone
    chair: Phone
    newcomer: Phone  # has a join link for Khu 10, not used yet
    code: str  # of that link

    @property
    def program(self):
        """The running bot."""
        return self.deployment.program


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory, template):
    """A database with the sample commune, and the sample; tests copy the file."""
    file, zone = tmp_path_factory.mktemp("sample") / "bot.db", Settings(_env_file=None).timezone
    return file, filled(template, file, lambda tx: make_sample(tx, START, zone))


@pytest.fixture
async def town(deployment, sample_file, tmp_path):
    """The sample commune; nobody has written yet."""
    file, sample = sample_file
    shutil.copyfile(file, tmp_path / "bot.db")
    async with deployment.running():
        phones = {one.key: deployment.phone(one.name, user_id=one.id) for one in sample.personas}
        for one in sample.others:
            deployment.world.add_phone(one.name, user_id=one.id, shown=False)
        yield Town(deployment, sample, code=sample.persona("newcomer").start, **phones)
