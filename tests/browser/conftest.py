"""A browser, the simulator alone, and the whole demo as a stranger starts it."""

import asyncio
import contextlib
import json
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from bot.simulator.server import serving
from bot.simulator.telegram.world import Moment, World

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium")
PLAYWRIGHT = Path(sys.executable).with_name("playwright")  # runs a node of its own
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = {"width": 1500, "height": 900}
NARROW = {"width": 390, "height": 844}
LAPTOP = {"width": 1366, "height": 650}  # what a browser leaves of 1366 × 768
START_SECONDS = 90
PATIENCE_MS = 20_000  # for a machine that is busy with other tests

expect.set_options(timeout=PATIENCE_MS)


def why_no_browser():
    """What is missing, in one sentence; None if a browser can be used."""
    for program, package in ((CHROMIUM, "chromium"), (PLAYWRIGHT, "libatomic1")):
        if program is None or not runs(program):
            return f"no browser can be driven here: apt-get install {package}"
    return None


def runs(program):
    return subprocess.run([program, "--version"], check=False, capture_output=True).returncode == 0


@pytest.fixture(scope="module")
def browser():
    """The chromium of Debian, for one module: its event loop must not meet async tests."""
    if (why := why_no_browser()) is not None:
        pytest.skip(why)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser):
    """`open_page(address)`: load the page of the demo. An error in it fails the test."""
    wrong = []
    contexts = []

    def open_(address, *, narrow=False, laptop=False, locale="vi-VN"):
        size = NARROW if narrow else LAPTOP if laptop else WIDE
        context = browser.new_context(
            viewport=size, has_touch=narrow, is_mobile=narrow, locale=locale
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("request", lambda request: _note_foreign(request.url, address, wrong))
        page.goto(address)
        page.wait_for_selector("body.loaded")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert wrong == []


def _note_foreign(url, address, wrong):
    if not url.startswith((address, "blob:", "data:")):
        wrong.append(f"loaded from elsewhere: {url}")


class Simulator:
    """The simulator in its own thread; the test plays the bot over the HTTP interface."""

    def __init__(self, world):
        self.world = world
        self.address = ""
        self._ready = threading.Event()
        self._loop = None
        self._stop = None
        self._thread = None
        self._port = 0

    def start(self):
        self._ready.clear()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))
        self._thread.start()
        assert self._ready.wait(20), "the simulator did not start"

    async def _run(self):
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        async with serving(self.world, port=self._port) as address:
            self.address = address
            self._port = int(address.rsplit(":", 1)[1])
            self._ready.set()
            await self._stop.wait()

    def stop(self):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(20)
        assert not self._thread.is_alive(), "the simulator did not stop"

    def call(self, method, **parameters):
        """The bot calls a method of the Bot API."""
        request = urllib.request.Request(
            f"{self.address}/bot{self.world.token}/{method}",
            data=json.dumps(parameters).encode(),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)["result"]

    def updates(self, kind, count=1):
        """Give the next `count` updates of a kind, and confirm all earlier ones."""
        found, offset = [], 0
        deadline = time.monotonic() + 20
        while len(found) < count:
            assert time.monotonic() < deadline, f"only {found} came"
            for update in self.call("getUpdates", offset=offset, timeout=2):
                offset = update["update_id"] + 1
                if kind in update:
                    found.append(update[kind])
        self.call("getUpdates", offset=offset, timeout=0)
        return found

    def waiting(self):
        """How many updates the bot has not received."""
        return len(self.call("getUpdates", timeout=0))


@pytest.fixture
def simulator():
    """Two telephones, no bot; the clock can be moved."""
    vietnam = timezone(timedelta(hours=7))
    told = [datetime(2026, 11, 23, 1, 12, tzinfo=UTC)]
    deadline = datetime(2026, 11, 25, 16, 59, 59, tzinfo=UTC)

    async def move(at):
        told[0] = at

    world = World(
        now=lambda: told[0],
        name="Xã thông minh",
        zone=vietnam,
        moments=lambda: [Moment("deadline", {"vi": "Tới hạn 25/11", "en": "Deadline"}, deadline)],
        move_clock=move,
    )
    world.add_phone("Nguyễn Thị Hoa", label={"vi": "Trưởng khu 1 · Đồi Chè"}, start="abc-123")
    world.add_phone("Phạm Quốc Việt", label={"vi": "Chủ tịch xã", "en": "Chair"})
    running = Simulator(world)
    running.start()
    yield running
    running.stop()


class Demo:
    """`python -m bot demo` in its own process, and its output."""

    def __init__(self):
        self.lines = []
        self.address = None
        self._queue = queue.Queue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", "demo", "--port", "0", "--no-browser"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            self.lines.append(line)
            self._queue.put(line)
        self._queue.put(None)

    def wait_for_address(self):
        deadline = time.monotonic() + START_SECONDS
        while self.address is None:
            try:
                line = self._queue.get(timeout=max(0.1, deadline - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"the demo printed no address in {START_SECONDS} s:\n{self.output}")
            if line is None:
                pytest.fail(f"the demo ended by itself:\n{self.output}")
            if found := re.search(r"http://[\w.]+:\d+", line):
                self.address = found[0]

    @property
    def output(self):
        return "".join(self.lines)

    def start_again(self):
        """A new commune in Vietnamese, as by the page's own buttons."""
        for path, what in (("language", {"language": "vi"}), ("again", {})):
            request = urllib.request.Request(
                f"{self.address}/sim/{path}",
                data=json.dumps(what).encode(),
                headers={"content-type": "application/json"},
            )
            urllib.request.urlopen(request, timeout=START_SECONDS).close()

    def stop(self):
        """End it as Ctrl-C does; its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        try:
            code = self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            code = None
        self._reader.join(10)
        self._process.stdout.close()
        return code


@contextlib.contextmanager
def demo_in_a_process():
    """The whole demo, freshly started."""
    running = Demo()
    try:
        running.wait_for_address()
        yield running
    finally:
        code = running.stop()
        with contextlib.suppress(UnicodeError):
            print(running.output)  # noqa: T201 - shown by pytest when a test fails
    assert code == 0, f"Ctrl-C should end the demo quietly:\n{running.output}"
    assert "Traceback" not in running.output


@pytest.fixture
def fresh_demo(browser):
    """A demo that nobody has visited yet: the first visitor decides its language."""
    with demo_in_a_process() as running:
        yield running


@pytest.fixture(scope="module")
def shared_demo(browser):
    """One demo for the tests of a module."""
    with demo_in_a_process() as running:
        yield running


@pytest.fixture
def demo(shared_demo):
    """The demo of the module, in Vietnamese; after each test it starts again."""
    yield shared_demo
    shared_demo.start_again()
