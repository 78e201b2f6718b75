"""What was written in time and arrives after the deadline or the close: it counts as written.

The rest of such a report can be confirmed and sent for a day; the result at the deadline is made
again, and the officers are told.
"""

from datetime import timedelta

from criteria.reminders import local_day
from handlers.flow.context import Context
from handlers.messages.keys import DedupeKey
from handlers.messages.notifications import Notification, other_officers, sentence
from handlers.report.view import ReportView
from handlers.status.loading import load_status
from handlers.status.view import status_fields
from handlers.texts import Html
from storage import conversations, deadline_results, rounds

GRACE = timedelta(hours=24)


def give_grace(context: Context, view: ReportView) -> None:
    """Let what was written before the close be confirmed and sent for a day from now."""
    if context.incoming.written_at is None or context.said_at >= view.round.closes_at:
        return
    if not rounds.is_open(context.tx, view.round, view.unit.id, context.now):
        conversations.give_grace(context.tx, context.person.id, context.now + GRACE)


def changed(context: Context, view: ReportView) -> None:
    """After a change: bring the result at the deadline up to date, and tell the officers."""
    round_ = view.round
    closed = not rounds.is_open(context.tx, round_, view.unit.id, context.now)
    passed = context.said_at <= round_.deadline < context.now
    if passed and deadline_results.kept(context.tx, round_) is not None:
        status = load_status(context.tx, round_, context.now, at=round_.deadline)
        deadline_results.keep(context.tx, round_, status_fields(status))
    if closed or passed:
        _tell_officers(context, view)


def _tell_officers(context: Context, view: ReportView) -> None:
    """One message for each report and day to each officer of the commune."""
    zone, report_id = context.deployment.zone, view.report.id
    day = local_day(context.now, zone)
    text = sentence(
        "late.arrived", zone, ("review.button", "v.one", report_id),
        unit=view.unit, round=view.round,
        when=lambda texts: Html(texts.time(context.said_at, zone)),
    )  # fmt: skip
    told = Notification(text, key=lambda one: DedupeKey("late_arrival", (report_id, one), day))
    told.put_in(context.tx, other_officers(context, view.unit.commune_id), context.now, zone)
