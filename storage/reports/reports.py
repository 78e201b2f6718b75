"""Reports of units: started, sent, accepted, returned. Their answers: `storage.reports.answers`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage import history
from storage.engine.prepared import prepared
from storage.engine.rows import Row, insert
from storage.reports.answers import (
    Answer,
    AnswerChange,
    NewAnswer,
    answer_of,
    answers_of,
    answers_of_round,
    clear_answer,
    last_change,
    put_answer,
    put_answers,
    set_counting_method,
    undo,
)
from storage.reports.receipt_codes import new_code
from storage.reports.report import IN, Report, named_by_return, record
from storage.tables import answers, reports
from storage.tables import history as history_table

__all__ = [
    "IN",
    "REPORT_COLUMNS",
    "Answer",
    "AnswerChange",
    "NewAnswer",
    "Report",
    "accept_report",
    "accept_reports",
    "accepted_at",
    "answer_of",
    "answers_of",
    "answers_of_round",
    "clear_answer",
    "last_change",
    "named_by_return",
    "put_answer",
    "put_answers",
    "report_by_id",
    "report_of",
    "reports_of_round",
    "return_report",
    "send_report",
    "set_counting_method",
    "start_report",
    "take_back_acceptance",
    "undo",
]


REPORT_COLUMNS = (
    reports.c.id,
    reports.c.round_id,
    reports.c.unit_id,
    reports.c.state,
    reports.c.code,
    reports.c.sends,
    reports.c.first_sent_at,
    reports.c.sent_at,
    reports.c.late,
    reports.c.return_note,
)

_BY_ID = prepared(sa.select(*REPORT_COLUMNS).where(reports.c.id == bindparam("of_id")))

_OF_UNIT = prepared(
    sa.select(*REPORT_COLUMNS).where(
        reports.c.round_id == bindparam("of_round"), reports.c.unit_id == bindparam("of_unit")
    )
)

_ACCEPT = (
    sa.update(reports)
    .where(reports.c.id.in_(bindparam("of_ids", expanding=True)), reports.c.state == "sent")
    .values(state="accepted")
)

_ACCEPTED_AT = (
    sa.select(*REPORT_COLUMNS)
    .where(
        reports.c.id.in_(
            sa.select(history_table.c.report_id).where(
                history_table.c.round_id == bindparam("of_round"),
                history_table.c.person_id == bindparam("by"),
                history_table.c.at == bindparam("at", type_=history_table.c.at.type),
                history_table.c.what == "report",
            )
        ),
        reports.c.state == "accepted",
    )
    .order_by(reports.c.id)
)

_OF_ROUND = prepared(sa.select(*REPORT_COLUMNS).where(reports.c.round_id == bindparam("of_round")))


def report_of(tx: Connection, round_id: int, unit_id: int) -> Report | None:
    """Return the unit's report in a round; None if it is not started."""
    row = tx.execute(_OF_UNIT, {"of_round": round_id, "of_unit": unit_id}).first()
    return _report(row) if row else None


def report_by_id(tx: Connection, report_id: int) -> Report | None:
    """Return the report with this id; None if there is none."""
    row = tx.execute(_BY_ID, {"of_id": report_id}).first()
    return _report(row) if row else None


def reports_of_round(tx: Connection, round_id: int) -> dict[int, Report]:
    """Return the reports of a round by unit; units without a report are missing."""
    made = [_report(row) for row in tx.execute(_OF_ROUND, {"of_round": round_id})]
    return {report.unit_id: report for report in made}


def start_report(
    tx: Connection, round_id: int, unit_id: int, now: datetime, *, by: int | None = None
) -> Report:
    """Return the unit's report; start a new draft if there is none."""
    found = report_of(tx, round_id, unit_id)
    if found is not None:
        return found
    made = insert(tx, reports, round_id=round_id, unit_id=unit_id, state="draft")
    report = Report(made, round_id, unit_id, "draft", None, 0, None, None, False, None)
    record(tx, report, "start", by, now, old=None, new={"state": "draft"})
    return report


def send_report(
    tx: Connection,
    report: Report,
    *,
    by: int | None,
    now: datetime,
    deadline: datetime,
    way: str = "button",
) -> Report:
    """Send a draft or a returned report and return it; a sent one does not change.

    The first sending sets the receipt's code and whether the report is late; both stay.
    """
    if report.is_in:
        return report
    first = report.first_sent_at is None
    sent = replace(
        report,
        state="sent",
        code=report.code or new_code(tx, report.unit_id),
        sends=report.sends + 1,
        first_sent_at=report.first_sent_at or now,
        sent_at=now,
        late=now > deadline if first else report.late,
        return_note=None,
    )
    # Sending ends a return: its answers count again, changed or not.
    tx.execute(
        sa.update(answers)
        .where(answers.c.report_id == report.id)
        .values(returned=False, held=False)
    )
    new = {"state": "sent", "late": sent.late, "code": sent.code, "sends": sent.sends}
    return _change(tx, report, sent, way, by, now, new)


def accept_report(
    tx: Connection, report: Report, *, by: int | None, now: datetime, way: str = "button"
) -> Report:
    """Accept a sent report; it can still be corrected, and no figure changes."""
    if report.state != "sent":
        return report
    return _change(
        tx, report, replace(report, state="accepted"), way, by, now, {"state": "accepted"}
    )


def accept_reports(
    tx: Connection, found: Sequence[Report], *, by: int | None, now: datetime, way: str = "button"
) -> None:
    """Accept those of these reports that are sent."""
    sent = [one for one in found if one.state == "sent"]
    if not sent:
        return
    tx.execute(_ACCEPT, {"of_ids": [one.id for one in sent]})
    new = {"state": "accepted"}
    history.record_all(
        tx,
        [
            history.change(
                "report", way, now, person_id=by, round_id=one.round_id, unit_id=one.unit_id,
                report_id=one.id, old={"state": one.state}, new=new,
            )
            for one in sent
        ],
    )  # fmt: skip


def accepted_at(tx: Connection, round_id: int, by: int, at: datetime) -> list[Report]:
    """Return the reports that the person accepted at this instant and that are still accepted."""
    return [
        _report(row) for row in tx.execute(_ACCEPTED_AT, {"of_round": round_id, "by": by, "at": at})
    ]


def take_back_acceptance(
    tx: Connection, report: Report, *, by: int, now: datetime, way: str = "button"
) -> Report:
    """Set an accepted report back to sent, so that it waits for review again; no figure changes."""
    if report.state != "accepted":
        return report
    return _change(tx, report, replace(report, state="sent"), way, by, now, {"state": "sent"})


def return_report(
    tx: Connection,
    report: Report,
    indicators: list[str],
    note: str,
    *,
    by: int | None,
    now: datetime,
    way: str = "button",
) -> Report:
    """Return a sent report: the named indicators are asked again and do not count until then."""
    if not report.is_in:
        return report
    tx.execute(
        sa.update(answers)
        .where(answers.c.report_id == report.id, answers.c.indicator.in_(indicators))
        .values(returned=True, held=True)
    )
    new = {"state": "returned", "indicators": sorted(indicators), "note": note}
    returned = replace(report, state="returned", return_note=note)
    return _change(tx, report, returned, way, by, now, new)


def _change(
    tx: Connection,
    before: Report,
    after: Report,
    way: str,
    by: int | None,
    now: datetime,
    new: dict[str, Any],
) -> Report:
    names = ("state", "code", "sends", "first_sent_at", "sent_at", "late", "return_note")
    values = {name: getattr(after, name) for name in names}
    tx.execute(sa.update(reports).where(reports.c.id == before.id).values(values))
    record(tx, before, way, by, now, old={"state": before.state}, new=new)
    return after


def _report(row: Row) -> Report:
    return Report(*tuple(row))
