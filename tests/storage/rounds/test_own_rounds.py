"""A person moved to the successor of an area reports for the old area until the close."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.engine.database import Database
from storage.people import people, reporters, roles
from storage.people.people import Member
from storage.places import places
from storage.reminders import reminder_plans
from storage.rounds import rounds
from storage.tables import unit_successors
from tests.storage.sample import NOW, Sample, sample


def _merged(tx: Connection) -> tuple[Sample, Member]:
    """Khu 1 and Khu 2 become Khu 3; somebody reports for Khu 1."""
    s = sample(tx)
    first, second, third = (one.id for one in s.areas)
    people.add_membership(tx, s.person.id, "reporter", now=NOW, unit_id=first)
    _becomes(tx, first, third)
    _becomes(tx, second, third)
    return s, people.members_of_unit(tx, first)[0]


def _becomes(tx: Connection, unit: int, successor: int) -> None:
    tx.execute(sa.insert(unit_successors).values(unit_id=unit, successor_id=successor))


def _kept(tx: Connection, s: Sample) -> tuple[int, ...]:
    return reporters.areas_until_close(tx, s.person.id, NOW)


def _move(tx: Connection, s: Sample, area: int) -> None:
    (held,) = people.members_where(tx, people.memberships.c.person_id == s.person.id)
    roles.move_role(tx, held, s.areas[area].id, by=s.other.id, now=NOW)


async def test_a_person_moved_to_the_successor_keeps_the_round_of_the_old_area(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        s, _ = _merged(tx)
        old = s.areas[0].id
        assert _kept(tx, s) == ()
        _move(tx, s, 2)
        assert _kept(tx, s) == (old,)
        assert [one.person.id for one in reporters.reporters_of_unit(tx, old)] == [s.person.id]
        assert people.members_of_unit(tx, old) == []
        assert old not in reporters.units_without_members(tx, s.round.id)
        units = {one.unit_id for one in reminder_plans.tasks_of_person(tx, s.round.id, s.person.id)}
        assert units == {old, s.areas[2].id}
        rounds.close_round(tx, s.round.id, NOW)
        assert _kept(tx, s) == (old,)  # a message that was written in time arrives
        assert reporters.areas_until_close(tx, s.person.id, NOW + timedelta(days=2)) == ()

    await database.write(work)


async def test_a_move_to_any_other_area_ends_that_right(database: Database) -> None:
    def work(tx: Connection) -> None:
        s, _ = _merged(tx)
        _move(tx, s, 1)
        assert _kept(tx, s) == ()

    await database.write(work)


async def test_that_right_outlasts_a_second_merger_but_not_another_move(database: Database) -> None:
    def work(tx: Connection) -> None:
        s, _ = _merged(tx)
        whole = places.add_unit(tx, s.commune.id, "whole", "Khu Chung")
        apart = places.add_unit(tx, s.commune.id, "apart", "Khu Khác")
        _move(tx, s, 2)
        _becomes(tx, s.areas[2].id, whole.id)
        s.areas.extend([whole, apart])
        _move(tx, s, 3)
        assert _kept(tx, s) == (s.areas[0].id, s.areas[2].id)
        _move(tx, s, 4)
        assert _kept(tx, s) == ()

    await database.write(work)


async def test_a_removal_a_handover_and_a_new_account_end_that_right(database: Database) -> None:
    def ended(tx: Connection) -> None:
        for how in ("removed", "handed over", "replaced"):
            with tx.begin_nested() as trial:
                s, _ = _merged(tx)
                _move(tx, s, 2)
                (held,) = people.members_of_unit(tx, s.areas[2].id)
                if how == "removed":
                    roles.end_role(tx, held, by=s.other.id, now=NOW, why="removed")
                elif how == "handed over":
                    roles.hand_over(tx, held, s.other.id, by=s.other.id, now=NOW)
                else:
                    roles.replace_person(tx, s.person.id, s.commune.id, s.other.id, NOW)
                assert _kept(tx, s) == (), how
                assert reporters.areas_until_close(tx, s.other.id, NOW) == ()
                trial.rollback()

    await database.write(ended)
