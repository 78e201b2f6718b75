"""A report as it stands, and the line in the history that every change of it leaves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from storage import history


@dataclass(frozen=True, slots=True)
class Report:
    """A unit's report of a round: draft, sent, accepted or returned."""

    id: int
    round_id: int
    unit_id: int
    state: str
    code: str | None
    sends: int
    first_sent_at: datetime | None
    sent_at: datetime | None
    late: bool
    return_note: str | None


def record(
    tx: Connection,
    report: Report,
    way: str,
    by: int | None,
    now: datetime,
    *,
    old: dict[str, Any] | None,
    new: dict[str, Any],
    what: str = "report",
    indicator: str | None = None,
) -> None:
    """Keep a change of this report, or of one of its answers."""
    history.record(
        tx,
        what,
        way,
        now,
        person_id=by,
        round_id=report.round_id,
        unit_id=report.unit_id,
        report_id=report.id,
        indicator=indicator,
        old=old,
        new=new,
    )
