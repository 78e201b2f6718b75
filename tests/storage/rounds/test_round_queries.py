"""Queries over rounds: what waits for the office."""

import pytest
from sqlalchemy import Connection

from storage.engine.database import Database
from storage.places import places
from storage.reports import reports
from storage.rounds import round_queries
from tests.storage.sample import DAY, NOW, open_round, sample


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_sent_reports_of_areas_are_counted_by_open_round(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        other = places.add_commune(tx, "suoi", "Xã Suối")
        area = places.add_unit(tx, other.id, "khu-1", "Khu 1", number=1)
        there = open_round(tx, other.id)

        def send(round_, unit):
            report = reports.start_report(tx, round_.id, unit.id, NOW)
            return reports.send_report(tx, report, by=None, now=NOW, deadline=round_.deadline)

        both = [s.commune.id, other.id]
        assert round_queries.waiting_for_review(tx, both, NOW) == {}
        first, _ = send(s.round, s.areas[0]), send(s.round, s.areas[1])
        send(s.round, s.office)
        send(there, area)
        reports.start_report(tx, s.round.id, s.areas[2].id, NOW)
        assert round_queries.waiting_for_review(tx, both, NOW) == {s.round.id: 2, there.id: 1}
        assert round_queries.waiting_for_review(tx, [other.id], NOW) == {there.id: 1}
        assert round_queries.waiting_for_review(tx, both, NOW + 99 * DAY) == {}
        reports.accept_report(tx, first, by=None, now=NOW)
        assert round_queries.waiting_for_review(tx, both, NOW) == {s.round.id: 1, there.id: 1}

    await database.write(work)
