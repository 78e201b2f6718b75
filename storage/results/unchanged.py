"""Answers of the last round that a person kept all at once, without checking each."""

from collections import Counter
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage.engine.prepared import prepared
from storage.results.earlier_facts import newest_report_before
from storage.rounds.rounds import Round
from storage.tables import answers, history

WAY = "unchanged"  # the way of such a change in the history

_CHANGES = prepared(
    sa.select(history.c.what, history.c.way, history.c.indicator)
    .where(history.c.report_id == bindparam("of_report"), history.c.what.in_(("answer", "how")))
    .order_by(history.c.id)
)
_STORED = prepared(
    sa.select(answers.c.indicator).where(answers.c.report_id == bindparam("of_report"))
)
_ANSWERS_OF = (
    sa.select(history.c.report_id, history.c.way, history.c.indicator)
    .where(
        history.c.report_id.in_(bindparam("of_reports", expanding=True)),
        history.c.what == "answer",
    )
    .order_by(history.c.id)
)
_STORED_OF = sa.select(answers.c.report_id, answers.c.indicator).where(
    answers.c.report_id.in_(bindparam("of_reports", expanding=True))
)


def unchanged(tx: Connection, report_id: int) -> frozenset[str]:
    """Return the indicators whose answer was kept so and has not changed since."""
    given = {"of_report": report_id}
    last = {code: way for what, way, code in tx.execute(_CHANGES, given) if what == "answer"}
    current = {code for (code,) in tx.execute(_STORED, given)}
    return frozenset(code for code, way in last.items() if way == WAY and code in current)


def unchanged_in(tx: Connection, report_ids: Sequence[int]) -> dict[int, int]:
    """Return how many answers of each report were kept so; reports without any are left out."""
    given = {"of_reports": list(report_ids)}
    last = {(report, code): way for report, way, code in tx.execute(_ANSWERS_OF, given)}
    current = {tuple(row) for row in tx.execute(_STORED_OF, given)}
    return dict(Counter(report for (report, code), way in last.items()
                        if way == WAY and (report, code) in current))  # fmt: skip


def may_keep_all(tx: Connection, round_: Round, unit_id: int, report_id: int) -> bool:
    """Return whether a unit may keep all answers: not in two rounds in succession.

    It may do so if somebody of the area changed an answer in between, or set a counting method.
    """
    before = newest_report_before(tx, round_, unit_id)
    if before is None:
        return True
    kept = [way for _, way, _ in tx.execute(_CHANGES, {"of_report": before})]
    if WAY not in kept:
        return True
    now = [way for _, way, _ in tx.execute(_CHANGES, {"of_report": report_id})]
    return any(way not in {WAY, "office", "undo"} for way in (*kept, *now))
