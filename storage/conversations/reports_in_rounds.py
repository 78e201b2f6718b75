"""A report with its unit and its round, read with one statement: every answer needs them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage.conversations.conversations import CONVERSATION_COLUMNS, Conversation
from storage.engine.prepared import prepared
from storage.places.places import UNIT_COLUMNS, Unit
from storage.reports.reports import REPORT_COLUMNS, Report
from storage.rounds.round_queries import ROUND_COLUMNS, Round, Window, round_of_row
from storage.tables import conversations, reports, round_units, rounds, unit_successors, units


@dataclass(frozen=True, slots=True)
class ReportInRound:
    """A report, its unit and round, and when that unit can report.

    `successor`: other areas merged into the unit, or the unit is a part of an area that was split.
    """

    report: Report
    unit: Unit
    round: Round
    window: Window
    successor: bool


_SUCCESSOR = (
    sa.exists().where(unit_successors.c.successor_id == units.c.id).correlate(units).label("joined")
)
_PARTS = (
    REPORT_COLUMNS,
    UNIT_COLUMNS,
    ROUND_COLUMNS,
    (round_units.c.unit_id, round_units.c.open_until, _SUCCESSOR),
)
_COLUMNS = tuple(column for part in _PARTS for column in part)
_OF_REPORT = sa.and_(
    round_units.c.round_id == reports.c.round_id, round_units.c.unit_id == reports.c.unit_id
)
_BY_ID = prepared(
    sa.select(*_COLUMNS)
    .select_from(reports.join(units).join(rounds).outerjoin(round_units, _OF_REPORT))
    .where(reports.c.id == bindparam("of_report"))
)
_OPEN = prepared(
    sa.select(*CONVERSATION_COLUMNS, *_COLUMNS)
    .select_from(
        conversations.outerjoin(reports, reports.c.id == conversations.c.report_id)
        .outerjoin(units, units.c.id == reports.c.unit_id)
        .outerjoin(rounds, rounds.c.id == reports.c.round_id)
        .outerjoin(round_units, _OF_REPORT)
    )
    .where(conversations.c.person_id == bindparam("of_person"))
)


def report_in_round(tx: Connection, report_id: int) -> ReportInRound | None:
    """Return the report with this id; None if it does not exist."""
    row = tx.execute(_BY_ID, {"of_report": report_id}).first()
    return _made(tx, row) if row is not None else None


def open_report(tx: Connection, person_id: int) -> tuple[Conversation | None, ReportInRound | None]:
    """Return the person's conversation and the open report in it; None for what does not exist."""
    row = tx.execute(_OPEN, {"of_person": person_id}).first()
    if row is None:
        return None, None
    kept = Conversation(*row[: len(CONVERSATION_COLUMNS)])
    if kept.report_id is None:
        return kept, None
    return kept, _made(tx, row[len(CONVERSATION_COLUMNS) :])


def _made(tx: Connection, row: Sequence[Any]) -> ReportInRound:
    parts, begin = [], 0
    for part in _PARTS:
        parts.append(row[begin : begin + len(part)])
        begin += len(part)
    report, unit, of_round, (asked, open_until, successor) = parts
    round_ = round_of_row(tx, of_round)
    window = Window(round_, asked is not None, open_until)
    return ReportInRound(Report(*report), Unit(*unit), round_, window, successor)
