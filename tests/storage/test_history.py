"""The history as it is read: of an area, of the office, of a round; page by page."""

from sqlalchemy import Connection

from storage import history
from storage.engine.database import Database
from storage.personal_data import withdrawal
from storage.places import places
from storage.rounds import rounds
from tests.storage.sample import DAY, NOW, sample


def whats(entries: list[history.HistoryEntry]) -> list[str]:
    return [one.what for one in entries]


async def test_the_history_of_a_unit_comes_in_pages_with_the_newest_first(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        unit, other = s.areas[0].id, s.areas[1].id
        for number in range(5):
            history.record(tx, f"a{number}", "text", NOW + number * DAY, unit_id=unit)
            history.record(tx, "other", "text", NOW, unit_id=other)
        first = history.history_of_unit(tx, unit, limit=2)
        assert whats(first) == ["a4", "a3"]
        second = history.history_of_unit(tx, unit, limit=2, before=first[-1].id)
        assert whats(second) == ["a2", "a1"]
        assert whats(history.history_of_unit(tx, unit, before=second[-1].id)) == ["a0"]
        assert first[0].at == NOW + 4 * DAY

    await database.write(work)


async def test_the_history_of_the_office_has_its_own_and_the_communes_changes(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        elsewhere = places.add_commune(tx, "khac", "Xã Khác")
        before = history.history_of_office(tx, s.commune.id, s.office.id)
        assert whats(before) == ["round"]
        history.record(tx, "office", "text", NOW, unit_id=s.office.id)
        history.record(tx, "commune", "text", NOW, commune_id=s.commune.id)
        history.record(tx, "area", "text", NOW, commune_id=s.commune.id, unit_id=s.areas[0].id)
        history.record(tx, "elsewhere", "text", NOW, commune_id=elsewhere.id)
        found = history.history_of_office(tx, s.commune.id, s.office.id)
        assert whats(found) == ["commune", "office", "round"]
        page = history.history_of_office(tx, s.commune.id, s.office.id, limit=1)
        assert whats(page) == ["commune"]
        page = history.history_of_office(tx, s.commune.id, s.office.id, limit=1, before=page[0].id)
        assert whats(page) == ["office"]

    await database.write(work)


async def test_an_entry_has_all_that_was_recorded(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        history.record(
            tx, "answer", "text", NOW, person_id=s.person.id, commune_id=s.commune.id,
            round_id=s.round.id, unit_id=s.areas[0].id, indicator="HT1",
            old={"note": "gọi 0912 345 678", "name": "0912 345 678"}, new={"numerator": 0},
        )  # fmt: skip
        *_, entry = history.history_of_round(tx, s.round.id)
        assert (entry.what, entry.way, entry.at, entry.indicator) == ("answer", "text", NOW, "HT1")
        assert (entry.person_id, entry.name) == (s.person.id, "Bác Tư")
        assert (entry.round_id, entry.unit_id, entry.report_id) == (
            s.round.id, s.areas[0].id, None,
        )  # fmt: skip
        # Free texts are stored without telephone numbers.
        assert entry.old == {"v": 1, "note": "gọi …", "name": "0912 345 678"}
        assert entry.new == {"v": 1, "numerator": 0}
        withdrawal.forget(tx, s.person.id, NOW)
        again = next(e for e in history.history_of_round(tx, s.round.id) if e.id == entry.id)
        assert (again.person_id, again.name) == (s.person.id, None)

    await database.write(work)


async def test_many_changes_are_recorded_in_their_order(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        history.record_all(tx, [])
        changes = [
            history.change(f"a{n}", "import", NOW, unit_id=s.areas[0].id, round_id=s.round.id)
            for n in range(3)
        ]
        history.record_all(tx, changes)
        rounds.close_round(tx, s.round.id, NOW)
        assert whats(history.history_of_round(tx, s.round.id)) == [
            "round", "a0", "a1", "a2", "round",
        ]  # fmt: skip
        assert history.unpack(None) is None
        assert history.pack(None) is None

    await database.write(work)
