"""An overview of many communes: the newest round of each, with the number of reports received."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage.report_rows import IS_IN
from storage.round_queries import takes_reports
from storage.tables import reports, round_units, rounds

_INSTANT = rounds.c.closes_at.type
# Open rounds first: a commune that has one shows it, however new its closed ones are.
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
_NEWEST = sa.select(
    _RANKED.c.commune_id,
    _RANKED.c.id,
    _RANKED.c.open,
    _RANKED.c.deadline,
    _RANKED.c.closes_at,
    _IN,
    _EXPECTED,
).where(_RANKED.c.rank == 1)


@dataclass(frozen=True, slots=True)
class RoundCount:
    """A commune's newest round: reports received and expected, the office's included."""

    commune_id: int
    round_id: int
    open: bool
    deadline: datetime
    closes_at: datetime
    reports_in: int
    expected: int


def newest_rounds(
    tx: Connection, commune_ids: Iterable[int], now: datetime
) -> dict[int, RoundCount]:
    """By commune: its newest open round, else its newest closed one."""
    given = {"of_communes": list(commune_ids), "now": now}
    found = (RoundCount(*row) for row in tx.execute(_NEWEST, given))
    return {one.commune_id: one for one in found}
