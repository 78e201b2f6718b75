"""Roles: who holds which role where, by area, commune and role; names and reachability."""

import pytest
from sqlalchemy import Connection

from storage import history
from storage.engine.database import Database
from storage.people import people, reporters, roles
from storage.personal_data import withdrawal
from storage.places import places
from tests.storage.sample import DAY, NOW, person, reach, sample


async def test_members_are_people_who_hold_a_role_now(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        elsewhere = places.add_commune(tx, "x", "Xã X")
        first, second = s.areas[0].id, s.areas[1].id
        one, two, three = (person(tx, f"r{n}").id for n in range(3))

        def give(who: int, role: str, **where: object) -> people.Membership:
            return people.add_membership(tx, who, role, now=NOW, **where)

        give(one, "reporter", unit_id=first, label="Trưởng khu")
        give(two, "reporter", unit_id=first)
        ended = give(two, "reporter", unit_id=second)
        give(one, "officer", commune_id=s.commune.id)
        give(three, "officer", commune_id=elsewhere.id)
        give(three, "operator", group_name="Nhóm")
        assert people.end_membership(tx, ended.id, NOW)

        def who(members: list[people.Member]) -> list[tuple[int, str]]:
            return [(member.person.id, member.membership.role) for member in members]

        assert who(people.members_of_unit(tx, first)) == [(one, "reporter"), (two, "reporter")]
        assert who(people.members_of_unit(tx, second)) == []
        assert who(people.people_of_commune(tx, s.commune.id)) == [
            (one, "reporter"), (two, "reporter"), (one, "officer"),
        ]  # fmt: skip
        assert who(people.people_of_commune(tx, s.commune.id, "officer")) == [(one, "officer")]
        assert who(people.people_with_role(tx, ("officer", "operator"))) == [
            (one, "officer"), (three, "officer"), (three, "operator"),
        ]  # fmt: skip
        both = [s.commune.id, elsewhere.id]
        assert people.officers_by_commune(tx, both) == {s.commune.id: 1, elsewhere.id: 1}
        assert people.officers_by_commune(tx, [elsewhere.id]) == {elsewhere.id: 1}
        found = people.roles_of(tx, [one, three])
        assert [(m.role, m.label) for m in found[one]] == [
            ("reporter", "Trưởng khu"), ("officer", None),
        ]  # fmt: skip
        assert len(found[three]) == 2
        assert people.roles_of(tx, []) == {}
        assert people.people_by_ids(tx, []) == []
        assert [p.id for p in people.people_by_ids(tx, [two, one])] == [one, two]
        assert reporters.units_without_members(tx, s.round.id) == [second, s.areas[2].id]
        assert roles.holds(tx, one, "reporter", first)
        assert not roles.holds(tx, one, "reporter", second)
        assert not roles.holds(tx, one, "officer", first)
        member = people.members_of_unit(tx, first)[0]
        assert not roles.last_officer(tx, member)  # a reporter
        officer = people.people_of_commune(tx, s.commune.id, "officer")[0]
        assert roles.last_officer(tx, officer)

    await database.write(work)


async def test_the_same_role_in_another_place_is_another_membership(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        made = [
            people.add_membership(tx, s.person.id, role, now=NOW, **where)
            for role, where in (
                ("reporter", {"unit_id": s.areas[0].id}), ("reporter", {"unit_id": s.areas[1].id}),
                ("officer", {"commune_id": s.commune.id}), ("leader", {"commune_id": s.commune.id}),
                ("operator", {"group_name": "A"}), ("operator", {"group_name": "B"}),
            )
        ]  # fmt: skip
        assert people.memberships_of(tx, s.person.id) == made
        assert len({one.id for one in made}) == 6
        assert {one.commune_id for one in made[:4]} == {s.commune.id}
        assert [one.commune_id for one in made[4:]] == [None, None]

    await database.write(work)


async def test_unreachable_people_are_listed_by_area(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        who = [person(tx, f"r{n}").id for n in range(3)]
        for one, unit in zip(who, reversed(s.areas), strict=True):
            people.add_membership(tx, one, "reporter", unit_id=unit.id, now=NOW)
            reach(tx, one, False, NOW)
        reach(tx, who[1], True, NOW)
        found = people.unreachable_of_commune(tx, s.commune.id)
        assert [one.person.id for one in found] == [who[2], who[0]]
        assert [people.person(tx, one).unreachable_since for one in who] == [NOW, None, NOW]

    await database.write(work)


async def test_a_returning_person_keeps_the_corrected_name(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        people.set_name(tx, s.person.id, "Nguyễn Văn Tư", NOW)
        people.set_language(tx, s.person.id, "en")
        withdrawal.withdraw(tx, s.person.id, NOW)
        again = person(tx, "1", "Tư")
        assert (again.id, again.name, again.account_name) == (s.person.id, "Nguyễn Văn Tư", "Tư")
        assert again.language == "vi"
        assert people.find_person(tx, "telegram", "1") == again
        assert people.person(tx, s.other.id).name == "Cô Lan"
        states = tx.exec_driver_sql(
            f"SELECT new FROM history WHERE what = 'person' AND person_id = {s.person.id}"
        )
        assert [history.unpack(one)["state"] for one in states.scalars()] == [
            "renamed", "withdrawn", "returned",
        ]  # fmt: skip
        assert people.person(tx, 999) is None

    await database.write(work)


async def test_an_account_without_a_name_keeps_the_stored_name(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        assert people.follow_account(tx, s.person, "Bác Tư", None) == s.person
        gone = people.follow_account(tx, s.person, None, "tu")
        assert (gone.name, gone.account_name, gone.handle) == ("Bác Tư", None, "tu")
        assert people.person(tx, s.person.id) == gone
        assert people.person(tx, s.other.id).handle is None

    await database.write(work)


@pytest.mark.parametrize("to_same_area", [True, False])
async def test_a_transfer_is_in_the_history_of_both_areas(
    database: Database, to_same_area: bool
) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        first, second = s.areas[0].id, s.areas[1].id
        made = people.add_membership(tx, s.person.id, "reporter", unit_id=first, now=NOW)
        member = roles.member(tx, made.id)
        if to_same_area:
            roles.hand_over(tx, member, s.other.id, by=s.other.id, now=NOW + DAY)
            entry = history.history_of_unit(tx, first, limit=1)[0]
            assert (entry.old["person"], entry.new["person"]) == (s.person.id, s.other.id)
        else:
            roles.move_role(tx, member, second, by=s.other.id, now=NOW + DAY)
            left, came = (history.history_of_unit(tx, one, limit=1)[0] for one in (first, second))
            assert (left.new["state"], left.new["to"]) == ("moved", second)
            assert (came.old, came.new["role"]) == (None, "reporter")
        roles.give_area(tx, s.person.id, second, s.commune.id, by=s.other.id, now=NOW)
        assert roles.holds(tx, s.person.id, "reporter", second)
        assert history.history_of_unit(tx, second, limit=1)[0].new["person"] == s.person.id
        assert roles.member(tx, 999) is None

    await database.write(work)
