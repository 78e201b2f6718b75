"""On PostgreSQL's writer, too, prepared statements give what SQLAlchemy gives."""

import pytest
import sqlalchemy as sa

from storage.engine import prepared
from storage.engine.database import Database
from storage.engine.prepared import Rows
from storage.errors import StorageError
from storage.messages import inbox
from storage.messages.inbox import Update
from tests.storage.engine.test_prepared import EVERY, fill, given, slowly
from tests.storage.sample import NOW, sample

pytestmark = pytest.mark.postgres


@pytest.fixture
async def database(cluster):
    url = await cluster.create("template_ready")
    async with Database(url) as opened:
        yield opened
    await cluster.drop(url)


def filled(tx):
    fill(tx, sample(tx))


def check_rows(tx, statement):
    parameters = given(statement)
    quick = tx.execute(statement, parameters)
    assert isinstance(quick, Rows)
    plain = [tuple(row) for row in slowly(tx, statement, parameters)]
    assert quick.all() == plain
    assert [[type(one) for one in row] for row in quick] == [[*map(type, row)] for row in plain]
    return bool(plain)


def check_changes(tx, statement):
    parameters, gave = given(statement), []
    for way in (tx.execute, lambda *asked: slowly(tx, *asked)):
        with tx.begin_nested() as undone:
            result = way(statement, parameters)
            gave.append(result.scalar() if statement._returning else result.rowcount)
            undone.rollback()
    assert gave[0] == gave[1]


async def test_every_statement_gives_what_sqlalchemy_gives(database):
    await database.write(filled)

    def work(tx):
        selects = [one for one in EVERY if isinstance(one, sa.Select)]
        found = [check_rows(tx, one) for one in selects]
        assert sum(found) > len(found) * 2 / 3
        for statement in EVERY:
            if isinstance(statement, sa.Update | sa.Delete):
                check_changes(tx, statement)

    await database.write(work)


async def test_many_rows_are_inserted(database):
    statement = prepared.prepared(sa.insert(inbox.inbox))
    row = {"bot": "telegram", "identity": "7", "chat": "1", "payload": "{}", "received_at": NOW}

    def work(tx):
        rows = [{**row, "state": "waiting"}, {**row, "identity": "8", "state": "waiting"}]
        assert tx.execute(statement, rows).rowcount == 2
        return [one.identity for one in inbox.waiting(tx, limit=9)]

    assert await database.write(work) == ["7", "8"]


async def test_a_unit_that_fails_in_a_prepared_statement_is_rolled_back_alone(database):
    def take(identity):
        return lambda tx: inbox.take_in(tx, [Update("telegram", identity, "1", "{}")], NOW)

    insert = prepared.prepared(sa.insert(inbox.inbox))

    def twice(tx):
        take("lost")(tx)
        row = {"bot": "telegram", "identity": "lost", "chat": "1", "payload": "{}"}
        tx.execute(insert, {**row, "received_at": NOW, "state": "waiting"})

    first, failing, last = (database.submit(one) for one in (take("1"), twice, take("2")))
    await first
    with pytest.raises(Exception, match="unique"):
        await failing
    await last
    waiting = await database.read(lambda tx: inbox.waiting(tx, limit=9))
    assert [one.identity for one in waiting] == ["1", "2"]


async def test_a_connection_cut_before_a_prepared_statement_is_a_storage_error(database):
    def cut_itself(tx):
        inbox.take_in(tx, [Update("telegram", "1", "1", "{}")], NOW)
        tx.connection.dbapi_connection.driver_connection.terminate()
        inbox.finish(tx, "telegram", "1")

    with pytest.raises(StorageError):
        await database.write(cut_itself)
    together = [database.submit(one) for one in (cut_itself, lambda tx: None)]
    for one in together:
        with pytest.raises(StorageError):
            await one
    assert await database.read(lambda tx: inbox.waiting(tx, limit=9)) == []
    await database.write(lambda tx: inbox.take_in(tx, [Update("telegram", "2", "1", "{}")], NOW))
    assert len(await database.read(lambda tx: inbox.waiting(tx, limit=9))) == 1
