"""Invitations: until when and how often a code is valid, and what is stored."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from storage import history
from storage.engine.database import Database
from storage.people import invitations
from storage.people.invitations import Invitation, InvitationRequest
from tests.storage.sample import DAY, NOW, sample


def invitation(**values: object) -> Invitation:
    usual: dict[str, object] = {
        "id": 1, "role": "reporter", "commune_id": 1, "unit_id": 1, "group_name": None,
        "label": None, "uses": 2, "used": 1, "created_at": NOW, "expires_at": NOW + DAY,
        "revoked_at": None,
    }  # fmt: skip
    return Invitation(**(usual | values))


@pytest.mark.parametrize(
    ("changed", "after", "valid"),
    [
        ({}, timedelta(0), True), ({}, DAY - timedelta(seconds=1), True), ({}, DAY, False),
        ({"used": 2}, timedelta(0), False), ({"used": 0}, timedelta(0), True),
        ({"revoked_at": NOW}, timedelta(0), False),
    ],
)  # fmt: skip
def test_an_invitation_is_valid_until_its_end_and_its_number_of_uses(changed, after, valid) -> None:
    assert invitation(**changed).valid(NOW + after) is valid


async def test_an_invitation_keeps_all_its_values_and_is_found_by_code(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        made, code = invitations.create_invitation(
            tx, "reporter", now=NOW, expires_at=NOW + DAY, uses=4, commune_id=s.commune.id,
            unit_id=s.areas[0].id, label="Trưởng khu", created_by=s.person.id,
            replaces_id=s.other.id, way="button",
        )  # fmt: skip
        assert (made.role, made.uses, made.used, made.label) == ("reporter", 4, 0, "Trưởng khu")
        assert (made.created_by, made.replaces_id) == (s.person.id, s.other.id)
        assert (made.created_at, made.expires_at, made.revoked_at) == (NOW, NOW + DAY, None)
        assert invitations.find_invitation(tx, code) == made
        assert invitations.find_invitation(tx, code[:-1]) is None
        assert invitations.invitation_by_id(tx, made.id) == made
        assert invitations.invitation_by_id(tx, 999) is None
        entry = history.history_of_unit(tx, s.areas[0].id, limit=1)[0]
        assert (entry.what, entry.way, entry.person_id) == ("invitation", "button", s.person.id)
        assert entry.new == {
            "v": 1, "id": made.id, "role": "reporter", "state": "created", "uses": 4,
        }  # fmt: skip

    await database.write(work)


async def test_invitations_made_together_equal_each_alone(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        assert invitations.create_invitations(tx, [], now=NOW, expires_at=NOW) == []
        wanted = [
            InvitationRequest("operator", group_name="Nhóm"),
            InvitationRequest("reporter", s.commune.id, s.areas[0].id, label="Phó khu", uses=3),
        ]
        made = invitations.create_invitations(
            tx, wanted, now=NOW, expires_at=NOW + DAY, created_by=s.person.id
        )
        for one, code in made:
            assert invitations.find_invitation(tx, code) == one
        first, second = (one for one, _ in made)
        assert (first.group_name, first.uses, first.commune_id) == ("Nhóm", 1, None)
        assert (second.label, second.uses, second.created_by) == ("Phó khu", 3, s.person.id)
        assert [one.id for one in invitations.list_invitations(tx)] == [second.id, first.id]
        assert invitations.list_invitations(tx, s.commune.id) == [second]

    await database.write(work)


async def test_a_revoked_invitation_is_kept_with_its_time(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        one, another = (
            invitations.create_invitation(
                tx, "officer", now=NOW, expires_at=NOW + DAY, commune_id=s.commune.id
            )[0]
            for _ in range(2)
        )
        assert invitations.revoke_invitation(tx, one.id, NOW + DAY, by=s.person.id)
        assert not invitations.revoke_invitation(tx, 999, NOW)
        assert invitations.invitation_by_id(tx, one.id).revoked_at == NOW + DAY
        assert invitations.invitation_by_id(tx, another.id).revoked_at is None
        assert invitations.use_invitation(tx, another.id)
        assert not invitations.use_invitation(tx, another.id)
        assert invitations.invitation_by_id(tx, another.id).used == 1
        assert invitations.invitation_by_id(tx, one.id).used == 0
        entry = history.history_of_office(tx, s.commune.id, s.office.id, limit=1)[0]
        assert (entry.new["id"], entry.new["state"]) == (one.id, "revoked")

    await database.write(work)
