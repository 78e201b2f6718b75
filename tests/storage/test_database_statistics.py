"""The statistics for monitoring, and the write that changes nothing, on both databases."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import text

from storage import history
from storage.database_statistics import database_statistics, newest_change
from storage.engine.database import Database
from storage.errors import Closed
from storage.messages import inbox, outbox
from tests.outbox import enqueue
from tests.storage.sample import NOW, person


async def test_unfinished_work_is_counted(database: Database) -> None:
    def work(tx) -> None:
        who = person(tx, "1").id
        for days in (-1, 0, 1):
            when = NOW + timedelta(days=days)
            enqueue(tx, who, "reminder", "", NOW, not_before=when, priority=days)
        number = enqueue(tx, who, "notice", "", NOW)
        outbox.finish(tx, number, "sent", NOW)
        updates = [inbox.Update("telegram", str(one), "1", "{}") for one in (1, 2, 3)]
        inbox.take_in(tx, updates, NOW)
        inbox.finish(tx, "telegram", "1")
        inbox.fail(tx, "telegram", "2", most=1)

    await database.write(work)
    found = await database.read(partial(database_statistics, now=NOW, after=0))
    assert found.inbox == {"waiting": 1, "failed": 1}
    assert found.outbox == {"waiting": 3, "sending": 0}
    assert (found.due, found.to_plan) == (2, 0)
    assert found.size > 100_000


async def test_answers_are_counted_once(database: Database) -> None:
    def change(tx) -> None:
        for what in ("answer", "report", "answer"):
            history.record(tx, what, "button", NOW)

    before = await database.read(newest_change)
    await database.write(change)
    found = await database.read(partial(database_statistics, now=NOW, after=before))
    assert found.answers == 2
    again = await database.read(partial(database_statistics, now=NOW, after=found.newest))
    assert (again.answers, again.newest) == (0, found.newest)


async def test_an_empty_write_changes_nothing(database: Database) -> None:
    def version(tx):
        return tx.scalar(text("SELECT version_num FROM alembic_version"))

    before = await database.read(version)
    await database.try_writing()
    assert await database.read(version) == before
    assert database.failures == 0


async def test_a_closed_database_takes_no_write(database: Database) -> None:
    await database.close()
    with pytest.raises(Closed):
        await database.try_writing()
