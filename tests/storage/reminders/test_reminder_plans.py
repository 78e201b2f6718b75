"""Which rounds must be planned, in which order, by which plan; and the people of each report."""

from datetime import time

import pytest
from pydantic import ValidationError
from sqlalchemy import Connection

from criteria.reminders import USUAL, Anchor, PlanEntry, ReminderPlan
from storage import history
from storage.engine.database import Database
from storage.people import people
from storage.personal_data import withdrawal
from storage.places import places
from storage.reminders import evenings, reminder_plans
from storage.reminders.reminder_plans import ResponsiblePerson
from storage.reports import reports
from storage.rounds import rounds
from tests.storage.sample import DAY, NOW, open_round, person, sample


async def test_the_round_with_the_nearest_deadline_is_planned_first(database: Database) -> None:
    def work(tx) -> None:
        communes = [places.add_commune(tx, f"x{n}", f"Xã {n}") for n in range(4)]
        opened = [open_round(tx, one.id, opens_at=NOW - DAY) for one in communes]
        for one, days in zip(opened, (5, 2, 9, 2), strict=True):
            rounds.edit(tx, one.id, NOW, deadline=NOW + days * DAY)
        reminder_plans.set_planned_until(tx, opened[2].id, NOW + DAY)  # done until tomorrow
        first, second, _, third = (one.id for one in opened)
        assert reminder_plans.rounds_to_plan(tx, NOW) == [second, third, first]

    await database.write(work)


async def test_a_round_is_looked_at_again_from_the_moment_of_a_change(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)

        def since():
            return reminder_plans.planned_until(tx, s.round.id)

        assert since() == s.round.opens_at
        reminder_plans.set_planned_until(tx, s.round.id, NOW + DAY)
        assert since() == NOW + DAY
        rounds.edit(tx, s.round.id, NOW, deadline=s.round.deadline + DAY)
        assert since() == NOW
        closed = rounds.close_round(tx, s.round.id, NOW + DAY)
        assert since() == closed.closes_at == NOW + DAY
        rounds.cancel_round(tx, s.round.id, "nhầm", NOW + DAY)
        assert since() is None
        assert reminder_plans.rounds_to_plan(tx, NOW + 99 * DAY) == []
        assert reminder_plans.planned_until(tx, 999) is None

    await database.write(work)


async def test_a_plan_is_the_usual_one_until_somebody_changes_it(database: Database) -> None:
    own = ReminderPlan(
        (PlanEntry(Anchor.OPENING), PlanEntry(Anchor.DEADLINE, -2), PlanEntry(Anchor.CLOSE, 1)),
        time(18, 30),
    )

    def work(tx: Connection) -> None:
        s = sample(tx)
        number = s.round.id

        def change(plan: ReminderPlan, days: int) -> None:
            reminder_plans.set_plan(
                tx, number, plan, NOW + days * DAY, by=s.person.id, way="button"
            )

        assert reminder_plans.plan_of(tx, number) == USUAL
        reminder_plans.set_planned_until(tx, number, NOW + 9 * DAY)
        change(USUAL, 1)
        assert reminder_plans.planned_until(tx, number) == NOW + 9 * DAY  # nothing was changed
        change(own, 2)
        assert reminder_plans.plan_of(tx, number) == own
        assert reminder_plans.planned_until(tx, number) == NOW + 2 * DAY
        change(own, 3)
        assert reminder_plans.planned_until(tx, number) == NOW + 2 * DAY
        changes = [one for one in history.history_of_round(tx, number) if one.what == "reminders"]
        (entry,) = changes
        assert (entry.way, entry.person_id, entry.at) == ("button", s.person.id, NOW + 2 * DAY)
        assert entry.old["entries"] == [
            "opening", "deadline-7", "deadline-3", "deadline-1", "deadline+0", "deadline+1",
            "close-1",
        ]  # fmt: skip
        assert (entry.new["entries"], entry.new["at"]) == (
            ["opening", "deadline-2", "close+1"], "18:30:00",
        )  # fmt: skip

    await database.write(work)


def test_an_entry_survives_being_written_and_read() -> None:
    texts = ["opening", "deadline-3", "deadline+0", "close-1", "close+12"]
    entries = reminder_plans.entries_from(texts)
    assert [reminder_plans.entry_text(one) for one in entries] == texts


@pytest.mark.parametrize("text", ["", "deadline", "deadline-1000", "close3", "week", "end-1"])
def test_an_invalid_entry_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        reminder_plans.entries_from([text])


async def test_the_people_of_each_report_are_found(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        one, two, three = (unit.id for unit in s.areas)
        who = [person(tx, f"r{n}").id for n in range(4)]
        for number, unit in zip(who, (two, one, one, three), strict=True):
            people.add_membership(tx, number, "reporter", unit_id=unit, now=NOW)
        people.add_membership(tx, s.person.id, "officer", commune_id=s.commune.id, now=NOW)
        people.add_membership(tx, s.other.id, "leader", commune_id=s.commune.id, now=NOW)
        elsewhere = places.add_commune(tx, "khac", "Xã Khác")
        people.add_membership(tx, s.other.id, "officer", commune_id=elsewhere.id, now=NOW)
        withdrawal.forget(tx, who[2], NOW)
        for held in people.memberships_of(tx, who[3]):
            people.end_membership(tx, held.id, NOW)
        tasks = reminder_plans.tasks_of_round(tx, s.round.id)
        assert [(task.person_id, task.unit_id, task.office) for task in tasks] == [
            (who[1], one, False), (who[0], two, False), (s.person.id, s.office.id, True),
        ]  # fmt: skip
        assert not any(task.is_in or task.muted or task.evenings or task.told for task in tasks)
        assert reminder_plans.tasks_of_person(tx, s.round.id, who[0]) == [tasks[1]]
        assert reminder_plans.tasks_of_person(tx, s.round.id, s.other.id) == []

    await database.write(work)


@pytest.mark.parametrize(
    ("state", "is_in"),
    [("draft", False), ("sent", True), ("accepted", True), ("returned", False)],
)
async def test_a_report_is_in_once_it_is_sent(database: Database, state: str, is_in: bool) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        people.add_membership(tx, s.person.id, "reporter", unit_id=s.areas[0].id, now=NOW)
        report = reports.start_report(tx, s.round.id, s.areas[0].id, NOW)
        if state != "draft":
            report = reports.send_report(tx, report, by=None, now=NOW, deadline=NOW)
        if state == "accepted":
            reports.accept_report(tx, report, by=None, now=NOW)
        if state == "returned":
            reports.return_report(tx, report, ["HT1"], "xem lại", by=None, now=NOW)
        (task,) = reminder_plans.tasks_of_round(tx, s.round.id)
        assert task.is_in is is_in

    await database.write(work)


async def test_people_who_muted_a_round_are_found(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        people.add_membership(tx, s.person.id, "reporter", unit_id=s.areas[0].id, now=NOW)
        rounds.close_round(tx, s.round.id, NOW)
        other = open_round(tx, s.commune.id, "Sau", NOW)

        def muted() -> list[bool]:
            return [reminder_plans.tasks_of_round(tx, one.id)[0].muted for one in (s.round, other)]

        for _ in range(2):
            reminder_plans.mute(tx, s.person.id, other.id, NOW)
        assert muted() == [False, True]
        reminder_plans.unmute(tx, s.other.id, other.id)
        reminder_plans.unmute(tx, s.person.id, s.round.id)
        assert muted() == [False, True]
        reminder_plans.unmute(tx, s.person.id, other.id)
        assert muted() == [False, False]

    await database.write(work)


async def test_evening_questions_are_only_for_the_report_of_an_area(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        people.add_membership(tx, s.person.id, "reporter", unit_id=s.areas[0].id, now=NOW)
        people.add_membership(tx, s.person.id, "officer", commune_id=s.commune.id, now=NOW)
        assert evenings.chosen_at(tx, s.person.id) is None
        evenings.choose(tx, s.person.id, NOW)
        evenings.choose(tx, s.person.id, NOW + DAY)
        assert evenings.chosen_at(tx, s.person.id) == NOW

        def tasks() -> list[ResponsiblePerson]:
            return reminder_plans.tasks_of_person(tx, s.round.id, s.person.id)

        assert [(task.evenings, task.by_evening, task.told) for task in tasks()] == [
            (True, True, False), (True, False, False),
        ]  # fmt: skip
        evenings.mark_end_announced(tx, s.other.id, s.round.id)
        assert not any(task.told for task in tasks())
        evenings.mark_end_announced(tx, s.person.id, s.round.id)
        assert all(task.told for task in tasks())
        rounds.close_round(tx, s.round.id, NOW)
        later = open_round(tx, s.commune.id, "Sau", NOW)
        assert not any(task.told for task in reminder_plans.tasks_of_round(tx, later.id))
        evenings.mark_end_announced(tx, s.person.id, later.id)
        evenings.mark_end_announced(
            tx, s.person.id, s.round.id
        )  # an older round does not change the mark
        assert all(task.told for task in reminder_plans.tasks_of_round(tx, later.id))
        assert evenings.stop(tx, s.person.id)
        assert not evenings.stop(tx, s.person.id)
        assert not any(task.evenings for task in tasks())

    await database.write(work)
