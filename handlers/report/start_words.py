"""Texts about a report that are typed while none is open: they open the only report."""

from dataclasses import replace
from datetime import UTC, datetime

from criteria.conversation import Place, begin
from criteria.conversation.inputs import inputs_of
from criteria.reading import read
from criteria.reading.whole_report import is_whole_report, questions_of
from handlers import home
from handlers.difficulties import raising
from handlers.flow import navigation
from handlers.flow.arguments import Number, OptionalNumber
from handlers.flow.asked_screen import NOTHING, AskedScreen
from handlers.flow.channel import Button, Reply, Screen
from handlers.flow.commands import command_word
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder
from handlers.flow.rights import WRITER
from handlers.flow.routes import Next, action, screen
from handlers.report.assigned_reports import (
    AssignedReport,
    captions_of,
    tasks_named,
    tasks_of,
    tasks_when_written,
)
from handlers.report.buttons import ask_which
from handlers.report.changes import GRACE, moved
from handlers.report.screens.screen import show_report
from handlers.report.use_cases import typed
from handlers.report.view import ReportView, load_view
from handlers.report.whole_report import offered, table_report
from handlers.rounds.criteria_sets import set_of
from storage.reports import reports

# Words of a report that can be typed as commands.
for _command, _word in (
    ("huy", "huỷ"), ("cancel", "cancel"), ("xong", "xong"), ("done", "done"), ("gui", "gửi"),
    ("send", "send"), ("hoantac", "hoàn tác"), ("undo", "undo"), ("quaylai", "quay lại"),
    ("back", "back"), ("boqua", "bỏ qua"), ("skip", "skip"),
):  # fmt: skip
    command_word(_command, _word)

# Commands that only make sense in a report: those that are complete, and those that are about the
# open question.
_EXPLICIT = frozenset({"edit", "send", "done", "undo"})
_ABOUT_A_QUESTION = frozenset({"unknown", "same", "skip", "fix_total"})


def reply_at_start(context: Context, text: str, *, last_screen: bool) -> Reply | None:
    """Reply to a text while no report is open; None when it isn't about a report.

    `last_screen`: a screen of another feature was shown last. Then a number, or a word about a
    question, is for that screen. An answer that no report takes now gets a message about this.
    """
    reading = read(text, "yes_no")
    if reading.command == "difficulty":
        step = raising.first_step(context, None, reading.reply or "")
        return navigation.reply_after(context, step)
    if reading.command == "help":
        return navigation.show(context, Next(home.help_page.at()))
    if reading.command in {"back", "cancel"}:
        return home.home(context)
    explicit = reading.command in _EXPLICIT
    answers = inputs_of(text).sure & {"number", "link"}
    about_a_question = answers or reading.command in _ABOUT_A_QUESTION
    answer = explicit or about_a_question or any(one.isdigit() for one in text)
    if answer and not last_screen and context.areas and not tasks_when_written(context):
        return home.home(context, context.texts.say("home.not_taken"))
    if not explicit and (last_screen or not about_a_question):
        return None
    return _in_the_one_report(context, text, explicit=explicit)


def whole_report(context: Context, shown: AskedScreen, text: str) -> Reply | None:
    """Show the table of a text that is a whole report; ask which one if it fits several."""
    fitting = _fitting(context, text)
    elsewhere = shown.step and table_report(shown) is None and not chooses_report(shown)
    if not fitting or elsewhere:
        return None
    if len(fitting) > 1:
        times = int(context.done_at.timestamp()), int(context.now.timestamp())
        return navigation.show(context, Next(which_area.at(*times), typed=(text,)))
    return _table_of(context, fitting[0], shown, text)


def may_be_other_area(context: Context, view: ReportView, shown: AskedScreen) -> bool:
    """Return whether a whole report can be of another area, since the shown report is sent."""
    if not view.report.is_in or table_report(shown) is not None:
        return False
    others = [one for one in tasks_of(context) if one.unit.id != view.unit.id]
    found = (reports.report_of(context.tx, one.round.id, one.unit.id) for one in others)
    return any(report is None or not report.is_in for report in found)


def chooses_report(shown: AskedScreen) -> bool:
    """Return whether a screen asks for one of several reports."""
    choosing = (*home.which_report.keys, *which_area.keys)
    return shown.address is not None and shown.address.action in choosing


def _table_of(
    context: Context, task: AssignedReport, shown: AskedScreen, text: str
) -> Reply | None:
    """Show the table of the text for this report."""
    view = _started(context, task)
    if not view.window.is_open(context.now):  # written in time: open it to store it
        view = moved(context, view, begin(view.questions))
    return offered(context, replace(view, place=begin(view.questions)), shown, text)


def _fitting(context: Context, text: str) -> tuple[AssignedReport, ...]:
    """Return the person's reports whose questions fit the text as a whole report."""
    return tuple(
        one
        for one in tasks_when_written(context)
        if is_whole_report(text, questions_of(set_of(one.round), office=one.unit.office))
    )


def _as_when_written(context: Context, written: int | None, shown: int | None) -> Context:
    """Return the context with the stored text's time of writing, for a day after it was shown.

    Both are in seconds. The choice of the area comes later, perhaps after the close.
    """
    if written is None or shown is None or context.now >= _instant(shown) + GRACE:
        return context
    return replace(context, incoming=replace(context.incoming, written_at=_instant(written)))


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@screen("wr.which", right=WRITER)
def which_area(context: Context, written: OptionalNumber, shown: OptionalNumber) -> Screen | None:
    """Ask for which of several reports the typed one is; store the text until then."""
    if not context.typed:
        return None
    context = _as_when_written(context, written, shown)
    captions = captions_of(context, _fitting(context, context.typed[0]))

    def to_one(task: AssignedReport) -> Button:
        label = f"{home.mark_of(context, task)} {captions[task]}"
        return Button(label, for_area.data(task.round.id, task.unit.id, written, shown))

    page = ScreenBuilder(context).say("table.which_area")
    return page.listed(list(captions), to_one, which_area, written, shown).home().screen()


@which_area.text
def name_area(
    context: Context, text: str, written: OptionalNumber, shown: OptionalNumber
) -> Reply | Next | None:
    """Show the table for the report of the typed area."""
    context = _as_when_written(context, written, shown)
    named = tasks_named(captions_of(context, _fitting(context, context.typed[0])), text)
    if len(named) != 1:
        return None
    return _table_of(context, named[0], NOTHING, context.typed[0])


@action("wr.for", right=WRITER)
def for_area(
    context: Context, round_id: Number, unit_id: Number, written: OptionalNumber,
    shown: OptionalNumber,
) -> Reply | None:  # fmt: skip
    """Show the table of the stored text for the chosen area."""
    if not context.typed:
        return None
    context = _as_when_written(context, written, shown)
    text = context.typed[0]
    chosen = (one for one in _fitting(context, text) if one.unit.id == unit_id)
    task = next((one for one in chosen if one.round.id == round_id), None)
    return _table_of(context, task, NOTHING, text) if task is not None else None


def _in_the_one_report(context: Context, text: str, *, explicit: bool) -> Reply | None:
    tasks = tasks_when_written(context)
    if not tasks:
        return None
    if len(tasks) > 1:
        return navigation.reply_after(context, home.report(context, office=not context.areas))
    view = _started(context, tasks[0])
    view = moved(context, view, begin(view.questions))
    if explicit:
        return typed(context, view)
    return _for_the_first_question(context, view, text)


def _started(context: Context, task: AssignedReport) -> ReportView:
    tx, who = context.tx, context.person.id
    report = reports.start_report(tx, task.round.id, task.unit.id, context.now, by=who)
    return load_view(tx, report, who, context.memberships, Place(), 0, context.done_at)


def _for_the_first_question(context: Context, view: ReportView, text: str) -> Reply:
    """Show the first question, and ask whether the text answers it, as it was not shown before."""
    place = view.place
    screen = AskedScreen(report=view.report.id, code=place.code, screen=place.screen)
    question = show_report(context, view)
    which = ask_which(context, view, [screen], text)
    if which is None:
        return question
    return Reply((*question.shown, *which.shown), person=context.person.id)
