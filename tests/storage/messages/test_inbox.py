"""Updates are stored once, handled once, and emptied."""

from datetime import timedelta

import pytest

from storage.engine.database import Database
from storage.messages import inbox
from storage.messages.inbox import Update
from tests.storage.sample import DAY, NOW


def updates(*ids: int) -> list[Update]:
    return [
        Update("telegram", str(one), f"chat-{one % 2}", f'{{"update_id": {one}}}') for one in ids
    ]


async def test_a_redelivered_update_is_not_stored_again(database: Database) -> None:
    assert await database.write(lambda tx: inbox.take_in(tx, updates(5, 6, 7), NOW)) == [
        "5",
        "6",
        "7",
    ]
    await database.write(lambda tx: inbox.finish(tx, "telegram", "6"))
    assert await database.write(lambda tx: inbox.take_in(tx, updates(6, 7, 8, 8), NOW)) == ["8"]
    waiting = await database.read(lambda tx: inbox.waiting(tx, limit=9))
    assert [one.identity for one in waiting] == ["5", "7", "8"]


async def test_only_a_waiting_update_is_marked_as_done_and_once(database: Database) -> None:
    await database.write(lambda tx: inbox.take_in(tx, updates(6, 7), NOW))
    (_, last) = await database.read(lambda tx: inbox.waiting(tx, limit=9))
    done = [
        await database.write(lambda tx, one=one: inbox.finish(tx, "telegram", one))
        for one in ("7", "7", "99")
    ]
    assert done == [last.number, None, None]


async def test_waiting_updates_are_given_in_order_and_by_chat(database: Database) -> None:
    await database.write(lambda tx: inbox.take_in(tx, updates(3, 4, 5, 9), NOW))
    await database.write(lambda tx: inbox.finish(tx, "telegram", "5"))

    def ids(**given: object):
        return lambda tx: [int(one.identity) for one in inbox.waiting(tx, **given)]

    assert await database.read(ids(limit=10)) == [3, 4, 9]
    assert await database.read(ids(limit=1, after=1)) == [4]
    assert await database.read(ids(limit=10, chat=("telegram", "chat-1"))) == [3, 9]


async def test_an_update_that_fails_three_times_is_set_aside(database: Database) -> None:
    await database.write(lambda tx: inbox.take_in(tx, updates(1, 2), NOW))
    tries = [await database.write(lambda tx: inbox.fail(tx, "telegram", "1")) for _ in range(3)]
    assert tries == [1, 2, 3]
    assert await database.read(inbox.failed_count) == 1
    assert [u.identity for u in await database.read(lambda tx: inbox.waiting(tx, limit=9))] == ["2"]
    assert await database.write(lambda tx: inbox.finish(tx, "telegram", "1")) is None


async def test_only_the_number_of_a_done_update_is_kept(database: Database) -> None:
    await database.write(lambda tx: inbox.take_in(tx, updates(1), NOW))
    await database.write(lambda tx: inbox.finish(tx, "telegram", "1"))
    row = await database.read(
        lambda tx: tx.exec_driver_sql("SELECT payload, state FROM inbox").one()
    )
    assert tuple(row) == (None, "done")


async def test_failed_updates_are_emptied_after_a_week_and_the_newest_numbers_stay(
    database: Database,
) -> None:
    def work(tx) -> list[tuple[int, str | None]]:
        inbox.take_in(tx, updates(1, 2), NOW)
        for _ in range(3):
            inbox.fail(tx, "telegram", "1")
        inbox.finish(tx, "telegram", "2")
        inbox.empty_failed(tx, NOW + 6 * DAY)
        assert tx.exec_driver_sql("SELECT count(payload) FROM inbox").scalar() == 1
        inbox.empty_failed(tx, NOW + 8 * DAY)
        assert inbox.old(tx, NOW + 400 * DAY) == []
        rows = tx.exec_driver_sql("SELECT id, payload FROM inbox ORDER BY id")
        return [tuple(row) for row in rows]

    assert await database.write(work) == [(1, None), (2, None)]


async def test_old_update_numbers_are_deleted_when_there_are_many(database: Database) -> None:
    def work(tx) -> tuple[int, int | None]:
        inbox.take_in(tx, updates(*range(1, 1502)), NOW)
        for one in range(1, 1501):
            inbox.finish(tx, "telegram", str(one))
        assert inbox.old(tx, NOW + timedelta(days=29)) == []
        old = inbox.old(tx, NOW + timedelta(days=31))
        inbox.drop(tx, [*old, 1501])  # that one waits
        return tx.exec_driver_sql("SELECT count(*), max(id) FROM inbox").one()

    assert await database.write(work) == (1000, 1501)


async def test_each_retention_time_ends_exactly(database: Database) -> None:
    second = timedelta(seconds=1)

    def work(tx) -> None:
        inbox.take_in(tx, updates(*range(1, 1003)), NOW)
        for one in range(1, 1003):
            inbox.fail(tx, "telegram", str(one), most=1)
        kept = "SELECT count(payload) FROM inbox"
        inbox.empty_failed(tx, NOW + 7 * DAY)
        assert tx.exec_driver_sql(kept).scalar() == 1002
        assert inbox.old(tx, NOW + 30 * DAY) == []
        assert sorted(inbox.old(tx, NOW + 30 * DAY + second)) == [1, 2]  # the newest thousand stay
        inbox.empty_failed(tx, NOW + 7 * DAY + second)
        assert tx.exec_driver_sql(kept).scalar() == 0
        assert tx.exec_driver_sql("SELECT DISTINCT chat FROM inbox").scalars().all() == [""]
        assert inbox.failed_count(tx) == 1002

    await database.write(work)


async def test_the_oldest_waiting_update_of_each_chat_is_found(database: Database) -> None:
    def work(tx) -> None:
        assert inbox.oldest(tx) == {}
        inbox.take_in(tx, updates(2, 3, 4, 5), NOW)
        inbox.finish(tx, "telegram", "2")
        assert inbox.oldest(tx) == {("telegram", "chat-0"): 3, ("telegram", "chat-1"): 2}
        assert [one.received_at for one in inbox.waiting(tx, limit=1)] == [NOW]

    await database.write(work)


async def test_a_done_update_cannot_fail(database: Database) -> None:
    def work(tx) -> None:
        inbox.take_in(tx, updates(1, 2), NOW)
        inbox.finish(tx, "telegram", "1")
        assert inbox.fail(tx, "telegram", "1") == inbox.TRIES  # nothing waits: as if given up
        assert inbox.failed_count(tx) == 0
        assert [inbox.fail(tx, "telegram", "2", most=2) for _ in range(2)] == [1, 2]
        assert inbox.failed_count(tx) == 1
        inbox.drop(tx, [1])
        assert tx.exec_driver_sql("SELECT id FROM inbox").scalars().all() == [2]

    await database.write(work)


@pytest.mark.parametrize("dialect", [pytest.param("postgresql", marks=pytest.mark.postgres)])
async def test_workers_get_the_first_updates_of_each_chat_and_how_many_more_wait(database) -> None:
    def work(tx) -> None:
        inbox.take_in(tx, updates(1, 2, 3, 5, 7), NOW)
        inbox.take_in(tx, [Update("zalo-a", "1", "chat-1", "{}")], NOW)
        inbox.finish(tx, "telegram", "3")
        one, other = ("telegram", "chat-1"), ("telegram", "chat-0")

        def pages(*chats, limit=2):
            found = inbox.pages(tx, chats, limit)
            return {
                chat: ([update.identity for update in page.updates], page.left)
                for chat, page in found.items()
            }

        assert pages(one, other, ("telegram", "chat-9")) == {
            one: (["1", "5"], 1), other: (["2"], 0),
        }  # fmt: skip
        assert pages(("zalo-a", "chat-1")) == {("zalo-a", "chat-1"): (["1"], 0)}
        assert pages(one, limit=9) == {one: (["1", "5", "7"], 0)}

    await database.write(work)
