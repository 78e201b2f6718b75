"""The program as a process: it starts, stops, is killed, is started wrongly."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.bot.crashing import free_port

TOKEN = "123456789:" + "AbC-dEf_" * 4 + "xyz"
PATIENCE = 60  # seconds; only a failing test waits for so long


class Bot:
    """`python -m bot run` in its own folder."""

    def __init__(self, folder, telegram, **settings):
        names = {name.upper() for name in Settings.model_fields}
        self.folder = folder
        self.environment = {k: v for k, v in os.environ.items() if k not in names} | {
            "TELEGRAM_BOT_TOKEN": telegram.world.token,
            "TELEGRAM_API_URL": telegram.address,
            "PYTHONPATH": str(Path.cwd()),
            "OPERATOR_IDS": "5000001",
            **settings,
        }
        self.log = folder / "log"
        self.process = None

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=self.folder, env=self.environment, stdout=log, stderr=log,
            )  # fmt: skip
        return self

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.wait()

    def wait(self):
        return self.process.wait(PATIENCE)

    @property
    def said(self):
        return self.log.read_text()


@pytest.fixture
def bot_with(tmp_path, telegram):
    made = []

    def make(number=0, **settings):
        folder = tmp_path / str(number)
        folder.mkdir(exist_ok=True)
        bot = Bot(folder, telegram, **settings)
        made.append(bot)
        return bot

    yield make
    for bot in made:
        if bot.process is not None and bot.process.poll() is None:
            bot.process.kill()
            bot.process.wait(PATIENCE)


def until(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def answers(phone):
    return [entry.message["text"] for entry in list(phone.entries.values()) if not entry.mine]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_bot_stops_at_once_and_cleanly_on_a_signal(bot_with, telegram, how):
    phone = telegram.do(telegram.world.add_phone, "Lan")
    bot = bot_with(LOG_LEVEL="debug").start()
    telegram.do(telegram.world.start, phone.id)
    until(lambda: answers(phone))
    began = time.monotonic()
    assert bot.end(how) == 0
    assert time.monotonic() - began < 5
    assert "Traceback" not in bot.said
    assert telegram.world.token not in bot.said
    assert "stopped" in bot.said


def test_a_bot_killed_at_any_moment_loses_and_duplicates_nothing(bot_with, telegram):
    phones = [telegram.do(telegram.world.add_phone, f"P{n}") for n in range(10)]
    bot = bot_with().start()
    for round_ in range(4):
        for phone in phones:
            telegram.do(telegram.world.send_text, phone.id, f"tin {round_}")
        until(lambda: any(answers(phone) for phone in phones))
        time.sleep(0.03 * round_)
        bot.end(signal.SIGKILL)
        bot.start()
    until(lambda: not telegram.world.updates.pending())
    assert bot.end() == 0
    with closing(sqlite3.connect(bot.folder / "data" / "smart-commune.db")) as database, database:
        rows = database.execute("SELECT state, payload, count(*) FROM inbox GROUP BY 1, 2")
        assert rows.fetchall() == [("done", None, 40)]
    database.close()


def test_a_bot_stopped_under_load_keeps_all_received_updates(bot_with, telegram):
    phones = [telegram.do(telegram.world.add_phone, f"P{n}") for n in range(30)]
    bot, written = bot_with().start(), 0

    def taken():
        return written - telegram.world.updates.pending()

    for round_ in range(4):
        before = taken()
        for phone in phones:
            for number in range(15):
                telegram.do(telegram.world.send_text, phone.id, f"tin {round_}.{number}")
        written += len(phones) * 15
        until(lambda before=before: taken() > before + 100)
        began = time.monotonic()
        assert bot.end() == 0, bot.said
        assert time.monotonic() - began < 20 + 10, bot.said
        confirmed = set(telegram.do(telegram.world.updates.confirmed))
        assert confirmed - set(taken_in(bot)) == set()
        assert "Traceback" not in bot.said
        bot.start()
    until(lambda: not telegram.world.updates.pending())
    until(lambda: list(taken_in(bot).values()).count("done") == written)
    assert bot.end() == 0


def taken_in(bot):
    with closing(sqlite3.connect(bot.folder / "data" / "smart-commune.db")) as database, database:
        found = dict(
            database.execute("SELECT CAST(identity AS INTEGER), state FROM inbox").fetchall()
        )
    database.close()
    return found


def test_the_files_are_private_and_contain_no_token(bot_with, telegram):
    port = free_port()
    phone = telegram.do(telegram.world.add_phone, "Lan")
    bot = bot_with(LOG_LEVEL="debug", LISTEN=f"127.0.0.1:{port}")
    old = os.umask(0o022)
    try:
        bot.start()
    finally:
        os.umask(old)
    telegram.do(telegram.world.start, phone.id)
    until(lambda: answers(phone))
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        metrics = answer.read().decode()
    command = Path(f"/proc/{bot.process.pid}/cmdline").read_text()
    for said in (metrics, command, bot.said):
        assert telegram.world.token not in said
        assert telegram.world.token.split(":")[1] not in said
    found = {path: path.stat().st_mode & 0o777 for path in (bot.folder / "data").rglob("*")}
    assert {path.name for path in found} >= {
        f"smart-commune.db{end}" for end in ("", "-wal", ".lock")
    }
    assert {oct(mode) for path, mode in found.items() if path.is_file()} == {"0o600"}
    assert {oct(mode) for path, mode in found.items() if path.is_dir()} <= {"0o700"}
    assert oct((bot.folder / "data").stat().st_mode & 0o777) == "0o700"
    assert bot.end() == 0


def test_systemd_learns_that_the_bot_is_ready_alive_and_stopping(bot_with, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(PATIENCE)
        bot = bot_with(NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="60000000").start()
        assert systemd.recv(100) == b"READY=1"
        assert systemd.recv(100) == b"WATCHDOG=1"
        assert bot.end() == 0
        assert systemd.recv(100) == b"STOPPING=1"


def test_a_refused_token_ends_the_program_with_a_sentence(bot_with):
    bot = bot_with(TELEGRAM_BOT_TOKEN=TOKEN).start()
    assert bot.wait() == 3
    assert bot.said.strip().splitlines()[-1] == (
        "Error: Telegram refuses TELEGRAM_BOT_TOKEN; ask @BotFather for the present token."
    )
    assert TOKEN not in bot.said


def test_of_two_programs_started_with_one_token_one_ends_with_a_sentence(bot_with, telegram):
    first, second = bot_with(1).start(), bot_with(2).start()
    until(lambda: first.process.poll() is not None or second.process.poll() is not None)
    ended = first if first.process.poll() is not None else second
    assert ended.wait() == 4
    assert "Another program" in ended.said
    assert "Traceback" not in ended.said
    other = second if ended is first else first
    assert other.process.poll() is None


def test_a_second_program_on_the_same_database_is_refused(bot_with, telegram):
    bot = bot_with().start()
    until(lambda: telegram.world.count("getMe"))
    other = bot_with().start()
    assert other.wait() == 1
    assert "already running" in other.said
    assert bot.process.poll() is None


def test_the_bot_waits_for_an_unreachable_telegram_and_can_be_stopped(bot_with):
    bot = bot_with(TELEGRAM_API_URL="http://127.0.0.1:9").start()
    until(lambda: "Telegram not reached" in bot.said)
    assert bot.process.poll() is None
    assert bot.end() == 0


def test_a_telegram_that_stays_unreachable_is_one_sentence(bot_with):
    bot = bot_with(TELEGRAM_API_URL="http://127.0.0.1:9").start()
    assert bot.process.wait(40) == 5
    assert "Telegram can't be reached" in bot.said
    assert "Traceback" not in bot.said


def test_a_busy_port_is_one_sentence(bot_with, telegram):
    bot = bot_with(LISTEN=telegram.address.removeprefix("http://")).start()
    assert bot.wait() == 1
    assert "Can't listen on 127.0.0.1:" in bot.said


# --- readers of the log --------------------------------------------------------------------------


@pytest.mark.parametrize("reader", ["slow", "gone"])
def test_no_reader_of_the_log_stops_the_bot_or_changes_its_exit_code(bot_with, telegram, reader):
    bot = bot_with(LOG_LEVEL="DEBUG")
    read, write = os.pipe()
    if reader == "slow":  # the pipe is full: nobody has read for long
        os.set_blocking(write, False)
        try:
            while os.write(write, b"x" * 65536):
                pass
        except BlockingIOError:
            os.set_blocking(write, True)
    bot.process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=bot.folder, env=bot.environment, stdout=write, stderr=write,
    )  # fmt: skip
    os.close(write)
    if reader == "gone":
        os.close(read)
    phone = telegram.do(telegram.world.add_phone, "Lan")
    for _ in range(3):
        telegram.do(telegram.world.send_text, phone.id, "/start")
    until(lambda: any(not entry.mine for entry in phone.entries.values()))
    assert bot.end() == 0
    if reader == "slow":
        os.close(read)
