"""Counting methods, removed answers, what undo restores; each with its history."""

import pytest
from sqlalchemy import Connection

from criteria.answers import Ratio, YesNo
from storage import history
from storage.engine.database import Database
from storage.reports import answer_values, reports
from storage.reports.report import named_by_return
from storage.results import current_facts
from storage.rounds import rounds
from tests.storage.sample import DAY, NOW, Sample, open_round, sample

MANY = Ratio(350, 400)


def put(tx: Connection, s: Sample, code: str, value, **more) -> bool:
    usual = {"by": s.person.id, "way": "text", "now": NOW}
    return reports.put_answer(tx, report_of(tx, s), code, value, **(usual | more))


def report_of(tx: Connection, s: Sample) -> reports.Report:
    return reports.start_report(tx, s.round.id, s.areas[0].id, NOW)


def changes(tx: Connection, s: Sample) -> list[history.HistoryEntry]:
    found = history.history_of_round(tx, s.round.id)
    return [one for one in found if one.what in {"answer", "how"}]


def send(tx: Connection, s: Sample) -> reports.Report:
    report = report_of(tx, s)
    return reports.send_report(tx, report, by=s.person.id, now=NOW, deadline=NOW)


@pytest.mark.parametrize("value", [MANY, Ratio(0, 0), YesNo(yes=True), YesNo(yes=False), None])
def test_a_value_survives_its_columns_and_the_history(value) -> None:
    columns = answer_values.columns(value)
    assert answer_values.value(**columns) == value
    assert answer_values.from_json(answer_values.as_json(value)) == value
    assert answer_values.as_json(value, 0)["commune_total"] == 0
    assert "commune_total" not in answer_values.as_json(value)
    assert None not in answer_values.as_json(value, 5).values()
    assert answer_values.value("ratio", None, 4, None) is None
    assert answer_values.value("ratio", 4, None, None) is None


async def test_the_counting_method_can_be_given_with_the_number_or_later(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)

        def say(how: str, code: str = "HT1") -> bool:
            report = report_of(tx, s)
            return reports.set_counting_method(
                tx, report, code, how, by=s.person.id, way="button", now=NOW
            )

        assert not say("books")  # there is no number yet
        assert put(tx, s, "HT1", MANY, how="books")
        assert put(tx, s, "CQ3", YesNo(yes=True))
        assert put(tx, s, "KT1", None)
        assert not say("books")
        assert not say("books", "CQ3")
        assert not say("books", "KT1")
        sent = send(tx, s)
        reports.accept_report(tx, sent, by=None, now=NOW)
        assert say("houses")
        assert report_of(tx, s).state == "accepted"  # no figure changed
        assert put(tx, s, "HT1", MANY, how="estimate")
        assert not put(tx, s, "HT1", MANY, how="estimate")
        assert not put(tx, s, "HT1", MANY)
        assert reports.answer_of(tx, sent.id, "HT1").how == "estimate"
        assert current_facts.counting_methods_of(tx, s.round.id) == {
            (s.areas[0].id, "HT1"): "estimate"
        }
        said = [(one.old, one.new) for one in changes(tx, s) if one.what == "how"]
        assert said == [
            ({"v": 1, "how": "books"}, {"v": 1, "how": "houses"}),
            ({"v": 1, "how": "houses"}, {"v": 1, "how": "estimate"}),
        ]
        assert put(tx, s, "HT1", Ratio(1, 400))
        assert reports.answer_of(tx, sent.id, "HT1").how is None

    await database.write(work)


async def test_a_removed_answer_was_never_given(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)

        def clear() -> bool:
            report = report_of(tx, s)
            return reports.clear_answer(
                tx, report, "HT1", by=s.person.id, way="button", now=NOW + DAY
            )

        assert not clear()
        put(tx, s, "HT1", MANY, commune_total=410, how="books")
        put(tx, s, "KT1", MANY)
        reports.accept_report(tx, send(tx, s), by=None, now=NOW)
        assert clear()
        assert report_of(tx, s).state == "sent"
        assert sorted(reports.answers_of(tx, report_of(tx, s).id)) == ["KT1"]
        entry = changes(tx, s)[-1]
        assert (entry.new, entry.way, entry.at) == ({"v": 1, "state": "none"}, "button", NOW + DAY)
        assert entry.old == {
            "v": 1, "state": "ratio", "numerator": 350, "denominator": 400, "commune_total": 410,
            "how": "books",
        }  # fmt: skip
        assert reports.undo(tx, report_of(tx, s), by=s.person.id, now=NOW).indicator == "KT1"

    await database.write(work)


async def test_undo_restores_the_whole_earlier_answer(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        put(tx, s, "HT1", MANY, commune_total=410, how="books")
        put(tx, s, "HT1", Ratio(1, 400), commune_total=420, how="houses")
        last = reports.last_change(tx, report_of(tx, s).id, s.person.id)
        assert (last.indicator, last.old, last.new) == ("HT1", MANY, Ratio(1, 400))
        assert (last.first, last.overtaken) == (False, False)
        assert reports.undo(tx, report_of(tx, s), by=s.person.id, now=NOW + DAY) == last
        answer = reports.answer_of(tx, report_of(tx, s).id, "HT1")
        assert (answer.value, answer.commune_total, answer.how) == (MANY, 410, "books")
        assert (answer.given_by, answer.given_at) == (s.person.id, NOW + DAY)
        entry = changes(tx, s)[-1]
        assert (entry.way, entry.new["undoes"]) == ("undo", last.id)
        first = reports.last_change(tx, report_of(tx, s).id, s.person.id)
        assert (first.first, first.old) == (True, None)
        assert reports.last_change(tx, report_of(tx, s).id, s.other.id) is None
        reports.accept_report(tx, send(tx, s), by=None, now=NOW)
        assert reports.undo(tx, report_of(tx, s), by=s.person.id, now=NOW) == first
        assert report_of(tx, s).state == "sent"
        assert reports.undo(tx, report_of(tx, s), by=s.person.id, now=NOW) is None

    await database.write(work)


async def test_a_change_that_another_member_overwrote_is_not_undone(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        put(tx, s, "HT1", MANY)
        put(tx, s, "HT1", MANY, commune_total=5, by=s.other.id)  # the same, over another total
        last = reports.last_change(tx, report_of(tx, s).id, s.person.id)
        assert (last.overtaken, last.indicator, last.new) == (True, "HT1", MANY)
        assert reports.undo(tx, report_of(tx, s), by=s.person.id, now=NOW) is None
        reports.clear_answer(tx, report_of(tx, s), "HT1", by=s.other.id, way="text", now=NOW)
        assert reports.last_change(tx, report_of(tx, s).id, s.person.id).overtaken

    await database.write(work)


async def test_an_answer_that_the_office_corrects_after_a_return_counts(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        put(tx, s, "HT1", MANY)
        returned = reports.return_report(
            tx, send(tx, s), ["HT1", "KT1"], "xem lại", by=s.other.id, now=NOW
        )
        assert named_by_return(tx, returned) == {"HT1", "KT1"}
        unit = s.areas[0].id
        put(tx, s, "KT1", Ratio(1, 2))  # named, and never answered before
        put(tx, s, "KT2", Ratio(1, 3))
        assert current_facts.counted_values(tx, s.round.id) == {(unit, "KT2"): Ratio(1, 3)}
        assert put(tx, s, "HT1", MANY, way="office", by=s.other.id)
        answer = reports.answer_of(tx, returned.id, "HT1")
        # The area's own value counts again.
        assert (answer.office, answer.held, answer.returned) == (None, False, False)
        assert current_facts.counted_values(tx, s.round.id)[unit, "HT1"] == MANY
        assert not put(tx, s, "HT1", MANY, way="office", by=s.other.id)
        assert put(tx, s, "HT1", Ratio(349, 400), way="office", by=s.other.id)
        assert reports.answer_of(tx, returned.id, "HT1").office == "entered"
        put(tx, s, "KT3", YesNo(yes=True), reason="nhầm", way="office")
        assert changes(tx, s)[-1].new["reason"] == "nhầm"
        again = send(tx, s)
        assert (again.sends, again.return_note) == (2, None)
        assert named_by_return(tx, again) is None
        assert current_facts.counted_values(tx, s.round.id)[unit, "KT1"] == Ratio(1, 2)

    await database.write(work)


async def test_a_report_is_sent_accepted_and_returned_only_from_certain_states(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        put(tx, s, "HT1", MANY)
        draft = report_of(tx, s)
        assert reports.accept_report(tx, draft, by=None, now=NOW) == draft
        assert reports.return_report(tx, draft, ["HT1"], "x", by=None, now=NOW) == draft
        sent = reports.send_report(tx, draft, by=s.person.id, now=NOW, deadline=NOW)
        assert (sent.state, sent.late, sent.sends) == ("sent", False, 1)
        assert (sent.first_sent_at, sent.sent_at) == (NOW, NOW)
        assert reports.send_report(tx, sent, by=None, now=NOW + DAY, deadline=NOW) == sent
        accepted = reports.accept_report(tx, sent, by=s.other.id, now=NOW)
        assert reports.accept_report(tx, accepted, by=None, now=NOW) == accepted
        assert reports.send_report(tx, accepted, by=None, now=NOW, deadline=NOW) == accepted
        back = reports.return_report(tx, accepted, ["KT1", "HT1"], "xem lại", by=None, now=NOW)
        assert (back.state, back.return_note) == ("returned", "xem lại")
        states = [
            (one.old and one.old["state"], one.new["state"], one.way)
            for one in history.history_of_round(tx, s.round.id)
            if one.what == "report"
        ]
        assert states == [
            (None, "draft", "start"), ("draft", "sent", "button"), ("sent", "accepted", "button"),
            ("accepted", "returned", "button"),
        ]  # fmt: skip
        entry = history.history_of_round(tx, s.round.id)[-1]
        assert (entry.new["indicators"], entry.new["note"]) == (["HT1", "KT1"], "xem lại")
        later = reports.send_report(tx, back, by=None, now=NOW + DAY, deadline=NOW)
        assert (later.late, later.first_sent_at, later.sent_at) == (False, NOW, NOW + DAY)

    await database.write(work)


async def test_the_earlier_counting_method_is_that_of_the_newest_earlier_number(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        unit = s.areas[0].id
        put(tx, s, "HT1", MANY, how="books")
        put(tx, s, "KT1", MANY, how="houses")
        put(tx, s, "KT2", MANY)
        send(tx, s)
        rounds.close_round(tx, s.round.id, NOW)
        later = open_round(tx, s.commune.id, "Sau", NOW)
        before = current_facts.earlier_counting_methods(tx, later, unit)
        assert before == {"HT1": "books", "KT1": "houses", "KT2": None}
        assert current_facts.earlier_counting_methods(tx, later, s.areas[1].id) == {}
        assert current_facts.earlier_counting_methods(tx, s.round, unit) == {}

    await database.write(work)
