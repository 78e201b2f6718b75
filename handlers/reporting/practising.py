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
from handlers.channel import Attachment, Button, Screen
from handlers.criteria_sets import set_of
from handlers.presses import Press, pack, unpack
from handlers.reporting.desk import Desk, asked_of
from handlers.reporting.filling import MOVES
from handlers.reporting.question_screens import question_screen
from handlers.reporting.replies import typed_move
from handlers.reporting.showing import said_around
from handlers.steps import Next, Steps, button, to, to_home
from handlers.steps import Said as Kept
from handlers.turn import Turn
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


def first_step(turn: Turn) -> Next | None:
    """Where `/tap` leads: on where it was left, else to the first question."""
    if not turn.areas:
        return None
    return Next(to("t.at")) if _kept(turn) is not None else _begun(turn)


def _begun(turn: Turn) -> Next:
    desk = _desk(turn, Practice(Place()))
    _keep(turn, Practice(begin(desk.questions)))
    return Next(to("t.at"), said=(turn.texts.say("practice.begun") + "\n\n", ""))


def _kept(turn: Turn) -> Practice | None:
    kept = conversations.shown_message(turn.tx, turn.person.id, _PURPOSE)
    if kept is None or not turn.areas:
        return None
    try:
        return _ADAPTER.validate_json(kept)
    except ValidationError:
        return None


def _keep(turn: Turn, practice: Practice) -> None:
    text = _ADAPTER.dump_json(practice).decode()
    conversations.remember_shown(turn.tx, turn.person.id, _PURPOSE, text)


# --- the sample area ------------------------------------------------------------------------------


def _desk(turn: Turn, practice: Practice) -> Desk:
    """A desk like a real one, over a report that isn't there."""
    label = turn.texts.say("practice.area")
    unit = Unit(0, 0, "area", "practice", label, None, None, None, None)
    criteria, round_ = _criteria(turn)
    indicators = criteria.asked_of(office=False)
    earlier = {(0, one.code): _last(one) for one in indicators}
    figures = {figure.value: count for figure, count in _FIGURES.items()}
    asked = (asked_of(one, unit, figures, earlier) for one in indicators)
    return Desk(
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


def _criteria(turn: Turn) -> tuple[CriteriaSet, Round]:
    """The set that the person's commune reports by, else one that is shipped."""
    commune_id = places.unit(turn.tx, turn.areas[0]).commune_id
    real = rounds.list_rounds(turn.tx, commune_id)
    name, now = turn.texts.say("practice.mark"), turn.now
    round_ = Round(0, commune_id, name, "", "", None, now, now, now, "open", None)
    return (set_of(real[0]) if real else turn.house.sets[0].criteria), round_


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


def _at(turn: Turn, press: Press, said: Kept) -> Screen | None:
    """The present question, marked, with what was said of the last move."""
    practice = _kept(turn)
    if practice is None:
        return _over(turn, press, said) if turn.areas else None
    desk = _desk(turn, practice)
    screen = question_screen(desk, turn.texts, None, None)
    above, below = said if len(said) == 2 else ("", "")
    text = f"{turn.texts.say('practice.mark')}\n\n{above}{screen.text}{below}"
    rows = [tuple(_own(one, practice) for one in row if _is_move(one)) for row in screen.rows]
    rows.append((button(turn.texts, "practice.button.end", "t.end"),))
    return Screen(text, tuple(row for row in rows if row))


def _is_move(one: Button) -> bool:
    press = unpack(one.data or "")
    return press is not None and press.action in MOVES


def _own(one: Button, practice: Practice) -> Button:
    """The button of a report as one of the practice, so that it can never reach a report."""
    press = unpack(one.data or "") or Press("")
    return Button(one.label, pack("t.go", press.action, practice.place.code or "", practice.moves))


def _over(turn: Turn, press: Press, said: Kept) -> Screen | None:
    if not turn.areas:
        return None
    rows = (
        (button(turn.texts, "button.report", "rep"),),
        (button(turn.texts, "practice.button.again", "t.new"),),
        to_home(turn.texts),
    )
    mark = turn.texts.say("practice.mark")
    return Screen(f"{mark}\n\n{turn.texts.say('practice.over')}", rows)


# --- moves ----------------------------------------------------------------------------------------


def _new(turn: Turn, press: Press, said: Kept) -> Next | None:
    return first_step(turn)


def _end(turn: Turn, press: Press, said: Kept) -> Next | None:
    conversations.forget_shown(turn.tx, turn.person.id, _PURPOSE)
    return Next(to("t.over")) if turn.areas else None


def _pressed(turn: Turn, press: Press, said: Kept) -> Next | None:
    practice, move = _kept(turn), MOVES.get(press.text(0))
    if practice is None or move is None:
        return Next(to("t.over")) if turn.areas else None
    if (press.text(1), press.number(2)) != (practice.place.code or "", practice.moves):
        return Next(to("t.at"), toast=turn.texts.say("toast.old_button"))
    return _moved(turn, practice, move)


def _typed(turn: Turn, press: Press, said: Kept, text: str) -> Next | None:
    practice = _kept(turn)
    if practice is None:
        return None
    desk = _desk(turn, practice)
    move = typed_move(desk, practice.place, text)
    if move.does == "difficulty" and move.text:
        return _not_sent(turn, practice)
    if practice.place.screen in _SENDING and move.does not in {"back", "cancel", "done", "send"}:
        return _not_sent(turn, practice)
    return _moved(turn, practice, move)


def _photographed(turn: Turn, press: Press, said: Kept, item: Attachment) -> Next | None:
    practice = _kept(turn)
    return _not_sent(turn, practice) if practice is not None else None


def _not_sent(turn: Turn, practice: Practice) -> Next:
    """What would go to the commune in a report goes nowhere here."""
    place = practice.place.at(practice.place.code or "")
    _keep(turn, replace(practice, place=place, moves=practice.moves + 1))
    return Next(to("t.at"), said=(turn.texts.say("practice.not_sent") + "\n\n", ""))


def _moved(turn: Turn, practice: Practice, move: Move) -> Next | None:
    """One move of the real conversation; the last answer ends the practice."""
    desk = _desk(turn, practice)
    last = practice.before[-1][0] if practice.before else None
    step = advance(practice.place, desk.questions, move, last)
    after = _changed(practice, step)
    done = any(isinstance(one, Send) for one in step.changes)
    if done or step.place.code is None:
        return _end(turn, Press("t.end"), ())
    _keep(turn, after)
    return Next(to("t.at"), said=said_around(_desk(turn, after), step.says, turn.texts))


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
