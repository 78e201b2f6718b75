"""Unconfirmed answers of a person for a unit. They are not stored."""

from datetime import datetime

from sqlalchemy import Connection

from criteria.conversation import Place
from handlers.flow.asked_screen import NOTHING, from_json
from handlers.report.whole_report import table_report
from storage.conversations import asks, reports_in_rounds
from storage.conversations.reports_in_rounds import ReportInRound


def has_unconfirmed(tx: Connection, person_id: int, unit_id: int | None, now: datetime) -> bool:
    """Return whether an answer or a table for this unit's open report waits to be confirmed."""
    kept, found = reports_in_rounds.open_report(tx, person_id)
    if kept is not None and _is_of(found, unit_id, now):
        place = Place.from_json(kept.place)
        if place.pending is not None or place.numerator is not None or place.waiting:
            return True
    rows = (from_json(row.content) for row in reversed(asks.recent(tx, person_id)))
    table = table_report(next((one for one in rows if not one.by_itself), NOTHING))
    return table is not None and _is_of(reports_in_rounds.report_in_round(tx, table), unit_id, now)


def _is_of(found: ReportInRound | None, unit_id: int | None, now: datetime) -> bool:
    return found is not None and found.unit.id == unit_id and found.window.is_open(now)
