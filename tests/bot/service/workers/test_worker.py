"""Two workers on one PostgreSQL, in this process: chat locks, the active worker, ended workers."""

import asyncio
import json
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.intake import dispatcher
from bot.intake.conversation import ConversationRunner
from bot.sending.pacing import Pacing
from bot.service.clock import Clock
from bot.service.clock_watch import ClockWatch
from bot.service.running import started
from bot.service.workers import worker as workers
from bot.settings import Settings
from bot.simulator.faults import Fault
from bot.simulator.server import create_app
from bot.simulator.telegram.world import World
from handlers.conversation import dispatch
from handlers.flow.channel import Reply, Screen, Shown
from storage.conversations import conversations
from storage.engine.database import Database
from storage.errors import StorageError
from storage.messages import inbox, outbox
from storage.people import people
from tests.conftest import START, TELEGRAM, in_process
from tests.outbox import enqueue

pytestmark = pytest.mark.postgres


class Listener:
    """A replacement for the conversation: records each text and repeats it."""

    def __init__(self):
        self.heard = []

    def handle(self, tx, incoming, now, deployment):
        if dispatch.begin(tx, incoming) is None:
            return Reply()
        self.heard.append(incoming.text)
        return Reply((Shown(Screen(f"heard {incoming.text}")),))

    def present(self, tx, person, now, deployment):
        kept = conversations.conversation_of(tx, person)
        if kept.shown_revision == kept.revision:
            return Reply()
        return Reply((Shown(Screen("again"), purpose="q", revision=kept.revision),), person=person)


class Office:
    """A simulated Telegram, and workers that share its bot and a database."""

    def __init__(self, url, folder):
        self.url, self.folder = url, folder
        self.clock = Clock(START, ticking=False)
        self.world = World(now=self.clock.now)
        self.listener = Listener()
        self.conversation = ConversationRunner(self.listener.handle, self.listener.present)

    @asynccontextmanager
    async def worker(self, **parts):
        settings = Settings(
            _env_file=None, telegram_bot_token=self.world.token, telegram_api_url=TELEGRAM,
            telegram_proxy_url=None, database_url=self.url, data_dir=self.folder,
            webhook_url="https://front.test/telegram", listen=("127.0.0.1", 0),
        )  # fmt: skip
        watch, app = ClockWatch(self.clock), create_app(self.world)
        async with started(
            settings, self.clock, request=in_process(app, watch),
            poll_request=in_process(app, watch), conversation=self.conversation, watch=watch,
            pacing=parts.pop("pacing", None) or Pacing(chat_gap=0, rate=1000), **parts,
        ) as program:  # fmt: skip
            yield program

    def say(self, phone, text):
        """Write a text; gives the update, which is not delivered yet."""
        self.world.send_text(phone.id, text)
        (update,) = self.world.updates.due(1)
        self.world.updates.delivered(update)
        return update

    async def until(self, condition):
        async with asyncio.timeout(15):
            while not condition():
                await self.world.bell.wait(0.02)

    def answers(self, phone):
        return [one.message["text"] for one in phone.entries.values() if not one.mine]


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch):
    monkeypatch.setattr(workers, "BEAT_SECONDS", 0.05)
    monkeypatch.setattr(dispatcher, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(dispatcher, "LONGEST_PAUSE", 0.05)


@pytest.fixture
def office(postgresql_url, tmp_path):
    return Office(postgresql_url, tmp_path)


@pytest.fixture
async def two(office):
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(office.worker())
        other = await stack.enter_async_context(office.worker())
        await office.until(lambda: one.active.is_set() or other.active.is_set())
        yield one, other


async def test_replies_of_a_chat_come_in_order_whichever_worker_received_its_updates(office, two):
    phone = office.world.add_phone("Lan")
    office.world.faults.add(Fault("sendMessage", skip=2, times=3, delay=0.2))
    said = [str(number) for number in range(16)]
    for number, text in enumerate(said):
        await two[number % 2].telegram.intake.take([office.say(phone, text)])
    await office.until(lambda: len(office.answers(phone)) == len(said))
    assert office.listener.heard == said
    assert office.answers(phone) == [f"heard {text}" for text in said]


async def test_both_workers_serve_different_chats(office, two):
    phones = [office.world.add_phone(f"Người {number}") for number in range(10)]
    office.world.faults.add(Fault("sendMessage", times=10, delay=0.2))
    for number, phone in enumerate(phones):
        await two[number % 2].telegram.intake.take([office.say(phone, phone.name)])
    assert two[0].dispatcher._chats
    assert two[1].dispatcher._chats
    await office.until(lambda: all(office.answers(phone) for phone in phones))


async def test_a_worker_that_lost_the_lock_of_a_chat_unnoticed_repeats_nothing(
    office, two, monkeypatch
):
    one, other = two
    phone = office.world.add_phone("Lan")
    monkeypatch.setattr(workers, "BEAT_SECONDS", 60)
    await asyncio.sleep(0.2)  # no worker checks its connection any more
    office.world.faults.add(Fault("sendMessage", delay=1))
    said = ["một", "hai", "ba"]
    updates = [office.say(phone, text) for text in said]
    await one.telegram.intake.take(updates)  # it gets all three at once
    await office.until(lambda: office.listener.heard == ["một"])
    await end_keeper(one.database.session, other)
    other.dispatcher.check_chats([("telegram", str(phone.id))])
    await other.dispatcher.idle()
    assert office.listener.heard == said
    await one.dispatcher.idle()
    assert office.listener.heard == said
    assert sorted(office.answers(phone)) == sorted(f"heard {text}" for text in said)


async def end_keeper(session, other):
    """End the connection of a worker that holds its locks, without its knowledge."""
    pid = await session.run(lambda tx: tx.scalar(sa.text("SELECT pg_backend_pid()")))
    end = sa.text(f"SELECT pg_terminate_backend({pid}, 5000)")
    assert await other.database.session.run(lambda tx: tx.scalar(end))


async def test_stored_updates_that_no_worker_handles_are_found(office, two):
    phone = office.world.add_phone("Lan")
    update = office.say(phone, "bỏ lại")
    rows = [inbox.Update("telegram", str(update["update_id"]), str(phone.id), json.dumps(update))]
    await two[0].database.write(lambda tx: inbox.take_in(tx, rows, office.clock.now()))
    await office.until(lambda: office.answers(phone) == ["heard bỏ lại"])


async def test_a_reply_that_a_worker_could_not_show_is_shown_once_by_another(office, monkeypatch):
    phone = office.world.add_phone("Lan")
    phone.started = True
    async with office.worker() as one:
        await office.until(one.active.is_set)
        await one.dispatcher.idle()
        monkeypatch.setattr(workers, "BEATS_PER_CHECK", 20)
        async with office.worker() as other:
            await other.database.write(lambda tx: not_shown(tx, phone, office.clock.now()))
        # it ended before the active worker checked who is alive
        await office.until(lambda: office.answers(phone))
        monkeypatch.setattr(workers, "BEATS_PER_CHECK", 1)
        await asyncio.sleep(0.3)
    assert office.answers(phone) == ["again"]


def not_shown(tx, phone, now):
    person = people.add_person(
        tx, bot="telegram", address=str(phone.id), name="Người", handle=None,
        language="vi", consent_version="1", now=now,
    )  # fmt: skip
    conversations.save_place(tx, person.id, None, "{}", now)


def sent(worker):
    return worker.metrics.ended["sent"]._value.get()


async def test_one_worker_is_active_and_another_takes_over_when_it_ends(office):
    phones = [office.world.add_phone(f"Người {number}") for number in range(6)]
    for phone in phones:
        phone.started = True
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(office.worker())
        await office.until(one.active.is_set)
        async with office.worker() as other:
            await enqueue_for(one.database, phones[:3], office.clock.now())
            await office.until(lambda: all(map(office.answers, phones[:3])))
            assert not other.active.is_set()
            await office.until(lambda: sent(one) == 3)
            assert sent(other) == 0
            # as if it had been killed with a message on its way
            await one.database.write(leave_sending)
            await stack.aclose()
            await enqueue_for(other.database, phones[3:], office.clock.now())
            await office.until(lambda: all(map(office.answers, phones[3:])))
            assert other.active.is_set()
            await other.sender.idle()
            stand = await other.database.read(outbox.counts)
    assert stand == {"sent": 5, "uncertain": 1}
    assert [len(office.answers(phone)) for phone in phones] == [1] * 6


def leave_sending(tx):
    tx.execute(
        sa.text("UPDATE outbox SET state = 'sending' WHERE id = (SELECT min(id) FROM outbox)")
    )


async def test_a_reply_whose_lock_was_lost_before_it_was_shown_keeps_its_order(office):
    """Meanwhile another worker may show a later reply: the order would be wrong."""
    phone = office.world.add_phone("Lan")
    async with office.worker() as one:

        def cut_while_handled(tx, incoming, now, deployment):
            inbox.finish(tx, incoming.sender.bot, incoming.update)
            person = people.add_person(
                tx, bot="telegram", address=str(phone.id), name="Lan", handle=None,
                language="vi", consent_version="1", now=now,
            )  # fmt: skip
            conversations.save_place(tx, person.id, None, "{}", now)
            one.database.session._connection_closed(None)
            return Reply((Shown(Screen("crossing")),), person=person.id)

        one.dispatcher._conversation = ConversationRunner(
            cut_while_handled, office.listener.present
        )
        await one.telegram.intake.take([office.say(phone, "350/400")])
        await office.until(lambda: office.answers(phone))
        await one.dispatcher.idle()
        assert office.answers(phone) == ["again"]


async def enqueue_for(database, phones, now):
    def work(tx):
        for phone in phones:
            person = people.add_person(
                tx, bot="telegram", address=str(phone.id), name="Người", handle=None,
                language="vi", consent_version="1", now=now,
            )  # fmt: skip
            enqueue(tx, person.id, "notice", Screen("nhắc").to_json(), now)

    await database.write(work)


async def test_a_worker_that_becomes_active_again_recognises_its_own_messages(office):
    phones = [office.world.add_phone(f"Người {number}") for number in range(3)]
    for phone in phones:
        phone.started = True
    async with office.worker() as one, Database(office.url) as beside:
        await office.until(one.active.is_set)
        refusal = {"code": 429, "description": "Too Many Requests", "retry_after": 1}
        office.world.faults.add(Fault("sendMessage", delay=1, **refusal))
        await enqueue_for(one.database, phones, office.clock.now())
        await office.until(lambda: one.sender._in_flight() > 0)
        session = one.database.session
        pid = await session.run(lambda tx: tx.scalar(sa.text("SELECT pg_backend_pid()")))
        end = sa.text(f"SELECT pg_terminate_backend({pid}, 5000)")
        await beside.write(lambda tx: tx.scalar(end))
        await office.until(lambda: not one.active.is_set())
        await office.until(one.active.is_set)
        assert one.sender._in_flight() > 0

        def all_answered():
            office.clock.move_to(office.clock.now() + timedelta(seconds=0.02))  # when they are due
            return all(map(office.answers, phones))

        await office.until(all_answered)
        await one.sender.idle()
        assert await one.database.read(outbox.counts) == {"sent": 3}
    assert [office.answers(phone) for phone in phones] == [["nhắc"]] * 3


async def test_an_outage_of_the_database_ends_no_worker(office, two, cluster):
    phone, later = office.world.add_phone("Lan"), office.world.add_phone("Nam")
    later.started = True
    await two[0].telegram.intake.take([office.say(phone, "trước")])
    await office.until(lambda: office.answers(phone) == ["heard trước"])
    held = office.say(phone, "giữa")
    await asyncio.to_thread(cluster.stop)
    with pytest.raises(StorageError):  # the webhook answers 503, and Telegram keeps the update
        await two[1].telegram.intake.take([held])
    await office.until(lambda: not any(one.active.is_set() for one in two))
    await asyncio.to_thread(cluster.start)
    await office.until(lambda: any(one.active.is_set() for one in two))
    async with asyncio.timeout(10):
        while True:
            try:
                await two[1].telegram.intake.take([held])
                break
            except StorageError:
                continue
    await enqueue_for(two[1].database, [later], office.clock.now())
    await office.until(lambda: "heard giữa" in office.answers(phone) and office.answers(later))
    assert not any(one.crashed.done() for one in two)
    assert office.listener.heard == ["trước", "giữa"]


async def test_bulk_messages_leave_room_for_replies_of_other_workers(office):
    async with office.worker(pacing=Pacing()) as one, office.worker(pacing=Pacing()) as other:
        now = asyncio.get_running_loop().time
        await office.until(lambda: one.active.is_set() or other.active.is_set())
        first = one.telegram.limiter.pacing.bulk_wait(now())
        for _ in range(20):
            other.telegram.limiter.pacing.replied(now())
        one.telegram.limiter.pacing.take(now(), "1")
        await office.until(lambda: one.telegram.limiter.pacing.bulk_wait(now()) > 1 / 10)
        assert first == 0
        for chat in ("1", "2"):
            other.telegram.limiter.pacing.refused(now(), "sendMessage", chat, 30)
        await office.until(lambda: one.telegram.limiter.pacing.all_paused(now()) > 20)
        assert one.telegram.limiter.pacing.rate < 25
