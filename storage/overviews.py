"""Many communes at a glance: the newest round of each, and how many of its reports are in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage.rows import Row
from storage.tables import reports, round_units, rounds

_ROUNDS = (
    sa.select(
        rounds.c.commune_id,
        rounds.c.id,
        rounds.c.state,
        rounds.c.opens_at,
        rounds.c.deadline,
        rounds.c.closes_at,
    )
    .where(
        rounds.c.commune_id.in_(bindparam("of_communes", expanding=True)),
        rounds.c.state.in_(("open", "closed")),
    )
    .order_by(rounds.c.opens_at, rounds.c.id)
)
_EXPECTED = (
    sa.select(round_units.c.round_id, sa.func.count())
    .where(round_units.c.round_id.in_(bindparam("of_rounds", expanding=True)))
    .group_by(round_units.c.round_id)
)
_IN = (
    sa.select(reports.c.round_id, sa.func.count())
    .where(
        reports.c.round_id.in_(bindparam("of_rounds", expanding=True)),
        reports.c.state.in_(("sent", "accepted")),
    )
    .group_by(reports.c.round_id)
)


@dataclass(frozen=True, slots=True)
class RoundCount:
    """A commune's newest round: how many reports (the office's among them) are in, of how many."""

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
    """For each commune its newest open round, else its newest closed one; by commune."""
    newest: dict[int, Row] = {}
    for row in tx.execute(_ROUNDS, {"of_communes": list(commune_ids)}):
        before = newest.get(row.commune_id)
        if before is None or _open(row.state, row.closes_at, now) >= _open(
            before.state, before.closes_at, now
        ):
            newest[row.commune_id] = row
    wanted = {"of_rounds": [row.id for row in newest.values()]}
    expected = {row[0]: row[1] for row in tx.execute(_EXPECTED, wanted)}
    done = {row[0]: row[1] for row in tx.execute(_IN, wanted)}
    return {
        commune: RoundCount(
            commune_id=commune,
            round_id=row.id,
            open=_open(row.state, row.closes_at, now),
            deadline=row.deadline,
            closes_at=row.closes_at,
            reports_in=done.get(row.id, 0),
            expected=expected.get(row.id, 0),
        )
        for commune, row in newest.items()
    }


def _open(state: str, closes_at: datetime, now: datetime) -> bool:
    return state == "open" and now < closes_at
