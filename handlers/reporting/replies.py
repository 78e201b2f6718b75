"""How a typed reply is read at a place of the conversation: which kind of answer is awaited."""

from dataclasses import replace
from typing import Literal

from criteria.answers import How
from criteria.conversation import Move, Place, move_of
from criteria.reading import Kind, Reading, read, read_confirmation, said_how
from handlers.reporting.desk import Desk

_LONGEST_EDIT_CHAIN = 2


def typed_move(desk: Desk, place: Place, text: str, depth: int = 0) -> Move:
    """The move that a typed text makes at this place of the desk."""
    rest, how = said_how(text)
    if how is not None and rest:
        return _with_how(typed_move(desk, place, rest, depth), how)
    if place.screen == "confirm" and (agreed := _confirmation(desk, place, text)):
        return Move(agreed)
    reading = read(text, _kind(desk, place))
    if place.code is None and reading.outcome != "command":
        return Move("unclear", reason="choose_first")
    if reading.command == "edit" and depth < _LONGEST_EDIT_CHAIN:
        return replace(move_of(reading), then=_edit_reply(desk, place, reading, depth))
    if reading.command == "fix_total" and reading.reply and place.code:
        then = move_of(read(reading.reply, "ratio"))
        return replace(move_of(reading), then=then if then.does == "give" else None)
    return move_of(reading)


def _with_how(move: Move, how: How) -> Move:
    """How the number was come by, for whichever number the move gives."""
    then = _with_how(move.then, how) if move.then is not None else None
    return replace(move, then=then, how=how if move.does == "give" else move.how)


def _edit_reply(desk: Desk, place: Place, reading: Reading, depth: int) -> Move | None:
    number = reading.question or 0
    if not reading.reply or not 1 <= number <= len(desk.questions):
        return None
    target = place.at(desk.questions[number - 1].code)
    return typed_move(desk, target, reading.reply, depth + 1)


def _kind(desk: Desk, place: Place) -> Kind:
    question = desk.question(place.code)
    if question is None or place.screen == "fix_total":
        return "ratio"
    if question.kind == "yes_no":
        return "yes_no"
    known = place.own_total is not None or question.total is not None
    return "count" if known or place.screen == "total" else "ratio"


def _confirmation(desk: Desk, place: Place, text: str) -> Literal["yes", "no"] | None:
    """The yes or no to a confirmation; on yes/no questions only words that can't be the answer."""
    question = desk.question(place.code)
    agreed = read_confirmation(text)
    if agreed is None or question is None or question.kind == "ratio":
        return agreed
    stripped = text.strip()
    if stripped in {"1", "2"}:
        return agreed
    reading = read(text, "yes_no")
    says_it = reading.text_form in {"yes", "no"} and stripped.lower()[:2] in {
        "có",
        "co",
        "ch",
        "kh",
    }
    return None if says_it else agreed
