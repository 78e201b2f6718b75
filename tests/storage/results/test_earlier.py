"""Earlier answers after a merger: of the area and its parts, and none if one is missing."""

from sqlalchemy import Connection

from criteria.answers import Ratio, Value, YesNo
from criteria.sets.set_file import shipped_text
from storage.engine.database import Database
from storage.places import places, roster
from storage.reports import reports
from storage.results import current_facts
from storage.rounds import rounds
from storage.rounds.rounds import Round
from tests.storage.sample import CRITERIA, DAY, NOW, Sample, open_round, sample


def reported(tx: Connection, round_: Round, unit: int, **values: Value) -> None:
    report = reports.start_report(tx, round_.id, unit, NOW)
    for code, value in values.items():
        reports.put_answer(tx, report, code, value, by=None, way="text", now=NOW)
    reports.send_report(tx, report, by=None, now=NOW, deadline=NOW)


def merge(tx: Connection, into: int, *gone: int) -> None:
    for one in gone:
        roster.set_successors(tx, one, [into], NOW, roster.IMPORT)
        change = roster.AreaChange(one, {"valid_to": None}, {"valid_to": "2026-11-20"})
        roster.change_areas(tx, [change], NOW, roster.IMPORT)


def later(tx: Connection, s: Sample, before: Round, days: int) -> Round:
    rounds.close_round(tx, before.id, NOW)
    return open_round(tx, s.commune.id, f"Sau {days}", NOW + days * DAY)


async def test_a_merged_area_had_yes_if_one_part_had_yes(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        one, two, three = (unit.id for unit in s.areas)
        reported(tx, s.round, one, CQ3=YesNo(yes=False), CQ4=YesNo(yes=False), HT1=Ratio(1, 2))
        reported(tx, s.round, two, CQ3=YesNo(yes=True), CQ4=YesNo(yes=False), HT1=YesNo(yes=True))
        reported(tx, s.round, three, CQ3=YesNo(yes=True))
        new = places.add_unit(tx, s.commune.id, "new", "Khu mới", valid_from="2026-11-22").id
        merge(tx, new, one, two)
        second = later(tx, s, s.round, 3)
        assert current_facts.earlier_counted(tx, second, [new]) == {
            (new, "CQ3"): YesNo(yes=True), (new, "CQ4"): YesNo(yes=False),
        }  # fmt: skip
        assert current_facts.earlier_counted(tx, second, []) == {}
        assert current_facts.earlier_counted(tx, second, [three]) == {
            (three, "CQ3"): YesNo(yes=True)
        }

    await database.write(work)


async def test_an_area_that_did_not_report_has_no_earlier_answer(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        one, two, _ = (unit.id for unit in s.areas)
        reported(tx, s.round, one, HT1=Ratio(1, 10))
        merge(tx, two, one)  # Khu 2 existed, too, and did not report
        second = later(tx, s, s.round, 3)
        assert current_facts.earlier_counted(tx, second, [two]) == {}

    await database.write(work)


async def test_parts_are_added_only_for_rounds_before_the_merger(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        one, two, _ = (unit.id for unit in s.areas)
        reported(tx, s.round, one, HT1=Ratio(1, 10))
        reported(tx, s.round, two, HT1=Ratio(2, 20))
        second = later(tx, s, s.round, -1)
        reported(tx, second, two, HT1=Ratio(3, 20))  # the newest of Khu 2, before the merger
        merge(tx, two, one)
        third = later(tx, s, second, 3)
        assert current_facts.earlier_counted(tx, third, [two]) == {(two, "HT1"): Ratio(4, 30)}
        reported(tx, third, two, HT1=Ratio(9, 30))
        fourth = later(tx, s, third, 9)
        assert current_facts.earlier_counted(tx, fourth, [two]) == {(two, "HT1"): Ratio(9, 30)}
        assert current_facts.earlier_counted(tx, third, [two]) == {(two, "HT1"): Ratio(4, 30)}

    await database.write(work)


async def test_an_earlier_answer_is_known_and_sent_in_a_round_of_the_same_set(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        unit = s.areas[0].id
        reported(tx, s.round, unit, HT1=Ratio(1, 10), KT1=Ratio(2, 10))
        rounds.close_round(tx, s.round.id, NOW)
        ends = (NOW + DAY, NOW + 2 * DAY)
        other = rounds.open_round(
            tx, s.commune.id, "Khác", "another", shipped_text(CRITERIA), None, NOW, *ends, NOW
        )
        reported(tx, other, unit, HT1=Ratio(5, 10))
        second = open_round(tx, s.commune.id, "Hai", NOW)
        report = reports.start_report(tx, second.id, unit, NOW)
        for code, value in (("HT1", None), ("KT1", Ratio(3, 10))):
            reports.put_answer(tx, report, code, value, by=None, way="text", now=NOW)
        third = later(tx, s, second, 3)
        before = {(unit, "HT1"): Ratio(1, 10), (unit, "KT1"): Ratio(2, 10)}
        assert current_facts.earlier_counted(tx, third, [unit]) == before  # the second is a draft
        report = reports.send_report(tx, report, by=None, now=NOW, deadline=NOW)
        assert current_facts.earlier_counted(tx, third, [unit]) == before | {
            (unit, "KT1"): Ratio(3, 10)
        }
        reports.return_report(tx, report, ["KT1"], "xem lại", by=None, now=NOW)
        assert current_facts.earlier_counted(tx, third, [unit]) == before

    await database.write(work)


async def test_of_rounds_opened_at_one_moment_the_first_created_is_the_earlier(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        unit = s.areas[0].id
        reported(tx, s.round, unit, HT1=Ratio(1, 10))
        rounds.close_round(tx, s.round.id, NOW)
        twin = open_round(tx, s.commune.id, "Cùng lúc", s.round.opens_at)
        reported(tx, twin, unit, HT1=Ratio(2, 10))
        last = later(tx, s, twin, 3)
        reported(tx, last, unit, HT1=Ratio(3, 10))
        value = {
            one.name: current_facts.earlier_counted(tx, one, [unit]).get((unit, "HT1"))
            for one in (s.round, twin, last)
        }
        assert value == {"Tháng 11": None, "Cùng lúc": Ratio(1, 10), "Sau 3": Ratio(2, 10)}

    await database.write(work)


async def test_earlier_answers_are_never_those_of_another_commune(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        other = places.add_commune(tx, "x", "Xã X")
        elsewhere = open_round(tx, other.id)
        reported(tx, elsewhere, s.areas[0].id, HT1=Ratio(1, 10))  # it has moved there since
        rounds.cancel_round(tx, s.round.id, "nhầm", NOW)
        assert current_facts.earlier_counted(tx, later(tx, s, elsewhere, 3), [s.areas[0].id]) == {}

    await database.write(work)
