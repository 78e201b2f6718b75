"""Answers that were kept from the last period without being looked at one by one."""

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage.engine.prepared import prepared
from storage.past import newest_report_before
from storage.rounds import Round
from storage.tables import answers, history

WAY = "unchanged"  # the way of such a change in the history

_CHANGES = prepared(
    sa.select(history.c.what, history.c.way, history.c.indicator)
    .where(history.c.report_id == bindparam("of_report"), history.c.what.in_(("answer", "how")))
    .order_by(history.c.id)
)
_STANDING = prepared(
    sa.select(answers.c.indicator).where(answers.c.report_id == bindparam("of_report"))
)


def unchanged(tx: Connection, report_id: int) -> frozenset[str]:
    """The indicators whose answer stands as it was kept."""
    given = {"of_report": report_id}
    last = {code: way for what, way, code in tx.execute(_CHANGES, given) if what == "answer"}
    standing = {code for (code,) in tx.execute(_STANDING, given)}
    return frozenset(code for code, way in last.items() if way == WAY and code in standing)


def may_keep_all(tx: Connection, round_: Round, unit_id: int, report_id: int) -> bool:
    """Whether a unit may keep everything: not in two rounds running.

    Unless somebody of the area changed something in between, or said how it was counted.
    """
    before = newest_report_before(tx, round_, unit_id)
    if before is None:
        return True
    kept = [way for _, way, _ in tx.execute(_CHANGES, {"of_report": before})]
    if WAY not in kept:
        return True
    now = [way for _, way, _ in tx.execute(_CHANGES, {"of_report": report_id})]
    return any(way not in {WAY, "office", "undo"} for way in (*kept, *now))
