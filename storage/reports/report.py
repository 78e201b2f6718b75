"""A report (draft, sent, accepted or returned), and the history entry of each change to it.

An entry records a change of the report itself or of one of its answers.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage import history
from storage.tables import history as history_table
from storage.tables import reports

IN = ("sent", "accepted")  # the states of a report that counts for the commune
IS_IN = reports.c.state.in_(IN)  # the same as a condition of queries


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

    @property
    def is_in(self) -> bool:
        """Whether it counts for the commune: it was sent, and not returned since."""
        return self.state in IN


_STATES = (
    sa.select(history_table.c.new)
    .where(history_table.c.report_id == bindparam("of_report"), history_table.c.what == "report")
    .order_by(history_table.c.id.desc())
)


def named_by_return(tx: Connection, report: Report) -> frozenset[str] | None:
    """Return the indicators that the current return asks for; None if there is no return."""
    if report.state != "returned":
        return None
    for (new,) in tx.execute(_STATES, {"of_report": report.id}):
        kept = history.unpack(new) or {}
        if kept.get("state") == "returned":
            return frozenset(kept["indicators"])
    return frozenset()


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
    """Record a change of this report, or of one of its answers."""
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
