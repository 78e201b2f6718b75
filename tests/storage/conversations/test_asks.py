"""Asks are found by message and by person, and are deleted after sixty days."""

from datetime import timedelta

from sqlalchemy import Connection

from storage.conversations import asks
from storage.engine.database import Database
from storage.messages import inbox
from storage.messages.inbox import Update
from storage.reports import reports
from tests.storage.sample import DAY, NOW, sample

SECOND = timedelta(seconds=1)


def shown(tx: Connection, person: int, message: str, content: str = "{}", at=NOW, **more) -> None:
    asks.record(tx, person, "telegram", message, content, at, **{"replaced": False, **more})


async def test_the_last_sixteen_asks_are_recent_with_the_oldest_first(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        for number in range(20):
            shown(tx, s.person.id, str(number))
        shown(tx, s.other.id, "x")
        assert [one.message for one in asks.recent(tx, s.person.id)] == [
            str(number) for number in range(4, 20)
        ]
        assert [one.message for one in asks.recent(tx, s.other.id)] == ["x"]

    await database.write(work)


async def test_an_ask_keeps_a_whole_second_and_the_newest_update_of_its_chat(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        shown(tx, s.person.id, "1", "first")
        inbox.take_in(
            tx, [Update("telegram", "7", "1", "{}"), Update("telegram", "9", "1", "{}")], NOW
        )
        shown(tx, s.person.id, "1", "then", NOW + 1.5 * SECOND, replaced=True)
        shown(tx, s.other.id, "1", "another's")
        first, then = asks.of_message(tx, s.person.id, "telegram", "1")
        assert (first.content, first.replaced, first.newest_update) == ("first", False, None)
        assert (then.content, then.replaced, then.newest_update) == ("then", True, 2)
        assert (first.shown_at, then.shown_at) == (NOW, NOW + SECOND)
        assert asks.of_message(tx, s.person.id, "telegram", "2") == []

    await database.write(work)


async def test_a_typed_message_is_stored_as_a_checksum_and_what_it_answered(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        report = reports.start_report(tx, s.round.id, s.areas[0].id, NOW)
        assert asks.written_message(tx, s.person.id, "telegram", "5") is None
        asks.store_written(tx, s.person.id, "telegram", "5", "340", NOW)
        assert asks.written_message(tx, s.person.id, "telegram", "5") == asks.WrittenMessage(
            asks.checksum(" 340 "), None, None
        )
        asks.store_written(tx, s.person.id, "telegram", "5", "350", NOW, (report.id, "HT1"))
        asks.store_written(tx, s.other.id, "telegram", "5", "1", NOW)
        asks.store_written(tx, s.person.id, "telegram", "6", "2", NOW)
        assert asks.written_message(tx, s.person.id, "telegram", "5") == asks.WrittenMessage(
            asks.checksum("350"), report.id, "HT1"
        )
        assert asks.checksum("350") != asks.checksum("340")
        assert len(asks.checksum("350")) == 16

    await database.write(work)


async def test_asks_older_than_sixty_days_go_except_the_newest_of_each_person(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        for person in (s.person.id, s.other.id):
            shown(tx, person, "1")
            shown(tx, person, "2", at=NOW + SECOND)
        shown(tx, s.person.id, "3", at=NOW + 2 * SECOND)
        assert asks.old(tx, NOW + 60 * DAY) == []
        first, *_ = asks.recent(tx, s.person.id)
        other, _ = asks.recent(tx, s.other.id)
        assert sorted(asks.old(tx, NOW + 60 * DAY + SECOND)) == sorted([first.id, other.id])
        assert len(asks.old(tx, NOW + 99 * DAY)) == 3
        asks.drop(tx, asks.old(tx, NOW + 99 * DAY))
        assert [one.message for one in asks.recent(tx, s.person.id)] == ["3"]
        assert [one.message for one in asks.recent(tx, s.other.id)] == ["2"]

    await database.write(work)


async def test_typed_messages_are_deleted_after_sixty_days(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        asks.store_written(tx, s.person.id, "telegram", "1", "a", NOW)
        asks.store_written(tx, s.person.id, "telegram", "2", "b", NOW + SECOND)
        asks.drop_written(tx, NOW + 60 * DAY)
        assert asks.written_message(tx, s.person.id, "telegram", "1") is not None
        asks.drop_written(tx, NOW + 60 * DAY + SECOND)
        assert asks.written_message(tx, s.person.id, "telegram", "1") is None
        assert asks.written_message(tx, s.person.id, "telegram", "2") is not None

    await database.write(work)
