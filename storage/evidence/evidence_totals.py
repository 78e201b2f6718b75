"""Totals of evidence: given by a person, in a round, and still to be fetched."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.evidence.evidence import WAITING
from storage.tables import communes, evidence, reports, rounds

_COUNT = sa.func.count()
_SIZE = sa.func.coalesce(sa.func.sum(evidence.c.size), 0)
_LATE = evidence.c.fetch_tries > 0
_BACKLOG = sa.select(
    _COUNT,
    sa.func.coalesce(sa.func.sum(sa.case((_LATE, 1), else_=0)), 0),
    sa.func.min(sa.case((_LATE, evidence.c.given_at))),
).where(WAITING)


@dataclass(frozen=True, slots=True)
class Total:
    """The number of pieces, and their size in bytes, also of those still to be fetched."""

    pieces: int
    size: int


@dataclass(frozen=True, slots=True)
class RoundTotal:
    """The evidence of one round's reports."""

    commune: str
    round: str
    total: Total


@dataclass(frozen=True, slots=True)
class Backlog:
    """Pieces that are still to be fetched; for the `late` ones an attempt has failed."""

    waiting: int
    late: int
    oldest_late: datetime | None  # when that piece was given


def given_by(tx: Connection, person_id: int, since: datetime) -> Total:
    """Return what a person has given since then, including removed pieces."""
    given = sa.and_(evidence.c.given_by == person_id, evidence.c.given_at >= since)
    return _total(tx, sa.select(_COUNT, _SIZE).where(given))


def of_round(tx: Connection, round_id: int) -> Total:
    """Return the total of all reports of a round."""
    not_removed = sa.and_(reports.c.round_id == round_id, evidence.c.removed_at.is_(None))
    return _total(tx, sa.select(_COUNT, _SIZE).join_from(evidence, reports).where(not_removed))


def of_open_rounds(tx: Connection) -> list[RoundTotal]:
    """Return the open rounds that have evidence, with their totals."""
    rows = tx.execute(
        sa.select(communes.c.name, rounds.c.name, _COUNT, _SIZE)
        .select_from(evidence.join(reports).join(rounds).join(communes))
        .where(rounds.c.state == "open", evidence.c.removed_at.is_(None))
        .group_by(rounds.c.id, communes.c.name, rounds.c.name)
        .order_by(rounds.c.id)
    )
    return [RoundTotal(row[0], row[1], Total(row[2], int(row[3]))) for row in rows]


def backlog(tx: Connection) -> Backlog:
    """Return the evidence that is still to be fetched."""
    waiting, late, oldest = tx.execute(_BACKLOG).one()
    return Backlog(waiting, int(late), oldest)


def _total(tx: Connection, statement: sa.Select[Any]) -> Total:
    row = tx.execute(statement).one()
    return Total(row[0], int(row[1]))
