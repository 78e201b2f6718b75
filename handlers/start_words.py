"""Words of a report that are typed while none is open: the one report there is opens for them."""

from criteria.conversation import Place, begin
from criteria.conversation.addressing import Inputs
from criteria.reading import read
from handlers import home, stepping
from handlers.asked import AskedScreen
from handlers.channel import Reply
from handlers.difficulties import routing as difficulties
from handlers.reporting.desk import Desk, lay_out
from handlers.reporting.filling import typed
from handlers.reporting.moving import moved
from handlers.reporting.showing import show_desk
from handlers.reporting.which_question import ask_which
from handlers.steps import Next
from handlers.turn import Turn
from storage import reports

# Commands that only make sense in a report: those that say themselves what they are about, and
# those that are about the open question.
_EXPLICIT = frozenset({"edit", "send", "done", "undo"})
_ABOUT_A_QUESTION = frozenset({"unknown", "same", "skip", "fix_total"})


def said(turn: Turn, text: str, inputs: Inputs, *, beside: bool) -> Reply | None:
    """What a text asks for at the start; None when it is nothing of a report.

    `beside`: a screen beside the report was shown last. A number, or a word about a question, is
    for that screen, and no reason to open a report.
    """
    reading = read(text, "yes_no")
    if reading.command == "difficulty":
        step = difficulties.first_step(turn, None, reading.reply or "")
        return stepping.show(turn, step) if isinstance(step, Next) else step
    if reading.command == "help":
        return home.help_screen(turn)
    if reading.command in {"back", "cancel"}:
        return home.home(turn)
    explicit = reading.command in _EXPLICIT
    about_a_question = reading.command in _ABOUT_A_QUESTION or inputs.sure & {"number", "link"}
    if not explicit and (beside or not about_a_question):
        return None
    return _in_the_one_report(turn, text, explicit=explicit)


def _in_the_one_report(turn: Turn, text: str, *, explicit: bool) -> Reply | None:
    tasks = home.tasks_of(turn)
    if not tasks:
        return None
    if len(tasks) > 1:
        return home.report(turn, office=not turn.areas)
    round_id, unit_id = tasks[0].round.id, tasks[0].unit.id
    report = reports.start_report(turn.tx, round_id, unit_id, turn.now, by=turn.person.id)
    desk = lay_out(turn.tx, report, turn.person.id, Place(), 0, turn.said_at)
    desk = moved(turn, desk, begin(desk.questions))
    if explicit:
        return typed(turn, desk)
    return _for_the_first_question(turn, desk, text)


def _for_the_first_question(turn: Turn, desk: Desk, text: str) -> Reply:
    """No question had been shown: whether the text answers the first one is asked."""
    place = desk.place
    screen = AskedScreen(report=desk.report.id, code=place.code, screen=place.screen)
    question = show_desk(turn, desk)
    which = ask_which(turn, desk, [screen], text)
    if which is None:
        return question
    return Reply((*question.shown, *which.shown), person=turn.person.id)
