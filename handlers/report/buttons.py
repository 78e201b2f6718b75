"""The buttons of a report and their actions, also when they are pressed late.

Buttons that ask which question a message is for contain the value, so they work at any time.
"""

from collections.abc import Sequence
from dataclasses import replace

from criteria.answers import YesNo
from criteria.conversation import Move, Place, Question, begin
from criteria.kinds import kind_of, kind_of_value
from criteria.reading import All
from handlers.flow.arguments import OptionalNumber, Text
from handlers.flow.asked_screen import AskedScreen
from handlers.flow.channel import Button, Reply, Screen
from handlers.flow.context import Context
from handlers.flow.rights import WRITER
from handlers.flow.routes import action
from handlers.report.changes import apply, moved
from handlers.report.replies import typed_move
from handlers.report.report_access import Filled, ToFill
from handlers.report.screens.screen import show_report
from handlers.report.use_cases import correct, drop_evidence
from handlers.report.view import ReportView
from handlers.report.wording import counts_text
from handlers.texts import Texts

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
# Buttons with an answer: pressed late, they correct the question that they were made for.
_ANSWERS = frozenset({"yes", "no", "same"})
# Buttons that open a screen whenever they are pressed; "redo" opens a returned report at the first
# question that is asked again.
_LEADS = frozenset({"edit", "sum", "redo"})
_LONGEST_QUOTE = 40
_MOVES = {"unknown": "?", "same": "=", "none": "-"}
_WRITTEN = {written: does for does, written in _MOVES.items()}


@action("edit", right=WRITER, also=("redo", "drop", *MOVES))
def pressed(context: Context, report: ToFill, code: Text, revision: OptionalNumber) -> Reply | None:
    """Do the action of a report's button."""
    view, name = report.view, context.here.action
    if not view.writable:
        return closed(context, view)
    if name not in _LEADS and not report.fresh(revision):
        return _pressed_late(context, report, code, name)
    if name == "redo":
        return show_report(context, moved(context, view, begin(view.questions)))
    if name == "edit":
        return apply(context, view, Move("edit", number=view.number_of(code)), context.way)
    if name == "drop":
        return drop_evidence(context, view)
    return apply(context, view, MOVES[name], context.way)


def closed(context: Context, view: ReportView) -> Reply:
    """Show the summary of a report that can no longer be changed."""
    after = moved(context, view, Place("summary"))
    return show_report(context, after, toast=context.texts.say("toast.closed"))


def _pressed_late(context: Context, report: Filled, code: str, name: str) -> Reply | None:
    view, opened = report.view, report.opened
    question = view.question(code) if name in _ANSWERS else None
    if question is None:
        if opened is None:
            return None
        return show_report(context, opened, toast=context.texts.say("toast.old_button"))
    if name in {"yes", "no"} and question.answer == YesNo(yes=name == "yes"):  # stored already
        if opened is None:
            return None
        return Reply(toast=context.texts.say("toast.already", number=view.number_of(code)))
    # It is about another question, or this one again, so the person confirms it first.
    move = replace(MOVES[name], code=code, clear=False, reason="old_button")
    return correct(context, view, move, context.way)


def ask_which(
    context: Context, view: ReportView, screens: Sequence[AskedScreen], text: str
) -> Reply | None:
    """Ask which of these screens the text is for; None when it fits none of them."""
    rows = [row for one in screens if (row := _row(context, view, one, text)) is not None]
    if not rows:
        return None
    quote = " ".join(text.split())
    shown = quote if len(quote) <= _LONGEST_QUOTE else f"{quote[:_LONGEST_QUOTE]}…"
    neither = Button(context.texts.say("which.neither"), choose_none.data(view))
    return context.shows(Screen(context.texts.say("which.ask", text=shown), (*rows, (neither,))))


def _row(
    context: Context, view: ReportView, screen: AskedScreen, text: str
) -> tuple[Button, ...] | None:
    if screen.screen == "office":
        return _office_row(context.texts, view, screen)
    question = view.question(screen.code)
    if question is None or screen.report != view.report.id:
        return None
    move = typed_move(view, Place("ask", question.code), text)
    written = _written(move)
    if written is None or _too_many(move, question):
        return None
    number, shown = view.number_of(question.code), _shown(move, context.texts)
    if question.answer is not None:
        old = counts_text(question.answer, context.texts)
        caption = context.texts.say("which.correct", number=number, old=old, value=shown)
    else:
        caption = context.texts.say("which.answer", number=number, value=shown)
    return (Button(caption, choose.data(view, question.code, written)),)


def _too_many(move: Move, question: Question) -> bool:
    """Return whether a single number exceeds the question's total, so that it can't answer it."""
    total = question.total
    return isinstance(move.value, int) and total is not None and move.value > total


def _office_row(texts: Texts, view: ReportView, screen: AskedScreen) -> tuple[Button, ...]:
    """Return the two buttons of the office's message, with its question or report."""
    number = view.number_of(screen.code)
    about = "office" if screen.code else "office_all"
    captions = {"obyes": f"which.{about}_right", "obno": f"which.{about}_wrong"}
    return tuple(
        Button(texts.say(captions[press.action], number=number), one.data)
        for one, press in zip(screen.buttons, screen.presses(), strict=True)
        if press is not None and press.action in captions
    )


@action("put", right=WRITER)
def choose(context: Context, report: ToFill, code: Text, written: Text) -> Reply:
    """Store the value as the answer to the chosen question."""
    view = report.view
    if not view.writable:
        return closed(context, view)
    question = view.question(code)
    move = _move(written, question) if question is not None else None
    if move is None:
        return show_report(context, view)
    return correct(context, view, move, context.way)


@action("now", right=WRITER)
def choose_none(context: Context, report: ToFill, code: Text, written: Text) -> Reply:
    """Ignore the message, and show the report again."""
    view = report.view
    return show_report(context, view) if view.writable else closed(context, view)


def _written(move: Move) -> str | None:
    """Return the move's code for a button; None when it isn't an answer."""
    if move.does in _MOVES:
        return _MOVES[move.does]
    match move.value if move.does == "give" else None:
        case None:
            return None
        case All():
            return "all"
        case int(number):
            return str(number)
        case value:
            written: str = kind_of_value(value).written(value)
            return written


def _move(written: str, question: Question) -> Move | None:
    if written in _WRITTEN:
        return Move(_WRITTEN[written], code=question.code)  # type: ignore[arg-type]
    value = kind_of(question.kind).parsed(written)
    return Move("give", value, code=question.code, sure=True) if value is not None else None


def _shown(move: Move, texts: Texts) -> str:
    match move.value if move.does == "give" else None:
        case None:
            return texts.say(f"which.{move.does}")
        case int(number):
            return texts.number(number)
        case All():
            return texts.say("which.all")
        case value:
            return counts_text(value, texts)
