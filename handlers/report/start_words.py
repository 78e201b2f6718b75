"""Words of a report that are typed while none is open: the one report there is opens for them."""

from dataclasses import replace

from criteria.conversation import Place, begin
from criteria.conversation.inputs import inputs_of
from criteria.reading import read
from criteria.reading.whole_report import is_whole_report, questions_of
from handlers import home
from handlers.difficulties import raising
from handlers.flow import navigation
from handlers.flow.asked_screen import AskedScreen
from handlers.flow.channel import Reply
from handlers.flow.commands import command_word
from handlers.flow.context import Context
from handlers.flow.next import Next
from handlers.report.buttons import ask_which
from handlers.report.changes import moved
from handlers.report.screen import show_report
from handlers.report.use_cases import typed
from handlers.report.view import ReportView, load_view
from handlers.report.whole_report import offered, table_report
from handlers.rounds.criteria_sets import set_of
from storage import reports

# Words of a report, typed as commands.
for _command, _word in (
    ("huy", "huỷ"), ("cancel", "cancel"), ("xong", "xong"), ("done", "done"), ("gui", "gửi"),
    ("send", "send"), ("hoantac", "hoàn tác"), ("undo", "undo"), ("quaylai", "quay lại"),
    ("back", "back"), ("boqua", "bỏ qua"), ("skip", "skip"),
):  # fmt: skip
    command_word(_command, _word)

# Commands that only make sense in a report: those that say themselves what they are about, and
# those that are about the open question.
_EXPLICIT = frozenset({"edit", "send", "done", "undo"})
_ABOUT_A_QUESTION = frozenset({"unknown", "same", "skip", "fix_total"})


def said(context: Context, text: str, *, last_screen: bool) -> Reply | None:
    """What a text asks for at the start; None when it is nothing of a report.

    `last_screen`: a screen of another feature was shown last. A number, or a word about a question,
    is for that screen, and no reason to open a report.
    """
    reading = read(text, "yes_no")
    if reading.command == "difficulty":
        step = raising.first_step(context, None, reading.reply or "")
        return navigation.followed(context, step)
    if reading.command == "help":
        return navigation.show(context, Next(home.help_page.at()))
    if reading.command in {"back", "cancel"}:
        return home.home(context)
    explicit = reading.command in _EXPLICIT
    answers = inputs_of(text).sure & {"number", "link"}
    about_a_question = answers or reading.command in _ABOUT_A_QUESTION
    if not explicit and (last_screen or not about_a_question):
        return None
    return _in_the_one_report(context, text, explicit=explicit)


def whole_report(context: Context, shown: AskedScreen, text: str) -> Reply | None:
    """The table of a text that is the whole of the one report there is; with several, which one."""
    tasks = home.tasks_of(context)
    found = [(one, questions_of(set_of(one.round), office=one.unit.office)) for one in tasks]
    meant = [task for task, questions in found if is_whole_report(text, questions)]
    if not meant or (shown.step and table_report(shown) is None):
        return None
    if len(tasks) > 1:
        return navigation.followed(context, home.report(context, office=not context.areas))
    view = _started(context, meant[0])
    return offered(context, replace(view, place=begin(view.questions)), shown, text)


def _in_the_one_report(context: Context, text: str, *, explicit: bool) -> Reply | None:
    tasks = home.tasks_of(context)
    if not tasks:
        return None
    if len(tasks) > 1:
        return navigation.followed(context, home.report(context, office=not context.areas))
    view = _started(context, tasks[0])
    view = moved(context, view, begin(view.questions))
    if explicit:
        return typed(context, view)
    return _for_the_first_question(context, view, text)


def _started(context: Context, task: home.Task) -> ReportView:
    tx, who = context.tx, context.person.id
    report = reports.start_report(tx, task.round.id, task.unit.id, context.now, by=who)
    return load_view(tx, report, who, Place(), 0, context.said_at)


def _for_the_first_question(context: Context, view: ReportView, text: str) -> Reply:
    """No question had been shown: whether the text answers the first one is asked."""
    place = view.place
    screen = AskedScreen(report=view.report.id, code=place.code, screen=place.screen)
    question = show_report(context, view)
    which = ask_which(context, view, [screen], text)
    if which is None:
        return question
    return Reply((*question.shown, *which.shown), person=context.person.id)
