"""An overview of many communes: the open rounds of each, with the number of reports received."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage.reports.report import IS_IN
from storage.rounds.round_queries import takes_reports
from storage.tables import reports, round_units, rounds

_INSTANT = rounds.c.closes_at.type
# All open rounds; for a commune without any, its newest closed one.
_IS_OPEN = takes_reports(bindparam("now", type_=_INSTANT)).label("open")
_RANKED = (
    sa.select(
        rounds.c.commune_id,
        rounds.c.id,
        _IS_OPEN,
        rounds.c.deadline,
        rounds.c.closes_at,
        sa.func.row_number()
        .over(
            partition_by=rounds.c.commune_id,
            order_by=(_IS_OPEN.element.desc(), rounds.c.opens_at.desc(), rounds.c.id.desc()),
        )
        .label("rank"),
    )
    .where(
        rounds.c.commune_id.in_(bindparam("of_communes", expanding=True)),
        rounds.c.state.in_(("open", "closed")),
    )
    .subquery()
)
_IN = sa.select(sa.func.count()).where(reports.c.round_id == _RANKED.c.id, IS_IN).scalar_subquery()
_EXPECTED = (
    sa.select(sa.func.count()).where(round_units.c.round_id == _RANKED.c.id).scalar_subquery()
)
_PRESENT = (
    sa.select(
        _RANKED.c.commune_id,
        _RANKED.c.id,
        _RANKED.c.open,
        _RANKED.c.deadline,
        _RANKED.c.closes_at,
        _IN,
        _EXPECTED,
    )
    .where(sa.or_(_RANKED.c.rank == 1, _RANKED.c.open))
    .order_by(_RANKED.c.commune_id, _RANKED.c.rank)
)

_UNITS_IN = sa.select(reports.c.round_id, reports.c.unit_id).where(
    reports.c.round_id.in_(bindparam("of_rounds", expanding=True)), IS_IN
)


@dataclass(frozen=True, slots=True)
class RoundCount:
    """A round of a commune: reports received and expected, the office's included."""

    commune_id: int
    round_id: int
    open: bool
    deadline: datetime
    closes_at: datetime
    reports_in: int
    expected: int


def present_rounds(
    tx: Connection, commune_ids: Iterable[int], now: datetime
) -> dict[int, tuple[RoundCount, ...]]:
    """Return by commune its open rounds, newest first, else its newest closed one."""
    given = {"of_communes": list(commune_ids), "now": now}
    found: dict[int, tuple[RoundCount, ...]] = {}
    for row in tx.execute(_PRESENT, given):
        one = RoundCount(*row)
        found[one.commune_id] = (*found.get(one.commune_id, ()), one)
    return found


def units_in(tx: Connection, round_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Return the units whose reports are in, each with its round: (round id, unit id)."""
    rows = tx.execute(_UNITS_IN, {"of_rounds": list(round_ids)})
    return {(round_id, unit_id) for round_id, unit_id in rows}
