"""The bot as a process that can be killed, and people who answer it meanwhile."""

import asyncio
import os
import signal
import socket
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.simulator.telegram.world import World
from tests.phone import text_of

ROOT = Path(__file__).parents[2]
PATIENCE = 60
FIRST = 700_100_000  # Telegram ids count from here


class Program:
    """The bot in its own process, which can be killed and started again."""

    def __init__(self, folder, address, token, webhook=None, **settings):
        self.folder = folder
        self.log = folder / "log"
        self.environment = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": str(ROOT),
            "TELEGRAM_BOT_TOKEN": token,
            "TELEGRAM_API_URL": address,
            "DATABASE_URL": database_url(folder),
            "DATA_DIR": str(folder / "data"),
        }
        if webhook is not None:
            self.environment |= {"LISTEN": webhook, "WEBHOOK_URL": f"http://{webhook}/telegram"}
        self.environment |= settings
        self.process = None

    async def start(self):
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                cwd=self.folder,  # the .env of a developer must not affect the test
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    async def kill(self):
        self.process.kill()
        assert await self.process.wait() == -signal.SIGKILL, self.log.read_text()

    async def stop(self):
        self.process.terminate()
        return await asyncio.wait_for(self.process.wait(), 30)

    async def put_away(self):
        if self.process is not None and self.process.returncode is None:
            await self.kill()


@dataclass
class Villager:
    """Answers the questions of one area, each when it is asked; remembers what was written."""

    world: World
    record: "Record"
    number: int
    patience: float = PATIENCE
    think: Callable[[], float] = float  # seconds before each answer: at once
    said: dict[str, list[object]] = field(default_factory=dict)  # everything that was written
    seen: dict[str, object] = field(default_factory=dict)  # what the bot has acknowledged

    @property
    def id(self):
        return FIRST + self.number

    def plan(self):
        """The eight answers: the typed text and its meaning."""
        n = self.number
        ratio = [(100 + n, 400), (20 + n % 40, 60), (50 + n, 300), (30 + n % 40, 70)]
        yes = [n % 2 == 0, n % 3 == 0, n % 5 == 0, n % 7 == 0]
        codes = ["HT1", "HT2", "CQ3", "CQ4", "KT1", "KT2", "KT3", "XH1"]
        values = [*ratio[:2], *yes[:2], *ratio[2:], *yes[2:]]
        return list(zip(codes, values, strict=True))

    async def answer_everything(self, count, enough=None):
        """Answer, correct two answers (repeatedly until `enough`), send."""
        self.world.start(self.id)
        await self.press("Báo cáo")
        messages = {}
        plan = self.plan()
        await self.see(f"Câu 1/{len(plan)}")
        for place, (code, value) in enumerate(plan, start=1):
            following = f"Câu {place + 1}/8" if place < len(plan) else "Xem lại rồi gửi"
            await asyncio.sleep(self.think())
            self.said[code] = [value]
            count()
            messages[code] = await self.write(code, typed(value), following)
            self.seen[code] = value
        for step, (code, value) in enumerate(self.corrections()):
            if step >= 2 and (enough is None or enough.is_set()):
                break
            await asyncio.sleep(self.think())
            self.world.edit_text(self.id, messages[code], typed(value))
            self.said[code].append(value)
            count()
            await self.confirm(f"{value[0]}/{value[1]}")
            self.seen[code] = value
        await self.press("Gửi")
        await self.see("Đã gửi báo cáo")

    def corrections(self):
        """Endless other values of two answers."""
        for step in range(1, 240):
            yield "HT1", (100 + self.number + step, 400)
            yield "KT1", (50 + self.number + step, 300)

    async def confirm(self, words):
        """Confirm a correction, and see it in the summary."""
        await self.press("✅ Đúng", words)

        def reviewed(message):
            return words in text_of(message) and "Xem lại rồi gửi" in text_of(message)

        await self.until(reviewed, f"the review with {words}")

    async def write(self, code, text, following):
        """Type an answer, again if the bot asks again; give the id of the message that counted.

        The bot does not accept a text as the answer to a question that may not have been seen,
        because it was killed between the answer of Telegram and its own note. It shows the question
        again. A look at its database tells whether it did that or still has the text waiting.
        """
        while True:
            update = self.world.updates.next_id
            number = self.world.send_text(self.id, text)[0]["message_id"]

            def wanted(message, number=number, update=update):
                again = message["message_id"] > number and self.record.refused(
                    update, self.number, code
                )
                return following in text_of(message) or again

            message = await self.until(wanted, following)
            if following in text_of(message):
                return number

    async def see(self, words):
        await self.until(lambda message: words in text_of(message), words)

    async def press(self, caption, words=""):
        """Press a button with these words."""

        def button(message):
            if words not in text_of(message):
                return None
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            return next((one for row in rows for one in row if caption in one["text"]), None)

        message = await self.until(button, f"{words} [{caption}]")
        self.world.press(self.id, message["message_id"], button(message)["callback_data"])

    async def until(self, wanted, words):
        """Wait for a newest message of the bot that fits; give it."""
        try:
            async with asyncio.timeout(self.patience):
                while True:
                    for entry in self.world.phone(self.id).newest():
                        if not entry.mine and wanted(entry.message):
                            return entry.message
                    await self.world.bell.wait(5)
        except TimeoutError:
            last = [text_of(one.message) for one in self.world.phone(self.id).newest()[:4]]
            raise AssertionError(
                f"{self.number} waits for {words!r}; newest first: {last}"
            ) from None


class Record:
    """The database of the program, read from outside while it runs (or a `copy` of it)."""

    def __init__(self, folder, *, copy=False):
        # A copy is opened as after a power cut: the WAL is recovered first.
        mode = "rw" if copy else "ro"
        self.connection = sqlite3.connect(f"file:{folder}/bot.db?mode={mode}", uri=True)

    def rows(self, query, *given):
        """The result of a query."""
        return self.connection.execute(query, given).fetchall()

    def close(self):
        self.connection.close()

    def whole(self):
        """Whether SQLite finds no damage."""
        return self.rows("PRAGMA integrity_check") == [("ok",)]

    def refused(self, update, area, code):
        """Whether a message was handled and not accepted as the answer of the area."""
        done = "SELECT 1 FROM inbox WHERE identity = ? AND state <> 'waiting'"
        answer = (
            "SELECT 1 FROM answers JOIN reports ON reports.id = report_id"
            " JOIN units ON units.id = unit_id WHERE units.number = ? AND indicator = ?"
        )
        return bool(self.rows(done, str(update))) and not self.rows(answer, area, code)

    def present(self):
        """The stored answers, by the number of the area and the indicator."""
        found = self.rows(
            "SELECT units.number, indicator, answers.state, numerator, denominator, yes"
            " FROM answers JOIN reports ON reports.id = report_id JOIN units ON units.id = unit_id"
        )
        return {
            (area, code): (over, under) if state == "ratio" else bool(yes)
            for area, code, state, over, under, yes in found
        }

    def taken_in(self):
        """The numbers of all stored updates, with their states."""
        return dict(self.rows("SELECT CAST(identity AS INTEGER), state FROM inbox"))


class Answered:
    """Counts the written answers, and wakes the killer."""

    def __init__(self, world):
        self.world = world
        self.count = 0

    def __call__(self):
        self.count += 1
        self.world.bell.ring()

    async def reach(self, number):
        while self.count < number:
            await self.world.bell.wait(5)


def typed(value):
    return str(value[0]) if isinstance(value, tuple) else ("có" if value else "chưa")


def database_url(folder):
    return f"sqlite+aiosqlite:///{folder}/bot.db"


async def written(world, messages):
    """Wait until so many more messages of the bot came or changed."""
    calls = sum(world.count(method) for method in ("sendMessage", "editMessageText"))
    while (
        sum(world.count(method) for method in ("sendMessage", "editMessageText")) < calls + messages
    ):
        await world.bell.wait(5)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]
