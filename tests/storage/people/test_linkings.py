"""One person on two messengers: the code, both sides' word, what is joined, and undoing it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage import history
from storage.engine.database import Database
from storage.people import addresses, linkings, people
from storage.people.code_expiry import CLOCKS_DIFFER
from storage.people.linkings import CODE_LASTS, UNDONE_WITHIN
from storage.tables import asks as asks_table
from storage.tables import linkings as table
from tests.storage.sample import DAY, NOW, person, sample

SECOND = timedelta(seconds=1)
HERE, ZALO = ("telegram", "1"), ("zalo-a", "z9")


def on_zalo(tx, chat, name="Lan Zalo"):
    """A person who is known at the Zalo bot only."""
    return people.add_person(
        tx, bot="zalo-a", address=chat, name=name, handle=None, language="vi",
        consent_version="2026-11", now=NOW,
    )  # fmt: skip


def agreed(tx, person_id, other=None, chat=ZALO):
    """A linking to which the chat with the code's typing has agreed."""
    linkings.begin(tx, person_id, f"code {person_id}", NOW)
    found = linkings.by_code(tx, f"code {person_id}", NOW)
    if other is not None:
        linkings.claim(tx, found.id, other)
    linkings.agree(tx, found, *chat, "Lan Z", "lan", NOW + SECOND)
    return linkings.pending(tx, person_id, NOW)


def chats(tx, person_id):
    return [(one.bot, one.chat, one.in_use) for one in addresses.addresses_of(tx, person_id)]


def roles(tx, person_id):
    return sorted((one.role, one.unit_id) for one in people.memberships_of(tx, person_id))


async def test_a_code_is_good_for_ten_minutes_until_a_new_one_or_an_agreement(database) -> None:
    def work(tx) -> None:
        lan, tu, end = person(tx, "1").id, person(tx, "2").id, NOW + CODE_LASTS
        assert not linkings.has_any(tx, lan)
        linkings.begin(tx, lan, "old", NOW)
        linkings.begin(tx, tu, "other", NOW)
        linkings.begin(tx, lan, "new", NOW)
        assert linkings.has_any(tx, lan)
        assert linkings.by_code(tx, "old", NOW) is None
        assert linkings.by_code(tx, "new", end) is None
        found = linkings.by_code(tx, "new", end - SECOND)
        assert (found.person_id, found.expires_at, found.other_id) == (lan, end, None)
        assert linkings.pending(tx, lan, end - SECOND) == found
        assert linkings.pending(tx, lan, end) is None
        linkings.claim(tx, found.id, tu)
        assert linkings.claimed(tx, found.id, tu, end - SECOND).other_id == tu
        assert linkings.claimed(tx, found.id, lan, NOW) is None
        assert linkings.claimed(tx, found.id, tu, end) is None
        assert linkings.by_code(tx, "other", NOW).other_id is None
        linkings.agree(tx, found, *ZALO, "Lan Z", "lan", NOW + SECOND)
        after = linkings.pending(tx, lan, NOW)
        assert (after.bot, after.chat, after.account_name, after.handle) == (*ZALO, "Lan Z", "lan")
        assert after.agreed_at == NOW + SECOND
        assert linkings.by_code(tx, "new", NOW) is None
        assert linkings.claimed(tx, found.id, tu, NOW) is None
        assert linkings.newest_to_undo(tx, lan, NOW) is None
        linkings.drop(tx, found.id)
        assert linkings.pending(tx, lan, NOW) is None
        assert linkings.pending(tx, tu, NOW) is not None

    await database.write(work)


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_a_code_of_a_clock_that_was_ahead_is_void_and_swept(database: Database) -> None:
    def work(tx) -> None:
        people_ = [person(tx, one).id for one in "1234"]
        ahead, over = NOW + 45 * DAY, NOW - CODE_LASTS
        for who, at in zip(people_, (ahead, NOW + CLOCKS_DIFFER, NOW, over), strict=True):
            linkings.begin(tx, who, f"code {who}", at)
        living = [linkings.by_code(tx, f"code {who}", NOW) is not None for who in people_]
        assert living == [False, True, True, False]
        linkings.drop_expired(tx, NOW)
        assert tx.scalars(sa.select(table.c.person_id).order_by(table.c.id)).all() == people_[1:3]

    await database.write(work)


async def test_a_chat_of_a_stranger_becomes_the_person_s_and_can_be_taken_away(database) -> None:
    def work(tx) -> None:
        s = sample(tx)
        lan = s.person.id
        found = agreed(tx, lan)
        assert linkings.join(tx, found, HERE, NOW)
        assert chats(tx, lan) == [("telegram", "1", True), ("zalo-a", "z9", False)]
        joined = linkings.newest_to_undo(tx, lan, NOW + 99 * DAY)
        assert (joined.id, joined.joined_at, joined.bot) == (found.id, NOW, "zalo-a")
        assert (joined.chat, joined.account_name, joined.handle) == (None, None, None)
        assert linkings.pending(tx, lan, NOW) is None
        linkings.drop(tx, joined.id)  # only what was not joined
        linkings.drop_expired(tx, NOW + DAY)
        assert linkings.newest_to_undo(tx, lan, NOW) == joined
        assert linkings.people_merged_into(tx, lan) == []
        addresses.use(tx, lan, *ZALO, NOW)
        linkings.undo(tx, joined, NOW)
        assert chats(tx, lan) == [("telegram", "1", True)]
        assert not linkings.has_any(tx, lan)
        entries = [one for one in history.history_of_round(tx, s.round.id) if one.what == "person"]
        assert entries == []

    await database.write(work)


async def test_two_known_people_become_one_and_two_again(database: Database) -> None:
    def work(tx) -> None:
        s = sample(tx)
        first, second, third = (one.id for one in s.areas)
        lan, hoa = s.person.id, on_zalo(tx, "z9").id
        for who, unit in ((lan, first), (lan, second), (hoa, second), (hoa, third)):
            people.add_membership(tx, who, "reporter", unit_id=unit, now=NOW)
        values = {"bot": "zalo-a", "message": "m1", "replaced": False, "shown_at": NOW}
        tx.execute(sa.insert(asks_table).values(person_id=hoa, content="{}", **values))
        found = agreed(tx, lan, hoa)
        assert linkings.join(tx, found, HERE, NOW)
        assert chats(tx, lan) == [("telegram", "1", True), ("zalo-a", "z9", False)]
        assert chats(tx, hoa) == []
        assert roles(tx, lan) == [("reporter", one) for one in (first, second, third)]
        assert roles(tx, hoa) == []
        assert tx.scalars(sa.select(asks_table.c.person_id)).all() == [lan]
        assert linkings.people_merged_into(tx, lan) == [hoa]
        assert linkings.people_merged_into(tx, hoa) == []
        assert linkings.has_any(tx, hoa)
        within = NOW + UNDONE_WITHIN
        assert linkings.newest_to_undo(tx, lan, within) is None
        joined = linkings.newest_to_undo(tx, lan, within - SECOND)
        given = next(one for one in people.memberships_of(tx, lan) if one.unit_id == third)
        people.end_membership(tx, given.id, NOW)  # what ended meanwhile stays ended
        linkings.undo(tx, joined, NOW)
        assert chats(tx, lan) == [("telegram", "1", True)]
        assert chats(tx, hoa) == [("zalo-a", "z9", True)]
        assert roles(tx, lan) == [("reporter", first), ("reporter", second)]
        assert roles(tx, hoa) == [("reporter", second)]
        assert tx.scalars(sa.select(asks_table.c.person_id)).all() == [hoa]

    await database.write(work)


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_roles_of_one_side_go_back_and_each_change_is_recorded(database) -> None:
    def work(tx) -> None:
        s = sample(tx)
        lan, hoa, unit = s.person.id, on_zalo(tx, "z9").id, s.areas[0].id
        people.add_membership(
            tx, hoa, "officer", commune_id=s.commune.id, label="Văn phòng", now=NOW
        )
        people.add_membership(tx, hoa, "reporter", unit_id=unit, now=NOW)
        assert linkings.join(tx, agreed(tx, lan, hoa), HERE, NOW)
        held = {one.role: one.label for one in people.memberships_of(tx, lan)}
        assert held == {"officer": "Văn phòng", "reporter": None}

        def last():
            found = max(history.history_of_unit(tx, unit), key=lambda one: one.id)
            return found.what, found.person_id, found.old, found.new

        def role_of(who):
            return {"v": 1, "role": "reporter", "person": who}

        assert last() == ("role", lan, role_of(hoa), role_of(lan))
        linkings.undo(tx, linkings.newest_to_undo(tx, lan, NOW), NOW)
        assert last() == ("role", hoa, role_of(lan), role_of(hoa))
        held = {one.role: one.label for one in people.memberships_of(tx, hoa)}
        assert held == {"officer": "Văn phòng", "reporter": None}
        assert people.memberships_of(tx, lan) == []

    await database.write(work)


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_a_chat_that_has_become_somebody_else_s_is_not_joined(database: Database) -> None:
    def work(tx) -> None:
        lan, tu = person(tx, "1").id, person(tx, "2").id
        found = agreed(tx, lan)
        hoa = on_zalo(tx, "z9").id
        assert not linkings.join(tx, found, HERE, NOW)
        # Nor where both have a chat with the same bot.
        known = agreed(tx, tu, hoa)
        assert not linkings.share_a_bot(tx, tu, hoa, "zalo-a")
        addresses.add(tx, tu, "zalo-a", "z1", NOW)
        assert linkings.share_a_bot(tx, tu, hoa, "zalo-a")
        assert linkings.share_a_bot(tx, tu, None, "zalo-a")
        assert not linkings.share_a_bot(tx, tu, None, "zalo-b")
        assert not linkings.join(tx, known, ("telegram", "2"), NOW)
        assert chats(tx, hoa) == [("zalo-a", "z9", True)]

    await database.write(work)


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_people_who_became_one_in_a_chain_are_forgotten_together(database) -> None:
    def work(tx) -> None:
        lan, hoa, mai = (person(tx, one).id for one in "123")
        tu, nam = person(tx, "4").id, person(tx, "5").id
        for one, other in ((lan, hoa), (hoa, mai), (tu, nam)):
            tx.execute(
                sa.insert(table).values(
                    person_id=one, other_id=other, expires_at=NOW, joined_at=NOW
                )
            )
        tx.execute(sa.insert(table).values(person_id=lan, other_id=nam, expires_at=NOW))
        assert linkings.people_merged_into(tx, tu) == [nam]
        assert linkings.people_merged_into(tx, lan) == [hoa, mai]
        linkings.forget(tx, [hoa, lan])
        left = tx.execute(sa.select(table.c.person_id, table.c.other_id)).all()
        assert left == [(tu, nam)]

    await database.write(work)
