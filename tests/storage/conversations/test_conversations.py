"""The place in the conversation, messages edited later, confirmations, evidence, difficulties."""

from sqlalchemy import Connection

from criteria.answers import Ratio
from criteria.scoring import ConfirmedAnswer
from criteria.sets.set_file import parse_criteria, shipped_text
from storage.conversations import conversations
from storage.difficulties import difficulties
from storage.engine.database import Database
from storage.evidence import evidence, evidence_totals
from storage.places import places
from storage.reports import reports
from storage.results import confirmations, current_facts
from storage.results.earlier_facts import past_round
from storage.rounds import rounds
from tests.storage.sample import CRITERIA, DAY, NOW, open_round, reach, sample


async def test_each_place_has_a_revision_and_the_shown_one_is_recorded(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        who = s.person.id
        assert conversations.conversation_of(tx, who) is None
        assert conversations.save_place(tx, who, None, "{}", NOW) == 1
        assert conversations.save_place(tx, who, None, '{"a":1}', NOW) == 2
        assert [p.person_id for p in conversations.not_shown(tx, NOW - DAY)] == [who]
        assert conversations.not_shown(tx, NOW + DAY) == []
        conversations.remember_shown(tx, who, "telegram", "question", "17", 2)
        conversations.remember_shown(tx, who, "telegram", "question", "18", 1)
        kept = conversations.conversation_of(tx, who)
        assert (kept.place, kept.revision, kept.shown_revision) == ('{"a":1}', 2, 2)
        assert conversations.not_shown(tx, NOW - DAY) == []
        assert conversations.shown_message(tx, who, "telegram", "question") == "18"
        conversations.forget_shown(tx, who, "telegram", "question")
        assert conversations.shown_message(tx, who, "telegram", "question") is None

    await database.write(work)


async def test_unreachable_people_are_not_shown_their_place_again(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        conversations.save_place(tx, s.person.id, None, "{}", NOW)
        reach(tx, s.person.id, False, NOW)
        assert conversations.not_shown(tx, NOW - DAY) == []

    await database.write(work)


async def test_a_confirmation_holds_until_it_is_revoked(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        by = s.person.id
        confirmations.confirm(tx, s.round, "CQ3", answer=True, reason="đã họp", by=by, now=NOW)
        confirmations.confirm(tx, s.round, "CQ3", answer=False, reason="nhầm", by=by, now=NOW + DAY)
        assert confirmations.confirmations_of(tx, s.round.id)["CQ3"].answer is False
        stood = past_round(tx, s.round.id, NOW).confirmed
        assert stood == {"CQ3": ConfirmedAnswer(True, "đã họp")}
        assert confirmations.revoke(tx, s.round, "CQ3", by=by, now=NOW + 2 * DAY)
        assert not confirmations.revoke(tx, s.round, "CQ3", by=by, now=NOW)
        assert confirmations.confirmations_of(tx, s.round.id) == {}
        assert past_round(tx, s.round.id, NOW + 3 * DAY).confirmed == {}

    await database.write(work)


async def test_evidence_is_fetched_counted_and_removed(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        report = reports.start_report(tx, s.round.id, s.areas[0].id, NOW)
        photo, gone = (
            evidence.add_attachment(
                tx,
                report,
                "KT3",
                kind="photo",
                reference=ref,
                name=None,
                media_type=None,
                size=None,
                by=s.person.id,
                now=NOW,
            )
            for ref in ("ref1", "ref2")
        )
        evidence.add_link(tx, report, "XH1", "https://a.vn", by=s.person.id, now=NOW)
        assert [one.id for one in evidence.TO_FETCH.to_fetch(tx, 9)] == [photo, gone]
        assert evidence.evidence_counts(tx, report.id) == {"KT3": (2, 0), "XH1": (1, 0)}
        assert evidence_totals.backlog(tx) == evidence_totals.Backlog(2, 0, None)
        evidence.TO_FETCH.failed(tx, evidence.TO_FETCH.to_fetch(tx, 1)[0], NOW + DAY)
        assert [one.id for one in evidence.TO_FETCH.to_fetch(tx, 9)] == [gone, photo]
        assert evidence.evidence_counts(tx, report.id)["KT3"] == (2, 1)
        assert evidence_totals.backlog(tx) == evidence_totals.Backlog(2, 1, NOW)
        assert evidence.remove(tx, gone, by=None, now=NOW) is None
        evidence.fetched(tx, photo, "evidence/ab/cd", 1234)
        assert evidence.TO_FETCH.to_fetch(tx, 9) == []
        assert evidence.evidence_counts(tx, report.id) == {"KT3": (1, 0), "XH1": (1, 0)}
        assert len(evidence.evidence_of_round(tx, s.round.id)) == 2
        assert evidence.remove(tx, photo, by=s.person.id, now=NOW) == "evidence/ab/cd"
        assert evidence.remove(tx, photo, by=s.person.id, now=NOW) is None
        assert [one.indicator for one in evidence.evidence_of(tx, report.id)] == ["XH1"]

    await database.write(work)


async def test_difficulties_stay_open_until_settled(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        made = difficulties.raise_difficulty(
            tx, commune_id=s.commune.id, text="mất sóng", by=s.person.id, now=NOW
        )
        assert [d.text for d in difficulties.open_difficulties(tx, s.commune.id)] == ["mất sóng"]
        assert difficulties.settle(tx, made, NOW)
        assert not difficulties.settle(tx, made, NOW)
        assert difficulties.open_difficulties(tx, s.commune.id) == []

    await database.write(work)


async def test_the_facts_of_a_round_prefer_the_figure_to_the_earlier_total(
    database: Database,
) -> None:
    criteria = parse_criteria(shipped_text(CRITERIA), "the shipped set")

    def work(tx: Connection) -> None:
        s = sample(tx)
        first, second, third = s.areas
        for unit in (first, second):
            report = reports.start_report(tx, s.round.id, unit.id, NOW)
            reports.put_answer(tx, report, "HT1", Ratio(5, 10), by=None, way="text", now=NOW)
            reports.send_report(tx, report, by=None, now=NOW, deadline=NOW)
        rounds.close_round(tx, s.round.id, NOW)
        made = open_round(tx, s.commune.id, "Sau", NOW)
        places.set_figure(tx, first.id, "adults", 12, NOW, way="import")
        places.set_figure(tx, s.office.id, "commune_cadres", 30, NOW, way="import")
        facts = current_facts.round_facts(tx, made, criteria)
        assert facts.areas == (first.id, second.id, third.id)
        assert facts.office == s.office.id
        assert facts.expected == {
            (first.id, "HT1"): 12,
            (second.id, "HT1"): 10,
            (s.office.id, "HT2"): 30,
        }
        assert facts.counted == {}
        before = current_facts.round_facts(tx, s.round, criteria)
        assert len(before.counted) == 2

    await database.write(work)
