"""The real program is killed again and again while people answer: every answer is there once.

`python -m bot run` as its own process, talking over HTTP to the simulator in this one.
"""

import asyncio
import os
import signal
import socket
import sqlite3
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.sender import CLAIMED_AT_ONCE
from bot.simulator.faults import Fault
from bot.simulator.server import serving
from bot.simulator.world import World
from criteria.answers import YesNo
from criteria.set_file import shipped_text
from handlers.channel import Screen
from handlers.screen_json import to_json
from storage import outbox, people, places, reports, rounds
from storage.answer_values import from_json
from storage.database import Database
from storage.history import history_of_round
from storage.tables import inbox
from tests.phone import text_of

ROOT = Path(__file__).parents[2]
FIGURES = {"adults": 400, "working_age": 300, "area_cadres": 60, "service_businesses": 70}
PEOPLE = 20
ANSWERS = 10  # of each: eight questions, two answers corrected by editing the message
KILL_AT = (15, 45, 80, 120, 160, 195)  # answers written, of 200
FEW, KILL_FEW_AT = 6, (15, 40)  # the same through a webhook, a smaller crowd
PATIENCE = 60
FINISHED = {"sent", "uncertain"}
FIRST = 700_100_000  # Telegram ids count from here


class Program:
    """The bot as its own process, which can be killed and started again."""

    def __init__(self, folder, address, token, webhook=None):
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
        self.process = None

    async def start(self):
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                cwd=self.folder,  # a developer's .env is none of the test's business
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
    """Answers one area's questions, each when it is asked; remembers what was written."""

    world: World
    record: "Record"
    number: int
    said: dict[str, list[object]] = field(default_factory=dict)

    @property
    def id(self):
        return FIRST + self.number

    def plan(self):
        """The eight answers: what is typed, and what it means."""
        n = self.number
        ratio = [(100 + n, 400), (20 + n, 60), (50 + n, 300), (30 + n, 70)]
        yes = [n % 2 == 0, n % 3 == 0, n % 5 == 0, n % 7 == 0]
        codes = ["HT1", "HT2", "CQ3", "CQ4", "KT1", "KT2", "KT3", "XH1"]
        values = [*ratio[:2], *yes[:2], *ratio[2:], *yes[2:]]
        return list(zip(codes, values, strict=True))

    async def answer_everything(self, count):
        self.world.start(self.id)
        await self.press("Báo cáo")
        messages = {}
        plan = self.plan()
        await self.see(f"Câu 1/{len(plan)}")
        for place, (code, value) in enumerate(plan, start=1):
            following = f"Câu {place + 1}/8" if place < len(plan) else "Xem lại rồi gửi"
            self.said[code] = [value]
            count()
            messages[code] = await self.write(code, typed(value), following)
        for code, value in [("HT1", (101 + self.number, 400)), ("KT1", (51 + self.number, 300))]:
            self.world.edit_text(self.id, messages[code], typed(value))
            self.said[code].append(value)
            count()
            words = f"{value[0]}/{value[1]}"
            await self.press("✅ Đúng", words)
            await self.until(
                lambda message, words=words: (
                    words in text_of(message) and "Xem lại rồi gửi" in text_of(message)
                ),
                f"the review with {words}",
            )
        await self.press("Gửi")
        await self.see("Đã gửi báo cáo")

    async def write(self, code, text, following):
        """Type an answer, again when the bot asks again; the id of the message that counted.

        The bot doesn't take a text for the answer to a question which it can't know to have been
        seen: it was killed between Telegram's answer and its own note. It shows the question once
        more; whether it did that or still has the text waiting, a look at its database tells.
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
        """Press a button of a message with these words."""

        def button(message):
            if words not in text_of(message):
                return None
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            return next((one for row in rows for one in row if caption in one["text"]), None)

        message = await self.until(button, f"{words} [{caption}]")
        self.world.press(self.id, message["message_id"], button(message)["callback_data"])

    async def until(self, wanted, words):
        """The newest message of the bot, once it is as wanted."""
        try:
            async with asyncio.timeout(PATIENCE):
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
    """The program's database, read from outside while it runs."""

    def __init__(self, folder):
        self.connection = sqlite3.connect(f"file:{folder}/bot.db?mode=ro", uri=True)

    def refused(self, update, area, code):
        """Whether a message was dealt with, and not taken for the area's answer."""
        done = "SELECT 1 FROM inbox WHERE update_id = ? AND state <> 'waiting'"
        answer = (
            "SELECT 1 FROM answers JOIN reports ON reports.id = report_id"
            " JOIN units ON units.id = unit_id WHERE units.number = ? AND indicator = ?"
        )
        return (
            self.connection.execute(done, (update,)).fetchone() is not None
            and self.connection.execute(answer, (area, code)).fetchone() is None
        )


class Answered:
    """Counts the answers written, and wakes the one who kills."""

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


def plain(value):
    """A value in the villager's form."""
    if value is None:
        return None
    return value.yes if isinstance(value, YesNo) else (value.numerator, value.denominator)


def plain_kept(entry):
    """What a line of the history says: from what to what."""
    return tuple(plain(from_json(side)) if side else None for side in (entry.old, entry.new))


def database_url(folder):
    return f"sqlite+aiosqlite:///{folder}/bot.db"


def settle_village(tx, crowd, now):
    """A commune of as many areas as people, an open round, everybody a member."""
    commune = places.add_commune(tx, "doi-che", "Xã Đồi Chè", None)
    units = {}
    for number in range(1, crowd + 1):
        unit = places.add_unit(tx, commune.id, f"khu-{number}", f"Khu {number}", number=number)
        for kind, value in FIGURES.items():
            places.set_figure(tx, unit.id, kind, value, now, way="import")
        person = people.add_person(
            tx, channel="telegram", address=str(FIRST + number), name="Người", handle=None,
            language="vi", consent_version="2026-11", now=now,
        )  # fmt: skip
        people.add_membership(tx, person.id, "reporter", unit_id=unit.id, now=now)
        units[number] = unit.id
    round_ = rounds.open_round(
        tx, commune.id, "Tháng này", "phu-tho-2024", shipped_text("phu-tho-2024"), now.date(),
        now, now + timedelta(days=5), now + timedelta(days=9), now,
    )  # fmt: skip
    return round_.id, units


async def kill_again_and_again(program, world, answered, kill_at):
    for turn, number in enumerate(kill_at):
        await answered.reach(number)
        if turn % 3:  # Telegram has the reply, and the program is about to hear of it
            await written(world, 2 * turn)
        await program.kill()
        world.updates.repeat(10)  # as if the last confirmations had been lost
        world.updates.double(3)
        await program.start()
        if turn % 2:  # once more when it is in the middle of what has piled up
            await written(world, 1)
            await program.kill()
            await program.start()


async def written(world, messages):
    """Wait until this many more messages of the bot came or changed."""
    calls = sum(world.count(method) for method in ("sendMessage", "editMessageText"))
    while (
        sum(world.count(method) for method in ("sendMessage", "editMessageText")) < calls + messages
    ):
        await world.bell.wait(5)


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("crowd", "kill_at", "way"),
    [(PEOPLE, KILL_AT, "polling"), (FEW, KILL_FEW_AT, "webhook")],
    ids=["polling", "webhook"],
)
async def test_every_answer_is_there_exactly_once_however_often_the_program_is_killed(
    tmp_path, crowd, kill_at, way
):
    world = World()
    now = datetime.now(UTC) - timedelta(minutes=1)
    async with Database(database_url(tmp_path)) as database:
        round_id, units = await database.write(lambda tx: settle_village(tx, crowd, now))
    record = Record(tmp_path)
    villagers = [Villager(world, record, number) for number in units]
    for one in villagers:
        world.add_phone(f"Người {one.number}", user_id=one.id)
    answered = Answered(world)
    world.faults.add(Fault("sendMessage", skip=20, times=3, lost=True))
    world.faults.add(Fault("editMessageText", skip=5, times=2, code=500))
    async with serving(world) as address:
        webhook = f"127.0.0.1:{free_port()}" if way == "webhook" else None
        program = Program(tmp_path, address, world.token, webhook)
        try:
            await program.start()
            async with asyncio.TaskGroup() as group:
                group.create_task(kill_again_and_again(program, world, answered, kill_at))
                for one in villagers:
                    group.create_task(one.answer_everything(answered))
            while world.updates.pending():
                await world.bell.wait(5)
            assert await program.stop() == 0, program.log.read_text()
        finally:
            await program.put_away()
            sys.stdout.write(program.log.read_text())  # seen when the test fails
            record.connection.close()
    assert answered.count == crowd * ANSWERS
    async with Database(database_url(tmp_path)) as database:
        await database.read(lambda tx: check_everything(tx, villagers, round_id, units))


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def check_everything(tx, villagers, round_id, units):
    entries = [entry for entry in history_of_round(tx, round_id) if entry.what == "answer"]
    assert len(entries) == len(villagers) * ANSWERS
    for one in villagers:
        report = reports.report_of(tx, round_id, units[one.number])
        assert (report.state, report.sends) == ("sent", 1)
        stored = {code: plain(a.value) for code, a in reports.answers_of(tx, report.id).items()}
        assert stored == {code: values[-1] for code, values in one.said.items()}
        for code, values in one.said.items():
            mine = [e for e in entries if e.report_id == report.id and e.indicator == code]
            steps = list(zip([None, *values], values, strict=False))
            assert [plain_kept(entry) for entry in mine] == steps
    undone = tx.execute(select(inbox).where(inbox.c.state != "done")).all()
    assert undone == []


@pytest.mark.timeout(120)
async def test_no_reminder_comes_twice_however_often_the_program_is_killed(tmp_path):
    world = World()
    phones = [world.add_phone(f"Người {number}") for number in range(100)]
    for phone in phones:
        phone.started = True
    now = datetime.now(UTC) - timedelta(minutes=1)
    async with Database(database_url(tmp_path)) as database:
        await database.write(lambda tx: remind(tx, phones, now))
    async with serving(world) as address:
        program = Program(tmp_path, address, world.token)
        try:
            for messages in (20, 30):
                await program.start()
                await written(world, messages)
                await program.kill()
            await program.start()
            async with Database(database_url(tmp_path)) as database:
                while (stand := await database.read(outbox.counts)).keys() - FINISHED:
                    await world.bell.wait(0.2)
            assert await program.stop() == 0
        finally:
            await program.put_away()
            sys.stdout.write(program.log.read_text())  # seen when the test fails
    copies = [len(phone.entries) for phone in phones]
    assert max(copies) == 1
    assert stand["sent"] <= sum(copies) <= sum(stand.values()) == len(phones)
    # what was on its way when the program died: nobody can know, so it isn't sent again
    assert stand.get("uncertain", 0) <= 2 * (CLAIMED_AT_ONCE + 2)
    assert copies.count(0) <= stand.get("uncertain", 0)


def remind(tx, phones, now):
    for phone in phones:
        person = people.add_person(
            tx, channel="telegram", address=str(phone.id), name="Người", handle=None,
            language="vi", consent_version="2026-11", now=now,
        )  # fmt: skip
        outbox.enqueue(tx, person.id, "reminder", to_json(Screen("Sắp đến hạn")), now)
