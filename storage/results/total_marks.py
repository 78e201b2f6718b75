"""Answers whose total differs from the commune's figure: marked until the office decides.

The mark does not change what the area reported.
"""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from criteria.answers import Ratio
from storage import history
from storage.places.roster import Author
from storage.reports import answer_values
from storage.results.earlier_facts import VALUE
from storage.tables import answers, reports

Totals = Mapping[tuple[int, str], int | None]
_STORED = (
    sa.select(reports.c.id, reports.c.unit_id, answers.c.indicator, answers.c.commune_total, *VALUE)
    .join_from(reports, answers)
    .where(
        reports.c.round_id == bindparam("of_round"),
        reports.c.unit_id.in_(bindparam("of_units", expanding=True)),
    )
    .order_by(reports.c.id, answers.c.indicator)
)
_MARK = (
    sa.update(answers)
    .where(
        answers.c.report_id == bindparam("of_report"),
        answers.c.indicator == bindparam("of_indicator"),
    )
    .values(commune_total=bindparam("new_total"))
)


def stored_ratios(
    tx: Connection, round_id: int, unit_ids: list[int]
) -> dict[tuple[int, str], Ratio]:
    """Return the stored ratios in these units' reports of a round, sent or not."""
    found = {}
    for _, unit_id, indicator, _, *stored in tx.execute(
        _STORED, {"of_round": round_id, "of_units": unit_ids}
    ):
        value = answer_values.value(*stored)
        if isinstance(value, Ratio):
            found[unit_id, indicator] = value
    return found


def mark(tx: Connection, round_id: int, totals: Totals, now: datetime, author: Author) -> int:
    """Compare the round's ratios with these figures, by unit and indicator; return how many
    changed.

    A ratio with another total is marked with the figure, one with the same total loses its mark.
    """
    marks, entries = [], []
    given = {"of_round": round_id, "of_units": sorted({unit for unit, _ in totals})}
    for report_id, unit_id, indicator, marked, *stored in tx.execute(_STORED, given).all():
        value = answer_values.value(*stored)
        if (unit_id, indicator) not in totals or not isinstance(value, Ratio):
            continue
        total = totals[unit_id, indicator]
        wanted = None if total == value.denominator else total
        if wanted == marked:
            continue
        marks.append({"of_report": report_id, "of_indicator": indicator, "new_total": wanted})
        entries.append(
            history.change(
                "total_mark", author.way, now, person_id=author.person_id, round_id=round_id,
                unit_id=unit_id, report_id=report_id, indicator=indicator,
                old=answer_values.as_json(value, marked),
                new=answer_values.as_json(value, wanted),
            )
        )  # fmt: skip
    if marks:
        tx.execute(_MARK, marks)
    history.record_all(tx, entries)
    return len(marks)
