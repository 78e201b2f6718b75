"""The commands without the Unix parts of Python, as on Windows: child processes remove them."""

import re
import signal
import subprocess
import sys
import time

import pytest

from tests.bot.test_demo import ask
from tests.bot.test_process import Bot, answers, until

# What Windows lacks. Without fcntl filelock has its soft lock here, and warns that it is one.
WITHOUT_UNIX = """
import asyncio, os, signal, sys, warnings
for name in ("fcntl", "grp", "pwd", "resource", "syslog", "readline"):
    sys.modules[name] = None
for name in ("chown", "fork", "getegid", "geteuid", "getgid", "getuid", "sync"):
    delattr(os, name)
del os.O_DIRECTORY, os.O_NOFOLLOW, os.O_NONBLOCK
asyncio.SelectorEventLoop.add_signal_handler = asyncio.AbstractEventLoop.add_signal_handler
warnings.simplefilter("ignore")
from bot.__main__ import main
main()
"""


class Windows(Bot):
    """The folder of a bot in which commands run without Unix."""

    def begin(self, *words):
        return subprocess.Popen(
            [sys.executable, "-c", WITHOUT_UNIX, *words],
            cwd=self.folder, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def start(self):
        self.process = self.begin("run")
        return self

    def ask(self, *words):
        with self.begin(*words) as process:
            said, _ = process.communicate(timeout=60)
        return process.returncode, said


@pytest.fixture
def windows(tmp_path, telegram):
    bot = Windows(tmp_path, telegram)
    yield bot
    if bot.process is not None:
        bot.process.kill()
        bot.process.communicate()


def test_the_bot_runs_can_be_checked_and_stops(windows, telegram):
    phone = telegram.do(telegram.world.add_phone, "Lan")
    windows.start()
    telegram.do(telegram.world.start, phone.id)
    until(lambda: answers(phone) or windows.process.poll() is not None)
    assert windows.process.poll() is None, windows.process.stdout.read()
    code, said = windows.ask("check")
    assert code == 0, said
    assert "files: not checked: on Windows" in said
    code, said = windows.ask("status")
    assert (code, said) == (1, "Error: No commune has a round yet.\n")
    windows.process.send_signal(signal.SIGINT)
    said, _ = windows.process.communicate(timeout=60)
    assert windows.process.returncode == 0, said
    assert "stopped" in said
    assert "Traceback" not in said


def test_the_demo_runs_and_leaves_nothing_behind(windows, tmp_path):
    windows.environment["TMPDIR"] = str(tmp_path)
    windows.process = windows.begin("demo", "--port", "0", "--no-browser")
    line = windows.process.stdout.readline()
    address = re.search(r"http://127\.0\.0\.1:\d+", line)[0]
    assert len(ask(address, "/sim/phones")["phones"]) == 6
    began = time.monotonic()
    windows.process.send_signal(signal.SIGINT)
    said, _ = windows.process.communicate(timeout=60)
    assert windows.process.returncode == 0, said
    assert time.monotonic() - began < 10
    assert list(tmp_path.iterdir()) == []
