"""Who fills a report in, by the roles of this moment."""

from handlers.reporting import on_behalf
from handlers.turn import Turn
from storage import conversations, places
from storage.conversations import Conversation
from storage.reports import Report


def may_write(turn: Turn, unit_id: int) -> bool:
    """Whether the person reports for this unit, by the roles of this moment."""
    if unit_id in turn.areas:
        return True
    unit = places.unit(turn.tx, unit_id)
    return unit.office and unit.commune_id in turn.office_communes


def may_fill(turn: Turn, report: Report, kept: Conversation | None = None) -> bool:
    """Whether the person fills this report in: as its reporter, or on the area's behalf."""
    if may_write(turn, report.unit_id):
        return True
    kept = kept or conversations.conversation_of(turn.tx, turn.person.id)
    return on_behalf.helps(turn, report, kept)
