"""Answers without names, counted off in the order of the questions."""

from collections.abc import Sequence

from criteria.reading.reading import read
from criteria.reading.whole_report.answer import Said, answer_of
from criteria.reading.whole_report.clauses import (
    Clause,
    clauses_of,
    is_noise,
    is_signature,
    names_in,
    shares_in,
)
from criteria.reading.whole_report.message import Message
from criteria.reading.whole_report.outcome import ReportAnswer
from criteria.reading.whole_report.questions import QuestionBook

# With these two shares are one answer twice: another, an older one.
_OTHERWISE = frozenset({"hoặc", "hay", "nhầm", "sửa", "trước", "cũ", "thay", "cộng", "lộn"})
_PLAIN = frozenset({"có", "chưa", "không", "rồi"})


def answers_in_order(
    message: Message, end: int, book: QuestionBook
) -> tuple[ReportAnswer, ...] | None:
    """As many answers as there are questions, all of fitting kinds: each is to be confirmed."""
    clauses = [one for one in _pieces(message, end) if not _says_nothing(message, one)]
    if len(clauses) != book.count or book.count < 2:
        return None
    named = [names_in(message.tokens, one.start, one.end, book) for one in clauses]
    if 2 * sum(map(bool, named)) > book.count:
        return None
    answers = []
    for number, clause in zip(sorted(book.questions), clauses, strict=True):
        names = {n.question for n in names_in(message.tokens, clause.start, clause.end, book)}
        said = Said(((clause.start, clause.end),))
        answer = answer_of(number, said, message, book, "in_order")
        if answer.value is None or (names and names != {number}):
            return None
        answers.append(
            ReportAnswer(
                number, "confirm", answer.value, None, "in_order", answer.text, answer.rules
            )
        )
    return tuple(answers)


def is_several(message: Message, end: int, book: QuestionBook) -> bool:
    """Whether these are plainly the answers to several questions: two shares, or a row of them."""
    clauses = [one for one in clauses_of(message.tokens, 0, end) if not _says_nothing(message, one)]
    shares = shares_in(message.tokens, 0, end)
    answers = [one for one in clauses if _is_plain_answer(message, one)]
    if shares > 1:
        known = frozenset[str]().union(*(token.known for token in message.tokens[:end]))
        return known.isdisjoint(_OTHERWISE)
    return len(answers) > 2 or (shares == 1 and len(answers) > 1)


def _is_plain_answer(message: Message, clause: Clause) -> bool:
    text = message.part(clause.start, clause.end)
    ratio = read(text, "ratio")
    if ratio.outcome == "value":
        return True
    said = read(text, "yes_no").outcome == "value"
    tokens = message.tokens[clause.start : clause.end]
    return said and len(tokens) < 4 and any(not t.known.isdisjoint(_PLAIN) for t in tokens)


def _pieces(message: Message, end: int) -> list[Clause]:
    """The clauses, an opening up to a colon left out; parted by spaces where nothing else does."""
    tokens = message.tokens
    start = 0
    for at in range(min(end, 25)):
        if tokens[at].number is not None:
            break
        if tokens[at].text == ":":
            start = at + 1
    clauses = list(clauses_of(tokens, start, end, commas_part=True))
    if len(clauses) == 1:
        return _by_spaces(message, clauses[0])
    return clauses


def _by_spaces(message: Message, clause: Clause) -> list[Clause]:
    """A row of shares and plain words without signs; "chưa có" could be one answer or two."""
    tokens = message.tokens
    pieces: list[Clause] = []
    at = clause.start
    while at < clause.end:
        token = tokens[at]
        share = at + 2 < clause.end and tokens[at + 1].text == "/"
        if token.number is not None and share and tokens[at + 2].number is not None:
            pieces.append(Clause(at, at + 3, " "))
            at += 3
            continue
        negated = not token.known.isdisjoint({"chưa", "không"})
        if token.known.isdisjoint({"có", "chưa", "không"}) or (
            negated and at + 1 < clause.end and "có" in tokens[at + 1].known
        ):
            return [clause]
        pieces.append(Clause(at, at + 1, " "))
        at += 1
    return pieces


def _says_nothing(message: Message, clause: Clause) -> bool:
    signs: Sequence[str] = [t.text for t in message.tokens[clause.start : clause.end]]
    if all(text in "-–•*+:()" for text in signs):
        return True
    return is_noise(message, clause) or (
        clause.before in {"\n", "."} and is_signature(message, clause)
    )
