"""The queries of every answer and every status use an index: other communes cost nothing."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from criteria.answers import Ratio
from criteria.sets.set_file import parse_criteria, shipped_text
from storage import history
from storage.conversations import asks, conversations, reports_in_rounds
from storage.difficulties import difficulties
from storage.engine.database import Database
from storage.evidence import evidence
from storage.messages import inbox, notices, outbox
from storage.messages.inbox import Update
from storage.people import invitations, people, reporters
from storage.places import places
from storage.reminders import reminder_plans
from storage.reports import reports
from storage.results import confirmations, current_facts, deadline_results
from storage.results.earlier_facts import past_round
from storage.rounds import rounds, schedules
from tests.outbox import enqueue
from tests.storage.sample import CRITERIA, DAY, NOW, Sample, sample

CRITERIA_SET = parse_criteria(shipped_text(CRITERIA), "the shipped set")


def an_answer(tx: Connection, s: Sample) -> None:
    inbox.take_in(tx, [Update("telegram", "1", "1", "{}")], NOW)
    inbox.waiting(tx, limit=10)
    inbox.failed_count(tx)
    people.find_with_roles(tx, "telegram", "1")
    rounds.open_rounds(tx, s.commune.id, NOW)
    rounds.is_open(tx, s.round, s.areas[0].id, NOW)
    report = reports.start_report(tx, s.round.id, s.areas[0].id, NOW)
    reports.put_answer(tx, report, "HT1", Ratio(1, 2), by=s.person.id, way="text", now=NOW)
    reports.last_change(tx, report.id, s.person.id)
    reports.undo(tx, report, by=s.person.id, now=NOW)
    reports.answers_of(tx, report.id)
    reports.send_report(tx, report, by=s.person.id, now=NOW, deadline=s.round.deadline)
    evidence.evidence_counts(tx, report.id)
    evidence.evidence_of(tx, report.id)
    current_facts.earlier_counted(tx, s.round, [s.areas[0].id])
    conversations.save_place(tx, s.person.id, report.id, "{}", NOW)
    reports_in_rounds.open_report(tx, s.person.id)
    reports_in_rounds.report_in_round(tx, report.id)
    conversations.remember_shown(tx, s.person.id, "telegram", "question", "1", 1)
    asks.record(tx, s.person.id, "telegram", "1", "{}", NOW, replaced=False)
    asks.recent(tx, s.person.id)
    asks.of_message(tx, s.person.id, "telegram", "1")
    asks.store_written(tx, s.person.id, "telegram", "2", "340", NOW)
    asks.written_message(tx, s.person.id, "telegram", "2")
    enqueue(tx, s.person.id, "reminder", "{}", NOW, dedupe_key="a")
    outbox.claim(tx, NOW, 10)
    outbox.next_due(tx)
    inbox.finish(tx, "telegram", "1")


def a_status(tx: Connection, s: Sample) -> None:
    current_facts.round_facts(tx, s.round, CRITERIA_SET)
    current_facts.round_facts(tx, replace(s.round, state="closed"), CRITERIA_SET)
    current_facts.report_states(tx, s.round.id)
    past_round(tx, s.round.id, NOW + DAY)
    confirmations.confirmations_of(tx, s.round.id)
    rounds.round_before(tx, s.round)
    reporters.units_without_members(tx, s.round.id)
    people.people_of_commune(tx, s.commune.id, "officer")
    people.members_of_unit(tx, s.areas[0].id)
    difficulties.open_difficulties(tx, s.commune.id)
    history.history_of_unit(tx, s.areas[0].id)
    invitations.find_invitation(tx, "x")
    places.units_of(tx, s.commune.id)
    evidence.TO_FETCH.to_fetch(tx, 4)


def a_tick(tx: Connection, s: Sample) -> None:
    """The queries of every thirty seconds, over all communes."""
    rounds.rounds_due(tx, NOW)
    deadline_results.rounds_at_deadline(tx, NOW)
    schedules.schedules_due(tx, NOW.date())
    reminder_plans.rounds_to_plan(tx, NOW)
    notices.notices_done(tx)
    outbox.claim(tx, NOW, 10)
    outbox.next_due(tx)


def plans(tx: Connection, statements: list[tuple[str, object]]) -> Iterator[str]:
    for statement, parameters in statements:
        if re.match(r"(SELECT|UPDATE|DELETE)", statement):
            for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
                yield f"{row[-1]}   <- {' '.join(statement.split())}"


@pytest.mark.parametrize("work", [an_answer, a_status, a_tick])
async def test_no_query_on_the_path_of_an_answer_scans_a_table(sqlite_url: str, work) -> None:
    async with Database(sqlite_url) as database:
        s = await database.write(sample)

        def explain(tx: Connection) -> list[str]:
            seen: list[tuple[str, object]] = []

            def keep(_c, _cursor, statement, parameters, _context, _many) -> None:
                seen.append((statement, parameters))

            sa.event.listen(tx, "before_cursor_execute", keep)
            work(tx, s)
            sa.event.remove(tx, "before_cursor_execute", keep)
            return list(plans(tx, seen))

        found = await database.write(explain)
    assert len(found) > 10
    # The index of evidence to fetch has nothing else: all of it, or its beginning, is read.
    few = ("CONSTANT ROW", "USING INDEX ix_evidence_to_fetch")
    scans = [line for line in found if line.startswith("SCAN")]
    assert [line for line in scans if not any(sign in line for sign in few)] == []
    if work is not a_tick:  # only the tick may look at the rounds of all communes
        by_state = re.compile(r"SEARCH \w+ USING (COVERING )?INDEX ix_rounds_state_\w+ \(state=")
        assert [line for line in found if by_state.match(line)] == []
