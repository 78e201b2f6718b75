"""Who may fill in a report, by the present roles, and the views of such reports."""

from dataclasses import dataclass, replace
from typing import Annotated

from criteria.conversation import Place
from handlers.flow.arguments import by_id
from handlers.flow.context import Context
from handlers.flow.routes import GONE, Loading
from handlers.report.view import ReportView, load_view, view_of
from storage.conversations import conversations, reports_in_rounds
from storage.conversations.conversations import Conversation
from storage.conversations.reports_in_rounds import ReportInRound
from storage.places import places
from storage.places.places import Unit
from storage.reports import reports
from storage.reports.reports import Report


def may_write(context: Context, unit_id: int) -> bool:
    """Return whether the person reports for this unit, by the present roles."""
    return context.reports_for(unit_id) or _may_write(context, places.unit(context.tx, unit_id))


def _may_write(context: Context, unit: Unit) -> bool:
    """Return the same for a unit that was read before."""
    if context.reports_for(unit.id):
        return True
    return unit.office and unit.commune_id in context.office_communes


def may_fill(context: Context, report: Report) -> bool:
    """Return whether the person fills in this report, as a reporter or on the area's behalf."""
    own = context.reports_for(report.unit_id)
    return own or _may_fill(context, report, places.unit(context.tx, report.unit_id))


def _may_fill(context: Context, report: Report, unit: Unit) -> bool:
    if _may_write(context, unit):
        return True
    kept = conversations.conversation_of(context.tx, context.person.id)
    return _helps(context, report, unit, kept)


def _helps(context: Context, report: Report, unit: Unit, kept: Conversation | None) -> bool:
    """Return whether an officer fills in this report for an area of their commune.

    It must be the officer's open report, which only "☎️ Ghi giúp" opens, and not sent yet; a sent
    answer is corrected with a reason.
    """
    if kept is None or kept.report_id != report.id or report.state not in {"draft", "returned"}:
        return False
    return not unit.office and unit.commune_id in context.office_communes


def open_view(context: Context) -> ReportView | None:
    """Return the person's open report; None without one, or when the role has ended."""
    return kept_view(context, *reports_in_rounds.open_report(context.tx, context.person.id))


def kept_view(
    context: Context, kept: Conversation | None, found: ReportInRound | None
) -> ReportView | None:
    """Return the same for a conversation and its report that were read before.

    A report written in time is writable for some time after the close (`give_grace`).
    """
    if kept is None or found is None:
        return None
    may = _may_write(context, found.unit) or _helps(context, found.report, found.unit, kept)
    if not may:
        return None
    view = view_of(
        context.tx, found, kept.person_id, context.memberships, Place.from_json(kept.place),
        kept.revision, context.done_at,
    )  # fmt: skip
    in_grace = kept.grace_until is not None and context.now < kept.grace_until
    return replace(view, writable=True) if in_grace and view.round.has_begun else view


def view_at(context: Context, report: Report, place: Place) -> ReportView:
    """Return the person's present view of this report at a place."""
    return load_view(
        context.tx, report, context.person.id, context.memberships, place, 0, context.now
    )


def view_of_report(context: Context, report_id: int) -> ReportView | None:
    """Return the view of a report that isn't open; None when this person may not fill it in."""
    found = reports_in_rounds.report_in_round(context.tx, report_id)
    if found is None or not _may_fill(context, found.report, found.unit):
        return None
    return view_of(
        context.tx, found, context.person.id, context.memberships, Place("summary"), 0,
        context.done_at,
    )  # fmt: skip


# --- arguments of routes --------------------------------------------------------------------------


# An argument: a report that the person fills in.
report_to_fill = by_id(reports.report_by_id, may_fill)


@dataclass(frozen=True, slots=True)
class Filled:
    """A report that the person fills in, and the open report, which may be another one."""

    view: ReportView
    opened: ReportView | None

    @property
    def id(self) -> int:
        """The report's id."""
        return self.view.report.id

    def fresh(self, revision: int | None) -> bool:
        """Return whether a button of this revision belongs to the open report's present place."""
        return self.view is self.opened and self.view.revision == revision


def filled(loading: Loading) -> object:
    """Return a report that the person fills in with its view, and the open one; else GONE."""
    read = loading.read
    opened = read if isinstance(read, ReportView) else open_view(loading.context)
    if opened is not None and opened.report.id == loading.number:
        return Filled(opened, opened)
    view = view_of_report(loading.context, loading.number) if loading.number is not None else None
    return Filled(view, opened) if view is not None else GONE


ToFill = Annotated[Filled, filled]
