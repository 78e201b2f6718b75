"""Applies a move to a report: stores its changes and the place, and shows the next screen.

A message counts at the time of its writing, even if it arrives after the deadline or the close.
Such a report can be confirmed and sent for another day; the result at the deadline is renewed.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from criteria.answers import CountingMethod, Ratio
from criteria.conversation import Feedback, Move, Place, Put, Send, Step, Undo, advance, begin
from criteria.reminders import local_day
from handlers.flow.channel import Reply, Screen, Shown
from handlers.flow.context import Context
from handlers.flow.navigation import STEP, step_message
from handlers.flow.routes import GONE, Loading
from handlers.messages.keys import DedupeKey
from handlers.messages.notifications import Notification, other_officers, sentence
from handlers.reminders import report_notices
from handlers.report import on_behalf
from handlers.report.report_access import may_write, open_view, report_to_fill, view_at
from handlers.report.screens import receipts
from handlers.report.screens.screen import show_report
from handlers.report.view import ReportView, reload_view
from handlers.status.loading import load_status
from handlers.status.view import status_fields
from handlers.texts import Html
from storage.conversations import conversations
from storage.reports import reports
from storage.reports.reports import Answer, Report
from storage.results import current_facts, deadline_results, unchanged

# The time to confirm and send a report that was written before the close and arrived after it
# (docs/decisions/0016-addressed-messages.md).
GRACE = timedelta(hours=24)


def apply(context: Context, view: ReportView, move: Move, way: str) -> Reply:
    """Make a move in the report and show the next screen; `way` is stored in the history."""
    if move.does == "undo":
        return _undo(context, view, way)
    move = as_before(context, view, move)
    return take(context, view, advance(view.place, view.questions, move), way)


def _undo(context: Context, view: ReportView, way: str) -> Reply:
    """Undo the person's own last change, unless another person has changed that answer since."""
    last = reports.last_change(context.tx, view.report.id, context.person.id)
    if last is not None and last.overtaken:
        return show_report(context, view, (Feedback("undo_overtaken", last.indicator),))
    code = last.indicator if last is not None else None
    return take(context, view, advance(view.place, view.questions, Move("undo"), code), way)


def as_before(context: Context, view: ReportView, move: Move) -> Move:
    """Return the move; one that takes the last period's number also takes its counting method."""
    code = move.code or view.place.code
    if move.does != "same" or code is None:
        return move
    return replace(
        move,
        how=current_facts.earlier_counting_methods(context.tx, view.round, view.unit.id).get(code),
    )


def take(context: Context, view: ReportView, step: Step, way: str) -> Reply:
    """Store the changes of a step and show the next screen."""
    report = view.report
    helping = not may_write(context, view.unit.id)
    way = "office" if helping else way
    puts = [change for change in step.changes if isinstance(change, Put)]
    answers = view.answers
    if puts:
        given = [
            _given(one, unchanged.WAY if one.unchanged and not helping else way) for one in puts
        ]
        by, now = context.person.id, context.done_at
        answers = reports.put_answers(context.tx, report, given, answers, by=by, now=now)
    for change in step.changes:
        if isinstance(change, Undo):
            reports.undo(context.tx, report, by=context.person.id, now=context.done_at)
        elif isinstance(change, Send):
            before = report.sends
            report = reports.send_report(
                context.tx,
                report,
                by=context.person.id,
                now=context.done_at,
                deadline=view.round.deadline,
                way="office" if helping else context.way,
            )
            if report.sends > before:
                report_notices.report_sent(context, view.round, report)
    if step.changes:
        tell_late_change(context, view)
    known = answers if len(puts) == len(step.changes) else None  # undone or sent: read again
    after = _moved(context, replace(view, report=report), step.place, known)
    if any(isinstance(change, Send) for change in step.changes):
        return on_behalf.sent(context, after) if helping else receipts.sent(context, after)
    extra = receipts.refreshed(context, after) if step.changes and after.report.sends else ()
    return show_report(context, after, step.feedback, extra=extra)


def _given(put: Put, way: str) -> reports.NewAnswer:
    return reports.NewAnswer(put.code, put.value, way, put.commune_total, put.how)


def moved(
    context: Context, view: ReportView, place: Place, *, pieces_too: bool = False
) -> ReportView:
    """Store the place and return the new view; no answers have changed, only maybe evidence."""
    return _moved(context, view, place, view.answers, pieces_too=pieces_too)


def _moved(
    context: Context,
    view: ReportView,
    place: Place,
    answers: Mapping[str, Answer] | None,
    *,
    pieces_too: bool = False,
) -> ReportView:
    """Store the place and return the new view; for `answers` see `reload_view`."""
    revision = conversations.save_place(
        context.tx, context.person.id, view.report.id, place.to_json(), context.now
    )
    give_grace(context, view)
    return reload_view(
        context.tx, view, context.person.id, place, revision, answers=answers, pieces_too=pieces_too
    )


def store_method(
    context: Context, view: ReportView, code: str, how: CountingMethod | None
) -> ReportView:
    """Store the counting method of an answer; return the new view."""
    tx, by = context.tx, context.person.id
    reports.set_counting_method(tx, view.report, code, how, by=by, way=context.way, now=context.now)
    return reload_view(tx, view, by, view.place, view.revision, answers=None, pieces_too=False)


def give_grace(context: Context, view: ReportView) -> None:
    """Allow a report written before the close to be confirmed and sent for another day."""
    if context.incoming.written_at is None or context.done_at >= view.round.closes_at:
        return
    if not view.window.is_open(context.now):
        conversations.give_grace(context.tx, context.person.id, context.now + GRACE)


def tell_late_change(context: Context, view: ReportView) -> None:
    """After a late change, renew the result at the deadline and tell the officers."""
    round_ = view.round
    closed = not view.window.is_open(context.now)
    passed = context.done_at <= round_.deadline < context.now
    if passed and deadline_results.stored(context.tx, round_) is not None:
        status = load_status(context.tx, round_, context.now, at=round_.deadline)
        deadline_results.store(context.tx, round_, status_fields(status))
    if closed or passed:
        _tell_officers(context, view)


def _tell_officers(context: Context, view: ReportView) -> None:
    """Send one message for each report and day to each officer of the commune."""
    zone, report_id = context.deployment.zone, view.report.id
    day = local_day(context.now, zone)
    text = sentence(
        "late.arrived", zone, ("review.button", "v.one", report_id),
        unit=view.unit, round=view.round,
        when=lambda texts: Html(texts.time(context.done_at, zone)),
    )  # fmt: skip
    notice = Notification(text, key=lambda one: DedupeKey("late_arrival", (report_id, one), day))
    notice.put_in(context.tx, other_officers(context, view.unit.commune_id), context.now, zone)


# --- from a screen of another feature back to the report ------------------------------------------


def view_to_change(loading: Loading) -> object:
    """Return the person's view of a report that they fill in, while it takes answers; else GONE."""
    report = report_to_fill(loading)
    view = own_view(loading.context, report) if isinstance(report, Report) else None
    return view if view is not None and view.writable else GONE


def own_view(context: Context, report: Report) -> ReportView:
    """Return the person's view of this report: the open one, else at its first open question."""
    opened = open_view(context)
    if opened is not None and opened.report.id == report.id:
        return opened
    view = view_at(context, report, Place())
    return replace(view, place=begin(view.questions))


def return_to_report(context: Context, view: ReportView, code: str, left: Html) -> Reply:
    """Show a question of the report again, or the summary; the earlier screen becomes `left`."""
    if view.question(code) is None:
        reply = show_report(context, moved(context, view, Place("summary")))
    else:
        reply = apply(context, view, Move("edit", number=view.number_of(code)), context.way)
    return _in_place(context, reply, left)


def offer_sum(context: Context, view: ReportView, code: str, counted: Ratio, left: Html) -> Reply:
    """Offer a sum counted by houses as the answer; it is confirmed like a typed one."""
    question = view.question(code)
    if question is not None and question.answer == counted:
        view = store_method(context, view, code, "houses")
    move = Move("give", counted, clear=False, reason="counted", code=code, how="houses")
    reply = take(context, view, advance(view.place, view.questions, move), context.way)
    return _in_place(context, reply, left)


def _in_place(context: Context, reply: Reply, left: Html) -> Reply:
    """Return the reply; another message with a step becomes the text `left`, without buttons."""
    message = context.pressed_on or step_message(context)
    conversations.forget_shown(context.tx, context.person.id, context.bot, STEP)
    if message is None or any(message in {one.edit, one.remove_keyboard} for one in reply.shown):
        return reply
    return replace(reply, shown=(Shown(Screen(left), edit=message), *reply.shown))
