"""Answers kept from the last period as they were: which, how many, and not twice running."""

import pytest

from criteria.answers import Ratio
from storage.engine.database import Database
from storage.reports import reports
from storage.results.unchanged import WAY, may_keep_all, unchanged, unchanged_in
from storage.rounds import rounds
from tests.storage.sample import DAY, NOW, open_round, sample

SAME, OTHER = Ratio(3, 4), Ratio(2, 4)


def put(tx, s, report, code, way, value=SAME):
    reports.put_answer(tx, report, code, value, by=s.person.id, way=way, now=NOW)


async def test_an_answer_is_unchanged_until_somebody_changes_it(database: Database) -> None:
    def work(tx) -> None:
        s = sample(tx)
        one, two = (reports.start_report(tx, s.round.id, a.id, NOW) for a in s.areas[:2])
        put(tx, s, one, "HT1", WAY)
        put(tx, s, one, "HT2", "text")
        put(tx, s, one, "KT1", WAY)
        put(tx, s, one, "KT1", "text", OTHER)
        put(tx, s, one, "KT2", "text")
        put(tx, s, one, "KT2", WAY, OTHER)
        put(tx, s, two, "HT1", WAY)
        assert unchanged(tx, one.id) == {"HT1", "KT2"}
        assert unchanged_in(tx, [one.id, two.id]) == {one.id: 2, two.id: 1}
        assert unchanged_in(tx, [one.id]) == {one.id: 2}
        # The first answer of a question is taken back: it doesn't stand.
        put(tx, s, two, "HT2", WAY)
        reports.undo(tx, two, by=s.person.id, now=NOW)
        put(tx, s, two, "KT1", "text")
        assert unchanged(tx, two.id) == {"HT1"}
        assert unchanged_in(tx, [two.id]) == {two.id: 1}
        assert unchanged_in(tx, []) == {}

    await database.write(work)


@pytest.mark.parametrize(
    ("before", "now", "may"),
    [
        (None, (), True),
        (("text",), (), True),
        ((WAY,), (), False),
        ((WAY,), (WAY,), False),
        ((WAY,), ("office",), False),
        ((WAY,), ("text",), True),
        ((WAY, "button"), (), True),
        ((WAY, "office"), (), False),
    ],
)
@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_everything_is_kept_only_every_other_time(database, before, now, may) -> None:
    def work(tx) -> bool:
        s = sample(tx)
        unit = s.areas[0].id
        if before is not None:
            old = reports.start_report(tx, s.round.id, unit, NOW)
            for number, way in enumerate(before):
                put(tx, s, old, f"HT{number + 1}", way)
            reports.send_report(tx, old, by=s.person.id, now=NOW, deadline=s.round.deadline)
        rounds.close_round(tx, s.round.id, NOW)
        later = open_round(tx, s.commune.id, "Tháng 12", NOW + DAY)
        report = reports.start_report(tx, later.id, unit, NOW + DAY)
        for number, way in enumerate(now):
            put(tx, s, report, f"HT{number + 1}", way)
        return may_keep_all(tx, later, unit, report.id)

    assert await database.write(work) is may
