"""The buttons of a report: what each does, also when it is pressed late."""

from dataclasses import replace

from criteria.answers import Value, YesNo
from criteria.conversation import Move, Place, begin
from handlers.flow.arguments import optional_number, text
from handlers.flow.channel import Reply
from handlers.flow.context import Context
from handlers.flow.rights import WRITER
from handlers.flow.routes import Arguments, action, argument
from handlers.report.changes import apply, moved
from handlers.report.rights import Filled, filled
from handlers.report.screen import show_report
from handlers.report.use_cases import correct, drop_evidence
from handlers.report.view import ReportView

# The moves that buttons make.
MOVES: dict[str, Move] = {
    "yes": Move("yes"),
    "no": Move("no"),
    "same": Move("same"),
    "keep": Move("keep"),
    "undo": Move("undo"),
    "skip": Move("skip"),
    "back": Move("back"),
    "info": Move("explain"),
    "more": Move("more"),
    "fixt": Move("fix_total"),
    "ok": Move("yes"),
    "fix": Move("no"),
    "unkn": Move("unknown"),
    "none": Move("none"),
    "diff": Move("difficulty"),
    "evid": Move("evidence"),
    "send": Move("send"),
    "go": Move("resume"),
    "sum": Move("done"),
}
# Buttons that carry an answer: pressed late they correct the question they were made for.
_ANSWERS = frozenset({"yes", "no", "same"})
# Buttons that lead somewhere, whenever they are pressed; "redo" into a returned report, at the
# first question that is asked again.
_LEADS = frozenset({"edit", "sum", "redo"})


class _Pressed(Arguments):
    report: Filled = argument(filled)
    code: str = argument(text)
    revision: int | None = argument(optional_number)


@action("edit", _Pressed, right=WRITER, also=("redo", "drop", *MOVES))
def pressed(context: Context, at: _Pressed) -> Reply | None:
    """Do what a button of a report says."""
    view, name = at.report.view, context.here.action
    if not view.writable:
        return closed(context, view)
    if name not in _LEADS and not at.report.fresh(at.revision):
        return _pressed_late(context, at, name)
    if name == "redo":
        return show_report(context, moved(context, view, begin(view.questions)))
    if name == "edit":
        return apply(context, view, Move("edit", number=view.number_of(at.code)), context.way)
    if name == "drop":
        return drop_evidence(context, view)
    return apply(context, view, MOVES[name], context.way)


def closed(context: Context, view: ReportView) -> Reply:
    """The summary, for a report in which nothing can be changed any more."""
    after = moved(context, view, Place("summary"))
    return show_report(context, after, toast=context.texts.say("toast.closed"))


def _pressed_late(context: Context, at: _Pressed, name: str) -> Reply | None:
    view, opened = at.report.view, at.report.opened
    question = view.question(at.code) if name in _ANSWERS else None
    if question is None:
        if opened is None:
            return None
        return show_report(context, opened, toast=context.texts.say("toast.old_button"))
    if _says_what_stands(name, question.answer):
        if opened is None:
            return None
        return Reply(toast=context.texts.say("toast.already", number=view.number_of(at.code)))
    # About another question, or this one again: it is confirmed, never simply taken.
    move = replace(MOVES[name], code=at.code, clear=False, reason="old_button")
    return correct(context, view, move, context.way)


def _says_what_stands(name: str, answer: Value | None) -> bool:
    return name in {"yes", "no"} and answer == YesNo(yes=name == "yes")
