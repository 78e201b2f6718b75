"""All kinds of failures with texts of people in them: the log says where, never what."""

import asyncio
import io
import json
from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa
from PIL import Image

from bot.intake import dispatcher, fetcher
from bot.intake.conversation import ConversationRunner
from bot.simulator.faults import Fault
from bot.telegram import channel, polling
from handlers.conversation import dispatch
from tests.handlers.conftest import found_commune
from tests.handlers.report.test_evidence import pdf, picture
from tests.outbox import enqueue
from tests.phone import Phone

NAME, HANDLE, TEXT, NUMBER = "Trần Thị Bưởi", "buoi_khu_mot", "bí mật nhà mình", "0912 345 678"
SAID = f"{TEXT} {NUMBER}"


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch):
    monkeypatch.setattr(dispatcher, "PAUSES", (0.01, 0.01))
    monkeypatch.setattr(polling, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(channel, "PAUSES", (0.01,) * 7)
    monkeypatch.setattr(fetcher, "PAUSES", (timedelta(),))  # the clock stands still


def secrets(deployment):
    token = deployment.world.token
    return (NAME, HANDLE, TEXT, NUMBER, NUMBER.replace(" ", ""), token, token.split(":")[1])


def check(deployment, log, *events):
    """Check that these events were logged and no secret was, in any spelling."""
    written = log.getvalue()
    for event in events:
        assert event in written
    plainly = "\n".join(
        json.dumps(json.loads(line), ensure_ascii=False) for line in written.splitlines()
    )
    for secret in secrets(deployment):
        for form in (secret, json.dumps(secret)[1:-1], secret.lower()):
            assert form not in written
            assert form not in plainly


def telephone(deployment):
    deployment.world.add_phone(NAME, username=HANDLE, user_id=7_000_001)
    phone = Phone(deployment.world, deployment.quiet, NAME, user_id=7_000_001)
    phone.telephone.username = HANDLE
    return phone


def broken(*failures):
    """The real conversation, except that these texts cause these failures."""

    def handle(tx, incoming, now, deployment):
        for sign, fail in failures:
            if sign in incoming.text + incoming.data:
                fail(tx, incoming)
        return dispatch.handle(tx, incoming, now, deployment)

    return ConversationRunner(handle, dispatch.present)


def raising(tx, incoming):
    raise ValueError(f"{incoming.sender} wrote {incoming.text}")


def chained(tx, incoming):
    try:
        raising(tx, incoming)
    except ValueError as error:
        raise RuntimeError(incoming.text) from error


def badly_written(tx, incoming):
    tx.execute(sa.text("INSERT INTO people (name) VALUES (:name)"), {"name": incoming.text})


def badly_asked(tx, incoming):
    tx.execute(sa.text(f"SELECT '{incoming.text}' FROM {incoming.sender.name}"))


async def test_a_bug_in_the_conversation_logs_no_personal_data(deployment, log):
    failures = (("một", raising), ("hai", chained), ("ba", badly_written), ("bốn", badly_asked))
    async with deployment.running(conversation=broken(*failures)):
        phone = telephone(deployment)
        for sign, _ in failures:
            await phone.send(f"{SAID} {sign}")
        await phone.press_data(f"{SAID} một")
        assert sum("mã" in one or "số" in one for one in phone.screens) == 5
    check(deployment, log, "update failed", "ValueError", "RuntimeError", "IntegrityError")


async def test_an_unreadable_update_logs_no_personal_data(deployment, log):
    sender = {"id": 7_000_001, "is_bot": False, "first_name": NAME, "username": HANDLE}
    chat = {"id": 7_000_001, "type": "private", "first_name": NAME}
    async with deployment.running():
        for odd in (
            {"from": sender, "chat": chat, "text": SAID},
            {"from": SAID, "chat": chat, "text": SAID, "message_id": 1, "date": 1},
            {"from": sender, "chat": chat, "text": {"what": SAID}, "message_id": 1, "date": 1},
            {"from": sender, "chat": chat, "photo": SAID, "message_id": 1, "date": 1},
        ):
            deployment.world.updates.add("message", odd)
        deployment.world.updates.add("callback_query", {"id": SAID, "data": SAID, "from": sender})
        deployment.world.updates.add("message", SAID)
        await deployment.quiet()
    check(deployment, log, "update failed")


METHODS = (
    "sendMessage", "editMessageText", "editMessageReplyMarkup", "answerCallbackQuery",
    "setMyCommands", "getFile", "sendPhoto", "sendDocument", "sendMediaGroup", "getUpdates",
)  # fmt: skip


def mishaps(deployment):
    def cut():
        return httpx.ReadError(f"cut at {deployment.world.token} while sending {SAID} to {NAME}")

    quoted = f"Bad Request: can't parse entities: {SAID} of {NAME}"
    yield {"code": 400, "description": quoted}
    yield {"code": 400, "description": f"Bad Request: not so: {SAID} {deployment.world.token}"}
    yield {"code": 403, "description": f"Forbidden: {NAME} blocked {SAID}"}
    yield {"code": 429, "description": f"Too Many: {SAID}", "retry_after": 0}
    yield {"code": 500, "description": f"Internal: {SAID}"}
    yield {"reset": True}
    yield {"lost": True, "error": cut}


@pytest.mark.parametrize("mishap", range(7))
async def test_no_answer_of_telegram_logs_personal_data(deployment, log, mishap):
    async with deployment.running() as program:
        _, areas, _, _ = await program.database.write(
            lambda tx: found_commune(tx, deployment.clock.now())
        )
        phone = telephone(deployment)
        await joined(program, phone, areas["Khu 1"])
        how = list(mishaps(deployment))[mishap]
        for method in METHODS:
            deployment.world.faults.add(Fault(method, times=2, **how))
        await walk(phone)
        await waiting_message(program, phone)
        deployment.world.faults.clear()
        await deployment.quiet()
    check(deployment, log)


async def joined(program, phone, unit):
    from storage.people import invitations

    now = phone.world.now()
    code = await program.database.write(
        lambda tx: invitations.create_invitation(
            tx, "reporter", now=now, expires_at=now + timedelta(days=1), uses=1,
            commune_id=1, unit_id=unit,
        )[1]
    )  # fmt: skip
    await phone.send(f"/start {code}")
    await phone.press("✅")


async def walk(phone):
    """Texts, presses, files, a correction: each can fail."""
    await phone.send("/baocao")
    await phone.send(SAID)
    await phone.send("sửa câu 3")
    await phone.photo(picture(), caption=SAID)
    await phone.file("document", b"%PDF", name=f"{NAME}.pdf")
    await phone.file("document", photo_of(NAME), name=f"{NAME}.jpg")
    await phone.edit(phone.mine[-3], SAID)
    await phone.press_data(f"1|{SAID}")
    await phone.send("/ngonngu")
    await phone.press_data("1|lang|en")
    await phone.send("/vuongmac")
    await phone.send(SAID)


def photo_of(name):
    written = io.BytesIO()
    exif = Image.Exif()
    exif[0x013B] = name
    Image.new("RGB", (8, 8)).save(written, "JPEG", exif=exif)
    return written.getvalue()


async def waiting_message(program, phone):
    screen = json.dumps({"v": 1, "text": SAID, "rows": []}, ensure_ascii=False)
    now = phone.world.now()

    def put(tx):
        enqueue(tx, 1, "notice", screen, now)
        enqueue(tx, 1, "notice", f'{{"no screen": "{SAID} {NAME}"', now)

    await program.database.write(put)
    program.sender.wake()
    await phone.settled()


async def test_a_broken_file_logs_no_personal_data(deployment, log):
    async with deployment.running() as program:
        _, areas, _, _ = await program.database.write(
            lambda tx: found_commune(tx, deployment.clock.now())
        )
        phone = telephone(deployment)
        await joined(program, phone, areas["Khu 1"])
        await phone.press("📝")
        await phone.send("sửa câu 3")
        await phone.file("document", picture()[:150], name=f"{NAME} {NUMBER}.jpg")
        folder = deployment.settings.data_dir / "evidence"
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.write_text("in the way")
        deployment.world.send_file(phone.id, "document", pdf(), name=f"{NAME}.pdf")
        await deployment.until(lambda: "file not fetched" in log.getvalue())
        folder.unlink()
        await deployment.quiet()
    check(deployment, log, "file can't be kept", "file not fetched")


async def test_an_error_outside_of_tasks_logs_no_personal_data(deployment, log):
    async with deployment.running():
        loop = asyncio.get_running_loop()
        failed = loop.create_future()
        failed.set_exception(ValueError(f"{SAID} of {NAME}"))
        del failed
        loop.call_soon(lambda: raising(None, type("Said", (), {"sender": NAME, "text": SAID})))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    check(deployment, log, "not caught")
