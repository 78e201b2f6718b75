"""From a screen of another feature back into the report, in the place of that screen."""

from dataclasses import replace

from criteria.answers import Ratio
from criteria.conversation import Move, Place, advance, begin
from handlers.flow.channel import Reply, Screen, Shown
from handlers.flow.context import Context
from handlers.flow.navigation import STEP, step_message
from handlers.flow.routes import GONE, Loading
from handlers.report.changes import apply, moved, take, tell_how
from handlers.report.rights import open_view, report_to_fill
from handlers.report.screen import show_report
from handlers.report.view import ReportView, load_view
from handlers.texts import Html
from storage import conversations
from storage.reports import Report


def view_to_change(loading: Loading) -> object:
    """An argument: the person's view of a report that they fill in, while it takes answers."""
    report = report_to_fill(loading)
    view = own_view(loading.context, report) if isinstance(report, Report) else None
    return view if view is not None and view.writable else GONE


def own_view(context: Context, report: Report) -> ReportView:
    """The person's view of this report: the open one, else one at its first open question."""
    opened = open_view(context)
    if opened is not None and opened.report.id == report.id:
        return opened
    view = load_view(
        context.tx, report, context.person.id, context.memberships, Place(), 0, context.now
    )
    return replace(view, place=begin(view.questions))


def came_back(context: Context, view: ReportView, code: str, left: Html) -> Reply:
    """Show a question of the report again, or the summary; the screen before says `left`."""
    if view.question(code) is None:
        reply = show_report(context, moved(context, view, Place("summary")))
    else:
        reply = apply(context, view, Move("edit", number=view.number_of(code)), context.way)
    return _in_place(context, reply, left)


def taken_over(context: Context, view: ReportView, code: str, counted: Ratio, left: Html) -> Reply:
    """A sum that was counted becomes the answer, once it is confirmed, like any typed one."""
    question = view.question(code)
    if question is not None and question.answer == counted:
        view = tell_how(context, view, code, "houses")
    move = Move("give", counted, clear=False, reason="counted", code=code, how="houses")
    reply = take(context, view, advance(view.place, view.questions, move), context.way)
    return _in_place(context, reply, left)


def _in_place(context: Context, reply: Reply, left: Html) -> Reply:
    """The report's own screen; a step in another message loses its buttons and says `left`."""
    message = context.pressed_on or step_message(context)
    conversations.forget_shown(context.tx, context.person.id, context.bot, STEP)
    if message is None or any(message in {one.edit, one.remove_keyboard} for one in reply.shown):
        return reply
    return replace(reply, shown=(Shown(Screen(left), edit=message), *reply.shown))
