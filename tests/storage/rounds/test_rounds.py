"""Rounds freeze their areas, only one of each set is open, and the close ends them."""

import asyncio
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Connection

from criteria.answers import Ratio, Value, YesNo
from criteria.sets.set_file import parse_criteria, shipped_text
from storage import history
from storage.engine.database import Database
from storage.places import places, roster
from storage.places.roster import AreaChange
from storage.reports import reports
from storage.results import current_facts
from storage.results.earlier_facts import past_round
from storage.rounds import rounds
from storage.rounds.rounds import Round, RoundExists
from tests.storage.sample import CRITERIA, DAY, NOW, Sample, open_round, sample


async def test_a_round_keeps_the_areas_of_its_opening_in_area_order(database: Database) -> None:
    def work(tx: Connection) -> None:
        commune = places.add_commune(tx, "x", "Xã X")
        for code, number, old, until in (
            ("d", None, None, None),
            ("c", 5, "Yên Kiện", None),
            ("a", 10, None, None),
            ("b", 5, "Bến Gỗ", None),
            ("gone", 1, None, "2026-10-31"),
            ("last", 2, None, "2026-11-19"),
        ):
            places.add_unit(
                tx, commune.id, code, f"Khu {code}", number=number, old_commune=old, valid_to=until
            )
        places.add_unit(tx, commune.id, "new", "Khu mới", number=3, valid_from="2026-11-20")
        made = open_round(tx, commune.id)
        places.add_unit(tx, commune.id, "later", "Khu sau", number=4)
        units = rounds.units_of_round(tx, made.id)
        assert [u.code for u in units] == ["last", "b", "c", "a", "d", "office"]
        assert units[-1].office
        assert made.data_date == date(2026, 11, 1)
        assert rounds.round_by_id(tx, made.id) == made

    await database.write(work)


async def test_a_commune_has_one_open_round_of_each_set(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        with pytest.raises(RoundExists, match="Tháng 11"):
            open_round(tx, s.commune.id, "Thêm")
        rounds.close_round(tx, s.round.id, NOW)
        second = open_round(tx, s.commune.id, "Thêm")
        with pytest.raises(RoundExists):
            rounds.reopen_round(tx, s.round.id, "sót", NOW + DAY, NOW)
        assert [r.id for r in rounds.open_rounds(tx, s.commune.id, NOW)] == [second.id]

    await database.write(work)


async def test_concurrent_openings_open_only_one_round(database: Database) -> None:
    commune = await database.write(lambda tx: places.add_commune(tx, "x", "Xã X"))
    results_ = await asyncio.gather(
        *(database.write(lambda tx: open_round(tx, commune.id)) for _ in range(5)),
        return_exceptions=True,
    )
    assert sum(isinstance(r, RoundExists) for r in results_) == 4


async def test_a_round_whose_close_has_passed_does_not_block_a_new_one(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        later = s.round.closes_at
        assert rounds.open_rounds(tx, s.commune.id, later) == []
        assert [r.id for r in rounds.rounds_due(tx, later)] == [s.round.id]
        made = rounds.open_round(
            tx,
            s.commune.id,
            "Tháng 12",
            CRITERIA,
            shipped_text(CRITERIA),
            None,
            later,
            later + DAY,
            later + 2 * DAY,
            later,
        )
        assert rounds.round_by_id(tx, s.round.id).state == "closed"
        assert rounds.round_by_id(tx, s.round.id).closes_at == s.round.closes_at
        assert made.state == "open"

    await database.write(work)


async def test_a_planned_round_begins_when_its_time_comes(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        rounds.close_round(tx, s.round.id, NOW)
        start = NOW + 3 * DAY
        made = rounds.open_round(
            tx,
            s.commune.id,
            "Sau",
            CRITERIA,
            shipped_text(CRITERIA),
            None,
            start,
            start + DAY,
            start + 2 * DAY,
            NOW,
        )
        assert made.state == "planned"
        assert rounds.units_of_round(tx, made.id) == []
        assert rounds.open_rounds(tx, s.commune.id, NOW) == []
        assert rounds.rounds_due(tx, start) == [made]
        begun = rounds.begin_round(tx, made.id, start)
        assert begun.state == "open"
        assert len(rounds.units_of_round(tx, made.id)) == 4
        assert rounds.is_open(tx, begun, s.areas[0].id, start)

    await database.write(work)


async def test_one_area_can_be_reopened_alone(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        closed = rounds.close_round(tx, s.round.id, NOW)
        first, second = (unit.id for unit in s.areas[:2])
        assert not rounds.is_open(tx, closed, first, NOW)
        until = NOW + DAY
        rounds.reopen_round(tx, closed.id, "mất điện", until, NOW, unit_id=first)
        assert rounds.is_open(tx, closed, first, NOW)
        assert not rounds.is_open(tx, closed, first, until)
        assert not rounds.is_open(tx, closed, second, NOW)
        assert [r.id for r in rounds.open_rounds(tx, s.commune.id, NOW)] == [closed.id]
        assert rounds.open_rounds(tx, s.commune.id, until) == []
        entry = history.history_of_unit(tx, first)[0]
        assert entry.new["reason"] == "mất điện"

    await database.write(work)


async def test_a_round_is_edited_reopened_and_cancelled_with_its_history(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        later = s.round.closes_at + DAY
        assert rounds.edit(tx, s.round.id, NOW, closes_at=later).closes_at == later
        rounds.edit(tx, s.round.id, NOW, closes_at=later)
        rounds.close_round(tx, s.round.id, NOW)
        again = rounds.reopen_round(tx, s.round.id, "sót khu 3", later, NOW)
        assert (again.state, again.reason, again.closes_at) == ("open", "sót khu 3", later)
        gone = rounds.cancel_round(tx, s.round.id, "nhầm bộ", NOW)
        assert gone == rounds.round_by_id(tx, s.round.id)
        assert rounds.list_rounds(tx, s.commune.id) == [gone]
        states = [e.new["state"] for e in history.history_of_round(tx, s.round.id)]
        assert states == ["open", "open", "closed", "open", "cancelled"]

    await database.write(work)


async def test_the_earlier_answers_of_a_merged_area_are_the_sum_of_its_parts(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        for unit, share, word in zip(s.areas, (1, 2, 4), (False, True, True), strict=True):
            report = reports.start_report(tx, s.round.id, unit.id, NOW)
            for code, value in (("HT1", Ratio(share, 10)), ("CQ3", YesNo(word))):
                reports.put_answer(tx, report, code, value, by=None, way="text", now=NOW)
            if unit is s.areas[0]:
                reports.put_answer(tx, report, "KT1", Ratio(1, 1), by=None, way="text", now=NOW)
            reports.send_report(tx, report, by=None, now=NOW, deadline=NOW)
        rounds.close_round(tx, s.round.id, NOW)
        merged = places.add_unit(tx, s.commune.id, "m", "Khu 1-2")
        half, rest = (places.add_unit(tx, s.commune.id, c, c) for c in ("h1", "h2"))
        for part in s.areas[:2]:
            roster.set_successors(tx, part.id, [merged.id], NOW, roster.IMPORT)
        roster.set_successors(tx, s.areas[2].id, [half.id, rest.id], NOW, roster.IMPORT)
        made = open_round(tx, s.commune.id, "Sau", NOW)
        assert current_facts.earlier_counted(tx, made, [merged.id, half.id]) == {
            (merged.id, "HT1"): Ratio(3, 20),
            (merged.id, "CQ3"): YesNo(True),
        }

    await database.write(work)


async def test_an_area_that_absorbed_another_has_the_earlier_answers_of_both(
    database: Database,
) -> None:
    def reported(tx: Connection, round_: Round, unit: int, **values: Value) -> None:
        report = reports.start_report(tx, round_.id, unit, NOW)
        for code, value in values.items():
            reports.put_answer(tx, report, code, value, by=None, way="text", now=NOW)
        reports.send_report(tx, report, by=None, now=NOW, deadline=NOW)

    def next_round(tx: Connection, s: Sample, before: Round, days: int) -> Round:
        rounds.close_round(tx, before.id, before.opens_at + timedelta(seconds=2))
        return open_round(tx, s.commune.id, f"Sau {days}", NOW + days * DAY)

    def work(tx: Connection) -> None:
        s = sample(tx)
        one, two, three = (unit.id for unit in s.areas)
        reported(tx, s.round, one, HT1=Ratio(1, 10), KT1=Ratio(5, 9))
        reported(tx, s.round, two, HT1=Ratio(2, 20), KT3=YesNo(yes=True))
        reported(tx, s.round, three, HT1=Ratio(4, 40))
        for gone, into in ((one, two), (two, three)):  # the second merger follows the first
            roster.set_successors(tx, gone, [into], NOW, roster.IMPORT)
            ends = AreaChange(gone, {"valid_to": None}, {"valid_to": NOW.date().isoformat()})
            roster.change_areas(tx, [ends], NOW, roster.IMPORT)
        second = next_round(tx, s, s.round, 9)
        # Khu 1 and 2 are in; of KT1 and KT3 not every part is known.
        assert current_facts.earlier_counted(tx, second, [three]) == {(three, "HT1"): Ratio(7, 70)}
        reported(tx, second, three, HT1=Ratio(8, 70))
        third = next_round(tx, s, second, 18)
        assert current_facts.earlier_counted(tx, third, [three]) == {(three, "HT1"): Ratio(8, 70)}
        # In the first round no area was merged yet.
        assert current_facts.earlier_counted(tx, s.round, [one, two, three]) == {}

    await database.write(work)


async def test_a_closed_round_keeps_its_figures(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        unit = s.areas[0].id
        criteria = parse_criteria(shipped_text(CRITERIA), CRITERIA)

        def adults(at: datetime | None = None) -> int | None:
            round_ = rounds.round_by_id(tx, s.round.id)
            past = past_round(tx, round_.id, at) if at is not None else None
            return current_facts.round_facts(tx, round_, criteria, past).expected.get((unit, "HT1"))

        def figure(value: int | None, hours: int) -> None:
            when = NOW + timedelta(hours=hours)
            places.set_figure(tx, unit, "adults", value, when, way="import")

        figure(400, 1)
        figure(410, 3)
        assert (adults(), adults(NOW), adults(NOW + timedelta(hours=2))) == (410, None, 400)
        rounds.close_round(tx, s.round.id, NOW + timedelta(hours=4))
        figure(500, 5)
        figure(None, 6)
        assert (adults(), adults(NOW + timedelta(hours=2))) == (410, 400)
        assert adults(NOW + timedelta(hours=9)) == 410
        rounds.reopen_round(tx, s.round.id, "bão", NOW + 2 * DAY, NOW + timedelta(hours=7))
        assert adults() is None

    await database.write(work)


async def test_figures_are_stored_with_their_history(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        unit = s.areas[0].id
        assert places.set_figure(tx, unit, "adults", 400, NOW, way="import")
        assert not places.set_figure(tx, unit, "adults", 400, NOW, way="import")
        assert places.set_figure(tx, unit, "adults", 412, NOW, way="office", by=s.person.id)
        assert places.set_figure(tx, unit, "population", 900, NOW, way="import")
        assert places.set_figure(tx, unit, "population", None, NOW, way="import")
        assert places.figures_of(tx, unit) == {"adults": 412}
        changes = [
            ((e.old or {}).get("value"), e.new["value"])
            for e in history.history_of_unit(tx, unit)
            if e.what == "figure"
        ]
        assert changes == [(900, None), (None, 900), (400, 412), (None, 400)]

    await database.write(work)


async def test_a_commune_is_found_by_code_or_name(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        places.add_commune(tx, "khac", "Xã Khác")
        for text in ("doi-che", "Xã Đồi Chè", "xã đồi chè", " ĐỒI  CHÈ "):
            assert places.commune_by(tx, text) == s.commune
        assert places.commune_by(tx, "Không có") is None
        assert [c.code for c in places.communes(tx)] == ["doi-che", "khac"]  # đ before k
        assert [c.code for c in places.communes(tx, "Phú Thọ")] == ["doi-che"]
        assert places.area_by(tx, s.commune.id, "khu 2") == s.areas[1]
        assert places.area_by(tx, s.commune.id, "Khu 9") is None
        with pytest.raises(KeyError):
            places.unit(tx, 999)

    await database.write(work)


async def test_a_naive_instant_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="naive"):
        await database.write(
            lambda tx: rounds.open_rounds(tx, 1, NOW.replace(tzinfo=None) + timedelta(0))
        )


async def test_queries_and_code_agree_when_a_round_takes_reports(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        second = timedelta(seconds=1)
        moments = (NOW, s.round.closes_at - second, s.round.closes_at, s.round.closes_at + second)
        for closed in (False, True):
            if closed:
                rounds.close_round(tx, s.round.id, NOW + second)
            round_ = rounds.known_round(tx, s.round.id)
            for moment in moments:
                found = rounds.open_of_set(tx, [s.commune.id], round_.criteria_id, moment)
                assert bool(found) is round_.takes_reports(moment)
        assert not rounds.known_round(tx, s.round.id).takes_reports(NOW)

    await database.write(work)
