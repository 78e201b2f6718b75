"""From a screen beside a report back into it: the question comes where the screen stood."""

from dataclasses import replace

from criteria.answers import Ratio
from criteria.conversation import Move, Place, advance, begin
from handlers.flow.channel import Reply, Screen, Shown
from handlers.flow.context import Context
from handlers.flow.navigation import STEP, step_message
from handlers.report.changes import apply, moved, open_view, take
from handlers.report.screen import show_report
from handlers.report.view import ReportView, load_view
from handlers.texts import Html
from storage import conversations, reports
from storage.reports import Report


def view_beside(context: Context, report: Report) -> ReportView:
    """The person's own desk of this report, for a screen beside it that leads back there."""
    kept = conversations.conversation_of(context.tx, context.person.id)
    standing = open_view(context, kept)
    if standing is not None and standing.report.id == report.id:
        return standing
    view = load_view(context.tx, report, context.person.id, Place(), 0, context.now)
    return replace(view, place=begin(view.questions))


def came_back(context: Context, view: ReportView, code: str | None) -> Reply:
    """From a screen beside the report back to a question of it, or to the summary."""
    if code is None or view.question(code) is None:
        return show_report(context, moved(context, view, Place("summary")))
    return apply(context, view, Move("edit", number=view.number_of(code)), "button")


def taken_over(context: Context, view: ReportView, code: str, counted: Ratio) -> Reply:
    """A sum that was counted becomes the answer, once it is confirmed, like any typed one."""
    question = view.question(code)
    if question is not None and question.answer == counted:
        reports.set_how(
            context.tx,
            view.report,
            code,
            "houses",
            by=context.person.id,
            way="button",
            now=context.now,
        )
    move = Move("give", counted, clear=False, reason="counted", code=code, how="houses")
    return take(context, view, advance(view.place, view.questions, move), "button")


def back_in_report(context: Context, reply: Reply, left: Html) -> Reply:
    """The report's own screen; a step in another message loses its buttons and says `left`."""
    pressed = context.incoming.message if context.incoming.kind == "press" else None
    message = pressed or step_message(context)
    conversations.forget_shown(context.tx, context.person.id, STEP)
    if message is None or any(message in {one.edit, one.strip} for one in reply.shown):
        return reply
    return replace(reply, shown=(Shown(Screen(left), edit=message), *reply.shown))
