"""Transfers of roles, and invitations that replace somebody."""

from storage import history
from storage.engine.database import Database
from storage.people import invitations, people, roles
from storage.personal_data import withdrawal
from tests.storage.sample import DAY, NOW, sample


def held(tx, person_id):
    return {(m.role, m.unit_id, m.label) for m in people.memberships_of(tx, person_id)}


async def test_roles_are_moved_handed_over_and_removed(database: Database) -> None:
    def work(tx) -> None:
        s = sample(tx)
        first, second = s.areas[:2]
        made = people.add_membership(
            tx, s.person.id, "reporter", unit_id=first.id, label="Trưởng khu", now=NOW
        )
        roles.move_role(tx, roles.member(tx, made.id), second.id, by=s.other.id, now=NOW)
        assert roles.member(tx, made.id) is None
        assert held(tx, s.person.id) == {("reporter", second.id, "Trưởng khu")}
        moved = people.members_of_unit(tx, second.id)[0]
        roles.hand_over(tx, moved, s.other.id, by=s.other.id, now=NOW)
        assert held(tx, s.person.id) == set()
        assert held(tx, s.other.id) == {("reporter", second.id, "Trưởng khu")}
        theirs = people.members_of_unit(tx, second.id)[0]
        assert roles.end_role(tx, theirs, by=s.other.id, now=NOW, why="removed")
        assert not roles.end_role(tx, theirs, by=s.other.id, now=NOW, why="removed")
        entries = history.history_of_unit(tx, second.id)
        assert [entry.what for entry in entries] == ["role", "role", "role"]
        assert entries[0].new["state"] == "removed"
        assert entries[0].old["person"] == s.other.id

    await database.write(work)


async def test_a_new_account_gets_all_roles_in_the_commune(database: Database) -> None:
    def work(tx) -> None:
        s = sample(tx)
        for area in s.areas[:2]:
            people.add_membership(tx, s.person.id, "reporter", unit_id=area.id, now=NOW)
        people.add_membership(tx, s.person.id, "operator", group_name="Phú Thọ", now=NOW)
        assert not roles.replace_person(tx, s.person.id, s.commune.id, s.person.id, NOW)
        assert roles.replace_person(tx, s.person.id, s.commune.id, s.other.id, NOW)
        assert not roles.replace_person(tx, s.person.id, s.commune.id, s.other.id, NOW)
        assert {unit for _, unit, _ in held(tx, s.other.id)} == {a.id for a in s.areas[:2]}
        assert held(tx, s.person.id) == {("operator", None, None)}

    await database.write(work)


async def test_the_members_who_joined_with_an_invitation_are_found(database: Database) -> None:
    def work(tx) -> None:
        s = sample(tx)
        made, code = invitations.create_invitation(
            tx, "reporter", now=NOW, expires_at=NOW + DAY, commune_id=s.commune.id,
            unit_id=s.areas[0].id, uses=3, created_by=s.other.id, replaces_id=s.person.id,
        )  # fmt: skip
        assert invitations.find_invitation(tx, code) == made
        assert invitations.invitation_by_id(tx, made.id) == made
        assert invitations.find_invitation(tx, "nothing") is None
        assert roles.joined_by(tx, made.id) == []
        for one in (s.person, s.other):
            people.add_membership(
                tx, one.id, "reporter", unit_id=s.areas[0].id, invitation_id=made.id, now=NOW
            )
        withdrawal.forget(tx, s.person.id, NOW)
        joined = roles.joined_by(tx, made.id)
        assert [one.name for one in joined] == [None, "Cô Lan"]
        assert [one.ended_at for one in joined] == [NOW, None]

    await database.write(work)


async def test_the_last_officer_is_recognised(database: Database) -> None:
    def work(tx) -> None:
        s = sample(tx)
        ids = [
            people.add_membership(tx, one.id, "officer", commune_id=s.commune.id, now=NOW).id
            for one in (s.person, s.other)
        ]
        first = roles.member(tx, ids[0])
        assert not roles.last_officer(tx, first)
        people.end_membership(tx, ids[1], NOW)
        assert roles.last_officer(tx, first)

    await database.write(work)
