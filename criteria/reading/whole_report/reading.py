"""Reading one message as a whole report: which answers it has, and to which questions."""

from collections.abc import Sequence
from functools import cache

from criteria.reading import command_vocabulary as commands
from criteria.reading.commands import command_in
from criteria.reading.outcome import Command
from criteria.reading.phrase_book import PhraseBook
from criteria.reading.vocabulary import phrases, section
from criteria.reading.whole_report.answer import Said, answer_of
from criteria.reading.whole_report.clauses import shares_in
from criteria.reading.whole_report.in_order import answers_in_order, is_several
from criteria.reading.whole_report.labels import Label, labels_in
from criteria.reading.whole_report.message import LONGEST, Message, message_of
from criteria.reading.whole_report.outcome import (
    ReportAnswer,
    ReportReading,
    Standing,
)
from criteria.reading.whole_report.questions import Question, QuestionBook, book_of
from criteria.reading.whole_report.rest import rest_in
from criteria.reading.whole_report.sections import Parts, Section, parts_of

_LONGEST_SEND = 12  # tokens
_URGENT = frozenset({"luôn", "đi", "ngay", "giúp", "hộ", "chốt", "nộp"})
_WRITERS = frozenset({"em", "cháu", "tôi", "mình", "con"})


def read_report(text: str, questions: Sequence[Question]) -> ReportReading:
    """How a message is to be understood as a report on these questions.

    Never raises, whatever the text. A value stands only at a question that the message names (or,
    to be confirmed, in a row of exactly as many answers as there are questions).
    """
    book = book_of(tuple(questions))
    if len(text) > LONGEST:
        return ReportReading("single")
    message = message_of(text, book)
    if not message.tokens:
        return ReportReading("single")
    end = _sending(message)
    send: Command | None = "send" if end < len(message.tokens) else None
    end = _done(message, end)
    command = _command(message, book, end, send)
    if command is not None:
        return command
    labels = _meant([one for one in labels_in(message.tokens, book) if one.end <= end], message)
    if not labels:
        ordered = answers_in_order(message, end, book)
        if ordered is not None:
            return ReportReading("report", ordered, command=send)
    parts = parts_of(message, labels, book, end)
    return _reading(message, parts, book, send, end)


def is_whole_report(text: str, questions: Sequence[Question]) -> bool:
    """Whether a message at an open question is plainly more than the answer to one question."""
    return len(text.split()) > 1 and read_report(text, questions).outcome in {"report", "ask"}


def _command(
    message: Message, book: QuestionBook, end: int, send: Command | None
) -> ReportReading | None:
    tokens = list(message.tokens)
    rest = rest_in(tokens, 0, end, book.count)
    if rest and rest.of_all and rest.named:
        return ReportReading("report", rest=rest.standing, command=send)
    given = command_in(message.text, tokens, "yes_no")
    if given is None or given.command is None:
        if rest and rest.standing == "same" and _is_of_the_area(message):
            return ReportReading("report", rest="same", command=send)
        return None
    if given.command == "edit" and given.question is not None and given.reply is not None:
        return None
    return ReportReading("command", command=given.command)


def _is_of_the_area(message: Message) -> bool:
    """So "báo cáo khu 4 không thay đổi" is about all questions, "có mà cũ" isn't."""
    return any(t.number is not None or "báo" in t.known for t in message.tokens)


def _meant(labels: list[Label], message: Message) -> list[Label]:
    """Without a lone bare number: "3 có" may be a count."""
    return [] if len(labels) == 1 and labels[0].way == "bare" else labels


# --- the end


def _sending(message: Message) -> int:
    """The token at which "gửi luôn" begins, at the end; else the number of tokens."""
    tokens = message.tokens
    count = len(tokens)
    for at in range(max(1, count - _LONGEST_SEND), count):
        found = _sends().longest(tokens, at)
        if found is None or "send" not in found.tags:
            continue
        if _covered(tokens, at, count) and _is_asked_for(tokens, at):
            return at
    return count


def _done(message: Message, end: int) -> int:
    """Where "xong" begins that ends the message behind an answer; it sends nothing."""
    tokens = message.tokens
    for at in range(max(1, end - _LONGEST_SEND), end):
        found = _sends().longest(tokens, at)
        if found is None or "done" not in found.tags or not _covered(tokens, at, end):
            continue
        before = tokens[at - 1]
        if before.number is not None or not before.known.isdisjoint({"có", "rồi", "ạ", "nhé"}):
            return at
    return end


def _covered(tokens: Sequence[object], at: int, end: int) -> bool:
    while at < end:
        token = tokens[at]
        if token.kind == "sign":  # type: ignore[attr-defined]
            if token.text == "?":  # type: ignore[attr-defined]
                return False
            at += 1
            continue
        found = _sends().longest(tokens, at)  # type: ignore[arg-type]
        if found is None:
            return False
        at += found.length
    return True


def _is_asked_for(tokens: Sequence[object], at: int) -> bool:
    """So "gửi luôn", "bác gửi giúp em"; "em gửi bác" only says what the message is."""
    known = [token.known for token in tokens[at:]]  # type: ignore[attr-defined]
    if any(not words.isdisjoint(_URGENT) for words in known):
        return True
    before = tokens[at - 1].known if at else frozenset()  # type: ignore[attr-defined]
    return before.isdisjoint(_WRITERS | {"xin", "đã", "mai", "sau", "để"}) and len(known) < 5


@cache
def _sends() -> PhraseBook:
    common = section("common")
    around = [
        phrase for part in ("polite", "vocative", "person", "filler") for phrase in common[part]
    ]
    return PhraseBook(
        {
            "send": phrases(commands.COMMANDS["send"]),
            "done": phrases(commands.COMMANDS["done"]),
            "around": (*phrases(commands.AROUND), *around),
        }
    )


# --- the whole


def _reading(
    message: Message, parts: Parts, book: QuestionBook, send: Command | None, end: int
) -> ReportReading:
    if parts.unclear_order:
        return ReportReading("ask", unread=(message.part(0, end),))
    answers = _answers(message, parts, book)
    rest = _rest(parts, answers)
    loose = tuple(
        message.part(one.start, one.end)
        for one in parts.loose
        if shares_in(message.tokens, one.start, one.end)
    )
    about_the_rest = bool(rest) or parts.unclear_rest
    read = [one for one in answers if one.outcome != "ask"]
    several = is_several(message, end, book)
    if (
        len(answers) > 1
        and not read
        and all(one.reason == "contradictory_names" for one in answers)
    ):
        return ReportReading("ask", unread=loose)
    if len(answers) > 1 or (answers and (about_the_rest or send)):
        return ReportReading("report", answers, rest, send, loose)
    if len(answers) == 1:
        if loose or (several and read == []):
            return ReportReading("ask", unread=loose)
        sure = parts.sections[0].rule not in {"named_by_list", "named_by_bare"}
        return ReportReading("single", answers if sure else (), unread=loose)
    if rest and any(one.of_all for one in parts.rests):
        return ReportReading("report", (), rest, send, loose)
    return ReportReading("ask" if several else "single", unread=loose)


def _rest(parts: Parts, answers: Sequence[ReportAnswer]) -> Standing | None:
    """What is said of the rest; two different things are nothing."""
    excepted = any(section.excepted for section in parts.sections)
    said = {
        one.standing
        for one in parts.rests
        if one.named or (one.standing == "same" and (excepted or answers))
    }
    return said.pop() if len(said) == 1 else None


def _answers(message: Message, parts: Parts, book: QuestionBook) -> tuple[ReportAnswer, ...]:
    sections = _joined(parts.sections)
    unreliable = any(one.differs and one.rule == "named_by_name" for one in sections)
    found: dict[int, ReportAnswer] = {}
    for place, one in enumerate(sections):
        for answer in _of_section(one, message, book, unreliable=unreliable):
            if one.corrects and place and answer.number not in found:
                _take_back(found, sections[place - 1])
            found[answer.number] = _together(found.get(answer.number), answer, one)
    return tuple(found.values())


def _joined(sections: Sequence[Section]) -> list[Section]:
    """A section without words of its own takes those of the one it leads to."""
    joined = list(sections)
    for n in range(len(joined) - 2, -1, -1):
        one, after = joined[n], joined[n + 1]
        if one.joined and not one.runs and after.runs:
            after.questions = tuple(dict.fromkeys((*one.questions, *after.questions)))
            del joined[n]
    return joined


def _of_section(
    one: Section, message: Message, book: QuestionBook, *, unreliable: bool
) -> list[ReportAnswer]:
    text = one.said.text(message)
    doubtful = unreliable and one.rule == "named_by_list"
    answers = []
    for number in one.questions:
        answer = answer_of(number, one.said, message, book, one.rule)
        if one.unclear or doubtful:
            answer = ReportAnswer(
                number, "ask", reason="another_name", text=text, rules=answer.rules
            )
        elif len(one.questions) > 1 and not _is_shared(answer, book):
            answer = ReportAnswer(
                number, "ask", reason="several_questions", text=text, rules=answer.rules
            )
        answers.append(answer)
    return answers


def _is_shared(answer: ReportAnswer, book: QuestionBook) -> bool:
    """Whether one answer can be several questions': a yes or no, "đủ cả", "như cũ"; no number."""
    if answer.outcome == "ask" or answer.standing:
        return True
    return book.kind(answer.number) == "yes_no" or answer.text_form == "all"


def _take_back(found: dict[int, ReportAnswer], before: Section) -> None:
    """So "câu 1 9/9, à nhầm, câu 2 9/9": what stands before was meant for another question."""
    for number in before.questions:
        old = found.get(number)
        if old is not None and old.outcome != "ask":
            found[number] = ReportAnswer(
                number, "ask", reason="two_answers", text=old.text, rules=(*old.rules, "taken_back")
            )


def _together(old: ReportAnswer | None, new: ReportAnswer, section: Section) -> ReportAnswer:
    """The answer of a question that is named twice."""
    if old is None:
        return new
    rules = (*new.rules, "named_twice")
    if section.corrects or (new.reason == "corrected"):
        if new.said is None:
            return ReportAnswer(new.number, "ask", reason="two_answers", text=new.text, rules=rules)
        return ReportAnswer(
            new.number, "confirm", new.value, new.standing, "corrected", new.text, rules
        )
    if old.said is not None and old.said == new.said:
        return old if old.outcome == "value" else new
    if new.reason == "no_answer" and old.said is not None:
        return old
    if old.reason == "no_answer":
        return new
    return ReportAnswer(new.number, "ask", reason="two_answers", text=new.text, rules=rules)
