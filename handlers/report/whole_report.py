"""A whole report in one message: shown as a table, stored by one press; then the rest is asked.

The messages are stored with the table's screen, like all typed texts of a flow. The table is made
from them and the present report; if it differs from the one that was shown, it is shown again.
"""

from dataclasses import replace

from criteria.conversation import (
    Line,
    Place,
    Put,
    Step,
    WholeReport,
    begin,
    keep_table,
    keeps_all,
    merged,
    table_of,
)
from criteria.reading import read_confirmation
from criteria.reading.whole_report import ReportReading, questions_of, read_report
from handlers.flow import navigation
from handlers.flow.arguments import Number, NumberOrZero, Text
from handlers.flow.asked_screen import AskedScreen, from_json
from handlers.flow.channel import Button, Reply, Screen, Shown
from handlers.flow.context import Context
from handlers.flow.navigation import STEP, step_message
from handlers.flow.page import ScreenBuilder
from handlers.flow.rights import WRITER
from handlers.flow.routes import Next, action, screen
from handlers.report.buttons import closed
from handlers.report.changes import moved, take
from handlers.report.replies import names_another_area
from handlers.report.report_access import ToFill
from handlers.report.screens.screen import show_report
from handlers.report.screens.summary_screens import PER_ROW, checksum, table_page
from handlers.report.view import ReportView
from handlers.texts import Html
from storage.conversations import asks, conversations
from storage.results import current_facts, unchanged

Mending = NumberOrZero  # 1: each line has a "✏️"
_MOST_MESSAGES = 8  # of one table
WAY = "one_message"


# --- opening it -----------------------------------------------------------------------------------


def offered(context: Context, view: ReportView, shown: AskedScreen, text: str) -> Reply | None:
    """Show the table of a text that is clearly more than the answer to one question; else None.

    `shown` is the screen that was shown last; a text typed on a table is added to it.
    """
    reading = _read(view, text)
    if reading.outcome == "ask" and (not shown.step or table_report(shown) is not None):
        return show_report(context, view, above=context.texts.say("table.which"))
    if reading.outcome != "report":
        return None
    adds = table_report(shown) == view.id and context.incoming.kind != "edit"
    messages = (*(shown.typed if adds else ()), text)[-_MOST_MESSAGES:]
    if not _may_store(context, view, _table(replace(context, typed=messages), view)[1]):
        return show_report(context, view, above=context.texts.say("table.same_twice"))
    above = None
    if names_another_area(view, text):
        above = context.texts.say("doubt.another_area", here=view.unit_name(context.texts))
    return navigation.show(context, Next(table.at(view), above, messages))


def table_report(shown: AskedScreen) -> int | None:
    """Return the id of the report whose table a screen is; None for other screens."""
    address = shown.address
    return address.number(0) if address is not None and address.action in table.keys else None


def _read(view: ReportView, text: str) -> ReportReading:
    return read_report(text, questions_of(view.criteria, office=view.unit.office))


def _table(context: Context, view: ReportView) -> tuple[WholeReport, tuple[Line, ...]]:
    """Return the report read from the messages, and the lines of its table."""
    report = merged([_read(view, text) for text in context.typed])
    return report, table_of(view.place, view.questions, report)


def _may_store(context: Context, view: ReportView, lines: tuple[Line, ...]) -> bool:
    """Return whether a table may be stored; two rounds in a row may not be all unchanged."""
    if not keeps_all(lines):
        return True
    return unchanged.may_keep_all(context.tx, view.round, view.unit.id, view.report.id)


@action("wr.same", right=WRITER)
def keep_all(context: Context, filled: ToFill) -> Next | Reply:
    """Show the table of a report that is the same as in the last period."""
    view, text = filled.view, context.texts.say("table.all_same")
    if not view.writable:
        return closed(context, view)
    lines = _table(replace(context, typed=(text,)), view)[1]
    if not _may_store(context, view, lines):
        return show_report(context, view, above=context.texts.say("table.same_twice"))
    return Next(table.at(filled), typed=(text,))


# --- the table ------------------------------------------------------------------------------------


@screen("wr", right=WRITER)
def table(context: Context, filled: ToFill, mending: Mending) -> Screen | None:
    """Show the answers that were read, question by question; none of them counts yet."""
    view = filled.view
    if not context.typed or not view.writable:
        return None
    report, lines = _table(context, view)
    here = (filled, checksum(report, lines))
    page = table_page(view, context.texts, report, lines)
    settled = all(one.state in {"kept", "likely", "stands"} for one in lines)
    right = "table.button.right_send" if report.sends and settled else "table.button.right"
    page.button(right, keep.at(*here))
    out = leave.button(context.texts, "table.button.leave", *here)
    if not (mending or keeps_all(lines)):
        return page.row(mend.button(context.texts, "table.button.fix", *here), out).screen()
    edits = [
        Button(context.texts.say("button.edit", number=one.number), ask.data(*here, one.number))
        for one in lines
        if one.put is not None
    ]
    return page.grid(edits, PER_ROW).row(out).screen()


@table.text
def typed(context: Context, text: str, filled: ToFill) -> Next | Reply | None:
    """Store the table by "đúng", show how to change it by "sai", or add a corrected answer."""
    agreed = read_confirmation(text)
    if agreed is not None:
        answer = keep if agreed == "yes" else mend
        return answer.act(context, filled, _present_checksum(context, filled.view))
    reading = _read(filled.view, text)
    if reading.outcome == "single" and reading.answers:
        return Next(table.at(filled), typed=(*context.typed, text)[-_MOST_MESSAGES:])
    return None


def _present_checksum(context: Context, view: ReportView) -> str:
    """Return the checksum of the table that was shown, from its button."""
    shown = [from_json(row.content) for row in asks.recent(context.tx, context.person.id)]
    newest = next((one for one in reversed(shown) if table_report(one) == view.id), None)
    presses = newest.presses() if newest is not None else []
    return presses[0].text(1) if presses and presses[0] is not None else ""


# --- its buttons ----------------------------------------------------------------------------------


@action("wr.ok", right=WRITER)
def keep(context: Context, filled: ToFill, shown: Text) -> Next | Reply | None:
    """Store the table's answers, and ask for the rest; show the table again if it has changed."""
    view = filled.view
    context = _with_its_messages(context)
    if not view.writable:
        return closed(context, view)
    if not context.typed:
        return None
    if context.incoming.kind == "press" and step_message(context) is None:  # pressed twice
        toast = context.texts.say("toast.old_button")
        return show_report(context, filled.opened or view, toast=toast)
    report, lines = _table(context, view)
    if shown != checksum(report, lines):
        above = context.texts.say("table.changed")
        return Next(table.at(filled), above=above, typed=context.typed)
    if not _may_store(context, view, lines):
        refused = context.texts.say("table.same_twice")
        return _in_its_place(context, show_report(context, view, above=refused), None)
    step = keep_table(view.place, view.questions, lines, sends=report.sends)
    step = _counted_as_before(context, view, lines, step)
    reply = take(context, view, step, WAY)
    return _in_its_place(context, reply, table_page(view, context.texts, report, lines))


@action("wr.fix", right=WRITER)
def mend(context: Context, filled: ToFill, shown: Text) -> Next | None:
    """Show how to change a line."""
    messages, above = _with_its_messages(context).typed, context.texts.say("table.how_to_fix")
    return Next(table.at(filled, 1), above=above, typed=messages) if messages else None


@action("wr.ask", right=WRITER)
def ask(context: Context, filled: ToFill, shown: Text, number: Number) -> Next | None:
    """Take a line out of the table; its question is asked afterwards."""
    context = _with_its_messages(context)
    if not context.typed:
        return None
    text = context.texts.say("table.asked_line", number=number)
    return Next(table.at(filled, 1), typed=(*context.typed, text)[-_MOST_MESSAGES:])


@action("wr.no", right=WRITER)
def leave(context: Context, filled: ToFill, shown: Text) -> Reply:
    """Leave the table without storing it, and show the report's present question."""
    view = filled.view
    if filled.opened is None or not view.writable:
        view = moved(context, view, begin(view.questions) if view.writable else Place("summary"))
    else:
        view = filled.opened
    above = context.texts.say("table.left")
    reply = show_report(context, view, above=above)
    return _in_its_place(context, reply, None)


def _with_its_messages(context: Context) -> Context:
    """Return the context with the messages of the pressed table, which may be an older one."""
    if context.pressed_on is None:
        return context
    rows = asks.of_message(context.tx, context.person.id, context.bot, context.pressed_on)
    shown = from_json(rows[-1].content) if rows else AskedScreen()
    return replace(context, typed=shown.typed if table_report(shown) is not None else ())


def _counted_as_before(
    context: Context, view: ReportView, lines: tuple[Line, ...], step: Step
) -> Step:
    """Return the step; numbers of the last period keep their counting methods."""
    same = {one.code for one in lines if one.same}
    if not same:
        return step
    before = current_facts.earlier_counting_methods(context.tx, view.round, view.unit.id)
    changes = tuple(
        replace(one, how=before.get(one.code)) if isinstance(one, Put) and one.code in same else one
        for one in step.changes
    )
    return replace(step, changes=changes)


def _in_its_place(context: Context, reply: Reply, page: ScreenBuilder | None) -> Reply:
    """Return the reply with its screen instead of the table; below it after a typed text."""
    pressed = context.pressed_on
    message = pressed or step_message(context)
    conversations.forget_shown(context.tx, context.person.id, context.bot, STEP)
    if message is None:
        return reply
    if pressed is not None:
        last = reply.shown[-1]
        other = last.remove_keyboard if last.remove_keyboard != pressed else None
        last = replace(last, edit=pressed, remove_keyboard=other)
        return replace(reply, shown=(*reply.shown[:-1], last))
    left = page.screen() if page is not None else Screen(Html(context.texts.say("table.left")))
    return replace(reply, shown=(Shown(left, edit=message), *reply.shown))
