"""Reports that the office enters, the confirmation by the area, and differing totals."""

from datetime import timedelta

import pytest

from criteria.answers import Ratio, YesNo
from storage import history
from storage.reports import on_behalf, reports
from storage.results import current_facts
from storage.results.earlier_facts import past_round
from tests.storage.sample import NOW, sample

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
async def village(database):
    return await database.write(sample)


def entered(tx, s):
    report = reports.start_report(tx, s.round.id, s.areas[0].id, NOW)
    by = s.person.id
    reports.put_answer(tx, report, "HT1", Ratio(3, 4), by=by, way="office", now=NOW)
    reports.put_answer(tx, report, "CQ3", YesNo(yes=True), by=by, way="text", now=NOW)
    return reports.send_report(tx, report, by=by, now=NOW, deadline=s.round.deadline)


def words(tx, report):
    return {a.indicator: a.office for a in reports.answers_of(tx, report.id).values()}


async def test_an_answer_by_the_office_is_marked_until_the_area_gives_it(database, village):
    def work(tx):
        report = entered(tx, village)
        first = words(tx, report)
        reports.put_answer(
            tx, report, "HT1", Ratio(3, 4), by=village.person.id, way="text", now=LATER
        )
        return first, words(tx, report)

    first, then = await database.write(work)
    assert first == {"HT1": "entered", "CQ3": None}
    assert then == {"HT1": None, "CQ3": None}


async def test_undo_restores_who_gave_the_answer(database, village):
    def work(tx):
        report, by = entered(tx, village), village.person.id
        reports.put_answer(tx, report, "HT1", Ratio(2, 4), by=by, way="office", now=LATER)
        reports.undo(tx, report, by=by, now=LATER)
        return reports.answers_of(tx, report.id)["HT1"]

    answer = await database.write(work)
    assert (answer.value, answer.office) == (Ratio(3, 4), "entered")


async def test_an_area_that_says_wrong_sends_an_accepted_report_back_to_review(database, village):
    def work(tx):
        report = reports.accept_report(tx, entered(tx, village), by=None, now=NOW)
        said = {"by": village.person.id, "now": LATER, "indicator": None, "asked_at": NOW}
        meant = on_behalf.store_area_confirmation(tx, report, right=False, **said)
        again = on_behalf.store_area_confirmation(tx, report, right=True, **said)
        state = reports.report_by_id(tx, report.id).state
        played = past_round(tx, village.round.id, LATER).states
        return meant, again, state, played[report.unit_id], words(tx, report)["HT1"]

    assert await database.write(work) == (["HT1"], [], "sent", "sent", "wrong")


async def test_a_confirmation_does_not_cover_what_was_entered_after_it_was_asked(database, village):
    def work(tx):
        report = entered(tx, village)
        return on_behalf.store_area_confirmation(
            tx,
            report,
            right=True,
            asked_at=NOW - timedelta(seconds=1),
            indicator=None,
            by=village.person.id,
            now=LATER,
        )

    assert await database.write(work) == []


async def test_the_areas_total_is_settled_once(database, village):
    def work(tx):
        report = reports.start_report(tx, village.round.id, village.areas[0].id, NOW)
        by = village.person.id
        reports.put_answer(
            tx, report, "HT1", Ratio(350, 412), by=by, way="text", now=NOW, commune_total=400
        )
        taken = []
        for _ in range(2):
            standing = reports.answers_of(tx, report.id)["HT1"]
            taken.append(on_behalf.accept_area_total(tx, report, standing, by=by, now=LATER))
        answer = reports.answers_of(tx, report.id)["HT1"]
        kinds = [e.what for e in history.history_of_unit(tx, report.unit_id)]
        return taken, answer.value, answer.commune_total, answer.office, kinds[:1]

    assert await database.write(work) == (
        [412, None],
        Ratio(350, 412),
        None,
        None,
        ["total"],
    )


async def test_an_answer_to_a_returned_gap_counts_only_when_the_report_is_sent_again(
    database, village
):
    def work(tx):
        report, by = entered(tx, village), village.person.id
        report = reports.return_report(tx, report, ["KT3"], "?", by=by, now=NOW)
        reports.put_answer(tx, report, "KT3", YesNo(yes=True), by=by, way="text", now=LATER)
        counted = current_facts.counted_values(tx, village.round.id)
        played = past_round(tx, village.round.id, LATER).counted
        reports.send_report(tx, report, by=by, now=LATER, deadline=village.round.deadline)
        key = (report.unit_id, "KT3")
        after = current_facts.counted_values(tx, village.round.id)
        return key in counted, counted == played, key in after

    assert await database.write(work) == (False, True, True)
