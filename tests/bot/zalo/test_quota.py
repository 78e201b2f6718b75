"""The messages of a plan, counted in the database: by several workers, and across restarts."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.service.clock import Clock
from bot.zalo.quota import Quota, month_of
from handlers.flow.channel import Screen
from storage.engine.database import Database
from storage.engine.snapshots import url_of
from storage.errors import DiskFull
from storage.messages import bot_usage
from storage.tables import outbox
from tests.bot.test_both_messengers import BOT, both_running
from tests.conftest import START
from tests.outbox import enqueue
from tests.storage.power_cut import commits, wal_of


@pytest.fixture
async def database(tmp_path, template):
    file = tmp_path / "smart.db"
    file.write_bytes(template.read_bytes())
    async with Database(url_of(file)) as opened:
        yield opened


def quota(database, clock=None, messages=20):
    return Quota(BOT, database, clock or Clock(START), messages)


@pytest.fixture
def sent(database):
    async def sent(one, number):
        """The bot sends so many messages, and keeps something of them."""
        for _ in range(number):
            one.sent()
        one.count_soon()
        await database.write(lambda tx: None)

    return sent


async def goes_out(one, kind):
    async with one.reserve(kind) as free:
        return free


async def test_what_another_worker_sent_uses_up_the_same_plan(database, sent):
    first, second = quota(database), quota(database)
    await sent(first, 10)
    await sent(second, 7)
    assert await first.used() == await second.used() == (17, 20)
    assert await goes_out(first, "notice")
    await sent(second, 1)
    assert not await goes_out(first, "notice")
    assert await goes_out(first, "reminder")
    assert await quota(database).used() == (18, 20)  # after a restart, too


async def test_replies_come_first_then_returns_then_reminders_then_notices(database, sent):
    one = quota(database, messages=100)
    order = ("notice", "reminder", "returned", "answer", "plan")
    through = []
    for number in (87, 1, 4, 4, 4):
        await sent(one, number)
        through.append([kind for kind in order if await goes_out(one, kind)])
    assert through == [list(order), list(order[1:]), list(order[2:]), list(order[3:]), []]


async def test_messages_that_are_on_their_way_at_once_take_different_places(database, sent):
    one = quota(database, messages=100)
    await sent(one, 86)
    places = [one.reserve("notice") for _ in range(3)]
    async with places[0] as first, places[1] as second, places[2] as third:
        assert (first, second, third) == (True, True, False)


async def test_what_could_not_be_counted_is_counted_with_the_next_message(
    database, sent, monkeypatch
):
    one = quota(database)

    def full(*given):
        raise DiskFull

    with monkeypatch.context() as broken:
        broken.setattr(bot_usage, "count", full)
        await sent(one, 2)
    assert await one.used() == (2, 20)
    assert await quota(database).used() == (0, 20)
    await sent(one, 1)
    assert await quota(database).used() == (3, 20)


async def test_a_new_month_begins_at_nothing(database, sent):
    clock = Clock(START)
    one = quota(database, clock)
    await sent(one, 20)
    assert not await goes_out(one, "answer")
    clock.move_to(START + timedelta(days=31))
    assert await one.used() == (0, 20)
    assert await goes_out(one, "notice")


async def test_the_count_is_what_zalo_counted_and_costs_no_commit_of_its_own(deployment):
    async with both_running(deployment) as both:
        head = await both.zalo_phone("Hùng")
        person = await both.person(head)
        await head.send("báo cáo")
        await both.database.write(lambda tx: None)
        file = both.database.file
        before = len(commits(wal_of(file)))
        await head.send("350/400")
        assert len(commits(wal_of(file))) - before <= 3  # it is stored, answered, shown
        await both.tell(person, "một")
        month = month_of(deployment.clock.now())
        counted = await both.database.read(lambda tx: bot_usage.sent(tx, BOT, month))
        assert counted == len(head.messages)


async def test_a_message_that_was_on_its_way_at_a_kill_counts(deployment):
    async with both_running(deployment) as both:
        head = await both.zalo_phone("Hùng")
        person = await both.person(head)
        month, now = month_of(deployment.clock.now()), deployment.clock.now()

        def left(tx):
            enqueue(tx, person, "note", Screen("một").to_json(), now)
            tx.execute(sa.update(outbox).values(state="sending"))
            return bot_usage.sent(tx, BOT, month)

        before = await both.database.write(left)
        await both.deployment.program.sender.take_over()
        after = await both.database.read(lambda tx: bot_usage.sent(tx, BOT, month))
        assert after == before + 1
