"""The query for the present rounds of each commune gives the same as plain Python."""

import random
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.engine.database import Database
from storage.places import places
from storage.rounds import criteria_texts, overviews
from storage.rounds.overviews import RoundCount
from storage.tables import reports, round_units, rounds
from tests.storage.sample import DAY, NOW

STATES = ("planned", "open", "closed", "cancelled")
REPORTS = ("draft", "sent", "accepted", "returned")


def some_round(tx: Connection, commune: int, units: list[int], number: int, by: random.Random):
    """A round in any state with some units and reports in any state."""
    opens = NOW - by.choice((0, 20, 20, 40)) * DAY
    state = by.choice(STATES)
    made = tx.execute(
        sa.insert(rounds).values(
            commune_id=commune,
            name=f"Kỳ {number}",
            criteria_id=f"set-{number}",
            criteria_hash=criteria_texts.store(tx, "the set's text"),
            opens_at=opens,
            deadline=opens + 10 * DAY,
            closes_at=by.choice((NOW - DAY, NOW, NOW + timedelta(microseconds=1), NOW + DAY)),
            state=state,
        )
    ).inserted_primary_key[0]
    asked = by.sample(units, by.randint(0, len(units)))
    for position, unit in enumerate(asked):
        tx.execute(sa.insert(round_units).values(round_id=made, unit_id=unit, position=position))
        if by.random() < 0.7:
            values = {"round_id": made, "unit_id": unit, "state": by.choice(REPORTS)}
            tx.execute(sa.insert(reports).values(**values))


def expected(tx: Connection, commune: int, now: datetime) -> tuple[RoundCount, ...]:
    """The open rounds, the newest first, else the newest closed one, row by row."""
    found = tx.execute(sa.select(rounds).where(rounds.c.commune_id == commune)).all()
    begun = [one for one in found if one.state in {"open", "closed"}]

    def is_open(one) -> bool:
        return one.state == "open" and now < one.closes_at

    begun.sort(key=lambda one: (is_open(one), one.opens_at, one.id), reverse=True)
    shown = [one for one in begun if is_open(one)] or begun[:1]
    return tuple(counted(tx, one, is_open(one)) for one in shown)


def counted(tx: Connection, one, open_: bool) -> RoundCount:
    units = tx.execute(sa.select(round_units).where(round_units.c.round_id == one.id)).all()
    states = tx.scalars(sa.select(reports.c.state).where(reports.c.round_id == one.id)).all()
    return RoundCount(
        commune_id=one.commune_id,
        round_id=one.id,
        open=open_,
        deadline=one.deadline,
        closes_at=one.closes_at,
        reports_in=sum(state in {"sent", "accepted"} for state in states),
        expected=len(units),
    )


async def test_an_overview_has_the_present_rounds_of_each_commune_with_counts(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        by, communes = random.Random(148), []
        for number in range(60):
            commune = places.add_commune(tx, f"x{number}", f"Xã {number}").id
            units = [places.add_unit(tx, commune, f"k{n}", f"Khu {n}").id for n in range(3)]
            for place in range(by.randint(0, 5)):
                some_round(tx, commune, units, place, by)
            communes.append(commune)
        asked = communes[::2]
        told = {commune: expected(tx, commune, NOW) for commune in asked}
        found = overviews.present_rounds(tx, asked, NOW)
        assert found == {commune: one for commune, one in told.items() if one}
        assert {type(one.open) for some in found.values() for one in some} == {bool}
        assert {one.open for some in found.values() for one in some} == {True, False}
        assert len(found) < len(asked)
        assert overviews.present_rounds(tx, [], NOW) == {}

    await database.write(work)
