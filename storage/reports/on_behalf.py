"""Answers that the office entered on an area's behalf, and the area's confirmation of them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.reports import answer_values
from storage.reports.answers import Answer
from storage.reports.report import Report, record
from storage.reports.reports import answers_of
from storage.tables import answers, reports


def store_area_confirmation(
    tx: Connection,
    report: Report,
    *,
    right: bool,
    asked_at: datetime,
    indicator: str | None,
    by: int,
    now: datetime,
    way: str = "button",
) -> list[str]:
    """Store whether the answers that the office had entered by `asked_at` are right.

    Return the indicators concerned, without answers that were changed since then. A wrong answer
    sets an accepted report back to sent, so that the office reviews it again.
    """
    answer_state = "right" if right else "wrong"
    concerned = [
        one.indicator
        for one in answers_of(tx, report.id).values()
        if one.office == "entered"
        and one.given_at <= asked_at
        and indicator in {None, one.indicator}
    ]
    if not concerned:
        return []
    tx.execute(
        sa.update(answers)
        .where(answers.c.report_id == report.id, answers.c.indicator.in_(concerned))
        .values(office=answer_state)
    )
    if not right and report.state == "accepted":
        tx.execute(sa.update(reports).where(reports.c.id == report.id).values(state="sent"))
        record(
            tx,
            report,
            way,
            by,
            now,
            old={"state": "accepted"},
            new={"state": "sent"},
        )
    for code in concerned:
        record(
            tx,
            report,
            way,
            by,
            now,
            old={"office": "entered"},
            new={"office": answer_state},
            what="on_behalf",
            indicator=code,
        )
    return concerned


def accept_area_total(
    tx: Connection,
    report: Report,
    standing: Answer,
    *,
    by: int,
    now: datetime,
    way: str = "button",
) -> int | None:
    """Accept the area's total of an answer in place of the commune's, and return it.

    Return None if the two do not differ. The caller stores it as the commune's figure.
    """
    indicator = standing.indicator
    if standing.commune_total is None:
        return None
    kept = answer_values.as_json(standing.value)
    total = kept.get("denominator")
    if total is None:
        return None
    tx.execute(
        sa.update(answers)
        .where(answers.c.report_id == report.id, answers.c.indicator == indicator)
        .values(commune_total=None)
    )
    record(
        tx,
        report,
        way,
        by,
        now,
        old=answer_values.as_json(standing.value, standing.commune_total),
        new=kept,
        what="total",
        indicator=indicator,
    )
    return int(total)
