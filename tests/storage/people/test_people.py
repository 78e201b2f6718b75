"""People, roles and invitations."""

import asyncio

import pytest

from storage import history
from storage.engine.database import Database
from storage.messages import outbox
from storage.people import invitations, people, reporters
from storage.people.invitations import InvitationRequest
from storage.personal_data import withdrawal
from storage.personal_data.own_data import stored_data
from tests.outbox import enqueue
from tests.storage.sample import DAY, NOW, person, reach, sample


async def test_a_person_is_found_only_by_address(database: Database) -> None:
    made = await database.write(lambda tx: person(tx, "77"))
    assert await database.read(lambda tx: people.find_person(tx, "telegram", "77")) == made
    assert await database.read(lambda tx: people.find_person(tx, "terminal", "77")) is None
    assert (await database.read(lambda tx: stored_data(tx, made.id))).consent_at == NOW


async def test_a_role_given_twice_is_held_once(database: Database) -> None:
    def work(tx) -> None:
        s = sample(tx)
        unit = s.areas[0]
        first = people.add_membership(tx, s.person.id, "reporter", unit_id=unit.id, now=NOW)
        again = people.add_membership(
            tx, s.person.id, "reporter", unit_id=unit.id, commune_id=s.commune.id, now=NOW
        )
        assert first == again
        assert first.commune_id == s.commune.id
        assert reporters.units_without_members(tx, s.round.id) == [u.id for u in s.areas[1:]]
        assert [m.person.id for m in people.members_of_unit(tx, unit.id)] == [s.person.id]
        assert len(people.people_of_commune(tx, s.commune.id, "reporter")) == 1
        assert people.people_of_commune(tx, s.commune.id, "leader") == []
        assert people.end_membership(tx, first.id, NOW)
        assert not people.end_membership(tx, first.id, NOW)
        assert people.memberships_of(tx, s.person.id) == []
        new = people.add_membership(tx, s.person.id, "reporter", unit_id=unit.id, now=NOW)
        assert new.id != first.id

    await database.write(work)


async def test_the_time_of_the_first_refusal_is_kept(database: Database) -> None:
    def work(tx) -> None:
        s = sample(tx)
        people.add_membership(tx, s.person.id, "reporter", unit_id=s.areas[0].id, now=NOW)
        reach(tx, s.person.id, False, NOW)
        reach(tx, s.person.id, False, NOW + DAY)
        assert people.person(tx, s.person.id).unreachable_since == NOW
        assert [m.person.id for m in people.unreachable_of_commune(tx, s.commune.id)] == [
            s.person.id
        ]
        reach(tx, s.person.id, True, NOW)
        assert people.person(tx, s.person.id).unreachable_since is None

    await database.write(work)


async def test_a_forgotten_person_leaves_only_an_id(database: Database) -> None:
    def work(tx) -> None:
        s = sample(tx)
        people.add_membership(tx, s.person.id, "officer", commune_id=s.commune.id, now=NOW)
        history.record(tx, "round", "button", NOW, person_id=s.person.id, unit_id=s.areas[0].id)
        enqueue(tx, s.person.id, "reminder", "x", NOW)
        withdrawal.forget(tx, s.person.id, NOW)
        left = people.person(tx, s.person.id)
        assert (left.name, left.handle, left.address, left.bot) == (None, None, None, None)
        assert people.memberships_of(tx, s.person.id) == []
        assert outbox.claim(tx, NOW, 9) == []
        assert history.history_of_unit(tx, s.areas[0].id)[0].name is None
        again = person(tx, "1")
        assert again.id != s.person.id

    await database.write(work)


async def test_a_person_who_withdraws_is_unknown_at_once_and_forgotten_later(
    database: Database,
) -> None:
    def work(tx) -> None:
        s = sample(tx)
        withdrawal.withdraw(tx, s.person.id, NOW)
        withdrawal.withdraw(tx, s.other.id, NOW)
        assert people.find_person(tx, "telegram", "1") is None
        assert person(tx, "1").id == s.person.id
        assert withdrawal.due_to_be_forgotten(tx, NOW + 29 * DAY) == []
        assert withdrawal.due_to_be_forgotten(tx, NOW + 31 * DAY) == [s.other.id]
        # A person who returned after the search is not forgotten.
        later = NOW + 31 * DAY
        for one in withdrawal.still_withdrawn(tx, [s.person.id, s.other.id], later):
            withdrawal.forget(tx, one, later)
        assert people.person(tx, s.other.id).name is None
        assert people.person(tx, s.person.id).name == "Bác Tư"

    await database.write(work)


async def test_a_code_is_kept_only_as_a_hash(database: Database) -> None:
    invitation, code = await database.write(
        lambda tx: invitations.create_invitation(tx, "operator", now=NOW, expires_at=NOW + DAY)
    )
    assert len(code) >= 22
    stored = await database.read(
        lambda tx: str(tx.exec_driver_sql("SELECT * FROM invitations").all())
    )
    assert code not in stored
    found = await database.read(lambda tx: invitations.find_invitation(tx, code))
    assert found == invitation
    assert found.valid(NOW)


async def test_many_invitations_made_at_once_have_different_codes(
    database: Database,
) -> None:
    def work(tx) -> None:
        s = sample(tx)
        wanted = [
            InvitationRequest(
                "reporter", s.commune.id, s.areas[n % 3].id, label=f"{n}", uses=1 + n % 9
            )
            for n in range(2500)
        ]
        made = invitations.create_invitations(tx, wanted, now=NOW, expires_at=NOW + DAY)
        assert [(one.label, one.unit_id, one.uses) for one, _ in made] == [
            (one.label, one.unit_id, one.uses) for one in wanted
        ]
        for one, code in made[::400]:
            assert invitations.find_invitation(tx, code) == one
        assert len({code for _, code in made}) == 2500
        newest = history.history_of_unit(tx, s.areas[0].id, limit=1)[0]
        assert (newest.what, newest.new["id"]) == ("invitation", made[2499][0].id)

    await database.write(work)


@pytest.mark.parametrize("why", ["unknown", "expired", "used up", "revoked"])
async def test_an_unknown_expired_used_or_revoked_code_is_invalid(
    database: Database, why: str
) -> None:
    def work(tx) -> object:
        made, code = invitations.create_invitation(tx, "operator", now=NOW, expires_at=NOW + DAY)
        when = NOW
        if why == "unknown":
            code = "x" * 22
        elif why == "expired":
            when = NOW + DAY
        elif why == "used up":
            assert invitations.use_invitation(tx, made.id)
        else:
            assert invitations.revoke_invitation(tx, made.id, NOW)
            assert not invitations.revoke_invitation(tx, made.id, NOW)
            assert not invitations.use_invitation(tx, made.id)
        found = invitations.find_invitation(tx, code)
        return found is not None and found.valid(when)

    assert await database.write(work) is False


async def test_an_invitation_is_never_used_too_often(database: Database) -> None:
    made, _ = await database.write(
        lambda tx: invitations.create_invitation(
            tx, "operator", now=NOW, expires_at=NOW + DAY, uses=3
        )
    )
    used = await asyncio.gather(
        *(database.write(lambda tx: invitations.use_invitation(tx, made.id)) for _ in range(20))
    )
    assert sum(used) == 3
    listed = await database.read(invitations.list_invitations)
    assert [(one.id, one.used) for one in listed] == [(made.id, 3)]
