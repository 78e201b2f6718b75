"""Notices: their readers, the fate of each message, and stopping."""

import pytest
from sqlalchemy import Connection

from storage import history
from storage.engine.database import Database
from storage.messages import notices, outbox
from storage.people import people
from storage.personal_data import withdrawal
from storage.places import places
from storage.reports import reports
from storage.rounds import rounds
from tests.storage.sample import DAY, NOW, Sample, open_round, person, sample


def reporter(tx: Connection, unit: int, address: str) -> int:
    who = person(tx, address).id
    people.add_membership(tx, who, "reporter", unit_id=unit, now=NOW)
    return who


def notice(tx: Connection, s: Sample, *, commune: bool = True) -> int:
    return notices.write_notice(
        tx, "all", "họp tổ", NOW, by=s.person.id, commune_id=s.commune.id if commune else None,
        unit_id=None, count=2,
    )  # fmt: skip


def messages(tx: Connection, made: int, *people_: int) -> list[int]:
    drafts = [outbox.Draft(one, "written", "{}", NOW, notice_id=made) for one in people_]
    outbox.enqueue_all(tx, drafts, NOW)
    rows = tx.exec_driver_sql(f"SELECT id FROM outbox WHERE notice_id = {made} ORDER BY id")
    return list(rows.scalars())


async def test_the_readers_of_a_notice_hold_the_role_now_and_can_be_reached(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        elsewhere = places.add_commune(tx, "khac", "Xã Khác")
        one, two, gone, left = (reporter(tx, s.areas[0].id, f"r{n}") for n in range(4))
        people.set_language(tx, two, "en")
        people.add_membership(tx, one, "reporter", unit_id=s.areas[1].id, now=NOW)
        people.add_membership(tx, s.other.id, "officer", commune_id=s.commune.id, now=NOW)
        withdrawal.forget(tx, gone, NOW)
        for held in people.memberships_of(tx, left):
            people.end_membership(tx, held.id, NOW)
        both = [s.commune.id, elsewhere.id]
        assert notices.readers(tx, "reporter", both) == {one: "vi", two: "en"}
        assert notices.readers(tx, "officer", both) == {s.other.id: "vi"}
        assert notices.readers(tx, "reporter", [elsewhere.id]) == {}
        assert notices.readers_of_unit(tx, s.areas[0].id) == {one: "vi", two: "en"}
        assert notices.readers_of_unit(tx, s.areas[1].id) == {one: "vi"}
        assert notices.readers_of_unit(tx, s.areas[2].id) == {}

    await database.write(work)


async def test_people_whose_report_is_not_in_are_late(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx, areas=5)
        whose = [reporter(tx, unit.id, f"r{n}") for n, unit in enumerate(s.areas)]
        people.add_membership(tx, s.other.id, "officer", commune_id=s.commune.id, now=NOW)
        for state, unit in zip(("draft", "sent", "accepted", "returned"), s.areas, strict=False):
            report = reports.start_report(tx, s.round.id, unit.id, NOW)
            if state != "draft":
                report = reports.send_report(tx, report, by=None, now=NOW, deadline=NOW)
            if state == "accepted":
                reports.accept_report(tx, report, by=None, now=NOW)
            if state == "returned":
                reports.return_report(tx, report, ["HT1"], "xem lại", by=None, now=NOW)
        late = {whose[0]: "vi", whose[3]: "vi", whose[4]: "vi"}
        assert notices.late_readers(tx, [s.round.id]) == late
        # A report in another round does not count for this one.
        rounds.close_round(tx, s.round.id, NOW)
        again = open_round(tx, s.commune.id, "Sau", NOW)
        assert notices.late_readers(tx, [again.id]) == dict.fromkeys(whose, "vi")
        for held in people.memberships_of(tx, whose[0]):
            people.end_membership(tx, held.id, NOW)
        assert whose[0] not in notices.late_readers(tx, [s.round.id, again.id])
        assert notices.late_readers(tx, []) == {}

    await database.write(work)


@pytest.mark.parametrize(
    ("state", "reason", "fate"),
    [
        ("sent", None, "delivered"), ("waiting", None, "waiting"), ("sending", None, "waiting"),
        ("uncertain", "timed_out", "uncertain"), ("failed", "refused", "unreachable"),
        ("dropped", "unreachable", "unreachable"), ("dropped", "stopped", "not_sent"),
    ],
)  # fmt: skip
def test_each_state_of_a_message_has_a_fate(state: str, reason: str | None, fate: str) -> None:
    assert notices.delivery_state(state, reason) == fate


async def test_the_fates_of_a_notice_are_counted(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        made, another = notice(tx, s), notice(tx, s, commune=False)
        who = [person(tx, f"r{n}").id for n in range(4)]
        sent, failed, dropped, waiting = messages(tx, made, *who)
        messages(tx, another, who[0])
        assert notices.delivery_states(tx, made) == {"waiting": 4}
        outbox.finish(tx, sent, "sent", NOW)
        outbox.finish(tx, failed, "failed", NOW, "refused")
        outbox.finish(tx, dropped, "dropped", NOW, "unreachable")
        assert notices.delivery_states(tx, made) == {"delivered": 1, "unreachable": 2, "waiting": 1}
        assert notices.not_reached(tx, made) == [
            (who[1], "unreachable"), (who[2], "unreachable"), (who[3], "waiting"),
        ]  # fmt: skip
        assert notices.notices_done(tx) == []
        assert notices.stop(tx, made, NOW) == 1
        assert notices.stop(tx, made, NOW + DAY) == 0
        assert notices.notice(tx, made).stopped_at == NOW
        assert notices.notice(tx, another).stopped_at is None
        assert notices.not_reached(tx, made)[-1] == (who[3], "not_sent")
        assert notices.delivery_states(tx, another) == {"waiting": 1}
        row = tx.exec_driver_sql(f"SELECT state, payload FROM outbox WHERE id = {waiting}").one()
        assert tuple(row) == ("dropped", "")

    await database.write(work)


async def test_the_writer_is_told_once_when_no_message_waits(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        made, another = notice(tx, s), notice(tx, s)
        (one,) = messages(tx, made, s.other.id)
        messages(tx, another, s.other.id)
        assert notices.notices_done(tx) == []
        outbox.claim(tx, NOW, 1)
        assert notices.notices_done(tx) == []  # on its way
        outbox.finish(tx, one, "sent", NOW)
        assert notices.notices_done(tx) == [made]
        assert notices.mark_reported(tx, made, NOW)
        assert not notices.mark_reported(tx, made, NOW)
        assert notices.notices_done(tx) == []

    await database.write(work)


async def test_notices_are_listed_by_place_with_the_newest_first(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        first, second, over = notice(tx, s), notice(tx, s), notice(tx, s, commune=False)
        assert [one.id for one in notices.notices_of(tx, s.commune.id)] == [second, first]
        assert [one.id for one in notices.notices_over_communes(tx, s.person.id)] == [over]
        assert notices.notices_over_communes(tx, s.other.id) == []
        assert notices.notice(tx, over).commune_id is None
        assert notices.notice(tx, 999) is None
        entry = history.history_of_office(tx, s.commune.id, s.office.id, limit=1)[0]
        assert (entry.what, entry.way, entry.person_id) == ("notice", "button", s.person.id)
        assert entry.new == {"v": 1, "notice": second, "audience": "all", "count": 2}

    await database.write(work)
