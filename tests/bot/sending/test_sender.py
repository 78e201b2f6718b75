"""The sender of the outbox: due messages are sent once, and the fate of each is stored."""

import asyncio
import json
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select
from telegram.error import RetryAfter

from bot.intake.conversation import ConversationRunner
from bot.sending import outage
from bot.sending.pacing import Pacing
from bot.sending.sender import CLAIMED_AT_ONCE
from bot.simulator.faults import Fault
from bot.simulator.server import serving
from bot.simulator.telegram.floods import Limits
from bot.telegram.transport import AiohttpRequest
from handlers.flow.channel import Button, Reply, Screen, Shown
from handlers.messages.claim import Claimed
from handlers.messages.kinds import KINDS
from handlers.messages.message import Message
from storage.messages import inbox, outbox
from storage.people import people
from storage.tables import addresses as addresses_table
from storage.tables import outbox as outbox_table
from tests.outbox import enqueue
from tests.storage.sample import reach

SILENT = ConversationRunner(lambda *_: Reply(), lambda *_: Reply())


def cut():
    return httpx.ReadError("cut")


def refused():
    return httpx.ConnectError("refused")


class Post:
    """A bot whose outbox the test fills; it can be stopped and started again."""

    def __init__(self, deployment):
        self.deployment = deployment
        self.world = deployment.world

    @property
    def program(self):
        return self.deployment.program

    def running(self, conversation=SILENT, **parts):
        return self.deployment.running(conversation=conversation, **parts)

    def telephone(self, name="Lan"):
        phone = self.world.add_phone(name)
        phone.started = True
        return phone

    async def person(self, phone):
        now = self.deployment.clock.now()
        made = await self.program.database.write(
            lambda tx: people.add_person(
                tx, bot="telegram", address=str(phone.id), name=phone.name, handle=None,
                language="vi", consent_version="1", now=now,
            )
        )  # fmt: skip
        return made.id

    async def crowd(self, number):
        """Create so many telephones and persons, and a message for each."""
        phones = [self.telephone(f"Người {n}") for n in range(number)]
        await self.put(*[(await self.person(phone), "nhắc") for phone in phones])
        return phones

    async def put(self, *messages, **more):
        """Put messages into the outbox at once: pairs of person and text."""
        now = self.deployment.clock.now()

        def work(tx):
            for person, text in messages:
                enqueue(tx, person, "note", Screen(text).to_json(), now, **more)

        await self.program.database.write(work)
        self.program.sender.wake()

    async def ends(self):
        """State and reason of every message, in order of creation."""
        columns = outbox_table.c.state, outbox_table.c.reason
        rows = await self.program.database.read(
            lambda tx: tx.execute(select(*columns).order_by(outbox_table.c.id)).all()
        )
        return [tuple(row) for row in rows]

    async def states(self):
        return [state for state, _ in await self.ends()]

    async def unreachable(self):
        marked = select(addresses_table.c.person_id).where(
            addresses_table.c.blocked_at.is_not(None)
        )
        return await self.program.database.read(lambda tx: list(tx.scalars(marked)))

    async def until_sent(self):
        """Move the clock until no message waits."""
        async with asyncio.timeout(20):
            while True:
                await self.program.idle()
                if "waiting" not in await self.states():
                    return
                self.deployment.clock.move_to(self.deployment.clock.now() + timedelta(seconds=2))
                await self.deployment.world.bell.wait(0.02)  # the pace is in real time


@pytest.fixture
def post(deployment, monkeypatch):
    monkeypatch.setattr(outage, "FIRST_PAUSE", 0.0)
    return Post(deployment)


@pytest.fixture
async def started(post):
    async with post.running():
        yield post


def texts(phone):
    return [entry.message["text"] for entry in phone.entries.values()]


def test_a_screen_survives_the_outbox():
    screen = Screen(
        "<b>Nhắc</b> & hỏi", ((Button("📝 Báo cáo", "1|rep"),), (Button("Xem", url="https://x"),))
    )
    assert Screen.from_json(screen.to_json()) == screen


async def test_a_due_message_is_sent_and_its_text_is_not_kept(started):
    phone = started.telephone()
    person = await started.person(phone)
    await started.put((person, "một"))
    await started.program.idle()
    assert texts(phone) == ["một"]
    assert await started.ends() == [("sent", None)]
    payloads = select(outbox_table.c.payload)
    assert await started.program.database.read(lambda tx: list(tx.scalars(payloads))) == [""]


async def test_a_message_that_is_not_due_waits_for_its_time(started):
    phone = started.telephone()
    person = await started.person(phone)
    later = started.deployment.clock.now() + timedelta(hours=3)
    await started.put((person, "sau"), not_before=later)
    await started.program.idle()
    assert texts(phone) == []
    started.deployment.clock.move_to(later)
    await started.program.idle()
    assert texts(phone) == ["sau"]


# --- answers of Telegram -------------------------------------------------------------------------


async def test_a_lost_answer_is_uncertain_and_not_repeated_after_a_restart(post):
    phone = post.telephone()
    post.world.faults.add(Fault("sendMessage", lost=True, error=cut))
    async with post.running():
        await post.put((await post.person(phone), "một"))
        await post.program.idle()
        assert await post.ends() == [("uncertain", "timed_out")]
    async with post.running():
        await post.program.idle()
        assert await post.ends() == [("uncertain", "timed_out")]
    assert texts(phone) == ["một"]


@pytest.mark.parametrize("status", [200, 302, 403, 502])
async def test_a_web_page_instead_of_an_answer_is_uncertain_and_not_sent_again(post, status):
    phone = post.telephone()
    post.world.faults.add(Fault("sendMessage", page=status, times=4))
    async with serving(post.world) as address:
        given = {"telegram_api_url": address}
        post.deployment.settings = post.deployment.settings.model_copy(update=given)
        async with post.running(request=AiohttpRequest()):
            await post.put((await post.person(phone), "một"))
            await post.until_sent()
            assert await post.ends() == [("uncertain", "timed_out")]
    assert texts(phone) == ["một"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("sendMessage", reset=True, error=refused),
        Fault("sendMessage", code=500, times=2),
        Fault("sendMessage", code=429, description="Too Many Requests", retry_after=1),
    ],
    ids=["never connected", "error of the server", "flood"],
)
async def test_a_message_that_certainly_did_not_arrive_is_sent_again(started, fault):
    phone = started.telephone()
    started.world.faults.add(fault)
    await started.put((await started.person(phone), "một"))
    await started.until_sent()
    assert texts(phone) == ["một"]
    assert await started.states() == ["sent"]


async def test_a_message_that_always_causes_a_server_error_becomes_uncertain(started):
    phones = [started.telephone(), started.telephone("Hoa")]
    one, other = [await started.person(phone) for phone in phones]
    started.world.faults.add(Fault("sendMessage", code=500, times=3))
    await started.put((one, "một"))
    await started.until_sent()
    await started.put((other, "hai"))
    await started.until_sent()
    assert await started.ends() == [("uncertain", "server_error"), ("sent", None)]


async def test_a_person_who_blocked_the_bot_is_marked_and_gets_no_more_messages(started):
    phone, other = started.telephone(), started.telephone("Hoa")
    person, second = await started.person(phone), await started.person(other)
    phone.blocked = True
    await started.put((person, "một"))
    await started.program.idle()
    asked = len(started.world.calls)
    await started.put((person, "hai"), (second, "ba"))
    await started.program.idle()
    assert await started.ends() == [
        ("dropped", "unreachable"),
        ("dropped", "unreachable"),
        ("sent", None),
    ]
    assert texts(other) == ["ba"]
    assert await started.unreachable() == [person]
    sent = [call for call in list(started.world.calls)[asked:] if call.method == "sendMessage"]
    assert len(sent) == 1


async def test_a_deleted_account_is_marked(started):
    person = await started.person(started.telephone())
    started.world.faults.add(
        Fault("sendMessage", code=400, description="Bad Request: chat not found")
    )
    await started.put((person, "một"))
    await started.program.idle()
    assert await started.ends() == [("dropped", "unreachable")]
    assert await started.unreachable() == [person]


async def test_a_message_that_telegram_refuses_is_reported_and_stops_no_other(started, log):
    person = await started.person(started.telephone())
    started.world.faults.add(
        Fault("sendMessage", code=400, description="Bad Request: odd thing: một")
    )
    await started.put((person, "một"), (person, "hai"))
    await started.program.idle()
    assert await started.ends() == [("failed", "refused: BadRequest: Odd thing"), ("sent", None)]
    assert "message refused" in log.getvalue()
    assert "một" not in log.getvalue()
    assert await started.unreachable() == []


# --- pauses -------------------------------------------------------------------------------------


async def test_a_chat_that_must_wait_does_not_hold_up_the_others(started):
    lan, hoa = started.telephone(), started.telephone("Hoa")
    first, second = await started.person(lan), await started.person(hoa)
    flood = Fault("sendMessage", skip=1, code=429, description="Too Many", retry_after=1)
    started.world.faults.add(flood)
    await started.put((first, "một"), (first, "hai"), (second, "ba"), (second, "bốn"))
    await started.program.idle()
    assert texts(lan) == ["một"]
    assert texts(hoa) == ["ba", "bốn"]
    assert await started.states() == ["sent", "waiting", "sent", "sent"]
    await started.until_sent()
    assert texts(lan) == ["một", "hai"]
    calls = [call for call in started.world.calls if call.chat == lan.id or call.code == 429]
    refusal = next(call for call in calls if call.code == 429)
    assert calls[-1].at - refusal.at >= 1


async def test_nothing_is_sent_while_all_chats_must_wait(started):
    flood = Fault("sendMessage", code=429, description="Too", retry_after=1, times=2)
    started.world.faults.add(flood)
    phones = await started.crowd(8)
    await started.until_sent()
    assert [texts(phone) for phone in phones] == [["nhắc"]] * 8
    calls = [call for call in started.world.calls if call.method == "sendMessage"]
    _, refusal = [call for call in calls if call.code == 429]
    later = [call for call in calls if call.at > refusal.at + 0.5]
    assert len(later) >= 8 - CLAIMED_AT_ONCE
    assert later[0].at - refusal.at >= 0.9
    assert started.program.telegram.limiter.pacing.rate == 800


@pytest.mark.parametrize("method", ["setMyCommands", "getFile", "sendMessage"])
async def test_one_refusal_for_an_hour_stops_messages_to_nobody_else(started, method):
    """The method is refused, for `sendMessage` in one quiet chat; all others get their messages."""
    started.world.faults.add(Fault(method, code=429, description="Too Many", retry_after=3600))
    if method == "setMyCommands":
        with pytest.raises(RetryAfter):
            await started.program.telegram.bot.set_my_commands([])
    elif method == "getFile":
        with pytest.raises(RetryAfter):
            await started.program.telegram.bot.get_file("x")
    else:
        quiet = started.telephone("Quang")
        await started.put((await started.person(quiet), "một"))
        await started.program.idle()
        assert texts(quiet) == []
    phones = await started.crowd(8)
    await started.program.idle()
    assert [texts(phone) for phone in phones] == [["nhắc"]] * 8


async def test_a_chat_gets_its_messages_one_after_another_and_in_order(post):
    post.world.floods.limit(Limits(overall=None, per_chat=5))
    async with post.running(pacing=Pacing(chat_gap=0.2, rate=1000)):
        lan, hoa = post.telephone(), post.telephone("Hoa")
        first, second = await post.person(lan), await post.person(hoa)
        await post.put(*[(first, f"tin {n}") for n in range(4)], (second, "xin chào"))
        await post.program.idle()
        assert texts(hoa) == ["xin chào"]
        assert texts(lan) == ["tin 0"]
        await post.until_sent()
        assert texts(lan) == [f"tin {n}" for n in range(4)]
    assert post.world.floods.refused == 0


async def test_a_reply_does_not_wait_behind_bulk_messages(post):
    def handle(tx, incoming, now, deployment):
        inbox.finish(tx, incoming.sender.bot, incoming.update)
        return Reply((Shown(Screen("đây ạ")),))

    talking = ConversationRunner(handle, lambda *_: Reply())
    async with post.running(talking, pacing=Pacing(rate=20)):
        await post.crowd(30)
        phone = post.deployment.phone("Hoa")
        post.world.send_text(phone.id, "hỏi")
        await post.deployment.until(lambda: phone.messages)
        assert (await post.states()).count("waiting") > 5
        await post.program.idle()
        assert set(await post.states()) == {"sent"}


# --- outages and ends ---------------------------------------------------------------------------


async def test_without_a_connection_all_messages_wait_and_calls_are_rare(post, monkeypatch):
    monkeypatch.setattr(outage, "FIRST_PAUSE", 0.02)
    async with post.running():
        down = Fault("sendMessage", times=1000, reset=True, error=refused)
        asked = Fault("getMe", times=3, reset=True, error=refused)
        post.world.faults.add(down)
        post.world.faults.add(asked)
        phones = await post.crowd(40)
        await post.deployment.until(lambda: asked.times == 0)
        assert 1000 - down.times <= CLAIMED_AT_ONCE  # then it only tests the connection
        assert set(await post.states()) <= {"waiting", "sending"}
        post.world.faults.clear()
        await post.program.idle()
        assert set(await post.states()) == {"sent"}
    assert [texts(phone) for phone in phones] == [["nhắc"]] * 40


async def test_a_long_refusal_of_getme_after_an_outage_causes_no_busy_loop(post, monkeypatch, log):
    monkeypatch.setattr(outage, "FIRST_PAUSE", 0.02)
    refusal = Fault("getMe", code=429, description="Too Many Requests", retry_after=1000)
    async with post.running():
        post.world.faults.add(Fault("sendMessage", reset=True, error=refused))
        post.world.faults.add(refusal)
        phones = await post.crowd(3)
        # One pause after the message, one after the refusal, the others after our own limit.
        await post.deployment.until(lambda: log.getvalue().count("messenger not reached") >= 3)
        pauses = [
            json.loads(line)["pause"]
            for line in log.getvalue().splitlines()
            if "messenger not reached" in line
        ]
        assert pauses == sorted(set(pauses))  # each longer than the one before
        assert [texts(phone) for phone in phones] == [[]] * 3
    async with post.running():
        await post.program.idle()
    assert [texts(phone) for phone in phones] == [["nhắc"]] * 3


async def test_stopping_finishes_calls_under_way_and_puts_the_other_messages_back(post):
    post.world.faults.add(Fault("sendMessage", times=1000, delay=0.2))
    async with post.running(pacing=Pacing(rate=20)):
        phones = await post.crowd(30)
        await post.deployment.until(lambda: post.world.count("sendMessage") >= 3)
    post.world.faults.clear()
    sent = sum(len(texts(phone)) for phone in phones)
    assert 3 <= sent < 30
    async with post.running():
        # read before the sender has checked: no message was left in between
        await post.program.idle()
        assert set(await post.states()) == {"sent"}
    assert [texts(phone) for phone in phones] == [["nhắc"]] * 30


async def test_a_message_that_is_no_longer_wanted_is_not_sent(started, monkeypatch):
    """The reason of a message is checked again when it is claimed."""
    sender = started.program.sender

    def claim(tx, now, limit, paused_kinds, shut):
        for row in (rows := outbox.claim(tx, now, limit, paused_kinds, shut)):
            outbox.finish(tx, row.id, "dropped", now, "reported")
        return Claimed([], outbox.ended(tx, [row.id for row in rows]))

    monkeypatch.setattr(sender, "_claim", claim)
    phones = await started.crowd(7)
    await started.program.idle()
    assert await started.ends() == [("dropped", "reported")] * 7
    assert [texts(phone) for phone in phones] == [[]] * 7
    assert counted(started, "dropped") == 7


def counted(started, state):
    metrics = started.program.metrics.registry
    return metrics.get_sample_value("smart_commune_messages_total", {"state": state})


def word_notes(monkeypatch, word):
    """Let the messages of the tests be worded by this function when they are claimed."""

    class Note(Message):
        kind = "note"

        def worded(self):
            return word(self.tx, self.row, self.cache)

    monkeypatch.setitem(KINDS, Note.kind, Note)


async def test_a_bug_in_one_message_is_logged_and_counted_and_changes_nothing(
    started, monkeypatch, log
):
    def halfway(tx, row, looked):
        if row.priority == 0:
            reach(tx, row.person_id, False, looked.now)
            raise ValueError(row.payload)
        return row

    word_notes(monkeypatch, halfway)
    phone, other = started.telephone(), started.telephone("Hoa")
    await started.put((await started.person(phone), "một"))
    await started.put((await started.person(other), "hai"), priority=-1)
    await started.program.idle()
    assert await started.ends() == [("failed", "bug: ValueError"), ("sent", None)]
    assert await started.unreachable() == []
    assert texts(other) == ["hai"]
    assert counted(started, "failed") == 1
    assert "message not worded" in log.getvalue()
    assert "halfway" in log.getvalue()  # the place of the error
    assert "một" not in log.getvalue()


async def test_a_full_disk_while_a_message_is_worded_fails_no_message(post, monkeypatch):
    """SQLite ends the whole transaction then: later writes would be committed alone."""
    full = []

    def filling(tx, row, looked):
        if not full:
            full.append(1)
            tx.exec_driver_sql("CREATE TABLE filler (x BLOB)")
            pages = tx.exec_driver_sql("PRAGMA page_count").scalar()
            tx.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")
            try:
                while True:
                    tx.exec_driver_sql("INSERT INTO filler VALUES (zeroblob(3000))")
            finally:
                tx.connection.dbapi_connection.execute("PRAGMA max_page_count=1000000")
        return row

    async with post.running():
        word_notes(monkeypatch, filling)
        phone = post.telephone()
        await post.put((await post.person(phone), "một"))
        await post.until_sent()
        assert full
        assert await post.ends() == [("sent", None)]


async def test_a_database_error_in_one_message_stops_no_other(started, monkeypatch):
    def broken(tx, row, looked):
        if row.priority == 0:
            tx.exec_driver_sql("INSERT INTO nowhere VALUES (1)")
        return row

    word_notes(monkeypatch, broken)
    phone, other = started.telephone(), started.telephone("Hoa")
    await started.put((await started.person(phone), "một"))
    await started.put((await started.person(other), "hai"), priority=-1)
    await started.program.idle()
    assert await started.ends() == [("failed", "bug: OperationalError"), ("sent", None)]
