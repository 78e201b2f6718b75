"""Answers, corrections, undo, sending, returning, and what counts."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from criteria.answers import Ratio, Value, YesNo
from storage import history
from storage.engine.database import Database
from storage.reports import reports
from storage.reports.answers import NewAnswer
from storage.reports.report import named_by_return
from storage.reports.reports import Report
from storage.results import current_facts
from storage.results.earlier_facts import past_round
from storage.rounds import rounds
from tests.storage.sample import DAY, NOW, Sample, open_round, sample


class Filling:
    """One report being filled in, for short tests."""

    def __init__(self, tx: Connection, s: Sample, unit: int = 0) -> None:
        self.tx, self.s = tx, s
        self.unit = s.areas[unit]
        self.at = NOW
        reports.start_report(tx, s.round.id, self.unit.id, NOW)

    @property
    def report(self) -> Report:
        return reports.report_of(self.tx, self.s.round.id, self.unit.id)

    def put(
        self, code: str, value: Value | None, *, other: bool = False, way: str = "text"
    ) -> bool:
        self.at += timedelta(minutes=1)
        by = self.s.other.id if other else self.s.person.id
        return reports.put_answer(self.tx, self.report, code, value, by=by, way=way, now=self.at)

    def undo(self, *, other: bool = False) -> str | None:
        self.at += timedelta(minutes=1)
        by = self.s.other.id if other else self.s.person.id
        done = reports.undo(self.tx, self.report, by=by, now=self.at)
        return done.indicator if done else None

    def send(self) -> Report:
        self.at += timedelta(minutes=1)
        return reports.send_report(
            self.tx, self.report, by=self.s.person.id, now=self.at, deadline=self.s.round.deadline
        )

    def give_back(self, *codes: str) -> Report:
        self.at += timedelta(minutes=1)
        return reports.return_report(
            self.tx, self.report, list(codes), "xem lại", by=self.s.other.id, now=self.at
        )

    @property
    def values(self) -> dict[str, Value | None]:
        return {c: a.value for c, a in reports.answers_of(self.tx, self.report.id).items()}

    @property
    def counted(self) -> dict[str, Value]:
        found = current_facts.counted_values(self.tx, self.s.round.id)
        assert found == past_round(self.tx, self.s.round.id, self.at).counted
        return {code: value for (unit, code), value in found.items() if unit == self.unit.id}


async def test_an_answer_is_read_as_it_was_stored(database: Database) -> None:
    def work(tx: Connection) -> None:
        f = Filling(tx, sample(tx))
        f.put("HT1", Ratio(0, 0))
        f.put("KT1", Ratio(350, 400))
        f.put("CQ3", YesNo(False))
        f.put("KT2", None)
        assert f.values == {
            "HT1": Ratio(0, 0),
            "KT1": Ratio(350, 400),
            "CQ3": YesNo(False),
            "KT2": None,
        }

    await database.write(work)


async def test_an_equal_answer_is_recorded_only_once(database: Database) -> None:
    def work(tx: Connection) -> None:
        f = Filling(tx, sample(tx))
        assert f.put("HT1", Ratio(1, 2))
        assert not f.put("HT1", Ratio(1, 2))
        assert not f.put("HT1", Ratio(1, 2), other=True)
        entries = [e for e in history.history_of_unit(tx, f.unit.id) if e.what == "answer"]
        assert len(entries) == 1
        assert entries[0].old is None
        assert entries[0].new == {"v": 1, "state": "ratio", "numerator": 1, "denominator": 2}
        assert entries[0].name == "Bác Tư"

    await database.write(work)


async def test_undo_goes_back_step_by_step(database: Database) -> None:
    def work(tx: Connection) -> None:
        f = Filling(tx, sample(tx))
        f.put("HT1", Ratio(1, 2))
        f.put("CQ3", YesNo(True))
        f.put("HT1", Ratio(2, 2))
        f.put("HT1", None)
        seen = []
        while (code := f.undo()) is not None:
            seen.append((code, f.values))
        assert seen == [
            ("HT1", {"HT1": Ratio(2, 2), "CQ3": YesNo(True)}),
            ("HT1", {"HT1": Ratio(1, 2), "CQ3": YesNo(True)}),
            ("CQ3", {"HT1": Ratio(1, 2)}),
            ("HT1", {}),
        ]
        f.put("HT1", Ratio(0, 2))
        assert (f.undo(), f.values) == ("HT1", {})

    await database.write(work)


async def test_a_change_after_an_undo_is_undone_first(database: Database) -> None:
    def work(tx: Connection) -> None:
        f = Filling(tx, sample(tx))
        f.put("HT1", Ratio(1, 9))
        f.put("HT1", Ratio(2, 9))
        f.undo()
        f.put("HT1", Ratio(3, 9))
        f.undo()
        assert f.values == {"HT1": Ratio(1, 9)}
        f.undo()
        assert f.values == {}

    await database.write(work)


async def test_undo_never_changes_another_members_answer(database: Database) -> None:
    def work(tx: Connection) -> None:
        f = Filling(tx, sample(tx))
        f.put("CQ3", YesNo(True))
        f.put("HT1", Ratio(1, 9))
        f.put("HT1", Ratio(5, 9), other=True)
        assert f.undo() is None  # nor an older own change: nobody would expect that
        assert f.values == {"CQ3": YesNo(True), "HT1": Ratio(5, 9)}
        assert f.undo(other=True) == "HT1"
        assert f.values == {"CQ3": YesNo(True), "HT1": Ratio(1, 9)}
        assert f.undo() == "HT1"

    await database.write(work)


async def test_undo_brings_back_the_communes_total(database: Database) -> None:
    def work(tx: Connection) -> None:
        f = Filling(tx, sample(tx))
        reports.put_answer(
            tx,
            f.report,
            "HT1",
            Ratio(1, 9),
            by=f.s.person.id,
            way="text",
            now=NOW,
            commune_total=12,
        )
        f.put("HT1", Ratio(1, 8))
        f.undo()
        assert reports.answers_of(tx, f.report.id)["HT1"].commune_total == 12

    await database.write(work)


async def test_a_sent_report_counts_and_a_draft_does_not(database: Database) -> None:
    def work(tx: Connection) -> None:
        f = Filling(tx, sample(tx))
        f.put("HT1", Ratio(1, 2))
        f.put("KT1", None)
        assert f.counted == {}
        f.send()
        assert f.counted == {"HT1": Ratio(1, 2)}
        f.put("HT1", Ratio(2, 2))
        f.put("KT2", Ratio(0, 0))
        assert f.counted == {"HT1": Ratio(2, 2), "KT2": Ratio(0, 0)}
        f.undo()
        assert f.counted == {"HT1": Ratio(2, 2)}

    await database.write(work)


async def test_a_returned_answer_is_missing_until_the_report_is_sent_again(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        f = Filling(tx, sample(tx))
        f.put("HT1", Ratio(1, 2))
        f.put("CQ3", YesNo(True))
        code = f.send().code
        f.give_back("HT1")
        assert f.report.state == "returned"
        assert f.report.return_note == "xem lại"
        assert f.counted == {"CQ3": YesNo(True)}
        answer = reports.answers_of(tx, f.report.id)["HT1"]
        assert (answer.returned, answer.held) == (True, True)
        f.put("HT1", Ratio(2, 2))
        assert not reports.answers_of(tx, f.report.id)["HT1"].returned
        assert f.counted == {"CQ3": YesNo(True)}
        f.undo()
        assert reports.answers_of(tx, f.report.id)["HT1"].returned
        f.put("HT1", Ratio(2, 2))
        f.put("CQ3", YesNo(False))
        assert f.counted == {"CQ3": YesNo(False)}
        sent = f.send()
        assert (sent.code, sent.sends, sent.state) == (code, 2, "sent")
        assert f.counted == {"CQ3": YesNo(False), "HT1": Ratio(2, 2)}

    await database.write(work)


async def test_the_same_value_again_answers_a_return(database: Database) -> None:
    def work(tx: Connection) -> None:
        f = Filling(tx, sample(tx))
        f.put("HT1", Ratio(1, 2))
        f.send()
        f.give_back("HT1")
        assert not f.put("HT1", Ratio(1, 2))
        assert not reports.answers_of(tx, f.report.id)["HT1"].returned
        assert f.counted == {}
        f.send()
        assert f.counted == {"HT1": Ratio(1, 2)}

    await database.write(work)


async def test_a_correction_sets_an_accepted_report_back_to_sent(database: Database) -> None:
    def work(tx: Connection) -> None:
        f = Filling(tx, sample(tx))
        f.put("HT1", Ratio(1, 2))
        f.send()
        accepted = reports.accept_report(tx, f.report, by=f.s.other.id, now=f.at)
        assert accepted.state == f.report.state == "accepted"
        f.put("HT1", Ratio(1, 2))
        assert f.report.state == "accepted"
        f.put("HT1", Ratio(2, 2))
        assert f.report.state == "sent"

    await database.write(work)


@pytest.mark.parametrize("late", [False, True])
async def test_a_report_is_late_by_its_first_sending(database: Database, late: bool) -> None:
    def work(tx: Connection) -> None:
        f = Filling(tx, sample(tx))
        f.at = f.s.round.deadline + DAY if late else NOW
        first = f.send()
        f.give_back("HT1")
        f.at = f.s.round.deadline + 2 * DAY
        second = f.send()
        assert (first.late, second.late) == (late, late)
        assert second.first_sent_at == first.first_sent_at
        again = f.send()
        assert again.sends == 2
        assert again == f.report

    await database.write(work)


async def test_a_receipt_code_is_short_and_unique(database: Database) -> None:
    def work(tx: Connection) -> list[str]:
        s = sample(tx, areas=20)
        return [Filling(tx, s, n).send().code for n in range(20)]

    codes = await database.write(work)
    assert len(set(codes)) == 20
    assert all(code.startswith("DC-") and len(code) == 7 for code in codes)


async def test_the_earlier_answer_is_the_newest_that_counted(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        rounds.close_round(tx, s.round.id, NOW)
        oldest = open_round(tx, s.commune.id, "Tháng 8", NOW - 100 * DAY)
        rounds.close_round(tx, oldest.id, NOW)
        older = open_round(tx, s.commune.id, "Tháng 9", NOW - 60 * DAY)
        rounds.close_round(tx, older.id, NOW)
        cancelled = open_round(tx, s.commune.id, "Tháng 10", NOW - 30 * DAY)
        for round_, value in ((oldest, 1), (older, 2), (cancelled, 3)):
            report = reports.start_report(tx, round_.id, s.areas[0].id, NOW)
            for code in ("HT1", "KT1") if round_ is oldest else ("HT1",):
                reports.put_answer(tx, report, code, Ratio(value, 9), by=None, way="text", now=NOW)
            reports.send_report(tx, report, by=None, now=NOW, deadline=round_.deadline)
        draft = reports.start_report(tx, older.id, s.areas[1].id, NOW)
        reports.put_answer(tx, draft, "HT1", Ratio(4, 9), by=None, way="text", now=NOW)
        rounds.cancel_round(tx, cancelled.id, "nhầm", NOW)
        units = [unit.id for unit in s.areas]
        first = s.areas[0].id
        assert current_facts.earlier_counted(tx, s.round, units) == {
            (first, "HT1"): Ratio(2, 9),
            (first, "KT1"): Ratio(1, 9),
        }
        assert current_facts.earlier_counted(tx, older, units) == {
            (first, "HT1"): Ratio(1, 9),
            (first, "KT1"): Ratio(1, 9),
        }
        assert current_facts.earlier_counted(tx, oldest, units) == {}
        assert rounds.round_before(tx, s.round).id == older.id

    await database.write(work)


async def test_what_somebody_accepted_together_is_found_and_taken_back(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        sent = [Filling(tx, s, unit) for unit in range(3)]
        for one in sent[:2]:
            one.put("HT1", Ratio(3, 4))
            one.send()
        every = [one.report for one in sent]
        at, by = NOW + DAY, s.other.id
        reports.accept_reports(tx, [every[2]], by=by, now=at)  # a draft: nothing happens
        assert reports.accepted_at(tx, s.round.id, by, at) == []
        reports.accept_reports(tx, every, by=by, now=at)
        assert [one.report.state for one in sent] == ["accepted", "accepted", "draft"]
        entry = max(history.history_of_unit(tx, s.areas[1].id), key=lambda one: one.id)
        assert (entry.what, entry.person_id, entry.at) == ("report", by, at)
        assert (entry.old["state"], entry.new["state"]) == ("sent", "accepted")
        found = reports.accepted_at(tx, s.round.id, by, at)
        assert found == [sent[0].report, sent[1].report]
        for other in ((s.round.id + 1, by, at), (s.round.id, s.person.id, at),
                      (s.round.id, by, at + DAY)):  # fmt: skip
            assert reports.accepted_at(tx, *other) == []
        back = reports.take_back_acceptance(tx, found[0], by=by, now=at)
        assert (back.state, sent[0].report.state, sent[0].counted) == (
            "sent", "sent", {"HT1": Ratio(3, 4)},
        )  # fmt: skip
        assert reports.accepted_at(tx, s.round.id, by, at) == [found[1]]
        assert reports.take_back_acceptance(tx, back, by=by, now=at) == back

    await database.write(work)


async def test_several_answers_are_kept_at_once_each_by_the_same_rules(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        filling = Filling(tx, s)
        filling.put("HT1", Ratio(3, 4))
        standing = reports.answers_of(tx, filling.report.id)
        given = [
            NewAnswer("HT1", Ratio(3, 4), "text"),
            NewAnswer("HT2", Ratio(1, 2), "text", 5, "houses"),
            NewAnswer("CQ3", YesNo(yes=True), "text"),
            NewAnswer("HT2", Ratio(2, 2), "text"),
        ]
        before = len(history.history_of_unit(tx, filling.unit.id, limit=99))
        after = reports.put_answers(
            tx, filling.report, given, standing, by=s.person.id, now=filling.at
        )
        assert after == reports.answers_of(tx, filling.report.id)
        assert {code: one.value for code, one in after.items()} == {
            "HT1": Ratio(3, 4), "HT2": Ratio(2, 2), "CQ3": YesNo(yes=True),
        }  # fmt: skip
        assert len(history.history_of_unit(tx, filling.unit.id, limit=99)) == before + 3

    await database.write(work)


async def test_a_returned_report_names_what_it_asks_for(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        filling = Filling(tx, s)
        filling.put("HT1", Ratio(3, 4))
        filling.put("HT2", Ratio(3, 4))
        assert named_by_return(tx, filling.send()) is None
        filling.give_back("HT1")
        assert named_by_return(tx, filling.report) == {"HT1"}
        assert not filling.report.is_in
        filling.send()
        assert filling.report.is_in
        filling.give_back("HT2", "HT1")
        filling.put("HT2", Ratio(2, 4))
        assert named_by_return(tx, filling.report) == {"HT1", "HT2"}

    await database.write(work)
