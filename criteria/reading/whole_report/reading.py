"""Reading one message as a whole report: its answers and their questions."""

from collections.abc import Sequence

from criteria.reading.commands import command_in
from criteria.reading.outcome import Command
from criteria.reading.whole_report.answers import answers_of
from criteria.reading.whole_report.in_order import answers_in_order, is_several
from criteria.reading.whole_report.labels.labels import labels_in
from criteria.reading.whole_report.message import LONGEST, TypedReport, message_of
from criteria.reading.whole_report.outcome import AnswerCommand, ReportAnswer, ReportReading
from criteria.reading.whole_report.parts.clauses import shares_in, tails
from criteria.reading.whole_report.parts.cutting import parts_of
from criteria.reading.whole_report.parts.ending import done_from, is_sending, sending_from
from criteria.reading.whole_report.parts.rest import rest_in
from criteria.reading.whole_report.parts.sections import Parts
from criteria.reading.whole_report.questions import ReportQuestion, book_of

# A list mark alone ("1. 350/400") does not name the question of a single answer.
_WEAK_RULES = frozenset({"named_by_list", "named_by_bare"})


def read_report(text: str, questions: Sequence[ReportQuestion]) -> ReportReading:
    """Read a message as a report on these questions.

    It never raises, for any text. Only a question that the message names gets a value. A row of
    exactly as many answers as there are questions gives values that must be confirmed.
    """
    if len(text) > LONGEST:
        return ReportReading("single")
    message = message_of(text, book_of(tuple(questions)))
    if not message.tokens:
        return ReportReading("single")
    ends = list(tails(message))
    sends_at = next((at for end in ends if (at := sending_from(message, end)) < end), None)
    send: Command | None = None if sends_at is None else "send"
    tail = ends[-1] if sends_at is None else sends_at
    done_at = done_from(message, tail)
    report = _report(message, done_at if send or done_at < tail else ends[0], send)
    return _all_the_same(message, done_at, send) or _command(message, tail, report) or report


def is_whole_report(text: str, questions: Sequence[ReportQuestion]) -> bool:
    """Return whether a message is clearly more than the answer to one question."""
    return len(text.split()) > 1 and read_report(text, questions).outcome in {"report", "ask"}


def _all_the_same(message: TypedReport, end: int, send: Command | None) -> ReportReading | None:
    """Read a message about all questions: "tất cả như kỳ trước", "báo cáo khu 4 không thay đổi"."""
    rest = rest_in(message, 0, end)
    if rest is None or rest.command != "same":
        return None
    of_the_area = any(t.number is not None or "báo" in t.known for t in message.tokens)
    whole = ReportReading("report", rest="same", command=send)
    if rest.of_all and rest.named:
        return whole
    return whole if of_the_area and _command(message, end, whole) is None else None


def _command(message: TypedReport, end: int, report: ReportReading) -> ReportReading | None:
    """Read a command alone; return None if it is about a question with an answer in the report."""
    given = command_in(message.text, list(message.tokens[:end]), "yes_no")
    if given is None:
        return None
    answered = report.outcome != "single" or any(a.reason != "no_answer" for a in report.answers)
    if given.question is not None and (answered or given.reply is not None):
        return None  # sửa câu 1: 350
    if given.command == "send" and end < len(message.tokens) and not is_sending(message, end):
        return None  # em gửi bác ạ. 0912345678
    return ReportReading("command", command=given.command)


def _report(message: TypedReport, end: int, send: Command | None) -> ReportReading:
    labels = labels_in(message, end)
    ordered = None if labels else answers_in_order(message, end)
    if ordered is not None:
        return ReportReading("report", ordered, command=send)
    parts = parts_of(message, labels, end)
    if parts.unclear_order:
        return ReportReading("ask", unread=(message.part(0, end),))
    return _outcome(message, parts, end, send)


def _outcome(message: TypedReport, parts: Parts, end: int, send: Command | None) -> ReportReading:
    answers = answers_of(message, parts.sections)
    rest = _rest(parts, answers)
    unread = tuple(
        message.part(one.start, one.end)
        for one in parts.loose
        if shares_in(message, one.start, one.end)
    )
    concluded = rest is not None or parts.unclear_rest or send is not None
    if len(answers) > 1 or (answers and concluded):
        return ReportReading("report", answers, rest, send, unread)
    several = is_several(message, end)
    if len(answers) == 1:
        if unread or (several and answers[0].outcome == "ask"):
            return ReportReading("ask", unread=unread)
        named = parts.sections[0].rule not in _WEAK_RULES
        return ReportReading("single", answers if named else (), unread=unread)
    if any(one.of_all and one.command == rest for one in parts.rests):
        return ReportReading("report", (), rest, send, unread)
    return ReportReading("ask" if several else "single", unread=unread)


def _rest(parts: Parts, answers: Sequence[ReportAnswer]) -> AnswerCommand | None:
    """Return the command for the rest; two different commands give None."""
    excepted = bool(answers) or any(section.excepted for section in parts.sections)
    commands = {one.command for one in parts.rests if one.named or excepted}
    return commands.pop() if len(commands) == 1 else None
