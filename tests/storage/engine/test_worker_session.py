"""A worker's session locks: chats, the active worker, the running bot; on a real PostgreSQL."""

import asyncio
from contextlib import AsyncExitStack

import pytest
import sqlalchemy as sa

from storage.engine.database import Database
from storage.engine.postgresql import ACTIVE_LOCK, RUNNING_LOCK, WRITE_LOCK
from storage.engine.worker_session import WorkerSession, lock_key
from storage.errors import OneProcess, SingleBotRunning, StorageError, WorkersRunning
from storage.messages import inbox
from storage.messages.inbox import UPDATES_PER_CHAT, Update
from tests.storage.sample import NOW

pytestmark = pytest.mark.postgres


@pytest.fixture
async def url(cluster):
    made = await cluster.create("template_ready")
    yield made
    await cluster.drop(made)


@pytest.fixture
async def database(url):
    async with Database(url) as opened:
        yield opened


@pytest.fixture
async def two(url):
    """Two workers' keepers."""
    async with WorkerSession(sa.make_url(url)) as one, WorkerSession(sa.make_url(url)) as other:
        yield one, other


def arrive(*updates):
    return lambda tx: inbox.take_in(
        tx, [Update("telegram", str(n), chat, "{}") for n, chat in updates], NOW
    )


def numbers(page):
    return [int(update.identity) for update in page.updates]


async def end_connection(session):
    """As when the server ends it, or the network does."""
    pid = await session.run(lambda tx: tx.scalar(sa.text("SELECT pg_backend_pid()")))
    return sa.text(f"SELECT pg_terminate_backend({pid}, 5000)")


# --- chats ---------------------------------------------------------------------------------------


async def test_a_chat_is_given_to_one_worker_at_a_time_with_its_waiting_updates(database, two):
    one, other = two
    await database.write(arrive((1, "lan"), (2, "lan"), (3, "nam")))
    page = await one.begin(("telegram", "lan"))
    assert numbers(page) == [1, 2]
    assert one.holds(("telegram", "lan"))
    assert await other.begin(("telegram", "lan")) is None
    assert not other.holds(("telegram", "lan"))
    assert numbers(await other.begin(("telegram", "nam"))) == [3]
    await database.write(
        lambda tx: [inbox.finish(tx, "telegram", str(number)) for number in (1, 2)]
    )
    assert not await one.end(("telegram", "lan"))
    assert numbers(await other.begin(("telegram", "lan"))) == []


async def test_a_page_of_updates_is_handed_out_and_the_rest_is_counted(database, two):
    one, _ = two
    await database.write(arrive(*((n, "lan") for n in range(20)), (99, "nam")))
    page = await one.begin(("telegram", "lan"))
    assert numbers(page) == list(range(UPDATES_PER_CHAT))
    assert page.left == 20 - UPDATES_PER_CHAT
    await database.write(
        lambda tx: [inbox.finish(tx, "telegram", str(n)) for n in range(UPDATES_PER_CHAT)]
    )
    assert (await one.more(("telegram", "lan"))).left == 20 - 2 * UPDATES_PER_CHAT
    assert one.holds(("telegram", "lan"))


async def test_asking_for_more_updates_keeps_the_chat(database, two):
    one, other = two
    await database.write(arrive((1, "lan")))
    await one.begin(("telegram", "lan"))
    for _ in range(2):
        assert numbers(await one.more(("telegram", "lan"))) == [1]
        assert await other.begin(("telegram", "lan")) is None
    assert await one.end(("telegram", "lan"))
    assert not one.holds(("telegram", "lan"))
    assert numbers(await other.begin(("telegram", "lan"))) == [1]


async def test_the_worker_that_releases_a_chat_sees_updates_that_another_was_refused(database, two):
    one, other = two
    await one.begin(("telegram", "lan"))
    await database.write(arrive((1, "lan")))
    assert (
        await other.begin(("telegram", "lan")) is None
    )  # and gives up: the one who serves will see it
    assert await one.end(("telegram", "lan"))


async def test_many_chats_asked_for_at_once_are_given_at_once(two):
    one, other = two
    chats = [("telegram", f"chat {n}") for n in range(300)]
    given = await asyncio.gather(*(one.begin(chat) for chat in chats))
    refused = await asyncio.gather(*(other.begin(chat) for chat in chats))
    assert None not in given
    assert set(refused) == {None}
    await asyncio.gather(*(one.end(chat) for chat in chats))
    assert None not in await asyncio.gather(*(other.begin(chat) for chat in chats))


def test_no_key_of_a_chat_is_one_of_the_programs_own_locks():
    own = {WRITE_LOCK, RUNNING_LOCK, ACTIVE_LOCK}
    assert (
        lock_key(("telegram", str(WRITE_LOCK))) not in own
    )  # a Telegram id may well be this number
    assert len({lock_key(("telegram", str(n))) for n in range(10_000)}) == 10_000
    assert all(-(2**63) <= lock_key(("telegram", str(n))) < 2**63 for n in range(1000))


async def test_a_cancelled_request_does_not_affect_the_others(two):
    one, other = two
    asking = [asyncio.ensure_future(one.begin(("telegram", f"chat {n}"))) for n in range(20)]
    await asyncio.sleep(0)
    asking[0].cancel()  # it was the one that had the statement on its way
    ended = await asyncio.gather(*asking, return_exceptions=True)
    assert all(
        isinstance(one, inbox.WaitingUpdates | StorageError | asyncio.CancelledError)
        for one in ended
    )
    await one.begin(("telegram", "lan"))
    assert await other.begin(("telegram", "lan")) is None


# --- what goes with a connection -----------------------------------------------------------------


async def test_the_chats_of_a_dead_worker_are_free(database, two):
    one, other = two
    await one.begin(("telegram", "lan"))
    assert await one.try_become_active()
    assert not await other.try_become_active()
    await other.run(await _ending(one))
    assert await other.try_become_active()
    assert await other.begin(("telegram", "lan")) is not None
    with pytest.raises(StorageError):
        await one.begin(("telegram", "nam"))
    assert not one.holds(("telegram", "lan"))
    assert not one.active
    # and it begins anew by itself
    assert await one.begin(("telegram", "nam")) is not None
    assert not await one.try_become_active()
    assert not await one.end(
        ("telegram", "lan")
    )  # what it has lost it can't take from the other one
    assert await one.begin(("telegram", "lan")) is None


async def _ending(session):
    statement = await end_connection(session)
    return lambda tx: tx.scalar(statement)


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
async def test_after_an_outage_of_the_server_only_the_locks_are_lost(cluster, url, busy):
    """Every error meanwhile is one that is waited for, and no bug of the update in hand."""
    async with Database(url, exclusive=True, shared=True) as database:
        session = database.session
        await database.write(arrive((1, "lan")))
        await asyncio.gather(*(database.read(inbox.oldest) for _ in range(3)))
        assert await session.begin(("telegram", "lan")) is not None
        assert await session.try_become_active()
        calls = [
            lambda: session.begin(("telegram", "nam")),
            lambda: session.end(("telegram", "nam")),
            lambda: database.write(arrive((2, "lan"))),
            *[lambda: database.read(inbox.oldest)] * 3,
        ]
        insisting = [insist(call) for call in calls] if busy else []
        asked = asyncio.gather(*insisting)
        await asyncio.to_thread(cluster.stop)
        for call in calls:
            with pytest.raises(StorageError):
                await call()
        assert not session.active
        assert not session.holds(("telegram", "lan"))
        await asyncio.to_thread(cluster.start)
        await asked
        await asyncio.gather(*(insist(call, times=1) for call in calls))
        assert numbers(await session.begin(("telegram", "lan"))) == [1, 2]
        assert await session.try_become_active()


async def insist(call, times=3):
    """Do it until it was done so often."""
    while times:
        try:
            await call()
            times -= 1
        except StorageError:
            await asyncio.sleep(0.01)


async def test_every_living_worker_is_counted(url):
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(WorkerSession(sa.make_url(url)))
        async with WorkerSession(sa.make_url(url)) as other:
            both = await one.workers()
            # only when this returns has the server let go of what the other one held
            await one.run(await _ending(other))
        assert len(both) == 2
        assert len(await one.workers() & both) == 1


# --- who may run beside whom ---------------------------------------------------------------------


async def test_workers_run_side_by_side_but_not_beside_a_single_bot(url):
    async with Database(url, exclusive=True, shared=True):
        async with Database(url, exclusive=True, shared=True) as second:
            assert await second.read(inbox.oldest) == {}
        with pytest.raises(WorkersRunning, match="stop them, or set WEBHOOK_URL"):
            await Database(url, exclusive=True).open()
    async with Database(url, exclusive=True):
        with pytest.raises(SingleBotRunning, match="stop it before a worker"):
            await Database(url, exclusive=True, shared=True).open()


async def test_a_worker_whose_database_a_single_bot_took_says_so(url):
    async with WorkerSession(sa.make_url(url)) as worker, Database(url) as command:
        statement = await end_connection(worker)
        await command.write(lambda tx: tx.scalar(statement))
        async with Database(url, exclusive=True):
            with pytest.raises(StorageError):
                await worker.begin(("telegram", "lan"))
            with pytest.raises(SingleBotRunning):
                await worker.begin(("telegram", "lan"))
        assert await worker.begin(("telegram", "lan")) is not None


async def test_a_second_worker_on_sqlite_is_told_what_it_needs(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path / 'smart.db'}"
    async with Database(url, exclusive=True, shared=True) as database:
        assert database.session is None
        with pytest.raises(OneProcess, match="workers need PostgreSQL"):
            await Database(url, exclusive=True, shared=True).open()


# --- the calls -----------------------------------------------------------------------------------
