"""A server cuts idle connections to PostgreSQL: the next unit of work succeeds all the same."""

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from storage.engine.database import Database
from storage.errors import NotUtf8, StorageError
from storage.tables import communes

pytestmark = pytest.mark.postgres

_CUT = sa.text(
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid != pg_backend_pid()"
)


@pytest.fixture
async def url(cluster):
    made = await cluster.create("template_ready")
    yield made
    await cluster.drop(made)


async def cut_all(url):
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        await connection.execute(_CUT)
    await engine.dispose()


def add(tx):
    tx.execute(sa.insert(communes).values(name="Đồi Chè", code="1"))


def count(tx):
    return tx.scalar(sa.select(sa.func.count()).select_from(communes))


async def test_a_write_and_a_read_work_at_once_after_an_idle_connection_was_cut(url, caplog):
    async with Database(url) as database:
        await database.write(lambda tx: tx.execute(sa.text("SELECT 1")))
        await database.read(count)
        await cut_all(url)
        assert await database.write(lambda tx: tx.scalar(sa.text("SELECT 7"))) == 7
        await cut_all(url)
        assert await database.read(count) == 0
        assert database.failures == 0
    assert not [one for one in caplog.records if one.levelname in {"ERROR", "CRITICAL"}]


async def test_units_written_together_after_a_cut_run_once(url):
    ran = []
    async with Database(url) as database:
        await database.write(lambda tx: None)
        await cut_all(url)
        done = [database.submit(lambda tx, n=n: ran.append(n)) for n in range(5)]
        for one in done:
            await one
    assert ran == [0, 1, 2, 3, 4]


async def test_a_unit_that_was_cut_off_is_not_run_again(url):
    ran = []
    async with Database(url) as database, Database(url) as other:
        pid = []

        def begun(tx):
            ran.append(1)
            pid.append(tx.scalar(sa.text("SELECT pg_backend_pid()")))
            return tx.scalar(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))

        with pytest.raises(StorageError):
            await database.write(begun)
        assert ran == [1]
        assert await other.read(count) == 0


async def test_a_database_in_another_encoding_is_refused_at_once(cluster):
    await cluster._execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'")
    url = cluster.url("latin")
    try:
        for given in ({}, {"upgrade": False}, {"exclusive": True}):
            with pytest.raises(NotUtf8, match="LATIN1"):
                await Database(url, **given).open()
    finally:
        await cluster.drop(url)
