"""The same conversations over Telegram and in the terminal store the same data."""

import io
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from PIL import Image

from bot.bots_file import BotEntry, save_bots
from bot.simulator.telegram.world import World
from bot.simulator.zalo.server import serving as zalo_serving
from bot.simulator.zalo.world import World as ZaloWorld
from bot.terminal import Terminal, TerminalChannel
from handlers.flow.channel import TERMINAL, Sender
from storage.people import invitations
from storage.tables import metadata
from tests.conftest import START, Deployment
from tests.handlers.conftest import found_commune
from tests.phone import Phone
from tests.zalo_phone import ZaloPhone

# What may differ: ids of the messenger, random values, and the fate of messages
# from the outbox (the terminal does not show them).
DIFFERS = {
    "addresses": {"bot", "chat", "handle", "blocked_at"},
    "reports": {"code"},
    "invitations": {"code_hash", "short_code_hash"},
    "evidence": {"path", "size", "media_type", "original_name", "channel_reference", "kind"},
    "difficulties": {"photo"},
    "conversations": {"shown_revision", "place"},
    "outbox": {"state", "tries", "reason", "finished_at", "payload"},
}
NOT_COMPARED = {"bot_usage", "inbox", "shown_messages", "asks", "written", "reached"}
RANDOM = re.compile(r"\bDC-[2-9A-Z]{4}\b")


class OnTelegram:
    """A person with a telephone."""

    def __init__(self, deployment, name, folder):
        self.phone = Phone(deployment.world, deployment.quiet, name)

    async def send(self, text):
        await self.phone.send(text)

    async def press(self, caption):
        newest = self.phone.message()
        await self.phone.press(caption, on=newest)

    async def photo(self, content):
        await self.phone.photo(content)

    @property
    def screen(self):
        return self.phone.screen


class OnTerminal:
    """A person at a terminal, who types the number of a choice."""

    def __init__(self, deployment, name, folder):
        self.lines = []
        self.folder = folder
        channel = TerminalChannel(Sender(TERMINAL, name, name, language="vi"), self.lines.append)
        self.terminal = Terminal(
            deployment.program.database, deployment.settings, channel, deployment.clock, folder
        )
        self.said = 0

    async def send(self, text):
        self.said = len(self.lines)
        await self.terminal.say(text)

    async def press(self, caption):
        choices = [re.match(r"  (/\d+) (.*)", line) for line in self.lines[self.said :]]
        found = [one[1] for one in choices if one and caption in one[2]]
        assert found, (caption, self.lines[self.said :])
        await self.send(found[-1])

    async def photo(self, content):
        path = self.folder / "anh.jpg"
        path.write_bytes(content)
        await self.send(f"/file {path}")

    @property
    def screen(self):
        return "\n".join(self.lines[self.said :]).replace("\u00a0", " ")


class OnZalo:
    """A person with Zalo, who types the number of a choice, or its words where it has none."""

    def __init__(self, deployment, name, folder):
        self.phone = ZaloPhone(deployment.zalo, deployment.idle, name)

    async def send(self, text):
        await self.phone.send(text)

    async def press(self, caption):
        lines = self.phone.screen.split("\n")
        found = [one for line in lines for one in line.split("  ") if caption in one]
        assert found, (caption, self.phone.transcript())
        number = re.match(r"([1-9])\. ", found[-1])
        await self.send(number[1] if number else caption)

    async def photo(self, content):
        await self.phone.photo(content)

    @property
    def screen(self):
        return self.phone.screen


def picture():
    out = io.BytesIO()
    Image.new("RGB", (32, 24), "green").save(out, "JPEG")
    return out.getvalue()


async def play(deployment, kind, folder):
    """One conversation of each role, in one commune."""
    database = deployment.program.database
    commune, areas, _, _ = await database.write(lambda tx: found_commune(tx, START))

    async def joins(name, role, **where):
        _, code = await database.write(
            lambda tx: invitations.create_invitation(
                tx, role, now=START, expires_at=START + timedelta(days=9), **where
            )
        )
        person = kind(deployment, name, folder)
        await person.send(f"/start {code}")
        await person.press("✅ Đồng ý")
        return person

    head = await joins("Hùng", "reporter", commune_id=commune, unit_id=areas["Khu 1"])
    officer = await joins("Mai", "officer", commune_id=commune)
    chair = await joins("Sơn", "leader", commune_id=commune)
    operator = await joins("Tuấn", "operator")
    await reports(head)
    await reviews(officer)
    await manages(officer)
    await answers_again(head)
    await looks(chair)
    await operates(operator)


async def reports(head):
    await head.press("📝 Báo cáo")
    await head.send("350/400")
    await head.send("5/5")
    await head.press("✅ Có")
    await head.send("chưa")
    await head.press("🔁 Như kỳ trước")
    await head.send("tám")
    await head.press("➕ Thêm…")
    await head.press("📎 Minh chứng")
    await head.photo(picture())
    await head.press("✅ Xong")
    await head.press("▫️ Chưa có")
    await head.press("⏭ Để sau")
    await head.send("gửi")
    await head.press("📨 Vẫn gửi")
    assert "Đã trả lời 7/8 câu" in head.screen
    await head.send("/vuongmac")
    await head.send("Sóng yếu quá")
    assert "Đã gửi vướng mắc" in head.screen


async def reviews(officer):
    await officer.send("/duyet")
    await officer.press("Khu 1")
    await officer.press("📎 Xem minh chứng")
    await officer.press("◀ Về báo cáo")
    await officer.press("↩️ Trả lại")
    await officer.send("1")
    await officer.press("✍️ Viết lời nhắn")
    await officer.send("Nhờ đếm lại giúp")
    assert "Đã trả lại Khu 1" in officer.screen
    await officer.send("/vuongmac")
    await officer.press("1. Khu 1")
    await officer.press("✍️ Trả lời")
    await officer.send("Xã đã báo nhà mạng")
    assert "Đã ghi câu trả lời" in officer.screen


async def manages(officer):
    await officer.send("/quanly")
    await officer.press("✉️ Thư mời")
    await officer.press("➕ Thư mời mới")
    await officer.press("Khu 2")
    await officer.press("✅ Làm thư mời")
    assert "Đã làm thư mời" in officer.screen
    await officer.send("/quanly")
    await officer.press("🗓 Kỳ báo cáo")
    await officer.press("Tháng 3/2026")
    await officer.press("⏰ Đổi hạn gửi")
    await officer.send("20/3")
    await officer.press("✅ Đúng")
    assert "Đã đổi ngày" in officer.screen
    await officer.send("/quanly")
    await officer.press("📢 Nhắn tin")
    await officer.press("✍️ Viết tin mới")
    await officer.press("👥 Mọi thành viên tổ")
    await officer.send("Mời các khu gửi sớm ạ")
    await officer.press("📨 Nhắn")


async def answers_again(head):
    await head.send("/baocao")
    await head.send("352/400")
    await head.send("gửi")
    assert "Lần 2" in head.screen


async def looks(chair):
    await chair.send("/tinhhinh")
    await chair.press("🏘 Theo khu")
    await chair.press("Khu 1")
    await chair.send("/tinhhinh")
    await chair.press("⏰ Nhắc")
    await chair.send("/tinhhinh")
    await chair.press("📄 Bản Excel")
    await chair.press("📈 Biểu đồ")
    await chair.send("/neu Khu 1 90%")


async def operates(operator):
    await operator.send("/dieuhanh")
    await operator.press("✉️ Mời cán bộ xã")
    await operator.press("Xã Đồi Chè")
    await operator.press("✉️ Làm thư mời")
    assert "Đã làm thư mời" in operator.screen


def stored(tx, differs=DIFFERS):
    """All rows of all tables, without values that may differ."""
    found = {}
    for name, table in metadata.tables.items():
        if name in NOT_COMPARED:
            continue
        columns = [one for one in table.columns if one.name not in differs.get(name, ())]
        rows = tx.execute(sa.select(*columns)).all()
        found[name] = sorted(RANDOM.sub("DC-", repr(tuple(row))) for row in rows)
    return found


def town(deployment, clock, folder, **settings):
    """An installation of its own in a folder."""
    folder.mkdir()
    url = type(deployment.settings.database_url)(f"sqlite+aiosqlite:///{folder}/bot.db")
    changed = {"data_dir": folder / "data", "database_url": url, **settings}
    return Deployment(World(now=clock.now), clock, deployment.settings.model_copy(update=changed))


@pytest.mark.timeout(240)
async def test_a_round_on_zalo_alone_leaves_what_one_on_telegram_leaves(
    deployment, tmp_path, clock
):
    # A choice is typed there, so the history says that it was words.
    waits = DIFFERS["outbox"] | {"not_before"}  # Zalo's own pace has a message wait a second
    differs = {**DIFFERS, "history": {"way"}, "outbox": waits}
    on_telegram = town(deployment, clock, tmp_path / "telegram")
    async with on_telegram.running() as program:
        program.jobs.scheduler.pause()
        await program.jobs.tick()
        await play(on_telegram, OnTelegram, tmp_path)
        await on_telegram.idle()
        expected = await program.database.read(lambda tx: stored(tx, differs))
    zalo = ZaloWorld(now=clock.now)
    async with zalo_serving(zalo) as address:
        here = town(
            deployment, clock, tmp_path / "zalo", telegram_bot_token=None, zalo_api_url=address
        )
        here.zalo = zalo
        save_bots(here.settings.data_dir, [bot_entry(zalo)])
        async with here.running() as program:
            program.jobs.scheduler.pause()
            await program.jobs.tick()
            await play(here, OnZalo, tmp_path)
            await here.idle()
            kept = await program.database.read(lambda tx: stored(tx, differs))
    for name, rows in expected.items():
        assert kept[name] == rows, name
    assert len(kept["history"]) > 20
    assert zalo.count("sendMessage", 200) > 20
    assert all(code == 200 for _, code in zalo.calls if _ != "getUpdates")


def bot_entry(zalo):
    return BotEntry(name="zalo-doi-che", messenger="zalo", commune="doi-che", token=zalo.token)


@pytest.mark.timeout(240)
async def test_the_stored_data_does_not_depend_on_the_messenger(deployment, tmp_path, clock):
    kept = {}
    for kind in (OnTelegram, OnTerminal):
        folder = tmp_path / kind.__name__
        here = town(deployment, clock, folder)
        async with here.running() as program:
            program.jobs.scheduler.pause()
            await program.jobs.tick()
            await play(here, kind, folder)
            await here.idle()
            kept[kind] = await program.database.read(stored)
    for name, rows in kept[OnTelegram].items():
        assert kept[OnTerminal][name] == rows, name
    assert len(kept[OnTelegram]["history"]) > 20
    folder = tmp_path / "OnTerminal" / "data" / "evidence"
    evidence = [path for path in folder.rglob("*") if path.is_file()]
    assert len(evidence) == 1
    # The documents came too, as files in the working folder of the terminal.
    names = {path.suffix for path in (tmp_path / "OnTerminal").iterdir()}
    assert {".xlsx", ".png"} <= names
