"""The times at which a round is open, for all areas and for single ones."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from criteria.sets.set_file import shipped_text
from storage.engine.database import Database
from storage.places import places
from storage.reports import reports
from storage.rounds import rounds
from storage.rounds.rounds import Round
from tests.storage.sample import CRITERIA, DAY, NOW, Sample, open_round, sample

SECOND = timedelta(seconds=1)


def planned(tx: Connection, commune: int, opens: datetime, name: str = "Sau") -> Round:
    return rounds.open_round(
        tx,
        commune,
        name,
        CRITERIA,
        shipped_text(CRITERIA),
        None,
        opens,
        opens + DAY,
        opens + 2 * DAY,
        NOW,
    )


def is_open(tx: Connection, s: Sample, at: datetime, unit: int = 0) -> bool:
    """Whether it is open; all ways to ask must agree."""
    round_ = rounds.round_by_id(tx, s.round.id)
    number = s.areas[unit].id
    found = rounds.is_open(tx, round_, number, at)
    assert (number in rounds.open_units(tx, round_, at)) is found
    listed = {one.id for one in rounds.open_rounds(tx, s.commune.id, at)}
    assert round_.id in listed or not found
    return found


async def test_a_round_is_open_from_its_opening_until_just_before_its_close(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        opens, closes = s.round.opens_at, s.round.closes_at
        at = (opens - SECOND, opens, closes - SECOND, closes)
        assert [is_open(tx, s, one) for one in at] == [False, True, True, False]
        assert [bool(rounds.open_rounds(tx, s.commune.id, one)) for one in at] == [
            False, True, True, False,
        ]  # fmt: skip
        was = [rounds.was_open(tx, s.round, s.areas[0].id, one) for one in at]
        found = [rounds.rounds_open_at(tx, s.areas[0].id, one) for one in at]
        assert [s.round.id in {one.id for one in some} for some in found] == was
        assert was == [False, True, True, False]
        other = places.add_unit(tx, s.commune.id, "later", "Khu sau")
        assert not rounds.is_open(tx, s.round, other.id, NOW)
        assert not rounds.was_open(tx, s.round, other.id, NOW)
        assert len(rounds.open_units(tx, s.round, NOW)) == 4  # the office, too

    await database.write(work)


async def test_a_closed_round_was_open_before_and_a_cancelled_one_never_was(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        unit = s.areas[0].id
        closed = rounds.close_round(tx, s.round.id, NOW)
        assert not is_open(tx, s, NOW - SECOND)
        assert rounds.was_open(tx, closed, unit, NOW - SECOND)
        assert not rounds.was_open(tx, closed, unit, NOW)
        cancelled = rounds.cancel_round(tx, s.round.id, "nhầm", NOW)
        assert not rounds.was_open(tx, cancelled, unit, NOW - SECOND)
        later = planned(tx, s.commune.id, NOW + DAY)
        assert later.state == "planned"
        assert not rounds.was_open(tx, later, unit, NOW + 1.5 * DAY)
        assert not rounds.open_units(tx, later, NOW + 1.5 * DAY)

    await database.write(work)


async def test_a_reopened_area_is_open_until_its_own_end(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        rounds.close_round(tx, s.round.id, NOW)
        until = NOW + DAY
        rounds.reopen_round(tx, s.round.id, "sót", until, NOW, unit_id=s.areas[1].id)
        assert [is_open(tx, s, at, 1) for at in (NOW, until - SECOND, until)] == [True, True, False]
        assert not is_open(tx, s, NOW, 0)
        round_ = rounds.round_by_id(tx, s.round.id)
        assert round_.state == "closed"
        assert rounds.was_open(tx, round_, s.areas[1].id, until - SECOND)
        assert not rounds.was_open(tx, round_, s.areas[1].id, until)
        found = rounds.reopened_units(tx, s.round.id, NOW)
        assert [(unit.id, end) for unit, end in found] == [(s.areas[1].id, until)]
        assert rounds.reopened_units(tx, s.round.id, until) == []
        rounds.cancel_round(tx, s.round.id, "nhầm", NOW)
        assert rounds.open_rounds(tx, s.commune.id, NOW) == []
        assert not rounds.open_units(tx, rounds.round_by_id(tx, s.round.id), NOW)

    await database.write(work)


async def test_a_round_begins_and_closes_exactly_at_its_times(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        other = places.add_commune(tx, "x", "Xã X")
        plan = planned(tx, other.id, NOW + DAY)

        def due(at: datetime) -> set[int]:
            return {one.id for one in rounds.rounds_due(tx, at)}

        assert due(NOW + DAY - SECOND) == set()
        assert due(NOW + DAY) == {plan.id}
        assert due(s.round.closes_at - SECOND) == {plan.id}
        assert due(s.round.closes_at) == {plan.id, s.round.id}
        begun = rounds.begin_round(tx, plan.id, NOW + DAY)
        assert rounds.begin_round(tx, plan.id, NOW + 2 * DAY) == begun
        assert due(NOW + DAY) == set()
        rounds.close_round(tx, s.round.id, s.round.closes_at)
        assert due(s.round.closes_at) == {plan.id}

    await database.write(work)


async def test_a_round_closed_too_early_is_found_until_its_close(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        closes = s.round.closes_at
        closed = rounds.close_round(tx, s.round.id, closes + DAY)  # by a clock that was ahead
        assert closed.closes_at == closes
        assert [one.id for one in rounds.closed_before_their_end(tx, NOW)] == [s.round.id]
        assert rounds.closed_before_their_end(tx, closes) == []
        again = rounds.close_round(tx, s.round.id, NOW)
        assert again == closed  # it is closed already

    await database.write(work)


async def test_moving_the_deadline_updates_who_was_late(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        deadline = s.round.deadline
        for unit, at in zip(s.areas[:2], (deadline, deadline + SECOND), strict=True):
            report = reports.start_report(tx, s.round.id, unit.id, NOW)
            reports.send_report(tx, report, by=None, now=at, deadline=deadline)
        reports.start_report(tx, s.round.id, s.areas[2].id, NOW)

        def late() -> list[bool]:
            found = reports.reports_of_round(tx, s.round.id)
            return [found[unit.id].late for unit in s.areas]

        assert late() == [False, True, False]
        rounds.edit(tx, s.round.id, NOW, deadline=deadline - SECOND)
        assert late() == [True, True, False]
        rounds.edit(tx, s.round.id, NOW, deadline=deadline + SECOND)
        assert late() == [False, False, False]
        same = rounds.edit(tx, s.round.id, NOW)
        assert same.deadline == deadline + SECOND

    await database.write(work)


async def test_a_reopened_round_gets_its_new_end(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        rounds.close_round(tx, s.round.id, NOW)
        until = NOW + DAY
        again = rounds.reopen_round(tx, s.round.id, "sót", until, NOW)
        assert (again.deadline, again.closes_at, again.state) == (until, until, "open")
        longer = rounds.reopen_round(tx, s.round.id, "sót", until + 99 * DAY, NOW)
        assert (longer.deadline, longer.closes_at) == (until, until + 99 * DAY)
        assert rounds.begin_round(tx, s.round.id, NOW) == longer

    await database.write(work)


async def test_the_previous_round_is_of_the_same_commune_and_set(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        rounds.close_round(tx, s.round.id, NOW)
        twin = open_round(tx, s.commune.id, "Cùng ngày", s.round.opens_at)
        rounds.close_round(tx, twin.id, NOW)
        later = open_round(tx, s.commune.id, "Sau", NOW)
        other = places.add_commune(tx, "x", "Xã X")
        elsewhere = open_round(tx, other.id)
        assert rounds.round_before(tx, later).id == twin.id
        assert rounds.round_before(tx, twin).id == s.round.id
        assert rounds.round_before(tx, s.round) is None
        assert rounds.round_before(tx, elsewhere) is None
        rounds.cancel_round(tx, twin.id, "nhầm", NOW)
        assert rounds.round_before(tx, later).id == s.round.id
        assert [one.id for one in rounds.list_rounds(tx, s.commune.id)] == [
            later.id, twin.id, s.round.id,
        ]  # fmt: skip
        assert len(rounds.list_rounds(tx)) == 4
        both = rounds.rounds_by_ids(tx, [later.id, s.round.id])
        assert [one.id for one in both] == [s.round.id, later.id]
        assert rounds.rounds_by_ids(tx, []) == []
        found = rounds.open_of_set(tx, [s.commune.id, other.id], CRITERIA, NOW)
        assert {commune: one.id for commune, one in found.items()} == {
            s.commune.id: later.id, other.id: elsewhere.id,
        }  # fmt: skip
        assert rounds.open_of_set(tx, [s.commune.id], "another", NOW) == {}
        assert rounds.open_of_set(tx, [s.commune.id], CRITERIA, later.closes_at) == {}
        units = rounds.units_of_rounds(tx, [s.round.id, elsewhere.id, 999])
        assert {one: len(some) for one, some in units.items()} == {
            s.round.id: 4, elsewhere.id: 1, 999: 0,
        }  # fmt: skip
        assert units[s.round.id] == rounds.units_of_round(tx, s.round.id)
        assert rounds.round_by_id(tx, 999) is None
        with pytest.raises(KeyError):
            rounds.close_round(tx, 999, NOW)

    await database.write(work)


async def test_rounds_of_two_sets_may_be_open_at_once(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        ends = (NOW + DAY, NOW + 2 * DAY)
        other = rounds.open_round(
            tx, s.commune.id, "Khác", "another", shipped_text(CRITERIA), None, NOW, *ends, NOW
        )
        assert {one.id for one in rounds.open_rounds(tx, s.commune.id, NOW)} == {
            s.round.id, other.id,
        }  # fmt: skip
        with pytest.raises(rounds.RoundExists) as raised:
            planned(tx, s.commune.id, NOW)
        assert raised.value.round_name == "Tháng 11"

    await database.write(work)
