"""Rosters that were sent as files: one of a person, for a day."""

from datetime import timedelta

from storage.engine.database import Database
from storage.places import workbooks
from tests.storage.sample import NOW, person

SECOND = timedelta(seconds=1)


async def test_a_file_waits_to_be_fetched_until_its_cells_are_kept(database: Database) -> None:
    queue = workbooks.TO_FETCH

    def work(tx) -> None:
        def waiting():
            return [(one.id, one.reference) for one in queue.to_fetch(tx, 10)]

        lan, tu = person(tx, "1").id, person(tx, "2").id
        assert waiting() == []
        first = workbooks.add(tx, lan, "telegram:a", NOW)
        second = workbooks.add(tx, lan, "telegram:b", NOW)
        assert workbooks.workbook(tx, first) is None or first == second
        other = workbooks.add(tx, tu, "telegram:c", NOW)
        assert waiting() == [(second, "telegram:b"), (other, "telegram:c")]
        queue.failed(tx, queue.to_fetch(tx, 1)[0], NOW + SECOND)
        assert [one.tries for one in queue.to_fetch(tx, 10)] == [0, 1]
        assert workbooks.store_cells(tx, other, "[]")
        assert waiting() == [(second, "telegram:b")]
        assert workbooks.workbook(tx, second).cells is None
        workbooks.drop(tx, [second])
        assert waiting() == []
        assert not workbooks.store_cells(tx, second, "[]")
        assert workbooks.workbook(tx, other).cells == "[]"

    await database.write(work)


async def test_after_a_day_a_file_is_old(database: Database) -> None:
    def work(tx) -> None:
        made = workbooks.add(tx, person(tx, "1").id, "telegram:a", NOW)
        assert workbooks.old(tx, NOW + workbooks.KEPT) == []
        assert workbooks.old(tx, NOW + workbooks.KEPT + SECOND) == [made]

    await database.write(work)


async def test_files_that_name_a_person_are_dropped(database: Database) -> None:
    def work(tx) -> None:
        def kept(chat, cells):
            made = workbooks.add(tx, person(tx, chat).id, "telegram:a", NOW)
            workbooks.store_cells(tx, made, cells)
            return made

        naming = kept("1", '[["Trưởng khu TRẦN THỊ BƯỞI"]]')
        other = kept("2", '[["Trưởng khu Bưởi"]]')
        unread = workbooks.add(tx, person(tx, "3").id, "telegram:a", NOW)
        workbooks.drop_naming(tx, "Bưởi")
        workbooks.drop_naming(tx, "")
        assert workbooks.workbook(tx, naming) is not None
        workbooks.drop_naming(tx, "Trần  Thị Bưởi")
        assert workbooks.workbook(tx, naming) is None
        assert workbooks.workbook(tx, other) is not None
        assert workbooks.workbook(tx, unread) is not None

    await database.write(work)
