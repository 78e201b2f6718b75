"""A database that cannot write: no partial change, one sentence to each person, then it goes on."""

import sqlite3
from contextlib import closing

import httpx
import pytest
from sqlalchemy import make_url

from bot.intake import dispatcher
from bot.intake.conversation import ConversationRunner
from bot.service.exit_error import WRONG_SET_UP
from bot.telegram import polling
from handlers.flow.channel import Screen
from handlers.texts import texts_of
from storage.engine.database import Database
from storage.errors import DiskFull
from storage.messages import inbox, outbox
from tests.bot.service.test_web import free_port
from tests.bot.test_taking_in import Listener, answers, rows
from tests.outbox import enqueue
from tests.storage.sample import person

WORD = texts_of("vi").say("waiting.database")
LONG = "rất dài " * 500  # more than the free space in the existing pages


@pytest.fixture
def listener():
    return Listener()


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch):
    for module in (dispatcher, polling):
        monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
        monkeypatch.setattr(module, "LONGEST_PAUSE", 0.05)


async def fill_disk(database):
    """Stop the growth of the file, and fill it."""

    def limit(tx):
        tx.exec_driver_sql("CREATE TABLE filler (x BLOB)")
        pages = tx.exec_driver_sql("PRAGMA page_count").scalar()
        tx.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")

    def fill(tx):
        tx.exec_driver_sql("INSERT INTO filler VALUES (zeroblob(3000))")

    async def fill_all():
        while True:
            await database.write(fill)

    await database.write(limit)
    with pytest.raises(DiskFull):
        await fill_all()


async def make_room(database):
    await database.write(lambda tx: tx.exec_driver_sql("PRAGMA max_page_count=1000000").scalar())


async def test_a_full_disk_sends_one_sentence_and_handling_resumes(
    deployment, world, listener, log
):
    phone, other = world.add_phone("Lan"), world.add_phone("Nam")
    async with deployment.running(conversation=listener.conversation) as program:
        await fill_disk(program.database)
        for text in (f"1 {LONG}", f"2 {LONG}", f"3 {LONG}"):
            world.send_text(phone.id, text)
        world.send_text(other.id, LONG)
        await deployment.until(lambda: answers(phone) and answers(other))
        polls = world.count("getUpdates")
        await deployment.until(lambda: world.count("getUpdates") > polls + 5)
        assert await rows(program) == []
        assert world.updates.pending() == 4  # Telegram keeps the updates
        assert (answers(phone), answers(other)) == ([WORD], [WORD])
        assert program.database.failing
        await make_room(program.database)
        await deployment.quiet()
        assert [said[0] for said in listener.said_by(phone)] == ["1", "2", "3"]
        assert len(answers(phone)) == 1 + 3
        assert not program.database.failing
    assert "DiskFull: The disk is full" in log.getvalue()
    assert "bot.db)" in log.getvalue()
    assert "Traceback" not in log.getvalue()
    assert "group_commit.py" not in log.getvalue()  # a sentence, not a trace
    assert LONG not in log.getvalue()


async def test_a_task_that_a_full_disk_ends_is_not_a_bug(deployment):
    async with deployment.running() as program:

        async def fail():
            raise DiskFull(place=program.database.file)

        program.tasks.start(fail(), "a part", essential=True)
        ended = await program.crashed
    assert (ended.code, "bot.db" in str(ended)) == (WRONG_SET_UP, True)


async def test_stored_updates_wait_for_room_on_the_disk(deployment, world, listener):
    phone = world.add_phone("Lan")
    full = {"left": 5}

    def handle(tx, incoming, now, given):
        if full["left"]:
            full["left"] -= 1
            raise DiskFull
        return listener.handle(tx, incoming, now, given)

    conversation = ConversationRunner(handle, listener.present)
    async with deployment.running(conversation=conversation) as program:
        for text in ("a", "b"):
            world.send_text(phone.id, text)
        await deployment.quiet()
        assert await program.database.read(inbox.failed_count) == 0
    assert sorted(answers(phone)) == sorted([WORD, "heard a", "heard b"])
    assert listener.said_by(phone) == ["a", "b"]


async def test_a_failing_update_on_a_full_disk_does_not_block_its_chat(
    deployment, world, listener, monkeypatch
):
    phone = world.add_phone("Lan")
    listener.poison["a"] = 99
    fail, refused = inbox.fail, []

    def full_at_first(tx, bot, update):
        if len(refused) < 3:
            refused.append(update)
            raise DiskFull
        return fail(tx, bot, update)

    monkeypatch.setattr(inbox, "fail", full_at_first)
    async with deployment.running(conversation=listener.conversation) as program:
        for text in ("a", "b"):
            world.send_text(phone.id, text)
        await deployment.quiet()
        assert await program.database.read(inbox.failed_count) == 1
    assert listener.said_by(phone) == ["b"]


async def left_on_its_way(deployment):
    """A message that was being sent when the program was killed."""
    async with Database(deployment.settings.database_url.get_secret_value()) as database:

        def send(tx):
            now = deployment.clock.now()
            enqueue(tx, person(tx, "77").id, "note", Screen("x").to_json(), now)
            assert outbox.claim(tx, now, 1)

        await database.write(send)


def full_when_it_starts(monkeypatch, times):
    recover, refused = outbox.recover, []

    def full(tx, now, mine):
        if len(refused) < times:
            refused.append(now)
            raise DiskFull
        return recover(tx, now, mine)

    monkeypatch.setattr(outbox, "recover", full)
    return refused


async def test_a_bot_started_on_a_full_disk_waits_for_room(deployment, listener, monkeypatch):
    await left_on_its_way(deployment)
    refused = full_when_it_starts(monkeypatch, times=1)
    async with deployment.running(conversation=listener.conversation) as program:
        await deployment.until(lambda: refused)
        await deployment.quiet()
        assert not program.crashed.done()
        assert await program.database.read(outbox.counts) == {"uncertain": 1}


async def test_a_bot_started_on_a_full_disk_can_be_stopped(deployment, listener, monkeypatch):
    await left_on_its_way(deployment)
    refused = full_when_it_starts(monkeypatch, times=99)
    async with deployment.running(conversation=listener.conversation) as program:
        await deployment.until(lambda: refused)
    assert not program.crashed.done()


async def test_the_bot_waits_for_a_lock_that_another_process_holds(
    deployment, world, listener, monkeypatch
):
    phone = world.add_phone("Lan")
    port = free_port()
    deployment.settings = deployment.settings.model_copy(update={"listen": ("127.0.0.1", port)})
    path = make_url(deployment.settings.database_url.get_secret_value()).database
    async with deployment.running(conversation=listener.conversation) as program:
        await program.database.write(
            lambda tx: tx.exec_driver_sql("PRAGMA busy_timeout=200").scalar()
        )
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            with closing(sqlite3.connect(path, isolation_level=None)) as holder:
                holder.execute("BEGIN IMMEDIATE")
                world.send_text(phone.id, "a")
                await deployment.until(lambda: answers(phone))
                state = (await client.get("/readyz")).json()
                assert (state["ready"], state["telegram"]) == (False, "ok")
                assert state["database"] == "the last write failed; the log says why"
                assert (await client.get("/healthz")).status_code == 200
                holder.execute("ROLLBACK")
            await deployment.quiet()
            assert (await client.get("/readyz")).status_code == 200
    assert answers(phone) == [WORD, "heard a"]
