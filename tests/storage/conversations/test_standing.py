"""Places of people: who is shown the question again, whose screen may not be the newest."""

from datetime import timedelta

from sqlalchemy import Connection

from storage.conversations import conversations
from storage.engine.database import Database
from storage.personal_data import withdrawal
from storage.personal_data.own_data import stored_data
from storage.reports import reports
from storage.rounds import rounds
from tests.storage.sample import DAY, NOW, person, reach, sample

SECOND = timedelta(seconds=1)


async def test_only_reachable_people_are_listed_for_an_open_round(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        report = reports.start_report(tx, s.round.id, s.areas[0].id, NOW)
        who = [person(tx, f"r{n}").id for n in range(5)]
        for one in who[:4]:
            conversations.save_place(tx, one, report.id, f'"{one}"', NOW)
        conversations.save_place(tx, who[0], report.id, '"on"', NOW)
        conversations.save_place(tx, who[4], None, "{}", NOW)
        reach(tx, who[1], False, NOW)
        withdrawal.forget(tx, who[2], NOW)

        def standing(at=NOW, bot: str = "telegram") -> list[tuple[int, str, int]]:
            found = conversations.in_open_rounds(tx, bot, at)
            return [(one.person_id, one.place, one.revision) for one in found]

        assert standing() == [(who[0], '"on"', 2), (who[3], f'"{who[3]}"', 1)]
        assert standing(bot="zalo") == []
        assert len(standing(s.round.closes_at - SECOND)) == 2
        assert standing(s.round.closes_at) == []
        rounds.close_round(tx, s.round.id, NOW)
        assert standing() == []

    await database.write(work)


async def test_a_place_that_moved_and_was_not_confirmed_as_shown_is_found(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        who = [person(tx, f"r{n}").id for n in range(4)]
        for number, one in enumerate(who):
            conversations.save_place(tx, one, None, "{}", NOW - number * SECOND)
        conversations.remember_shown(tx, who[0], "telegram", "question", "1", 1)
        conversations.remember_shown(tx, who[1], "telegram", "question", "1")
        withdrawal.forget(tx, who[2], NOW)

        def found(since, **more: int) -> list[int]:
            return [one.person_id for one in conversations.not_shown(tx, since, **more)]

        assert found(NOW - 9 * SECOND) == [who[3], who[1]]
        assert found(NOW - SECOND) == [who[1]]
        assert found(NOW) == []
        assert found(NOW - 9 * SECOND, limit=1) == [who[3]]
        one = conversations.not_shown(tx, NOW - SECOND)[0]
        assert (one.bot, one.address) == ("telegram", "r1")
        assert s.round.state == "open"

    await database.write(work)


async def test_grace_is_for_one_person_and_one_message_is_kept_for_each_purpose(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        for one in (s.person, s.other):
            conversations.save_place(tx, one.id, None, "{}", NOW)
            conversations.remember_shown(tx, one.id, "telegram", "question", "1")
        conversations.remember_shown(tx, s.person.id, "telegram", "receipt", "2")
        conversations.give_grace(tx, s.person.id, NOW + DAY)
        kept = [conversations.conversation_of(tx, one.id) for one in (s.person, s.other)]
        assert [one.grace_until for one in kept] == [NOW + DAY, None]
        conversations.forget_shown(tx, s.person.id, "telegram", "question")
        assert [
            conversations.shown_message(tx, one, "telegram", purpose)
            for one in (s.person.id, s.other.id)
            for purpose in ("question", "receipt")
        ] == [None, "2", "1", None]

    await database.write(work)


async def test_the_stored_data_of_a_new_member_is_empty(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        found = stored_data(tx, s.person.id)
        assert (found.consent_version, found.consent_at, found.phone) == ("2026-11", NOW, None)
        assert (found.changes, found.mutes, found.pieces, found.unfetched) == (0, 0, 0, 0)
        assert (found.difficulties, found.notices, found.waiting) == (0, 0, 0)
        assert (found.taps, found.evenings) == (0, 0)

    await database.write(work)
