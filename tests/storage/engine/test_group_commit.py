"""The queue of the writer: how groups are made, and when the database counts as failing."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import Connection

from storage.engine import group_commit
from storage.engine.database import Database
from storage.engine.group_commit import UnitOutcome, Work, Writer, savepoint, translated_error
from storage.errors import Closed, DiskFull
from tests.storage.sample import person


class Groups:
    """Records the groups of the writer; each unit gives its own number."""

    def __init__(self) -> None:
        self.seen: list[list[int]] = []
        self.most = 99  # the number of units after which a transaction ends early
        self.error: Exception | None = None

    async def run(self, works: Sequence[Work[int]]) -> list[UnitOutcome[int]]:
        numbers = [work(None) for work in works[: self.most]]
        self.seen.append(numbers)
        if self.error is not None:
            raise self.error
        return [UnitOutcome(value=one) for one in numbers]


@asynccontextmanager
async def writing(groups: Groups, largest: int = 99) -> AsyncIterator[Writer]:
    writer = Writer(groups.run, largest)
    try:
        yield writer
    finally:
        await writer.close()


def numbered(number: int) -> Work[int]:
    return lambda _: number


async def test_a_group_has_a_maximum_size_and_keeps_the_order() -> None:
    groups = Groups()
    async with writing(groups, largest=2) as writer:
        waiting = [writer.submit(numbered(one)) for one in range(5)]
        assert writer.waiting == 5
        assert await asyncio.gather(*waiting) == [0, 1, 2, 3, 4]
        assert writer.waiting == 0
    assert groups.seen == [[0, 1], [2, 3], [4]]


async def test_units_that_did_not_fit_come_first_in_the_next_group() -> None:
    groups = Groups()
    groups.most = 2
    async with writing(groups, largest=4) as writer:
        found = await asyncio.gather(*(writer.submit(numbered(one)) for one in range(6)))
    assert found == [0, 1, 2, 3, 4, 5]
    assert groups.seen == [[0, 1], [2, 3], [4, 5]]


async def test_a_unit_that_nobody_waits_for_joins_the_next_group() -> None:
    groups = Groups()
    async with writing(groups) as writer:
        soon = writer.submit_soon(numbered(1))
        for _ in range(5):
            await asyncio.sleep(0)
        assert groups.seen == []
        assert await writer.submit(numbered(2)) == 2
        assert (await soon, groups.seen) == (1, [[1, 2]])
        assert await writer.submit_soon(numbered(3)) == 3  # and alone when no other unit comes
        assert await writer.submit_soon(numbered(4)) == 4


async def test_a_cancelled_unit_is_left_out() -> None:
    groups = Groups()
    async with writing(groups) as writer:
        first, second = writer.submit(numbered(1)), writer.submit(numbered(2))
        first.cancel()
        assert await second == 2
    assert groups.seen == [[2]]


async def test_closing_waits_for_submitted_units_and_takes_no_more() -> None:
    groups = Groups()
    writer = Writer(groups.run, 1)
    waiting = [writer.submit(numbered(1)), writer.submit_soon(numbered(2))]
    await writer.close()
    assert [one.result() for one in waiting] == [1, 2]
    for submit in (writer.submit, writer.submit_soon):
        with pytest.raises(Closed):
            submit(numbered(3))


async def test_the_writer_is_failing_until_a_group_succeeds_or_a_minute_passes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    groups, now = Groups(), 1000.0
    monkeypatch.setattr(group_commit.time, "monotonic", lambda: now)
    async with writing(groups) as writer:
        assert (writer.failing, writer.failures) == (False, 0)
        groups.error = DiskFull()
        for failures in (1, 2):
            with pytest.raises(DiskFull):
                await writer.submit(numbered(1))
            assert (writer.failing, writer.failures) == (True, failures)
        now += 59.9
        assert writer.failing
        now += 0.1
        assert not writer.failing
        groups.error = ValueError("a bug")
        with pytest.raises(ValueError, match="a bug"):
            await writer.submit(numbered(1))
        assert (writer.failing, writer.failures) == (False, 2)
        groups.error = DiskFull()
        with pytest.raises(DiskFull):
            await writer.submit(numbered(1))
        groups.error = None
        assert await writer.submit(numbered(7)) == 7
        assert (writer.failing, writer.failures) == (False, 3)


async def test_a_failing_unit_is_rolled_back_and_the_others_stay(database: Database) -> None:
    def fail(tx: Connection) -> None:
        with savepoint(tx):
            person(tx, "2", "goes")
            raise ValueError("part")

    def work(tx: Connection) -> None:
        person(tx, "1", "stays")
        with pytest.raises(ValueError, match="part"):
            fail(tx)
        with savepoint(tx):
            person(tx, "3", "stays, too")
        names = tx.exec_driver_sql("SELECT name FROM people ORDER BY id").scalars().all()
        assert names == ["stays", "stays, too"]

    await database.write(work)


def test_an_error_is_shown_with_its_cause() -> None:
    bug, full = ValueError("a bug"), DiskFull()
    assert translated_error(bug) is bug
    assert translated_error(full) is full
    stopped = translated_error(StopIteration())
    assert isinstance(stopped, RuntimeError)
    assert isinstance(stopped.__cause__, StopIteration)
    refused = ConnectionRefusedError("no server")
    known = translated_error(refused)
    assert known is not None
    assert known.__cause__ is refused
