"""Reading or writing for many at once gives the same as for each alone."""

from datetime import date

from sqlalchemy import Connection

from criteria.answers import Ratio, YesNo
from criteria.sets.set_file import parse_criteria, shipped_text
from storage import history
from storage.engine.database import Database
from storage.evidence import evidence
from storage.messages import outbox
from storage.people import people
from storage.places import places
from storage.reports import reports
from storage.results import confirmations, current_facts
from storage.rounds import criteria_texts, rounds
from storage.tables import round_units
from tests.storage.sample import CRITERIA, DAY, NOW, sample

CRITERIA_SET = parse_criteria(shipped_text(CRITERIA), "the shipped set")


def filled(tx: Connection):
    """A commune with reports in three states, and a second commune with its own round."""
    s = sample(tx)
    for number, area in enumerate(s.areas):
        report = reports.start_report(tx, s.round.id, area.id, NOW)
        value = Ratio(number, 400)
        reports.put_answer(tx, report, "HT1", value, by=None, way="text", now=NOW)
        if number:
            answer = YesNo(yes=number == 1)
            reports.put_answer(tx, report, "CQ3", answer, by=None, way="text", now=NOW)
            reports.send_report(tx, report, by=None, now=NOW, deadline=s.round.deadline)
        for _ in range(number):
            evidence.add_link(tx, report, "CQ3", "https://xa.example", by=None, now=NOW)
        places.set_figure(tx, area.id, "adults", 400 + number, NOW, way="import")
    confirmations.confirm(tx, s.round, "CQ4", answer=True, reason="đã họp", by=None, now=NOW)
    other = places.add_commune(tx, "khac", "Xã Khác")
    unit = places.add_unit(tx, other.id, "k1", "Khu 1", number=1)
    second = rounds.open_round(
        tx, other.id, "Kỳ khác", CRITERIA, shipped_text(CRITERIA), None, NOW, NOW + DAY,
        NOW + 2 * DAY, NOW,
    )  # fmt: skip
    report = reports.start_report(tx, second.id, unit.id, NOW)
    reports.put_answer(tx, report, "HT1", Ratio(9, 9), by=None, way="text", now=NOW)
    reports.send_report(tx, report, by=None, now=NOW, deadline=second.deadline)
    places.set_figure(tx, unit.id, "adults", 9, NOW, way="import")
    return s, second


async def test_a_rounds_reports_are_read_together(database: Database) -> None:
    def work(tx: Connection) -> None:
        s, second = filled(tx)
        found = reports.reports_of_round(tx, s.round.id)
        assert len(found) == len(s.areas)
        answers = reports.answers_of_round(tx, s.round.id)
        pieces = evidence.evidence_counts_of_round(tx, s.round.id)
        for report in found.values():
            assert answers[report.id] == reports.answers_of(tx, report.id)
            assert pieces.get(report.id, {}) == evidence.evidence_counts(tx, report.id)
        assert set(answers) == {one.id for one in found.values()}
        assert len(reports.answers_of_round(tx, second.id)) == 1
        figures = current_facts.figures_now(tx, s.round.id)
        assert figures[s.areas[1].id, "adults"] == places.figures_of(tx, s.areas[1].id)["adults"]
        assert {unit for unit, _ in figures} == {one.id for one in s.areas}

    await database.write(work)


async def test_rounds_read_together_score_as_each_alone(database: Database) -> None:
    def work(tx: Connection) -> None:
        s, second = filled(tx)
        both = [s.round, second]
        assert rounds.rounds_by_ids(tx, [second.id, s.round.id]) == [
            rounds.round_by_id(tx, one) for one in sorted([s.round.id, second.id])
        ]
        assert rounds.rounds_by_ids(tx, []) == []
        units = rounds.units_of_rounds(tx, [one.id for one in both])
        facts = current_facts.facts_of_rounds(tx, [(one, CRITERIA_SET) for one in both])
        for one in both:
            assert units[one.id] == rounds.units_of_round(tx, one.id)
            assert facts[one.id] == current_facts.round_facts(tx, one, CRITERIA_SET)
        assert facts[s.round.id] != facts[second.id]
        assert facts[s.round.id].confirmations["CQ4"].answer
        assert current_facts.facts_of_rounds(tx, []) == {}

    await database.write(work)


async def test_the_open_rounds_of_several_communes_are_read_together(database: Database) -> None:
    def work(tx: Connection) -> None:
        s, second = filled(tx)
        here = [s.commune.id, second.commune_id]
        found = {one.id for one in rounds.open_rounds_of(tx, here, NOW)}
        assert found == {s.round.id, second.id}
        assert rounds.open_rounds_of(tx, [], NOW) == []
        assert [one.id for one in rounds.open_rounds(tx, second.commune_id, NOW)] == [second.id]
        assert rounds.open_rounds(tx, second.commune_id, second.closes_at) == []

    await database.write(work)


async def test_the_open_units_of_a_round_are_found(database: Database) -> None:
    def work(tx: Connection) -> None:
        s, _ = filled(tx)
        every = {one.id for one in rounds.units_of_round(tx, s.round.id)}

        def open_now(at=NOW):
            round_ = rounds.round_by_id(tx, s.round.id)
            assert round_ is not None
            found = rounds.open_units(tx, round_, at)
            assert found == {one for one in every if rounds.is_open(tx, round_, one, at)}
            return found

        assert open_now() == every
        assert open_now(s.round.closes_at) == set()
        assert open_now(s.round.closes_at - DAY / 86_400) == every
        rounds.close_round(tx, s.round.id, NOW + DAY)
        assert open_now(NOW + DAY) == set()
        first, until = s.areas[0].id, NOW + 9 * DAY
        rounds.reopen_round(tx, s.round.id, "sót", until, NOW + DAY, unit_id=first, way="command")
        assert open_now(NOW + 2 * DAY) == {first}
        assert open_now(until) == set()
        tx.execute(round_units.update().values(open_until=None))
        assert open_now(NOW + 2 * DAY) == set()
        rounds.cancel_round(tx, s.round.id, "nhầm", NOW + DAY)
        assert open_now() == set()

    await database.write(work)


async def test_reports_accepted_together_end_as_each_alone(database: Database) -> None:
    def work(tx: Connection) -> None:
        s, _ = filled(tx)
        before = list(reports.reports_of_round(tx, s.round.id).values())
        reports.accept_reports(tx, before, by=s.person.id, now=NOW + DAY)
        states = {unit: one.state for unit, one in reports.reports_of_round(tx, s.round.id).items()}
        drafts = {one.unit_id for one in before if one.state == "draft"}
        assert {unit for unit, state in states.items() if state == "draft"} == drafts
        assert sum(state == "accepted" for state in states.values()) == len(states) - len(drafts)
        for unit in states.keys() - drafts:
            newest = history.history_of_unit(tx, unit)[0]
            assert (newest.what, newest.way, newest.person_id) == ("report", "button", s.person.id)
            turned = (newest.old or {})["state"], (newest.new or {})["state"]
            assert turned == ("sent", "accepted")
            assert newest.at == NOW + DAY
        count = len(history.history_of_round(tx, s.round.id))
        after = list(reports.reports_of_round(tx, s.round.id).values())
        reports.accept_reports(tx, after, by=s.person.id, now=NOW + DAY)  # nothing is left
        assert len(history.history_of_round(tx, s.round.id)) == count

    await database.write(work)


async def test_people_roles_and_units_are_read_by_their_ids(database: Database) -> None:
    def work(tx: Connection) -> None:
        s, _ = filled(tx)
        people.add_membership(tx, s.person.id, "officer", now=NOW, commune_id=s.commune.id)
        ended = people.add_membership(tx, s.other.id, "leader", now=NOW, commune_id=s.commune.id)
        people.end_membership(tx, ended.id, NOW)
        ids = [s.other.id, s.person.id]
        assert people.people_by_ids(tx, ids) == [people.person(tx, one) for one in sorted(ids)]
        assert people.people_by_ids(tx, []) == []
        roles = people.roles_of(tx, ids)
        assert roles == {one: people.memberships_of(tx, one) for one in ids}
        assert [one.role for one in roles[s.person.id]][-1] == "officer"
        assert people.roles_of(tx, []) == {}
        wanted = [s.areas[1].id, s.areas[0].id]
        assert places.units_by_ids(tx, wanted) == [places.unit(tx, one) for one in sorted(wanted)]
        assert places.units_by_ids(tx, []) == []

    await database.write(work)


async def test_a_criteria_text_is_stored_once_and_read_back(database: Database) -> None:
    def work(tx: Connection) -> None:
        first = criteria_texts.store(tx, "một bộ tiêu chí")
        assert criteria_texts.store(tx, "một bộ tiêu chí") == first
        assert criteria_texts.store(tx, "bộ khác") != first
        criteria_texts._read.clear()
        assert criteria_texts.text_of(tx, first) == "một bộ tiêu chí"
        assert criteria_texts.text_of(tx, first) == "một bộ tiêu chí"
        try:
            criteria_texts.text_of(tx, "0" * 64)
        except KeyError:
            return
        raise AssertionError("there is no such text")

    await database.write(work)


async def test_messages_enqueued_together_equal_each_alone(database: Database) -> None:
    def work(tx: Connection) -> None:
        s, _ = filled(tx)
        drafts = [
            outbox.Draft(one, "notice", "{}", NOW + DAY, 5, f"key:{one}", s.round.id)
            for one in (s.person.id, s.other.id)
        ]
        outbox.enqueue_all(tx, drafts, NOW)
        outbox.enqueue_all(tx, [], NOW)
        placed = outbox.messages_by_key(tx, [f"key:{s.person.id}", "none"])
        assert [(one.state, one.priority, one.not_before) for one in placed.values()] == [
            ("waiting", 5, NOW + DAY)
        ]
        assert outbox.claim(tx, NOW, 9) == []
        assert {one.person_id for one in outbox.claim(tx, NOW + DAY, 9)} == {
            s.person.id,
            s.other.id,
        }

    await database.write(work)


def test_a_unit_exists_on_its_first_and_its_last_day() -> None:
    unit = places.Unit(1, 1, "area", "k1", "Khu 1", 1, None, "2026-03-02", "2026-03-04")
    assert [unit.valid(date(2026, 3, day)) for day in range(1, 6)] == [
        False, True, True, True, False,
    ]  # fmt: skip
