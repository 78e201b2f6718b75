"""Counting from house to house: each tap is a row; the sum is over all members of the area."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from criteria.counting import House, Part, Tally, add_up
from storage.engine.rows import insert
from storage.reports.reports import Report
from storage.tables import count_taps, count_visits


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit to a house; it begins when a member types the house's number."""

    id: int
    report_id: int
    indicator: str
    house: str


_PARTS = (
    sa.select(
        count_visits.c.house,
        count_taps.c.visit_id,
        count_taps.c.given_by,
        sa.func.sum(count_taps.c.yes),
        sa.func.sum(count_taps.c.no),
    )
    .select_from(count_taps.outerjoin(count_visits))
    .where(
        count_taps.c.report_id == bindparam("of_report"),
        count_taps.c.indicator == bindparam("of_indicator"),
    )
    .group_by(count_visits.c.house, count_taps.c.visit_id, count_taps.c.given_by)
)
_VISIT = sa.select(
    count_visits.c.id, count_visits.c.report_id, count_visits.c.indicator, count_visits.c.house
).where(count_visits.c.id == bindparam("of_visit"))
_OF_UPDATE = sa.select(count_taps.c.id).where(
    count_taps.c.report_id == bindparam("of_report"),
    count_taps.c.indicator == bindparam("of_indicator"),
    count_taps.c.update_id == bindparam("of_update"),
)
_TAP = sa.insert(count_taps)
_BACK = count_taps.alias("back")
_MY_LAST = (
    sa.select(count_taps.c.id, count_taps.c.visit_id, count_taps.c.yes, count_taps.c.no)
    .where(
        count_taps.c.report_id == bindparam("of_report"),
        count_taps.c.indicator == bindparam("of_indicator"),
        count_taps.c.given_by == bindparam("of_person"),
        count_taps.c.undoes.is_(None),
        ~sa.exists().where(_BACK.c.undoes == count_taps.c.id),
    )
    .order_by(count_taps.c.id.desc())
    .limit(1)
)


def begin_visit(
    tx: Connection, report: Report, indicator: str, house: House, *, by: int, now: datetime
) -> Visit:
    """Begin a visit; when a person is counted in it, it replaces the house's earlier visits."""
    number = insert(
        tx, count_visits,
        report_id=report.id, indicator=indicator, house=house.number, begun_by=by, begun_at=now,
    )  # fmt: skip
    return Visit(number, report.id, indicator, house.number)


def visit_of(tx: Connection, report_id: int, indicator: str, visit_id: int) -> Visit | None:
    """Return the visit with this id; None if it belongs to another report or indicator."""
    row = tx.execute(_VISIT, {"of_visit": visit_id}).first()
    found = Visit(*row) if row else None
    ours = found is not None and (found.report_id, found.indicator) == (report_id, indicator)
    return found if ours else None


def tap(
    tx: Connection,
    report: Report,
    indicator: str,
    counted: Tally,
    *,
    visit: Visit | None,
    by: int,
    now: datetime,
    update_id: int | None,
) -> bool:
    """Store one tap; return False if this update was counted before."""
    return _keep(tx, report.id, indicator, counted, visit.id if visit else None, by, now, update_id)


def take_back(
    tx: Connection, report: Report, indicator: str, *, by: int, now: datetime, update_id: int | None
) -> Tally | None:
    """Undo this person's newest tap; return its counts, or None if there is nothing to undo."""
    given = {"of_report": report.id, "of_indicator": indicator, "of_person": by}
    row = tx.execute(_MY_LAST, given).first()
    if row is None:
        return None
    number, visit_id, yes, no = row
    back = Tally(-yes, -no)
    kept = _keep(tx, report.id, indicator, back, visit_id, by, now, update_id, undoes=number)
    return Tally(yes, no) if kept else None


def parts_of(tx: Connection, report_id: int, indicator: str) -> list[Part]:
    """Return what each member counted, per visit and outside of visits."""
    given = {"of_report": report_id, "of_indicator": indicator}
    return [
        Part(house, visit, person, Tally(int(yes), int(no)))
        for house, visit, person, yes, no in tx.execute(_PARTS, given)
    ]


def count_of(tx: Connection, report_id: int, indicator: str) -> Tally:
    """Return the sum over all members; 0 and 0 if nothing is counted yet."""
    return add_up(parts_of(tx, report_id, indicator)).all


def _keep(
    tx: Connection,
    report_id: int,
    indicator: str,
    counted: Tally,
    visit_id: int | None,
    by: int,
    now: datetime,
    update_id: int | None,
    undoes: int | None = None,
) -> bool:
    # The messenger may deliver an update twice, but one update is one tap.
    same = {"of_report": report_id, "of_indicator": indicator, "of_update": update_id}
    if update_id is not None and tx.execute(_OF_UPDATE, same).first() is not None:
        return False
    row = {
        "report_id": report_id,
        "indicator": indicator,
        "visit_id": visit_id,
        "yes": counted.yes,
        "no": counted.no,
        "undoes": undoes,
        "update_id": update_id,
        "given_by": by,
        "given_at": now,
    }
    tx.execute(_TAP, row)
    return True
