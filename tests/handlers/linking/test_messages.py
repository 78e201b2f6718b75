"""Waiting messages of a person who was linked to another one: sent once, to that person."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from handlers.linking.own_side import hand_over_messages
from handlers.messages.keys import DedupeKey, key_of_day, key_of_evening
from handlers.reminders.planning import KIND, Reasons, ReminderReason
from storage.messages import outbox
from storage.messages.outbox import Draft
from storage.people import people
from storage.tables import outbox as table

DAY = date(2026, 3, 20)
LATER = timedelta(days=18)


@pytest.fixture
async def two(village):
    """The ids of two people; the second is linked to the first."""
    await village.joined("Lan", area="Khu 1")
    await village.joined("Hoa", area="Khu 2")
    members = await village.database.read(lambda tx: people.people_of_commune(tx, village.commune))
    return [one.person.id for one in members]


def rounds_of(payload):
    """The rounds that a message names; a finished message has no payload."""
    return [one.round for one in Reasons.model_validate_json(payload).reasons] if payload else []


@pytest.fixture
def handed_over(village, two):
    """Gives the recipients, keys, states and rounds of messages."""
    when = village.deployment.clock.now() + LATER

    async def do(*messages, sent=None):
        new, old = two

        def work(tx):
            drafts = [
                Draft(
                    person,
                    kind,
                    Reasons(
                        reasons=tuple(ReminderReason(round=one, part="asked") for one in rounds)
                    ).model_dump_json(),
                    when,
                    dedupe_key=str(key),
                )
                for person, kind, key, rounds in messages
            ]
            outbox.enqueue_all(tx, drafts, when)
            if sent is not None:
                this = table.c.dedupe_key == str(sent)
                tx.execute(sa.update(table).where(this).values(state="sent"))
            hand_over_messages(tx, old, new, when)
            found = tx.execute(
                sa.select(table).where(table.c.not_before == when).order_by(table.c.id)
            ).all()
            return [
                (
                    one.person_id,
                    one.dedupe_key,
                    one.state,
                    rounds_of(one.payload),
                )
                for one in found
            ]

        return await village.database.write(work)

    return do


async def test_a_reminder_of_the_day_goes_to_the_linked_person(handed_over, two):
    new, old = two
    key = key_of_day(old, DAY)
    [found] = await handed_over((old, KIND, key, [1]))
    assert found == (new, str(key_of_day(new, DAY)), "waiting", [1])


async def test_two_reminders_of_a_day_become_one(handed_over, two):
    new, old = two
    mine, theirs = key_of_day(new, DAY), key_of_day(old, DAY)
    first, second = await handed_over((new, KIND, mine, [1]), (old, KIND, theirs, [1, 2]))
    assert first == (new, str(mine), "waiting", [1, 2])
    assert second[2] == "dropped"


async def test_a_person_who_was_reminded_that_day_is_not_reminded_again(handed_over, two):
    new, old = two
    mine, theirs = key_of_day(new, DAY), key_of_day(old, DAY)
    first, second = await handed_over(
        (new, KIND, mine, [1]), (old, KIND, theirs, [1, 2]), sent=mine
    )
    assert (first[2], second[2]) == ("sent", "dropped")


async def test_the_evening_question_of_the_other_person_is_dropped_and_a_notice_is_sent(
    handed_over, two
):
    new, old = two
    notice = DedupeKey("told", (old, 7))
    evening, told = await handed_over(
        (old, KIND, key_of_evening(old, DAY), [1]), (old, "notice", notice, [])
    )
    assert evening[2] == "dropped"
    assert told == (new, str(notice), "waiting", [])
