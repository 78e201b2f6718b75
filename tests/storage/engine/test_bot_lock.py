"""The one bot's lock on PostgreSQL: held, lost with its connection, taken again or refused."""

import pytest
import sqlalchemy as sa

from storage.engine.database import Database
from storage.errors import AlreadyRunning, Closed, StorageError, WorkersRunning

pytestmark = pytest.mark.postgres

_PID = sa.text("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock'")


@pytest.fixture
async def url(cluster):
    made = await cluster.create("template_ready")
    yield made
    await cluster.drop(made)


async def cut(database):
    """End the connection that holds the lock, as a server or a network does."""
    (pid,) = await database.read(lambda tx: list(tx.scalars(_PID)))
    await database.write(lambda tx: tx.scalar(sa.text(f"SELECT pg_terminate_backend({pid}, 5000)")))
    with pytest.raises(StorageError):
        await database.bot_lock.hold()


async def test_the_lock_is_taken_again_after_its_connection_was_lost(url):
    async with Database(url, exclusive=True) as database:
        await database.bot_lock.hold()
        await cut(database)
        await database.bot_lock.hold()
        with pytest.raises(AlreadyRunning):
            await Database(url, exclusive=True).open()


@pytest.mark.parametrize("shared", [False, True])
async def test_a_lock_that_another_bot_holds_is_reported(url, shared):
    async with Database(url, exclusive=True) as database:
        await cut(database)
        async with Database(url, exclusive=True, shared=shared):
            with pytest.raises(WorkersRunning if shared else AlreadyRunning):
                await database.bot_lock.hold()


async def test_the_bots_own_lost_connection_is_not_taken_for_another_bot(url):
    async with Database(url, exclusive=True) as database:
        ghost = database.bot_lock._connection  # the server has not noticed the loss
        database.bot_lock._connection = None
        with pytest.raises(StorageError) as refused:
            await database.bot_lock.hold()
        assert not isinstance(refused.value, AlreadyRunning)
        await ghost.invalidate()
        await ghost.close()
        await database.bot_lock.hold()


async def test_a_closed_database_holds_no_lock(url):
    async with Database(url, exclusive=True) as database:
        lock = database.bot_lock
    with pytest.raises(Closed):
        await lock.hold()
    async with Database(url, exclusive=True):
        pass
