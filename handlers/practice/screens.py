"""Practice: the same questions and buttons over a sample area; nothing of it is kept or counted.

Where somebody stands in it is one JSON beside their messages, gone with the last question.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from criteria.answers import Ratio, Value, YesNo
from criteria.conversation import Move, Place, Put, Question, Send, Step, Undo, advance, begin
from criteria.definition import CriteriaSet, Figure, Indicator, Kind
from handlers.flow.channel import Attachment, Button, Screen
from handlers.flow.commands import command
from handlers.flow.context import Context
from handlers.flow.legacy import Said as Kept
from handlers.flow.legacy import Steps
from handlers.flow.next import Next
from handlers.flow.page import button, to, to_home
from handlers.flow.press import Press, pack, unpack
from handlers.flow.rights import REPORTER
from handlers.report.question_screens import question_screen
from handlers.report.replies import typed_move
from handlers.report.screen import said_around
from handlers.report.use_cases import MOVES
from handlers.report.view import ReportView, asked_of
from handlers.rounds.criteria_sets import set_of
from storage import conversations, places, rounds
from storage.places import Unit
from storage.reports import Report
from storage.rounds import Round

_PURPOSE = "practice"  # under which it is kept
_FIGURES = {
    Figure.ADULTS: 400,
    Figure.WORKING_AGE: 300,
    Figure.AREA_CADRES: 5,
    Figure.SERVICE_BUSINESSES: 10,
}
_REPORT = Report(0, 0, 0, "draft", None, 0, None, None, False, None)
# Nothing is taken there but what the person would send.
_SENDING = frozenset({"evidence", "difficulty"})


@dataclass(frozen=True, slots=True)
class Practice:
    """How far somebody is: the place, the answers so far, and what stood before each of them."""

    place: Place
    answers: Mapping[str, Value | None] = field(default_factory=dict)
    before: tuple[tuple[str, Mapping[str, Value | None]], ...] = ()
    moves: int = 0
    v: Literal[1] = 1


_ADAPTER = TypeAdapter(Practice)


@command("tap", "practice", place=100, menu=REPORTER.holds, refused="practice.reporters")
def practice_command(context: Context, text: str) -> Next | None:
    """Where `/tap` leads: on where it was left, else to the first question."""
    if not context.areas:
        return None
    return Next(to("t.at")) if _kept(context) is not None else _begun(context)


def _begun(context: Context) -> Next:
    view = _desk(context, Practice(Place()))
    _keep(context, Practice(begin(view.questions)))
    return Next(to("t.at"), said=(context.texts.say("practice.begun") + "\n\n", ""))


def _kept(context: Context) -> Practice | None:
    kept = conversations.shown_message(context.tx, context.person.id, _PURPOSE)
    if kept is None or not context.areas:
        return None
    try:
        return _ADAPTER.validate_json(kept)
    except ValidationError:
        return None


def _keep(context: Context, practice: Practice) -> None:
    text = _ADAPTER.dump_json(practice).decode()
    conversations.remember_shown(context.tx, context.person.id, _PURPOSE, text)


# --- the sample area ------------------------------------------------------------------------------


def _desk(context: Context, practice: Practice) -> ReportView:
    """A desk like a real one, over a report that isn't there."""
    label = context.texts.say("practice.area")
    unit = Unit(0, 0, "area", "practice", label, None, None, None, None)
    criteria, round_ = _criteria(context)
    indicators = criteria.asked_of(office=False)
    earlier = {(0, one.code): _last(one) for one in indicators}
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
        writable=True,
    )


def _criteria(context: Context) -> tuple[CriteriaSet, Round]:
    """The set that the person's commune reports by, else one that is shipped."""
    commune_id = places.unit(context.tx, context.areas[0]).commune_id
    real = rounds.list_rounds(context.tx, commune_id)
    name, now = context.texts.say("practice.mark"), context.now
    round_ = Round(0, commune_id, name, "", "", None, now, now, now, "open", None)
    return (set_of(real[0]) if real else context.deployment.sets[0].criteria), round_


def _last(one: Indicator) -> Value:
    if one.kind is Kind.YES_NO:
        return YesNo(yes=True)
    total = _FIGURES.get(one.figure_of(office=False), 20)
    return Ratio(total * 3 // 4, total)  # near both what people say and the example they are given


def _answered(question: Question, practice: Practice) -> Question:
    if question.code not in practice.answers:
        return question
    answer = practice.answers[question.code]
    return replace(question, answer=answer, unknown=answer is None)


# --- screens --------------------------------------------------------------------------------------


def _at(context: Context, press: Press, said: Kept) -> Screen | None:
    """The present question, marked, with what was said of the last move."""
    practice = _kept(context)
    if practice is None:
        return _over(context, press, said) if context.areas else None
    view = _desk(context, practice)
    screen = question_screen(view, context.texts, None, None)
    above, below = said if len(said) == 2 else ("", "")
    text = f"{context.texts.say('practice.mark')}\n\n{above}{screen.text}{below}"
    rows = [tuple(_own(one, practice) for one in row if _is_move(one)) for row in screen.rows]
    rows.append((button(context.texts, "practice.button.end", "t.end"),))
    return Screen(text, tuple(row for row in rows if row))


def _is_move(one: Button) -> bool:
    press = unpack(one.data or "")
    return press is not None and press.action in MOVES


def _own(one: Button, practice: Practice) -> Button:
    """The button of a report as one of the practice, so that it can never reach a report."""
    press = unpack(one.data or "") or Press("")
    return Button(one.label, pack("t.go", press.action, practice.place.code or "", practice.moves))


def _over(context: Context, press: Press, said: Kept) -> Screen | None:
    if not context.areas:
        return None
    rows = (
        (button(context.texts, "button.report", "rep"),),
        (button(context.texts, "practice.button.again", "t.new"),),
        to_home(context.texts),
    )
    mark = context.texts.say("practice.mark")
    return Screen(f"{mark}\n\n{context.texts.say('practice.over')}", rows)


# --- moves ----------------------------------------------------------------------------------------


def _new(context: Context, press: Press, said: Kept) -> Next | None:
    return practice_command(context, "")


def _end(context: Context, press: Press, said: Kept) -> Next | None:
    conversations.forget_shown(context.tx, context.person.id, _PURPOSE)
    return Next(to("t.over")) if context.areas else None


def _pressed(context: Context, press: Press, said: Kept) -> Next | None:
    practice, move = _kept(context), MOVES.get(press.text(0))
    if practice is None or move is None:
        return Next(to("t.over")) if context.areas else None
    if (press.text(1), press.number(2)) != (practice.place.code or "", practice.moves):
        return Next(to("t.at"), toast=context.texts.say("toast.old_button"))
    return _moved(context, practice, move)


def _typed(context: Context, press: Press, said: Kept, text: str) -> Next | None:
    practice = _kept(context)
    if practice is None:
        return None
    view = _desk(context, practice)
    move = typed_move(view, practice.place, text)
    if move.does == "difficulty" and move.text:
        return _not_sent(context, practice)
    if practice.place.screen in _SENDING and move.does not in {"back", "cancel", "done", "send"}:
        return _not_sent(context, practice)
    return _moved(context, practice, move)


def _photographed(context: Context, press: Press, said: Kept, item: Attachment) -> Next | None:
    practice = _kept(context)
    return _not_sent(context, practice) if practice is not None else None


def _not_sent(context: Context, practice: Practice) -> Next:
    """What would go to the commune in a report goes nowhere here."""
    place = practice.place.at(practice.place.code or "")
    _keep(context, replace(practice, place=place, moves=practice.moves + 1))
    return Next(to("t.at"), said=(context.texts.say("practice.not_sent") + "\n\n", ""))


def _moved(context: Context, practice: Practice, move: Move) -> Next | None:
    """One move of the real conversation; the last answer ends the practice."""
    view = _desk(context, practice)
    last = practice.before[-1][0] if practice.before else None
    step = advance(practice.place, view.questions, move, last)
    after = _changed(practice, step)
    done = any(isinstance(one, Send) for one in step.changes)
    if done or step.place.code is None:
        return _end(context, Press("t.end"), ())
    _keep(context, after)
    return Next(to("t.at"), said=said_around(_desk(context, after), step.says, context.texts))


def _changed(practice: Practice, step: Step) -> Practice:
    answers, before = dict(practice.answers), practice.before
    stood: Mapping[str, Value | None]
    for change in step.changes:
        if isinstance(change, Put):
            stood = {change.code: answers[change.code]} if change.code in answers else {}
            before = (*before, (change.code, stood))
            answers[change.code] = change.value
        elif isinstance(change, Undo) and before:
            code, stood = before[-1]
            answers.pop(code, None)
            answers |= stood
            before = before[:-1]
    return replace(
        practice, place=step.place, answers=answers, before=before, moves=practice.moves + 1
    )


STEPS = Steps(
    views={"t.at": _at, "t.over": _over},
    deeds={"t.new": _new, "t.end": _end, "t.go": _pressed},
    takes={"t.at": _typed},
    photos={"t.at": _photographed},
    conversing=frozenset({"t.at"}),
)
