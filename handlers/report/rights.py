"""Who fills a report in, by the roles of this moment."""

from handlers.flow.context import Context
from handlers.flow.routes import GONE, Loading
from storage import conversations, places, reports
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
    return _helps(context, report, kept)


def report_to_fill(loading: Loading) -> object:
    """An argument: a report that the person fills in."""
    context, number = loading.context, loading.number
    report = reports.report_by_id(context.tx, number) if number is not None else None
    return report if report is not None and may_fill(context, report) else GONE


def _helps(context: Context, report: Report, kept: Conversation | None) -> bool:
    """Whether an officer fills this report in for an area of their commune.

    Only while it is their open report, which only "☎️ Ghi giúp" can bring about, and only until
    it is sent; then an answer is corrected with a reason.
    """
    if kept is None or kept.report_id != report.id or report.state not in {"draft", "returned"}:
        return False
    unit = places.unit(context.tx, report.unit_id)
    return not unit.office and unit.commune_id in context.office_communes
