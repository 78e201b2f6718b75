"""Claiming messages from the outbox: rows of earlier versions, folding, the registry."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from handlers.flow.channel import Screen
from handlers.messages.claim import claim
from handlers.messages.keys import DedupeKey, day_of, key_of_day, key_of_evening
from handlers.messages.kinds import BULK, KINDS, by_name
from handlers.messages.message import Message
from storage.conversations import conversations
from storage.messages import notices, outbox
from storage.people import people
from storage.places import places
from storage.reminders import evenings
from storage.reports import reports
from storage.rounds import rounds
from storage.tables import outbox as table
from tests.handlers.two_communes import HOUSE, NOW, both

SENT_AS_STORED = ("notice", "difficulty", "on_behalf", "returned", "total", "of a later version")
SCREEN = '{"v": 1, "text": "Đã có lời đáp", "rows": []}'


@pytest.fixture
def communes():
    found = both()
    yield found
    found.tx.close()


@pytest.fixture
def place(communes):
    """The open round of Kín, and its people by letter."""
    tx = communes.tx
    tx.execute(sa.delete(table))
    who = {letter: one[0] for letter, one in communes.people.items()}
    unit = people.memberships_of(tx, who["R"])[0].unit_id
    (round_,) = rounds.open_rounds(tx, places.unit(tx, unit).commune_id, NOW)
    return tx, who, round_


def stored(tx, person, kind, payload, key=None, round_id=None, notice=None, at=NOW):
    """Insert a row as it is in a database."""
    row = {
        "person_id": person, "kind": kind, "payload": payload, "dedupe_key": key,
        "priority": 0, "not_before": at, "state": "waiting", "created_at": at,
        "round_id": round_id, "notice_id": notice,
    }  # fmt: skip
    return tx.execute(sa.insert(table), row).inserted_primary_key[0]


def reminder(round_id, part, anchor="null", days=0, at="null"):
    """The payload of a reminder as it is stored."""
    return (
        f'{{"v":1,"reasons":[{{"round":{round_id},"part":"{part}","anchor":{anchor},'
        f'"days":{days},"at":{at}}}]}}'
    )


def all_claimed(tx, now=NOW):
    """Every message that is sent now, with its kind and text."""
    found = []
    while (claimed := claim(tx, now, 5, deployment=HOUSE)).to_send or claimed.ended:
        assert not claimed.bugs
        for row in claimed.to_send:
            outbox.finish(tx, row.id, "sent", now)
            found.append((row.person_id, row.kind, Screen.from_json(row.payload).text))
    return found


def state_of(tx, number):
    return tuple(tx.execute(sa.select(table.c.state, table.c.reason).where(table.c.id == number))
                 .one())  # fmt: skip


def test_waiting_messages_of_every_kind_are_sent_as_before(place):
    tx, who, round_ = place
    commune = round_.commune_id
    for kind in SENT_AS_STORED:
        stored(tx, who["R"], kind, SCREEN)
    nudged = stored(tx, who["N"], "reminder", reminder(round_.id, "nudge"), round_id=round_.id)
    report = reports.report_of(tx, round_.id, people.memberships_of(tx, who["R"])[0].unit_id)
    revision = conversations.save_place(
        tx, who["R"], report.id, '{"v":1,"screen":"ask","code":"HT1"}', NOW
    )
    stored(tx, who["R"], "again", str(revision))
    written = notices.write_notice(
        tx, "all", "họp tổ", NOW, by=who["O"], commune_id=commune, unit_id=None, count=1
    )
    stored(tx, who["R"], "written", SCREEN, notice=written)
    for unit in rounds.units_of_round(tx, round_.id):
        one = reports.report_of(tx, round_.id, unit.id)
        if not unit.office and one.state == "draft":
            reports.send_report(tx, one, by=None, now=NOW, deadline=NOW - timedelta(days=1))
    since, until = NOW.isoformat(), (NOW + timedelta(hours=1)).isoformat()
    stored(
        tx, who["O"], "late_reports", f'{{"v":1,"since":"{since}","until":"{until}"}}',
        f"late_reports:{round_.id}:{until}:{who['O']}", round_.id,
    )  # fmt: skip
    stored(tx, who["O"], "all_in", "", f"all_in:{round_.id}:{who['O']}", round_.id)
    sent = all_claimed(tx)
    assert [(kind, text) for _, kind, text in sent if kind in SENT_AS_STORED] == [
        (kind, "Đã có lời đáp") for kind in SENT_AS_STORED
    ]
    others = [kind for _, kind, _ in sent if kind not in SENT_AS_STORED]
    assert sorted(others) == ["again", "all_in", "late_reports", "written"]
    assert state_of(tx, nudged) == ("dropped", "reported")
    assert "máy mất liên lạc" in next(text for _, kind, text in sent if kind == "again")
    assert "gửi sau hạn" in next(text for _, kind, text in sent if kind == "late_reports")
    assert "Đạt" in next(text for _, kind, text in sent if kind == "all_in")


@pytest.mark.parametrize("part", ["nudge", "asked"])
def test_a_reminder_without_a_day_goes_to_people_who_have_not_reported(place, part):
    tx, who, round_ = place
    stored(tx, who["R"], "reminder", reminder(round_.id, part), round_id=round_.id)
    ((person, kind, text),) = all_claimed(tx)
    assert (person, kind) == (who["R"], "reminder")
    assert "Khu Kín 1" in text


def test_an_evening_question_is_asked(place):
    tx, who, round_ = place
    evenings.choose(tx, who["R"], NOW)
    evening = datetime(2026, 11, 23, 12, 30, tzinfo=NOW.tzinfo)  # 19:30 there
    stored(
        tx, who["R"], "reminder", reminder(round_.id, "evening", at=f'"{evening.isoformat()}"'),
        f"day:{who['R']}:2026-11-23", round_.id, at=evening,
    )  # fmt: skip
    (row,) = claim(tx, evening, 5, deployment=HOUSE).to_send
    assert row.asks is not None
    assert row.revision is not None


def test_the_message_of_another_day_becomes_that_of_today(place):
    tx, who, round_ = place
    key = f"day:{who['R']}:2026-11-22"
    stored(tx, who["R"], "reminder", reminder(round_.id, "asked"), key, round_.id)
    (row,) = claim(tx, NOW, 5, deployment=HOUSE).to_send
    assert tx.scalar(sa.select(table.c.dedupe_key)) == f"day:{who['R']}:2026-11-23"
    assert row.dedupe_key == key  # as claimed before


def test_at_night_a_message_becomes_part_of_the_morning_message(place):
    tx, who, round_ = place
    night = datetime(2026, 11, 23, 15, 0, tzinfo=NOW.tzinfo)  # 22:00 there
    evening = stored(
        tx, who["R"], "reminder", reminder(round_.id, "asked"), f"evening:{who['R']}:2026-11-23"
    )
    morning = stored(
        tx, who["R"], "reminder", reminder(round_.id, "nudge"), f"day:{who['R']}:2026-11-24",
        at=night + timedelta(hours=10),
    )  # fmt: skip
    assert claim(tx, night, 5, deployment=HOUSE).to_send == []
    assert state_of(tx, evening) == ("dropped", "another_that_day")
    payload = tx.scalar(sa.select(table.c.payload).where(table.c.id == morning))
    assert '"nudge"' in payload
    assert '"asked"' in payload


def test_two_messages_claimed_together_become_one_message_of_the_day(place):
    tx, who, round_ = place
    old = stored(
        tx, who["R"], "reminder", reminder(round_.id, "nudge"), f"day:{who['R']}:2026-11-22"
    )
    stored(tx, who["R"], "reminder", reminder(round_.id, "asked"), f"day:{who['R']}:2026-11-23")
    ((_, _, text),) = all_claimed(tx)
    assert state_of(tx, old) == ("dropped", "another_that_day")
    assert "nhờ khu mình gửi báo cáo" in text  # the text of the nudge


def test_a_dropped_message_gives_up_the_key_of_its_day(place):
    tx, who, round_ = place
    today = f"day:{who['R']}:2026-11-23"
    first = stored(tx, who["R"], "reminder", reminder(round_.id, "asked"), today)
    outbox.finish(tx, first, "dropped", NOW, "muted")
    stored(tx, who["R"], "reminder", reminder(round_.id, "asked"), f"day:{who['R']}:2026-11-22")
    assert len(all_claimed(tx)) == 1


def test_a_broken_message_stops_no_other(place):
    tx, who, _ = place
    broken = stored(tx, who["R"], "reminder", "not what we wrote")
    stored(tx, who["R"], "notice", SCREEN)
    claimed = claim(tx, NOW, 5, deployment=HOUSE)
    assert [one.kind for one in claimed.to_send] == ["notice"]
    assert [one.id for one in claimed.bugs] == [broken]
    assert state_of(tx, broken)[0] == "failed"


def test_a_claim_sends_messages_of_one_round(place):
    tx, who, round_ = place
    other = stored(tx, who["y"], "reminder", reminder(round_.id, "asked"), round_id=1)
    stored(tx, who["R"], "reminder", reminder(round_.id, "asked"), round_id=round_.id)
    claimed = claim(tx, NOW, 5, deployment=HOUSE)
    assert claimed.to_send == []
    assert state_of(tx, other)[0] == "dropped"
    assert tx.scalar(sa.select(table.c.tries).where(table.c.person_id == who["R"])) == 0
    assert len(all_claimed(tx)) == 1


def test_a_kind_of_message_cannot_be_registered_twice():
    class Another(Message):
        kind = "reminder"

    with pytest.raises(ValueError, match="reminder"):
        by_name(*KINDS.values(), Another)


def test_kinds_sent_at_night_and_kinds_held_by_a_doubtful_clock():
    at_night = {kind for kind, message in KINDS.items() if message.at_night}
    assert sorted(at_night) == ["answer", "difficulty", "on_behalf"]
    assert sorted(BULK) == ["again", "all_in", "late_reports", "reminder", "written"]


def test_a_notification_delayed_by_an_outage_into_the_night_waits_for_morning(place):
    tx, who, _ = place
    evening = datetime(2026, 11, 23, 13, 50, tzinfo=NOW.tzinfo)  # 20:50 there
    for kind in ("notice", "returned", "total", "correction", "answer", "difficulty", "on_behalf"):
        stored(tx, who["R"], kind, SCREEN, at=evening)
    at_night = [kind for _, kind, _ in all_claimed(tx, evening + timedelta(hours=2, minutes=40))]
    assert at_night == ["answer", "difficulty", "on_behalf"]
    morning = evening + timedelta(hours=10, minutes=10)
    assert [kind for _, kind, _ in all_claimed(tx, morning)] == [
        "notice", "returned", "total", "correction"
    ]  # fmt: skip


def test_the_stored_form_of_dedupe_keys():
    day = date(2026, 3, 2)
    assert str(key_of_day(12, day)) == "day:12:2026-03-02"
    assert str(key_of_evening(12, day)) == "evening:12:2026-03-02"
    assert str(DedupeKey("late_arrival", (4, 12), day)) == "late_arrival:4:12:2026-03-02"
    assert str(DedupeKey("all_in", (4, 12))) == "all_in:4:12"
    assert day_of("evening:12:2026-03-02") == day
    assert day_of("all_in:4:12") is None
