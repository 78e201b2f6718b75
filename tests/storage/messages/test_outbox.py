"""Messages are sent once, urgent ones first; a restart duplicates none."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from storage.engine.database import Database
from storage.messages import outbox, outcomes
from storage.people import addresses
from storage.tables import people as people_table
from tests.outbox import enqueue
from tests.storage.sample import NOW, person, sample

SOON = NOW + timedelta(minutes=5)


async def test_urgent_messages_go_first_then_the_oldest(database: Database) -> None:
    def work(tx) -> list[str]:
        who = person(tx, "1").id
        enqueue(tx, who, "reminder", "late", NOW, not_before=SOON)
        enqueue(tx, who, "reminder", "second", NOW)
        enqueue(tx, who, "reminder", "first", NOW, not_before=NOW - timedelta(hours=1))
        enqueue(tx, who, "notice", "urgent", NOW, priority=5)
        found = outbox.claim(tx, NOW, 2)
        assert all(one.address == "1" and one.bot == "telegram" for one in found)
        return [one.payload for one in [*found, *outbox.claim(tx, NOW, 9)]]

    assert await database.write(work) == ["urgent", "first", "second"]
    assert await database.read(outbox.next_due) == SOON
    assert [o.payload for o in await database.write(lambda tx: outbox.claim(tx, SOON, 9))] == [
        "late"
    ]


async def test_a_dedupe_key_is_used_once_even_after_sending(database: Database) -> None:
    def work(tx) -> list[int | None]:
        who = person(tx, "1").id
        made = [enqueue(tx, who, "reminder", "x", NOW, dedupe_key="r1:u1") for _ in "ab"]
        outbox.claim(tx, NOW, 9)
        outbox.finish(tx, made[0], "sent", NOW)
        return [*made, enqueue(tx, who, "reminder", "x", NOW, dedupe_key="r1:u1")]

    first, second, third = await database.write(work)
    assert first is not None
    assert (second, third) == (None, None)


async def test_a_message_being_sent_is_uncertain_after_a_restart(database: Database) -> None:
    def work(tx) -> tuple[dict[str, int], int, dict[str, int]]:
        who = person(tx, "1").id
        for n in range(3):
            enqueue(tx, who, "reminder", str(n), NOW)
        claimed = outbox.claim(tx, NOW, 2)
        outbox.postpone(tx, claimed[0].id, SOON)
        return outbox.recover(tx, NOW), len(outbox.claim(tx, NOW, 9)), outbox.counts(tx)

    assert await database.write(work) == (
        {"telegram": 1},
        1,
        {"waiting": 1, "uncertain": 1, "sending": 1},
    )


async def test_a_finished_message_loses_its_text_and_tries_are_counted(
    database: Database,
) -> None:
    def work(tx) -> tuple[object, ...]:
        one = enqueue(tx, person(tx, "1").id, "reminder", "secret", NOW)
        assert outbox.claim(tx, NOW, 9)[0].tries == 0
        outbox.postpone(tx, one, NOW)
        assert outbox.claim(tx, NOW, 9)[0].tries == 1
        outbox.finish(tx, one, "failed", NOW, "chat not found")
        return tuple(tx.exec_driver_sql("SELECT payload, state, reason FROM outbox").one())

    assert await database.write(work) == ("", "failed", "chat not found")


async def test_old_finished_messages_are_deleted(database: Database) -> None:
    def work(tx) -> None:
        ids = [enqueue(tx, person(tx, str(n)).id, "reminder", "", NOW) for n in range(3)]
        outbox.finish(tx, ids[0], "sent", NOW)
        outbox.finish(tx, ids[1], "sent", NOW + timedelta(days=2))
        assert outbox.old(tx, NOW + timedelta(days=90)) == []
        assert outbox.old(tx, NOW + timedelta(days=91)) == ids[:1]
        outbox.drop(tx, [ids[0], ids[2]])  # that one waits
        left = tx.exec_driver_sql("SELECT id FROM outbox ORDER BY id").scalars()
        assert list(left) == ids[1:]

    await database.write(work)


async def test_a_claimed_message_that_was_not_tried_waits_as_before(database: Database) -> None:
    def work(tx) -> tuple[object, ...]:
        who = person(tx, "1").id
        for n in range(3):
            enqueue(tx, who, "reminder", str(n), NOW)
        first, second, third = outbox.claim(tx, NOW, 9)
        outbox.put_back(tx, [second.id, third.id])
        outbox.put_back(tx, [first.id], SOON)
        again = outbox.claim(tx, NOW, 9)
        return [one.payload for one in again], {one.tries for one in again}, outbox.next_due(tx)

    assert await database.write(work) == (["1", "2"], {0}, SOON)


async def test_undelivered_messages_are_counted_by_reason(database: Database) -> None:
    def work(tx) -> list[outcomes.NotDelivered]:
        who = person(tx, "1").id
        for state, reason, when in (
            ("sent", None, SOON),
            ("dropped", "unreachable", SOON),
            ("dropped", "unreachable", SOON),
            ("failed", "refused: BadRequest", SOON),
            ("uncertain", "timed_out", NOW - timedelta(days=8)),
        ):
            number = enqueue(tx, who, "reminder", "x", NOW)
            outbox.finish(tx, number, state, when, reason)
        return outcomes.not_delivered(tx, NOW)

    assert await database.write(work) == [
        outcomes.NotDelivered("dropped", "reminder", "unreachable", 2),
        outcomes.NotDelivered("failed", "reminder", "refused: BadRequest", 1),
    ]


async def test_two_concurrent_claims_get_different_messages(url: str) -> None:
    async with Database(url) as one, Database(url) as other:
        who = (await one.write(lambda tx: person(tx, "1"))).id
        for number in range(40):
            await one.write(lambda tx, n=number: enqueue(tx, who, "note", f"{n}", NOW))
        claims = [
            database.write(lambda tx: outbox.claim(tx, NOW, 3))
            for _ in range(8)
            for database in (one, other)
        ]
        claimed = [row.payload for rows in await asyncio.gather(*claims) for row in rows]
    assert sorted(claimed) == sorted(str(number) for number in range(40))


async def test_an_uncertain_message_is_never_sent_again(database: Database) -> None:
    def work(tx) -> dict[str, int]:
        who = person(tx, "1").id
        one, two, own = [enqueue(tx, who, "note", f"{n}", NOW) for n in range(3)]
        outbox.claim(tx, NOW, 3)
        assert sum(outbox.recover(tx, NOW, {own}).values()) == 2
        outbox.put_back(tx, [one, own])  # as its first sender, which was cut off, would
        outbox.postpone(tx, two, SOON)
        return outbox.counts(tx)

    assert await database.write(work) == {"uncertain": 2, "waiting": 1}
    assert [row.payload for row in await database.write(lambda tx: outbox.claim(tx, NOW, 9))] == [
        "2"
    ]


async def test_a_late_outcome_of_a_sender_replaces_uncertain(database: Database) -> None:
    def work(tx) -> dict[str, int]:
        one = enqueue(tx, person(tx, "1").id, "note", "n", NOW)
        outbox.claim(tx, NOW, 1)
        outbox.recover(tx, NOW)  # another process takes over
        outbox.finish(tx, one, "sent", NOW)
        return outbox.counts(tx)

    assert await database.write(work) == {"sent": 1}


async def test_many_waiting_messages_are_replaced_at_once(database: Database) -> None:
    def work(tx) -> None:
        who = person(tx, "1").id
        keys = ("a", "b", "c")
        made = [enqueue(tx, who, "reminder", "x", NOW, dedupe_key=key) for key in keys]
        outbox.finish(tx, made[2], "sent", NOW)
        there = outbox.messages_by_key(tx, keys)
        said = [replace(there[key], payload=key, not_before=SOON, priority=3) for key in keys]
        outbox.replace_waiting(tx, said[1:])
        outbox.replace_waiting(tx, [])
        found = outbox.messages_by_key(tx, keys)
        assert (found["a"], found["b"]) == (there["a"], said[1])
        assert (found["c"].payload, found["c"].priority) == ("", 0)

    await database.write(work)


async def test_a_dedupe_key_that_was_given_up_can_be_used_again(database: Database) -> None:
    def work(tx) -> None:
        who = person(tx, "1").id
        first, second = (enqueue(tx, who, "reminder", "x", NOW, dedupe_key=key) for key in "ab")
        outbox.clear_keys(tx, [])
        outbox.clear_keys(tx, [first])
        assert sorted(outbox.messages_by_key(tx, "ab")) == ["b"]
        third = enqueue(tx, who, "reminder", "y", NOW, dedupe_key="a")
        assert outbox.messages_by_key(tx, "a")["a"].id == third
        outbox.rekey(tx, second, "c")
        assert outbox.messages_by_key(tx, "bc").keys() == {"c"}

    await database.write(work)


async def test_paused_kinds_of_messages_keep_waiting(database: Database) -> None:
    def work(tx) -> None:
        who = person(tx, "1").id
        enqueue(tx, who, "reminder", "r", NOW - timedelta(hours=1), priority=-2)
        enqueue(tx, who, "notice", "n", NOW, priority=-2)
        assert outbox.next_due(tx) == NOW - timedelta(hours=1)
        assert outbox.next_due(tx, ("reminder",)) == NOW
        assert outbox.next_due(tx, ("reminder", "notice")) is None
        claimed = outbox.claim(tx, NOW, 9, ("reminder",))
        assert [one.payload for one in claimed] == ["n"]
        assert [one.payload for one in outbox.claim(tx, NOW, 9)] == ["r"]
        assert outbox.claim(tx, NOW, 9) == []
        assert outbox.next_due(tx) is None

    await database.write(work)


async def test_due_messages_are_counted_over_all_priorities(database: Database) -> None:
    def work(tx) -> None:
        who = person(tx, "1").id
        for priority in (-3, 0, 5):
            enqueue(tx, who, "note", "", NOW, priority=priority)
            enqueue(tx, who, "note", "", NOW, not_before=SOON, priority=priority)
        assert outbox.count_due(tx, NOW) == 3
        assert outbox.count_due(tx, NOW - timedelta(seconds=1)) == 0
        assert outbox.count_due(tx, SOON) == 6
        found = outbox.claim(tx, SOON, 4)
        assert [one.priority for one in found] == [5, 5, 0, 0]
        assert outbox.count_due(tx, SOON) == 2

    await database.write(work)


async def test_ended_messages_are_counted_by_state(database: Database) -> None:
    def work(tx) -> None:
        who = person(tx, "1").id
        made = [enqueue(tx, who, "note", "", NOW) for _ in range(4)]
        for number, state in zip(made, ("sent", "dropped", "dropped"), strict=False):
            outbox.finish(tx, number, state, NOW)
        assert outbox.ended(tx, made) == {"sent": 1, "dropped": 2}
        assert outbox.ended(tx, made[:1]) == {"sent": 1}
        assert outbox.ended(tx, []) == {}
        assert outbox.counts(tx) == {"sent": 1, "dropped": 2, "waiting": 1}

    await database.write(work)


async def test_messages_from_a_clock_that_was_ahead_get_the_right_time(database: Database) -> None:
    def work(tx) -> None:
        who = person(tx, "1").id
        two = timedelta(minutes=2)
        near, ahead = (enqueue(tx, who, "note", "", NOW + one) for one in (two, 45 * two))
        assert not outbox.has_future_messages(tx, NOW + 44 * two)
        assert outbox.has_future_messages(tx, NOW)
        outbox.correct_times(tx, now=NOW, when=SOON)
        assert not outbox.has_future_messages(tx, NOW)
        rows = tx.exec_driver_sql("SELECT id FROM outbox ORDER BY not_before").scalars()
        assert list(rows) == [near, ahead]
        assert [one.id for one in outbox.claim(tx, SOON, 9)] == [near, ahead]

    await database.write(work)


async def test_a_round_finds_its_own_due_messages(database: Database) -> None:
    def work(tx) -> None:
        s = sample(tx)
        drafts = [
            outbox.Draft(s.person.id, "reminder", "", when, round_id=of)
            for when, of in ((NOW, s.round.id), (SOON, s.round.id), (NOW, None))
        ]
        outbox.enqueue_all(tx, drafts, NOW)
        outbox.enqueue_all(tx, [], NOW)
        assert outcomes.sent_for_round(tx, s.round.id, NOW) == [(NOW, "waiting", None)]
        assert len(outcomes.sent_for_round(tx, s.round.id, SOON)) == 2

    await database.write(work)


async def test_whose_messages_wait_for_a_reason_is_told_by_name(database: Database) -> None:
    def work(tx) -> None:
        lan, tu, mai = person(tx, "1", "Lan"), person(tx, "2", "Tư"), person(tx, "3", "Mai")
        addresses.add(tx, mai.id, "zalo-a", "z", NOW)
        for who, reason in ((tu, "quota"), (lan, "quota"), (lan, "quota"), (tu, "night"),
                            (mai, "quota")):  # fmt: skip
            made = enqueue(tx, who.id, "notice", "{}", NOW)
            outbox.claim(tx, NOW, 1)
            outbox.postpone(tx, made, SOON, reason)
        assert outcomes.names_waiting_for(tx, "telegram", "quota") == ["Lan", "Tư"]
        assert outcomes.names_waiting_for(tx, "telegram", "night") == ["Tư"]
        assert outcomes.names_waiting_for(tx, "zalo-a", "quota") == ["Mai"]
        assert outcomes.names_waiting_for(tx, "zalo-a", "night") == []
        tx.execute(sa.update(people_table).values(name=None))
        assert outcomes.names_waiting_for(tx, "zalo-a", "quota") == ["—"]

    await database.write(work)
