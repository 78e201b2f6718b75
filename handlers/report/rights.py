"""Who fills a report in, by the roles of this moment."""

from handlers.flow.context import Context
from handlers.report import on_behalf
from storage import conversations, places
from storage.conversations import Conversation
from storage.reports import Report


def may_write(context: Context, unit_id: int) -> bool:
    """Whether the person reports for this unit, by the roles of this moment."""
    if unit_id in context.areas:
        return True
    unit = places.unit(context.tx, unit_id)
    return unit.office and unit.commune_id in context.office_communes


def may_fill(context: Context, report: Report, kept: Conversation | None = None) -> bool:
    """Whether the person fills this report in: as its reporter, or on the area's behalf."""
    if may_write(context, report.unit_id):
        return True
    kept = kept or conversations.conversation_of(context.tx, context.person.id)
    return on_behalf.helps(context, report, kept)
