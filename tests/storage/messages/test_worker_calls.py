"""The calls and pauses of workers, which they share; on a real PostgreSQL."""

import pytest
import sqlalchemy as sa

from storage.messages import worker_calls
from storage.messages.worker_calls import OtherWorkers
from tests.storage.engine.test_worker_session import two, url

__all__ = ["two", "url"]
pytestmark = pytest.mark.postgres


async def test_each_worker_sees_the_calls_and_pauses_of_the_others(two):
    one, other = two
    assert await one.run(lambda tx: worker_calls.other_workers(tx, "one")) == OtherWorkers(0, 0)
    await one.run(lambda tx: worker_calls.publish(tx, "one", 12, 0))
    await other.run(lambda tx: worker_calls.publish(tx, "other", 3, 30))
    assert (await other.run(lambda tx: worker_calls.other_workers(tx, "other"))) == OtherWorkers(
        12, 0
    )
    heard = await one.run(lambda tx: worker_calls.other_workers(tx, "one"))
    assert heard.calls == 3
    assert 20 < heard.pause <= 30
    third = await one.run(lambda tx: worker_calls.other_workers(tx, "third"))
    assert third.calls == 15


async def test_old_calls_of_workers_are_ignored_and_deleted(two):
    one, _ = two
    await one.run(lambda tx: worker_calls.publish(tx, "dead", 12, 0))
    ago = sa.text("UPDATE worker_calls SET said_at = said_at - 3000000")
    await one.run(lambda tx: tx.execute(ago) and None)
    assert await one.run(lambda tx: worker_calls.other_workers(tx, "one")) == OtherWorkers(0, 0)
    await one.run(worker_calls.delete_old)
    count = sa.text("SELECT count(*) FROM worker_calls")
    assert await one.run(lambda tx: tx.scalar(count)) == 1
    long_ago = sa.text("UPDATE worker_calls SET said_at = said_at - 3600000000")
    await one.run(lambda tx: tx.execute(long_ago) and None)
    await one.run(worker_calls.delete_old)
    assert await one.run(lambda tx: tx.scalar(count)) == 0
