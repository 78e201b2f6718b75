"""Practice: the same questions and buttons about a sample area; its answers never count.

A person's place and answers are one JSON stored with their shown messages, deleted at the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from criteria.answers import Value
from criteria.conversation import (
    Line,
    Move,
    Place,
    Put,
    Question,
    Send,
    Step,
    Undo,
    WholeReport,
    advance,
    begin,
    keep_table,
    merged,
    table_of,
)
from criteria.definition import CriteriaSet, Figure
from criteria.reading import read_confirmation
from criteria.reading.whole_report import ReportReading, questions_of, read_report
from handlers.flow.arguments import OptionalNumber, Text
from handlers.flow.channel import Attachment, Button, Reply, Screen
from handlers.flow.commands import command
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.press import unpack
from handlers.flow.rights import REPORTER
from handlers.flow.routes import Next, action, screen
from handlers.kinds.base import presentation_of
from handlers.report.buttons import MOVES
from handlers.report.replies import typed_move
from handlers.report.screens.question_screens import question_screen
from handlers.report.screens.screen import sentences_above
from handlers.report.screens.summary_screens import table_page
from handlers.report.view import ReportView, asked_of
from handlers.rounds.criteria_sets import set_of
from storage.conversations import conversations
from storage.places import places
from storage.places.places import Unit
from storage.reports.reports import Report as StoredReport
from storage.rounds import rounds
from storage.rounds.rounds import Round, Window

_PURPOSE = "practice"  # the purpose that it is stored with
_FIGURES = {
    Figure.ADULTS: 400,
    Figure.WORKING_AGE: 300,
    Figure.AREA_CADRES: 5,
    Figure.SERVICE_BUSINESSES: 10,
}
_REPORT = StoredReport(0, 0, 0, "draft", None, 0, None, None, False, None)
# On these screens every typed text would be sent to the commune.
_SENDING = frozenset({"evidence", "difficulty"})


@dataclass(frozen=True, slots=True)
class Practice:
    """A person's practice: the place, the answers so far, and the answers before each change."""

    place: Place
    answers: Mapping[str, Value | None] = field(default_factory=dict)
    before: tuple[tuple[str, Mapping[str, Value | None]], ...] = ()
    moves: int = 0
    v: Literal[1] = 1


_ADAPTER = TypeAdapter(Practice)


@command("tap", "practice", place=100, menu=REPORTER.holds, refused="practice.reporters")
def practice_command(context: Context, text: str) -> Next | None:
    """Show the question where the practice was left, else the first."""
    if not context.areas:
        return None
    if _stored(context) is not None:
        return Next(question.at())
    view = _view(context, Practice(Place()))
    return _next_question(context, Practice(begin(view.questions)), "practice.begun")


def _stored(context: Context) -> Practice | None:
    stored = conversations.shown_message(context.tx, context.person.id, context.bot, _PURPOSE)
    if stored is None:
        return None
    try:
        return _ADAPTER.validate_json(stored)
    except ValidationError:
        return None


def _store(context: Context, practice: Practice) -> None:
    stored = _ADAPTER.dump_json(practice).decode()
    conversations.remember_shown(context.tx, context.person.id, context.bot, _PURPOSE, stored)


def _next_question(context: Context, practice: Practice, key: str) -> Next:
    """Store the practice; return its present question with a sentence above it."""
    _store(context, practice)
    return Next(question.at(), typed=(context.texts.say(key) + "\n\n",))


# --- the sample area ------------------------------------------------------------------------------


def _view(context: Context, practice: Practice) -> ReportView:
    """Return the view of a report that doesn't exist in the database."""
    label = context.texts.say("practice.area")
    unit = Unit(0, 0, "area", "practice", label, None, None, None, None)
    criteria, round_ = _criteria(context)
    indicators = criteria.asked_of(office=False)
    earlier: dict[tuple[int, str], Value] = {
        (0, one.code): presentation_of(one.kind).example(
            _FIGURES.get(one.figure_of(office=False), 20)
        )
        for one in indicators
    }
    figures = {figure.value: count for figure, count in _FIGURES.items()}
    asked = (asked_of(one, unit, figures, earlier) for one in indicators)
    return ReportView(
        round=round_,
        unit=unit,
        report=_REPORT,
        criteria=criteria,
        indicators=indicators,
        questions=tuple(_answered(one, practice) for one in asked),
        answers={},
        evidence={},
        place=practice.place,
        revision=practice.moves,
        window=Window(round_, asked=True, open_until=None),
        writable=True,
    )


def _criteria(context: Context) -> tuple[CriteriaSet, Round]:
    """Return the criteria set of the commune's rounds, else a shipped one, and a sample round."""
    commune_id = places.unit(context.tx, context.areas[0]).commune_id
    real = rounds.list_rounds(context.tx, commune_id)
    name, now = context.texts.say("practice.mark"), context.now
    round_ = Round(0, commune_id, name, "", "", None, now, now, now, "open", None)
    return (set_of(real[0]) if real else context.deployment.sets[0].criteria), round_


def _answered(asked: Question, practice: Practice) -> Question:
    if asked.code not in practice.answers:
        return asked
    answer = practice.answers[asked.code]
    return replace(asked, answer=answer, unknown=answer is None)


# --- screens --------------------------------------------------------------------------------------


@screen("t.at", right=REPORTER, converses=True)
def question(context: Context) -> Screen | None:
    """Show the present question, marked as practice, with the outcome of the last move."""
    practice = _stored(context)
    if practice is None:
        return over(context)
    shown = question_screen(_view(context, practice), context.texts, None, None)
    page = ScreenBuilder(context).say("practice.mark").line("", "".join(context.typed) + shown.text)
    for row in shown.rows:
        buttons = (_practice_button(one, practice) for one in row)
        page.row(*(one for one in buttons if one is not None))
    return page.button("practice.button.end", end.at()).screen()


def _practice_button(one: Button, practice: Practice) -> Button | None:
    """Return a report's button as one of the practice, so that it never changes a report."""
    press = unpack(one.data or "")
    if press is None or press.action not in MOVES:
        return None
    return Button(one.label, pressed.data(press.action, practice.place.code, practice.moves))


@screen("t.over", right=REPORTER)
def over(context: Context) -> Screen:
    """Show the end of the practice."""
    page = ScreenBuilder(context).say("practice.mark").line().say("practice.over")
    page.button("button.report", to("rep")).button("practice.button.again", again.at())
    return page.home().screen()


# --- moves ----------------------------------------------------------------------------------------


@action("t.new", right=REPORTER)
def again(context: Context) -> Next | None:
    """Begin a new practice, or go on where it was left."""
    return practice_command(context, "")


@action("t.end", right=REPORTER)
def end(context: Context) -> Next:
    """Delete what is stored of the practice."""
    conversations.forget_shown(context.tx, context.person.id, context.bot, _PURPOSE)
    return Next(over.at())


@action("t.go", right=REPORTER)
def pressed(context: Context, move: Text, code: Text, moves: OptionalNumber) -> Next | Reply | None:
    """Make the move of a button, unless it belongs to an earlier question."""
    practice, found = _stored(context), MOVES.get(move)
    if practice is None or found is None:
        return Next(over.at())
    if (code, moves) != (practice.place.code or "", practice.moves):
        return Next(question.at(), toast=context.texts.say("toast.old_button"))
    return _moved(context, practice, found)


@question.text
def typed(context: Context, text: str) -> Next | Reply | None:
    """Make the move of a typed text; a text for the commune is not sent."""
    practice = _stored(context)
    if practice is None:
        return None
    if practice.place.screen not in _SENDING and _read(context, practice, text).outcome == "report":
        return Next(table.at(), typed=(text,))
    move = typed_move(_view(context, practice), practice.place, text)
    continues = move.does in {"back", "cancel", "done", "send"}
    difficulty = move.does == "difficulty" and move.text
    if difficulty or (practice.place.screen in _SENDING and not continues):
        return _not_sent(context, practice)
    return _moved(context, practice, move)


# --- a whole report in one message ----------------------------------------------------------------


def _read(context: Context, practice: Practice, text: str) -> ReportReading:
    return read_report(text, questions_of(_view(context, practice).criteria, office=False))


def _table(context: Context, practice: Practice) -> tuple[WholeReport, tuple[Line, ...]]:
    report = merged([_read(context, practice, text) for text in context.typed])
    return report, table_of(practice.place, _view(context, practice).questions, report)


@screen("t.table", right=REPORTER)
def table(context: Context) -> Screen | None:
    """Show what was read of a whole report, marked as practice."""
    practice = _stored(context)
    if practice is None or not context.typed:
        return over(context)
    report, lines = _table(context, practice)
    shown = table_page(_view(context, practice), context.texts, report, lines).screen()
    page = ScreenBuilder(context).say("practice.mark").line("", shown.text)
    page.button("table.button.right", accept_table.at())
    return page.button("table.button.leave", leave.at()).screen()


@table.text
def typed_at_table(context: Context, text: str) -> Next | Reply | None:
    """Accept the table by "đúng", or show the table of another typed report."""
    practice = _stored(context)
    if practice is None:
        return None
    if read_confirmation(text) == "yes":
        return accept_table.act(context)
    reading = _read(context, practice, text)
    return Next(table.at(), typed=(text,)) if reading.outcome == "report" else Next(question.at())


@action("t.no", right=REPORTER)
def leave(context: Context) -> Next:
    """Return to the question without the typed report."""
    return Next(question.at())


@action("t.ok", right=REPORTER)
def accept_table(context: Context) -> Next | Reply | None:
    """Store the table's answers, for the practice only, and ask for the rest."""
    practice = _stored(context)
    if practice is None or not context.typed:
        return Next(over.at() if practice is None else question.at())
    report, lines = _table(context, practice)
    questions = _view(context, practice).questions
    step = keep_table(practice.place, questions, lines, sends=report.sends)
    return _stepped(context, practice, step)


@question.photo
def photographed(context: Context, item: Attachment) -> Next | None:
    """Tell that a photo is not stored in the practice."""
    practice = _stored(context)
    return _not_sent(context, practice) if practice is not None else None


def _not_sent(context: Context, practice: Practice) -> Next:
    """Return to the question; tell that nothing is sent to the commune in the practice."""
    place = practice.place.at(practice.place.code or "")
    after = replace(practice, place=place, moves=practice.moves + 1)
    return _next_question(context, after, "practice.not_sent")


def _moved(context: Context, practice: Practice, move: Move) -> Next | Reply | None:
    """Make one move of the real conversation; the last answer ends the practice."""
    last = practice.before[-1][0] if practice.before else None
    step = advance(practice.place, _view(context, practice).questions, move, last)
    return _stepped(context, practice, step)


def _stepped(context: Context, practice: Practice, step: Step) -> Next | Reply | None:
    if step.place.code is None or any(isinstance(one, Send) for one in step.changes):
        return end.act(context)
    after = _changed(practice, step)
    _store(context, after)
    above = sentences_above(_view(context, after), step.feedback, context.texts)
    return Next(question.at(), typed=(above,))


def _changed(practice: Practice, step: Step) -> Practice:
    answers, before = dict(practice.answers), practice.before
    earlier: Mapping[str, Value | None]
    for change in step.changes:
        if isinstance(change, Put):
            earlier = {change.code: answers[change.code]} if change.code in answers else {}
            before = (*before, (change.code, earlier))
            answers[change.code] = change.value
        elif isinstance(change, Undo) and before:
            code, earlier = before[-1]
            answers.pop(code, None)
            answers |= earlier
            before = before[:-1]
    return replace(
        practice, place=step.place, answers=answers, before=before, moves=practice.moves + 1
    )
