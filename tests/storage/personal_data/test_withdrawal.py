"""Leaving: what ends at once, what is forgotten, and what stays for everybody else."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import history
from storage.conversations import asks, conversations
from storage.engine.database import Database
from storage.evidence import evidence
from storage.messages import inbox, outbox
from storage.messages.inbox import Update
from storage.people import people
from storage.personal_data import unmasked_texts, withdrawal
from storage.reminders import evenings, nudges, reminder_plans
from storage.reports import reports
from storage.tables import evidence as evidence_table
from storage.tables import metadata
from tests.outbox import enqueue
from tests.storage.sample import DAY, NOW, Sample, sample

PERSONAL = ("shown_messages", "asks", "written", "conversations", "mutes", "nudges", "evenings")


def settled(tx: Connection) -> Sample:
    """Two people with every kind of stored data."""
    s = sample(tx)
    report = reports.start_report(tx, s.round.id, s.areas[0].id, NOW)
    for one in (s.person, s.other):
        people.add_membership(tx, one.id, "reporter", unit_id=s.areas[0].id, now=NOW)
        conversations.save_place(tx, one.id, report.id, "{}", NOW)
        conversations.remember_shown(tx, one.id, "telegram", "question", "1")
        asks.record(tx, one.id, "telegram", "1", "{}", NOW, replaced=False)
        asks.store_written(tx, one.id, "telegram", "2", "340", NOW)
        reminder_plans.mute(tx, one.id, s.round.id, NOW)
        nudges.record(tx, [one.id], NOW)
        evenings.choose(tx, one.id, NOW)
        for number in range(2):
            enqueue(tx, one.id, "reminder", f"{number}", NOW)
        evidence.add_attachment(
            tx, report, "CQ3", kind="file", reference="x", name=f"{one.name}.tu.pdf",
            media_type=None, size=1, by=one.id, now=NOW,
        )  # fmt: skip
    outbox.finish(tx, 1, "sent", NOW)
    return s


def held(tx: Connection, person_id: int) -> dict[str, int]:
    tables = (metadata.tables[name] for name in PERSONAL)
    return {
        one.name: tx.scalar(
            sa.select(sa.func.count()).select_from(one).where(one.c.person_id == person_id)
        )
        for one in tables
    }


async def test_withdrawing_ends_the_conversation_and_keeps_the_rest(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = settled(tx)
        withdrawal.withdraw(tx, s.person.id, NOW)
        assert withdrawal.withdrawn(tx, "telegram", "1")
        assert not withdrawal.withdrawn(tx, "telegram", "2")
        assert not withdrawal.withdrawn(tx, "terminal", "1")
        assert held(tx, s.person.id) == {
            "shown_messages": 0, "asks": 0, "written": 0, "conversations": 0, "mutes": 1,
            "nudges": 1, "evenings": 1,
        }  # fmt: skip
        assert set(held(tx, s.other.id).values()) == {1}
        states = tx.exec_driver_sql("SELECT person_id, state, reason FROM outbox ORDER BY id")
        assert [tuple(row) for row in states] == [
            (s.person.id, "sent", None), (s.person.id, "dropped", "left"),
            (s.other.id, "waiting", None), (s.other.id, "waiting", None),
        ]  # fmt: skip
        assert people.memberships_of(tx, s.other.id) != []
        entries = history.history_of_unit(tx, s.areas[0].id, limit=1)
        assert (entries[0].what, entries[0].way, entries[0].old) == (
            "role", "button", {"v": 1, "role": "reporter"},
        )  # fmt: skip

    await database.write(work)


async def test_forgetting_removes_the_data_of_that_person_only(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        s = settled(tx)
        withdrawal.forget(tx, s.person.id, NOW, "clock")
        assert set(held(tx, s.person.id).values()) == {0}
        assert set(held(tx, s.other.id).values()) == {1}
        row = tx.exec_driver_sql(f"SELECT * FROM people WHERE id = {s.person.id}").mappings().one()
        assert {name for name, value in row.items() if value is not None} <= {
            "id", "language", "created_at",
        }  # fmt: skip
        names = tx.scalars(
            sa.select(evidence_table.c.original_name).order_by(evidence_table.c.id)
        ).all()
        assert names == ["file.pdf", "Cô Lan.tu.pdf"]
        # The person is forgotten, and no longer only withdrawn.
        assert not withdrawal.withdrawn(tx, "telegram", "1")
        assert withdrawal.due_to_be_forgotten(tx, NOW + 99 * DAY) == []

    await database.write(work)


async def test_the_failed_updates_of_a_forgotten_person_are_emptied(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        inbox.take_in(
            tx, [Update("telegram", str(n), chat, "{}") for n, chat in enumerate("1112")], NOW
        )
        for number in (0, 3):
            inbox.fail(tx, "telegram", str(number), most=1)
        inbox.finish(tx, "telegram", "1")
        withdrawal.forget(tx, s.person.id, NOW)
        rows = tx.exec_driver_sql("SELECT state, chat, payload FROM inbox ORDER BY id")
        assert [tuple(row) for row in rows] == [
            ("failed", "", None), ("done", "", None), ("waiting", "1", "{}"),
            ("failed", "2", "{}"),
        ]  # fmt: skip

    await database.write(work)


async def test_a_person_who_withdrew_is_forgotten_after_thirty_days(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        for one in (s.person, s.other):
            withdrawal.withdraw(tx, one.id, NOW)
        end = NOW + 30 * DAY
        assert withdrawal.due_to_be_forgotten(tx, end) == []
        after = end + timedelta(seconds=1)
        assert withdrawal.due_to_be_forgotten(tx, after) == [s.person.id]  # one at a time
        assert withdrawal.still_withdrawn(tx, [s.other.id], after) == [s.other.id]
        assert withdrawal.still_withdrawn(tx, [s.other.id], end) == []

    await database.write(work)


async def test_texts_that_may_name_somebody_are_dropped_after_ninety_days(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        found = {"Lan vắng": [(0, 3)], "hỏi Lan": [(4, 7)]}
        unmasked_texts.add(tx, s.commune.id, s.other.id, found, NOW)
        unmasked_texts.add(tx, s.commune.id, s.other.id, {}, NOW)
        first, second = unmasked_texts.of_commune(tx, s.commune.id)
        assert (first.text, first.spans, first.person_id) == ("Lan vắng", ((0, 3),), s.other.id)
        assert unmasked_texts.text_by_id(tx, second.id) == second
        unmasked_texts.settle(tx, first, NOW, mask=False)
        assert unmasked_texts.text_by_id(tx, first.id) is None
        assert unmasked_texts.of_commune(tx, s.commune.id + 1) == []
        unmasked_texts.drop_old(tx, NOW + 90 * DAY)
        assert unmasked_texts.of_commune(tx, s.commune.id) == [second]
        unmasked_texts.drop_old(tx, NOW + 90 * DAY + timedelta(seconds=1))
        assert unmasked_texts.of_commune(tx, s.commune.id) == []

    await database.write(work)


async def test_at_most_fifty_texts_are_kept_for_one_person(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        found = {f"Lan {number}": [(0, 3)] for number in range(60)}
        unmasked_texts.add(tx, s.commune.id, s.other.id, found, NOW)
        assert len(unmasked_texts.of_commune(tx, s.commune.id)) == 50

    await database.write(work)


async def test_a_nudge_is_remembered_until_a_newer_one(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        nudges.record(tx, [s.person.id, s.other.id], NOW)
        nudges.record(tx, [s.other.id], NOW + DAY)
        nudges.record(tx, [], NOW)
        both = [s.person.id, s.other.id]
        before = NOW - timedelta(seconds=1)
        assert nudges.last_nudges(tx, both, before) == {
            s.person.id: NOW, s.other.id: NOW + DAY,
        }  # fmt: skip
        assert nudges.last_nudges(tx, both, NOW) == {s.other.id: NOW + DAY}
        assert nudges.last_nudges(tx, [s.person.id], before) == {s.person.id: NOW}

    await database.write(work)


async def test_the_last_contact_is_kept_for_each_messenger(database: Database) -> None:
    def work(tx: Connection) -> None:
        assert inbox.last_contacts(tx) == {}
        inbox.record_contacts(tx, ["telegram", "zalo"], NOW)
        inbox.record_contacts(tx, ["telegram"], NOW + DAY)
        assert inbox.last_contacts(tx) == {"telegram": NOW + DAY, "zalo": NOW}

    await database.write(work)
