"""Totals that differ from the commune's figure are marked, and lose the mark when they agree."""

from criteria.answers import Quantity, Ratio
from storage import history
from storage.engine.database import Database
from storage.places.roster import Author
from storage.reports import reports
from storage.results import total_marks
from tests.storage.sample import NOW, sample

OFFICE = Author("button", 2)


async def test_a_pair_is_marked_with_the_figure_and_loses_its_mark(database: Database) -> None:
    def work(tx) -> None:
        s = sample(tx)
        first, second, _ = (one.id for one in s.areas)
        by = {"by": s.person.id, "way": "text", "now": NOW}
        one = reports.start_report(tx, s.round.id, first, NOW)
        two = reports.start_report(tx, s.round.id, second, NOW)
        reports.put_answer(tx, one, "HT1", Ratio(3, 4), **by)
        reports.put_answer(tx, one, "KT1", Ratio(1, 9), **by)
        reports.put_answer(tx, one, "X1", Quantity(4), **by)
        reports.put_answer(tx, two, "HT1", Ratio(5, 6), **by)
        pairs = {(first, "HT1"): Ratio(3, 4), (first, "KT1"): Ratio(1, 9)}
        assert total_marks.stored_ratios(tx, s.round.id, [first]) == pairs
        assert total_marks.stored_ratios(tx, s.round.id + 1, [first]) == {}

        def standing(report):
            found = reports.answers_of(tx, report.id).values()
            return {one.indicator: one.commune_total for one in found}

        def mark(**totals):
            given = {(first, code): total for code, total in totals.items()}
            return total_marks.mark(tx, s.round.id, given, NOW, Author("button", s.other.id))

        before = len(history.history_of_unit(tx, first))
        assert mark(HT1=4, KT1=9, X1=7) == 0
        assert len(history.history_of_unit(tx, first)) == before
        assert mark(HT1=5, X1=7) == 1
        assert standing(one) == {"HT1": 5, "KT1": None, "X1": None}
        assert standing(two) == {"HT1": None}
        assert mark(HT1=5) == 0
        entry = max(history.history_of_unit(tx, first), key=lambda entry: entry.id)
        assert (entry.what, entry.way, entry.person_id) == ("total_mark", "button", s.other.id)
        assert (entry.unit_id, entry.report_id, entry.indicator) == (first, one.id, "HT1")
        assert "commune_total" not in entry.old
        assert entry.new["commune_total"] == 5
        assert entry.new["numerator"] == 3
        assert mark(HT1=None) == 1
        assert standing(one)["HT1"] is None
        assert mark(HT1=0) == 1
        assert standing(one)["HT1"] == 0
        assert mark(HT1=4) == 1
        assert standing(one)["HT1"] is None
        assert total_marks.mark(tx, s.round.id, {(second, "KT1"): 3}, NOW, OFFICE) == 0

    await database.write(work)
