"""One program with both messengers is killed again and again while people answer on each."""

import asyncio
import re
import socket
import sys
from datetime import UTC, datetime, timedelta

import pytest

from bot.bots_file import BotEntry, save_bots
from bot.simulator.server import serving
from bot.simulator.telegram.world import World
from bot.simulator.zalo.server import serving as zalo_serving
from bot.simulator.zalo.world import World as ZaloWorld
from bot.zalo.quota import month_of
from storage import history
from storage.engine.database import Database
from storage.messages import bot_usage
from storage.people import people
from storage.reports import reports
from tests.bot.crashing import Program, database_url
from tests.handlers.conftest import found_commune
from tests.phone import text_of

BOT = "zalo-doi-che"
SAID = ["301/400", "4/5", "có", "chưa", "250/300", "9/10", "có", "chưa"]
KILLED = 4
PATIENCE = 6.0  # seconds, then they write the same once more


class OnTelegram:
    def __init__(self, world):
        self.world = world
        self.id = world.add_phone("Lan").id
        world.phone(self.id).started = True
        self.bot, self.chat = "telegram", str(self.id)

    def send(self, text):
        self.world.send_text(self.id, text)

    def screens(self):
        entries = self.world.phone(self.id).entries.values()
        return [text_of(one.message) for one in entries if not one.mine]


class OnZalo:
    def __init__(self, world):
        self.world = world
        self.phone = world.add_phone("Hùng")
        self.phone.started = True
        self.bot, self.chat = BOT, self.phone.id

    def send(self, text):
        self.world.send_text(self.chat, text)

    def screens(self):
        return [one.message.get("text", "") for one in self.phone.entries if not one.mine]


async def answers_everything(person, said):
    """Answer each question when it is shown, then send; write again where nothing comes."""
    text, asked, when = "báo cáo", 0, float("-inf")
    now = asyncio.get_running_loop().time
    while not any("Đã gửi báo cáo" in one for one in person.screens()):
        newest = next(iter(person.screens()[::-1]), "")
        found = re.search(r"Câu (\d)/8", newest)
        if found is not None and int(found[1]) > asked:
            asked, when = int(found[1]), float("-inf")
            text = SAID[asked - 1]
        elif "Xem lại rồi gửi" in newest and text != "gửi":
            text, when = "gửi", float("-inf")
        if now() - when > PATIENCE:
            person.send(text)
            said.append(text)
            when = now()
        await asyncio.sleep(0.05)


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.mark.timeout(180)
async def test_every_answer_of_both_is_there_exactly_once(tmp_path):
    telegram, zalo = World(), ZaloWorld(loopback=True)
    lan, hung = OnTelegram(telegram), OnZalo(zalo)
    now = datetime.now(UTC) - timedelta(minutes=1)

    def settle(tx):
        _, areas, _, round_ = found_commune(tx, now, earlier=False)
        for one, area in ((hung, "Khu 1"), (lan, "Khu 2")):
            person = people.add_person(
                tx, bot=one.bot, address=one.chat, name="Người", handle=None, language="vi",
                consent_version="2026-12", now=now,
            )  # fmt: skip
            people.add_membership(tx, person.id, "reporter", unit_id=areas[area], now=now)
        return round_, [areas["Khu 1"], areas["Khu 2"]]

    async with Database(database_url(tmp_path)) as database:
        round_, units = await database.write(settle)
    entry = BotEntry(name=BOT, messenger="zalo", commune="doi-che", token=zalo.token)
    save_bots(tmp_path / "data", [entry])
    listen = f"127.0.0.1:{free_port()}"
    said = []
    async with serving(telegram) as address, zalo_serving(zalo) as zalo_address:
        program = Program(
            tmp_path, address, telegram.token, LISTEN=listen, PUBLIC_URL=f"http://{listen}",
            ZALO_API_URL=zalo_address,
        )  # fmt: skip
        try:
            await program.start()
            async with asyncio.TaskGroup() as group:
                working = [group.create_task(answers_everything(one, said)) for one in (lan, hung)]
                for number in range(1, KILLED + 1):
                    while len(said) < 4 * number and not all(one.done() for one in working):
                        await telegram.bell.wait(0.02)
                    await program.kill()
                    telegram.updates.repeat(5)
                    zalo.updates.repeat(5)
                    await program.start()
            assert await program.stop() == 0
        finally:
            await program.put_away()
            sys.stdout.write(program.log.read_text())  # seen when the test fails
    async with Database(database_url(tmp_path)) as database:
        for unit in units:
            report = await database.read(lambda tx, one=unit: reports.report_of(tx, round_, one))
            kept = await database.read(lambda tx, one=report: reports.answers_of(tx, one.id))
            changes = await database.read(lambda tx, one=unit: history.history_of_unit(tx, one))
            assert report.state == "sent"
            assert len(kept) == 8
            answers = [one.indicator for one in changes if one.what == "answer"]
            assert sorted(answers) == sorted(kept)  # each once
            assert report.sends == 1
        counted = await database.read(lambda tx: bot_usage.sent(tx, BOT, month_of(now)))
        # A message whose process was killed before it could note it is missing, no other.
        assert len(hung.screens()) - KILLED <= counted <= len(hung.screens()) + KILLED
