"""Scheduled rounds: one schedule for each set in each commune, due on a day."""

from datetime import timedelta

from sqlalchemy import Connection

from criteria.schedule import Every, Schedule
from storage import history
from storage.engine.database import Database
from storage.places import places
from storage.results import deadline_results
from storage.rounds import rounds, schedules
from tests.storage.sample import CRITERIA, DAY, NOW, sample

MONTHLY, QUARTERLY = Schedule(Every.MONTH, 15, 25), Schedule(Every.QUARTER, 1, 31)
TODAY = NOW.date()


async def test_a_schedule_replaces_the_one_before(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)

        def set_it(criteria_id: str, schedule: Schedule | None) -> None:
            schedules.set_schedule(
                tx, s.commune.id, criteria_id, schedule, TODAY, NOW, by=s.person.id
            )

        for one in ("b-set", "a-set"):
            set_it(one, MONTHLY)
        set_it("a-set", QUARTERLY)
        set_it("a-set", QUARTERLY)
        found = schedules.schedules_of(tx, s.commune.id)
        assert [(one.criteria_id, one.schedule, one.next_on) for one in found] == [
            ("a-set", QUARTERLY, TODAY), ("b-set", MONTHLY, TODAY),
        ]  # fmt: skip
        set_it("a-set", None)
        set_it("c-set", None)
        assert [one.criteria_id for one in schedules.schedules_of(tx, s.commune.id)] == ["b-set"]
        entries = [
            one
            for one in history.history_of_office(tx, s.commune.id, s.office.id)
            if one.what == "schedule"
        ]
        monthly = {"v": 1, "every": "month", "opens_on": 15, "deadline_on": 25}
        quarterly = {"v": 1, "every": "quarter", "opens_on": 1, "deadline_on": 31}
        assert [(one.old, one.new) for one in entries] == [
            (quarterly, None), (monthly, quarterly), (None, monthly), (None, monthly),
        ]  # fmt: skip
        assert {one.person_id for one in entries} == {s.person.id}

    await database.write(work)


async def test_due_schedules_come_in_the_order_of_their_day(database: Database) -> None:
    def work(tx: Connection) -> None:
        made = [places.add_commune(tx, code, f"Xã {code}").id for code in "abcd"]
        for commune, days in zip(made, (1, 0, -3, 0), strict=True):
            schedules.set_schedule(tx, commune, "a-set", MONTHLY, TODAY + timedelta(days=days), NOW)
        due = schedules.schedules_due(tx, TODAY)
        assert [one.commune_id for one in due] == [made[2], made[1], made[3]]
        schedules.move_on(tx, due[0].id, TODAY + timedelta(days=27))
        assert [one.commune_id for one in schedules.schedules_due(tx, TODAY)] == [made[1], made[3]]
        gone = schedules.schedules_without_set(tx, {"another"})
        assert [one.commune_id for one in gone] == made
        assert schedules.schedules_without_set(tx, {"a-set"}) == []

    await database.write(work)


async def test_the_result_at_the_deadline_is_stored_once(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        end = s.round.deadline
        assert deadline_results.rounds_at_deadline(tx, end - timedelta(seconds=1)) == []
        assert [one.id for one in deadline_results.rounds_at_deadline(tx, end)] == [s.round.id]
        assert deadline_results.stored(tx, s.round) is None
        deadline_results.store(tx, s.round, {"met": 8, "commune": "Xã Đồi Chè"})
        assert deadline_results.rounds_at_deadline(tx, end) == []
        assert deadline_results.stored(tx, s.round) == {"met": 8, "commune": "Xã Đồi Chè"}
        moved = rounds.edit(tx, s.round.id, NOW, deadline=end + DAY)
        assert deadline_results.stored(tx, moved) is None
        assert deadline_results.rounds_at_deadline(tx, end) == []
        assert deadline_results.rounds_at_deadline(tx, end + DAY) == [moved]
        deadline_results.store(tx, moved, {"met": 9})
        assert deadline_results.stored(tx, moved) == {"met": 9}
        assert deadline_results.stored(tx, s.round) is None
        rounds.edit(tx, s.round.id, NOW, deadline=end + 2 * DAY)
        rounds.close_round(tx, s.round.id, NOW)
        assert deadline_results.rounds_at_deadline(tx, end + 9 * DAY) == []
        assert s.round.criteria_id == CRITERIA

    await database.write(work)
