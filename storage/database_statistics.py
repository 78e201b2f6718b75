"""Statistics of the whole database for `/metrics`, cheap for a database of any size.

The queries count only unfinished rows, along indexes. The program itself counts what it finishes.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage.evidence.evidence_totals import Backlog, backlog
from storage.messages.outbox import count_due
from storage.tables import history, inbox, outbox, reminder_plans

_COUNT = sa.func.count()
_OUTBOX = sa.select(_COUNT).where(outbox.c.state == bindparam("of_state"))
_INBOX = sa.select(_COUNT).where(inbox.c.state == bindparam("of_state"))
_TO_PLAN = sa.select(_COUNT).where(
    reminder_plans.c.planned_until <= bindparam("now", type_=reminder_plans.c.planned_until.type)
)
_NEWEST = sa.select(sa.func.max(history.c.id))
_ANSWERS = sa.select(_COUNT).where(
    history.c.id > bindparam("after"), history.c.id <= bindparam("upto"), history.c.what == "answer"
)
_SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


@dataclass(frozen=True, slots=True)
class DatabaseStatistics:
    """Counts at one moment. `answers` counts the history entries after `after`, up to `newest`."""

    inbox: dict[str, int]
    outbox: dict[str, int]
    evidence: Backlog
    due: int
    to_plan: int
    size: int
    answers: int
    newest: int


def newest_change(tx: Connection) -> int:
    """Return the id of the newest history entry; 0 without any."""
    return tx.scalar(_NEWEST) or 0


def database_statistics(tx: Connection, now: datetime, after: int) -> DatabaseStatistics:
    """Count everything; `after` is the history entry up to which answers were counted before."""
    newest = newest_change(tx)
    return DatabaseStatistics(
        inbox={one: _of(tx, _INBOX, one) for one in ("waiting", "failed")},
        outbox={one: _of(tx, _OUTBOX, one) for one in ("waiting", "sending")},
        evidence=backlog(tx),
        due=count_due(tx, now),
        to_plan=tx.scalar(_TO_PLAN, {"now": now}) or 0,
        size=int(tx.exec_driver_sql(_SIZE[tx.dialect.name]).scalar() or 0),
        answers=tx.scalar(_ANSWERS, {"after": after, "upto": newest}) or 0,
        newest=newest,
    )


def _of(tx: Connection, statement: sa.Select[int], state: str) -> int:
    return tx.scalar(statement, {"of_state": state}) or 0
