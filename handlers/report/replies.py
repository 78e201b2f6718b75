"""Reads a typed reply as a move, by the kind of answer expected at a place."""

from dataclasses import replace

from criteria.answers import CountingMethod, Value, YesNo
from criteria.conversation import Move, Place, move_of
from criteria.conversation.inputs import LINK
from criteria.kinds import kind_of, kind_of_value
from criteria.reading import Reading, areas_named, read, read_confirmation, read_counting_method
from handlers.report.view import ReportView
from handlers.texts import plain

_LONGEST_EDIT_CHAIN = 2


def typed_move(view: ReportView, place: Place, text: str, depth: int = 0) -> Move:
    """Return the move of a typed text at this place of the report."""
    rest, how = read_counting_method(text)
    if how is not None and rest:
        return _with_how(typed_move(view, place, rest, depth), how)
    special = _BY_SCREEN.get(place.screen)
    if special is not None and (move := special(view, place, text)) is not None:
        return move
    question = view.question(place.code)
    if question is not None and question.returned and read_confirmation(text) == "yes":
        return Move("keep")
    reading = _read(view, place, text)
    if question is not None and question.returned and reading.command == "same":
        return Move("keep")
    if place.code is None and reading.outcome != "command":
        return Move("unclear", reason="choose_first")
    if reading.command == "edit" and depth < _LONGEST_EDIT_CHAIN:
        return replace(move_of(reading), then=_edit_reply(view, place, reading, depth))
    if reading.command == "fix_total" and reading.reply and place.code:
        then = move_of(read(reading.reply, "ratio"))
        return replace(move_of(reading), then=then if then.does == "give" else None)
    return move_of(reading)


def _with_how(move: Move, how: CountingMethod) -> Move:
    """Return the move with the counting method for its number, also in the move that follows."""
    then = _with_how(move.then, how) if move.then is not None else None
    return replace(move, then=then, how=how if move.does == "give" else move.how)


def _edit_reply(view: ReportView, place: Place, reading: Reading, depth: int) -> Move | None:
    number = reading.question or 0
    if not reading.reply or not 1 <= number <= len(view.questions):
        return None
    target = place.at(view.questions[number - 1].code)
    return typed_move(view, target, reading.reply, depth + 1)


def _read(view: ReportView, place: Place, text: str) -> Reading:
    question = view.question(place.code)
    if question is None or place.screen == "fix_total":
        return read(text, "ratio")
    known = place.own_total is not None or question.total is not None or place.screen == "total"
    indicator = view.indicator(question.code)
    reading = kind_of(question.kind).read(text, indicator, total_known=known)
    if reading.outcome in {"value", "confirm"} and names_another_area(view, text):
        return replace(reading, outcome="confirm", reason="another_area")
    return reading


def names_another_area(view: ReportView, text: str) -> bool:
    """Return whether a reply names another area than the report's."""
    named, own = areas_named(text), view.unit.number
    if named and own is not None and own not in named:
        return True
    words = f" {plain(text)} "
    return any(f" {name} " in words for name in view.elsewhere)


def typed_value(view: ReportView, code: str, text: str) -> Value | None:
    """Return a text's value for a question, with its present total; None without a fitting one."""
    question, value = view.question(code), typed_move(view, Place("ask", code), text).value
    if question is None or value is None:
        return None
    kind, answer = kind_of(question.kind), question.answer
    total = kind.total(answer) if answer is not None else None
    given: Value | None = kind.completed(value, question.total if total is None else total)
    return given if given is not None and kind.fits(given) else None


def _to_confirm(view: ReportView, place: Place, text: str) -> Move | None:
    """Read the yes or no to a confirmation; None for a text that is an answer itself."""
    agreed = read_confirmation(text)
    if agreed is None:
        return None
    if place.pending is None:
        return Move(agreed)
    meant = kind_of_value(place.pending).agreed(place.pending, text, agreed)
    return Move(meant) if meant is not None else None


def _to_send_with_gaps(view: ReportView, place: Place, text: str) -> Move | None:
    """Read the reply to the warning about gaps: yes sends, no returns to the first gap."""
    return {"yes": Move("send"), "no": Move("resume")}.get(read_confirmation(text) or "")


def _of_a_total(view: ReportView, place: Place, text: str) -> Move | None:
    """Read a total with words, such as "tất cả 120" and "tổng 410", where a total is asked."""
    words = plain(text).split()
    numbers = [word for word in words if word.isdecimal()]
    rest = {word for word in words if not word.isdecimal()}
    if len(numbers) != 1 or not rest or not rest <= _TOTAL_WORDS:
        return None
    move = move_of(read(numbers[0], "count"))
    return move if move.does == "give" else None


def _of_evidence(view: ReportView, place: Place, text: str) -> Move | None:
    """Read "không có" and "thôi", where a photo is asked, as a return to the question."""
    if LINK.search(text) or read(text, "yes_no").outcome == "command":
        return None
    refused = read_confirmation(text) == "no" or read(text, "yes_no").value == YesNo(yes=False)
    return Move("back") if refused else None


# What people write around a total, without marks.
_TOTAL_WORDS = frozenset(
    {"tong", "so", "cong", "la", "tat", "ca", "khu", "toan", "bo", "minh", "co", "nguoi", "ho"}
    | {"can", "a", "da", "vang", "total", "all", "of", "is"}
)
_BY_SCREEN = {
    "confirm": _to_confirm,
    "gaps": _to_send_with_gaps,
    "total": _of_a_total,
    "fix_total": _of_a_total,
    "evidence": _of_evidence,
}
