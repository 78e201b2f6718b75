"""A whole report as one table: what was read for each question, and what "Đúng cả" stores.

Each line follows the rules for a single answer (docs/decisions/0029-the-table.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from criteria.answers import Value
from criteria.conversation.advance import add_sending, advance
from criteria.conversation.moves import Move
from criteria.conversation.next_question import next_open
from criteria.conversation.place import PendingAnswer, Place, Question
from criteria.conversation.step import Feedback, Put, Step
from criteria.reading.whole_report import ReportAnswer, ReportReading

State = Literal[
    "kept",  # "Đúng cả" (all correct) stores it
    "likely",  # it is doubtful: the table marks it, and "Đúng cả" confirms it
    "check",  # it fails a check: it is confirmed separately afterwards
    "total",  # the total is asked afterwards
    "unclear",  # the answer is unreadable or impossible: the question is asked afterwards
    "stands",  # nothing changes: the stored answer stays
    "open",  # the message has no answer to it, and no answer is stored
]
_SAME = Move("same")


@dataclass(frozen=True, slots=True)
class WholeReport:
    """What one or more messages answer, by the number of the question.

    `rest` is the command for all other questions. `unread` has text that looks like an answer and
    belongs to no question.
    """

    answers: tuple[ReportAnswer, ...] = ()
    rest: str | None = None
    sends: bool = False
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One question in the table.

    `value` is what was read (only a count if the total is missing). `before` is the stored answer.
    `same`: the person asked for the value of the earlier round.
    """

    number: int
    code: str
    state: State
    value: Value | int | None = None
    before: Value | None = None
    reason: str | None = None
    put: Put | None = None
    waiting: PendingAnswer | None = None
    same: bool = False


def merged(readings: Sequence[ReportReading]) -> WholeReport:
    """Combine several messages into one report; a later answer replaces an earlier one."""
    answers: dict[int, ReportAnswer] = {}
    report = WholeReport()
    for one in readings:
        answers |= {answer.number: answer for answer in one.answers}
        sends = report.sends or one.command == "send"
        without_question = [a.text for a in one.answers if a.reason == "no_such_question"]
        unread = (*report.unread, *one.unread, *without_question)
        report = WholeReport(tuple(answers.values()), one.rest or report.rest, sends, unread)
    return report


def table_of(place: Place, questions: Sequence[Question], report: WholeReport) -> tuple[Line, ...]:
    """Return the table of a report, one line for each question in order.

    A command for the rest fills only unanswered questions.
    """
    by_number = {one.number: one for one in report.answers}
    return tuple(
        _line(
            place,
            questions,
            number,
            question,
            _move_of(by_number.get(number), question, report.rest),
        )
        for number, question in enumerate(questions, start=1)
    )


def keep_table(place: Place, questions: Sequence[Question], lines: Sequence[Line], *,
               sends: bool) -> Step:  # fmt: skip
    """Store what the table shows as read. Then ask the other questions one by one."""
    puts = tuple(one.put for one in lines if one.put is not None)
    given = {put.code: put.value for put in puts}
    answered = [
        replace(q, answer=given[q.code], unknown=given[q.code] is None, returned=False)
        if q.code in given
        else q
        for q in questions
    ]
    waiting = tuple(one.waiting for one in lines if one.waiting is not None)
    start = Place(waiting=waiting, sends=sends)
    following = start.at_waiting(waiting[0]) if waiting else next_open(start, answered, after=None)
    step = Step(following, puts, (Feedback("noted_table", count=len(puts)),) if puts else ())
    return add_sending(start, questions, step)


def _move_of(answer: ReportAnswer | None, question: Question, rest: str | None) -> Move | None:
    """Return the move that an answer makes; None if the message has no answer to the question."""
    if answer is None:
        missing = question.answer is None and not question.unknown and question.open
        return {"same": _SAME, "unknown": Move("unknown")}.get(rest or "") if missing else None
    if answer.outcome == "ask":
        return Move("unclear", reason=answer.reason or "not_understood")
    if answer.command is not None:
        command = Move("skip") if answer.command == "skip" else Move(answer.command)
        return replace(command, clear=answer.outcome == "value")
    return Move("give", answer.value, clear=answer.outcome == "value", sure=True)


def _line(
    place: Place, questions: Sequence[Question], number: int, question: Question, move: Move | None
) -> Line:
    same = move is not None and move.does == "same"
    line = Line(number, question.code, "open", before=question.answer, same=same)
    if move is None or move.does == "skip":
        answered = question.answer is not None and not question.returned
        return replace(line, state="stands") if answered else line
    own_total = place.own_total if place.code == question.code else None
    here = replace(Place("ask", question.code), own_total=own_total)
    step = advance(here, questions, replace(move, clear=True))
    put = next((one for one in step.changes if isinstance(one, Put)), None)
    if put is not None:
        return _kept_line(line, question, put, clear=move.clear)
    after = step.place
    if after.screen == "confirm" and after.pending is not None:
        waiting = PendingAnswer(
            question.code, pending=after.pending, doubts=after.doubts, over=after.over
        )
        return replace(line, state="check", value=after.pending, waiting=waiting,
                       reason=after.doubts[0])  # fmt: skip
    if after.screen == "total":
        waiting = PendingAnswer(question.code, numerator=after.numerator)
        return replace(line, state="total", value=after.numerator, waiting=waiting)
    if step.feedback and step.feedback[-1].reason == "kept":  # another member's answer stays
        return replace(line, state="stands")
    reason = step.feedback[-1].reason if step.feedback else "not_understood"
    return replace(line, state="unclear", waiting=PendingAnswer(question.code), reason=reason)


def _kept_line(line: Line, question: Question, put: Put, *, clear: bool) -> Line:
    is_same = put.value == question.answer and (put.value is not None or question.unknown)
    if is_same and not question.returned:
        return replace(line, state="stands", value=put.value)
    put = replace(put, unchanged=line.same)
    return replace(line, state="kept" if clear else "likely", value=put.value, put=put)


def keeps_all(lines: Sequence[Line]) -> bool:
    """Return whether a table only keeps the values of the last round."""
    found = [one for one in lines if one.put is not None or one.waiting is not None]
    return bool(found) and all(one.same for one in found)
