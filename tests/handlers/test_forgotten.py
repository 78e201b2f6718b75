"""A forgotten person is nowhere any more: not in a table, not in the file, not in its log."""

import io
import json
import sqlite3
import unicodedata
from contextlib import closing
from datetime import timedelta

import pytest
import sqlalchemy as sa
from PIL import Image

from storage.messages import inbox
from storage.tables import metadata, people
from tests.handlers.linking.conftest import zalo
from tests.handlers.linking.test_linking import joined_on_zalo, linked
from tests.handlers.roster.test_left_aside import book
from tests.phone import Phone

__all__ = ["zalo"]

NAME, HANDLE, ID = "Trần Thị Bưởi", "buoi_khu_mot", 7_482_915_306
NUMBER = "0912 345 678"
ZALO_ID = 5_551_207_364
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Tables in which rows of a forgotten person stay, without anything that identifies her.
STAYS = {"history", "memberships", "outbox", "maskings", "remains"}
TRACES = (NAME, HANDLE, str(ID), str(ZALO_ID), NUMBER, NUMBER.replace(" ", ""))


def picture():
    image = Image.new("RGB", (32, 24), "green")
    exif = image.getexif()
    exif[0x013B] = NAME
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
async def buoi(village, zalo):
    """A person who left her name in all possible places."""
    telephone = village.deployment.world.add_phone(NAME, username=HANDLE, user_id=ID)
    phone = Phone(village.deployment.world, village.deployment.quiet, NAME, user_id=telephone.id)
    phone.telephone.username = HANDLE
    for role, area in (("officer", None), ("reporter", "Khu 1")):
        await phone.send(f"/start {await village.code(role, area)}")
        if role == "officer":
            await phone.press("✅")
    await reports(phone)
    await raises_a_difficulty(phone)
    await writes_a_notice(village, phone)
    await phone.send("/suaten")
    await phone.send(NAME)
    await sends_workbooks(village, phone)
    await is_on_zalo_too(village, zalo, phone)
    await leaves_what_failed(village)
    return phone


async def reports(phone):
    """Answers, evidence with her name, the receipt, a message that can be edited."""
    await phone.press("📝 Báo cáo")
    await phone.send("350")
    await phone.send("5")
    await phone.photo(picture(), caption=NAME)
    name = f"{NAME} {NUMBER}.pdf"
    await phone.file("document", b"%PDF-1.4", name=name, media_type="application/pdf")
    await phone.file("document", picture(), name=f"{NAME}.jpg", media_type="image/jpeg")
    await phone.send("có")
    await phone.send("gửi")
    await phone.press("📨 Gửi báo cáo")
    await phone.press("📨 Vẫn gửi")
    await phone.send("nhầm")


async def raises_a_difficulty(phone):
    await phone.send("/vuongmac")
    if "Khu 1" in " ".join(phone.buttons):
        await phone.press("Khu 1")
    await phone.send(f"Mất sóng cả khu. {NAME}, số {NUMBER}, @{HANDLE}, mã {ID}")
    assert "Đã gửi vướng mắc" in phone.screen


async def writes_a_notice(village, phone):
    """Write a notice to many; it waits for a person who blocked the bot, and for the morning."""
    other = await village.joined("Tý", area="Khu 2")
    village.deployment.clock.move_to(village.deployment.clock.now() + timedelta(hours=13))  # 22:00
    await phone.send("/quanly")
    await phone.press("📢 Nhắn tin")
    await phone.press("✍️ Viết tin mới")
    await phone.press("👥 Mọi thành viên tổ")
    await phone.send(f"Có gì gọi {NAME}, {NUMBER} (@{HANDLE})")
    await phone.press("📨 Nhắn")
    assert not any(NUMBER in one for one in other.screens)
    # Others are told of her role, and read her name in lists with buttons.
    boss = await village.joined("Mai", role="officer")
    await boss.send("/quanly")
    await boss.press("👥")
    await boss.press("Khu 1")
    assert NAME in boss.screen
    await boss.press(NAME)
    # A notice of somebody else about her is in its preview, not sent.
    await boss.send("/quanly")
    await boss.press("📢 Nhắn tin")
    await boss.press("✍️ Viết tin mới")
    await boss.press("👥 Mọi thành viên tổ")
    await boss.send(f"Mai họp.\n{NAME} mang sổ")
    assert NAME in boss.screen


async def sends_workbooks(village, phone):
    """Rosters wait to be applied: her own, and another officer's that names her as a helper."""
    people = [["Vai trò", "Xã", "Khu", "Chức danh", "Họ tên", "Điện thoại"],
              ["Thành viên tổ", "doi-che", "Khu 1", f"Giúp {NAME.upper()}", NAME, NUMBER]]  # fmt: skip
    for officer in (phone, village.phones["Mai"]):
        await officer.file("document", book(people=people), name="so.xlsx", media_type=XLSX)
        assert "Chức danh" not in officer.screen
        assert "“Họ tên”" in officer.screen


async def is_on_zalo_too(village, zalo, phone):
    """She was known on Zalo before, and both are one now; she goes on writing to Telegram."""
    chat = await joined_on_zalo(village, zalo, NAME, str(ZALO_ID), "Khu 3")
    await linked(phone, chat)
    await phone.send("/start")


async def leaves_what_failed(village):
    """Her failed update stays in the inbox for a week."""
    sender = {"id": ID, "first_name": NAME, "username": HANDLE}
    payload = json.dumps({"message": {"from": sender, "text": NUMBER}}, ensure_ascii=False)
    now = village.deployment.clock.now()

    def fail(tx):
        inbox.take_in(tx, [inbox.Update("telegram", "9", str(ID), payload)], now)
        inbox.fail(tx, "telegram", "9", most=1)

    await village.database.write(fail)


def where_found(deployment):
    """Every column, file and log that has something of her."""
    found = set()
    path = deployment.settings.data_dir.parent / "bot.db"
    with closing(sqlite3.connect(path)) as raw, raw:
        tables = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            cursor = raw.execute(f'SELECT * FROM "{table}"')
            names = [one[0] for one in cursor.description]
            for row in cursor:
                found |= {
                    f"{table}.{name}"
                    for name, value in zip(names, row, strict=True)
                    if told(str(value))
                }
    raw.close()
    for file in deployment.settings.data_dir.parent.rglob("*"):
        if file.is_file() and told(file.read_bytes().decode("latin-1"), latin=True):
            found.add(file.name)
    return found


def told(text, *, latin=False):
    forms = {form for one in TRACES for form in (one, json.dumps(one)[1:-1],
             unicodedata.normalize("NFD", one))}  # fmt: skip
    if latin:
        forms = {one.encode().decode("latin-1") for one in forms}
    return any(one.lower() in text.lower() for one in forms)


async def test_the_walk_stores_her_in_all_expected_places(village, buoi):
    await village.database.scrub()
    found = where_found(village.deployment)
    assert {
        "people.name", "addresses.handle", "addresses.chat", "evidence.original_name",
        "difficulties.text", "notices.text", "outbox.payload", "asks.content",
        "inbox.payload", "inbox.chat", "workbooks.cells", "bot.db",
    } <= found  # fmt: skip
    assert not any(one.startswith(("history", "memberships", "conversations")) for one in found)


async def test_deletion_removes_her_everywhere_at_once(village, buoi, deployment):
    await buoi.send("/xoatoi")
    await buoi.press("🗑 Xoá hẳn")
    await village.database.scrub()
    assert where_found(deployment) == set()
    await buoi.send("xin chào")
    assert "đường dẫn" in buoi.screen
    await village.database.scrub()
    assert where_found(deployment) == set()


async def test_no_row_is_left_of_what_she_saw_and_wrote(village, buoi):
    """Also unreadable data: a checksum of her texts, her place."""
    person = await village.database.read(
        lambda tx: tx.scalar(sa.select(people.c.id).where(people.c.name == NAME))
    )

    def rows(tx):
        return {
            table.name
            for table in metadata.sorted_tables
            if "person_id" in table.c
            and tx.execute(sa.select(table).where(table.c.person_id == person)).first()
        }

    emptied = {"conversations", "shown_messages", "asks", "written"}
    assert emptied <= await village.database.read(rows)
    await buoi.send("/xoatoi")
    await buoi.press("🗑 Xoá hẳn")
    assert await village.database.read(rows) <= STAYS


async def test_messages_for_others_are_still_sent(village, buoi, deployment):
    await buoi.send("/xoatoi")
    await buoi.press("🗑 Xoá hẳn")
    deployment.clock.move_to(deployment.clock.now() + timedelta(hours=11))
    await deployment.program.jobs.tick()
    await deployment.quiet()
    assert any("Có gì gọi …, … (…)" in one for one in village.phones["Tý"].screens)
    await village.phones["Mai"].send("/tinhhinh")
    await village.phones["Mai"].send("/lichsu khu 1")
    assert "một thành viên cũ" in village.phones["Mai"].screen
    assert NAME not in village.phones["Mai"].screen


async def test_she_is_forgotten_thirty_days_after_she_withdraws(village, buoi, deployment):
    await buoi.send("/rut")
    await buoi.press("⏸ Rút")
    deployment.clock.move_to(deployment.clock.now() + timedelta(days=29))
    await deployment.program.jobs.drop_old()
    assert "people.name" in where_found(deployment)
    deployment.clock.move_to(deployment.clock.now() + timedelta(days=2))
    await deployment.program.jobs.drop_old()
    assert where_found(deployment) == set()


async def test_nothing_of_a_stranger_is_stored(village, deployment):
    village.deployment.world.add_phone(NAME, username=HANDLE, user_id=ID)
    phone = Phone(deployment.world, deployment.quiet, NAME, user_id=ID)
    phone.telephone.username = HANDLE
    await phone.send("/start")
    await phone.send(f"{NAME} {NUMBER}")
    await phone.send(f"/start {await village.code('reporter', 'Khu 1')}")
    await phone.press("✋")
    await village.database.scrub()
    assert where_found(deployment) == set()
