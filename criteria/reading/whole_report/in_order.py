"""Answers without names: they are matched to the questions in order, if their number fits."""

from dataclasses import replace

from criteria.reading.reading import read
from criteria.reading.whole_report.answer import answer_of
from criteria.reading.whole_report.labels.label import PICTURES
from criteria.reading.whole_report.message import TypedReport, words_of
from criteria.reading.whole_report.outcome import ReportAnswer
from criteria.reading.whole_report.parts.clauses import (
    Clause,
    clauses_of,
    is_noise,
    is_pause,
    is_share,
    is_signature,
    names_in,
    shares_in,
)

_YES_NO = frozenset({"có", "chưa", "không"})
_MOST_WORDS = 3  # the length of a plain yes or no, in words
_LONGEST_OPENING = 25  # tokens


def answers_in_order(message: TypedReport, end: int) -> tuple[ReportAnswer, ...] | None:
    """Return answers that match all questions in number and kind, to be confirmed; else None."""
    numbers = sorted(message.book.questions)
    clauses = [
        one for one in _clauses_after_opening(message, end) if not _has_no_answer(message, one)
    ]
    named = [names_in(message, one.start, one.end) for one in clauses]
    if len(clauses) != len(numbers) or len(numbers) == 1 or 2 * sum(map(bool, named)) > len(named):
        return None
    answers: list[ReportAnswer] = []
    for number, clause, names in zip(numbers, clauses, named, strict=True):
        answer = answer_of(number, [(clause.start, clause.end)], message, "in_order")
        if answer.value is None or any(name.question != number for name in names):
            return None
        answers.append(replace(answer, outcome="confirm", reason="in_order"))
    return tuple(answers)


def is_several(message: TypedReport, end: int) -> bool:
    """Return whether these are clearly answers to several questions: two shares, a row of words."""
    shares = shares_in(message, 0, end)
    if shares > 1:
        words_used = frozenset[str]().union(*(token.known for token in message.tokens[:end]))
        return words_used.isdisjoint(words_of("otherwise"))
    clauses = [one for one in clauses_of(message, 0, end) if not _has_no_answer(message, one)]
    answers = sum(_is_plain_answer(message, one) for one in clauses)
    return answers > 1 and (answers > 2 or shares == 1)


def _is_plain_answer(message: TypedReport, clause: Clause) -> bool:
    text = message.part(clause.start, clause.end)
    if read(text, "ratio").outcome == "value":
        return True
    words = range(clause.start, clause.end)
    plain = any(not message.words_at(at).isdisjoint(_YES_NO | {"rồi"}) for at in words)
    return plain and len(words) <= _MOST_WORDS and read(text, "yes_no").outcome == "value"


def _clauses_after_opening(message: TypedReport, end: int) -> list[Clause]:
    """Return the clauses after an opening with a colon; cut at spaces if there is no other cut."""
    start = 0
    for at in range(min(end, _LONGEST_OPENING)):
        counted = message.is_number(at) and is_pause(message, at + 1)
        if counted or is_share(message, at + 1):
            break
        if message.text_at(at) == ":":
            start = at + 1
    clauses = list(clauses_of(message, start, end, commas_part=True))
    return _by_spaces(message, clauses[0]) if len(clauses) == 1 else clauses


def _by_spaces(message: TypedReport, clause: Clause) -> list[Clause]:
    """Cut a row of shares and plain words without signs. "chưa có" could be one answer or two."""
    pieces: list[Clause] = []
    at = clause.start
    while at < clause.end:
        share = (
            message.is_number(at) and message.text_at(at + 1) == "/" and message.is_number(at + 2)
        )
        negated = not message.words_at(at).isdisjoint({"chưa", "không"})
        doubtful = negated and at + 1 < clause.end and "có" in message.words_at(at + 1)
        if not share and (message.words_at(at).isdisjoint(_YES_NO) or doubtful):
            return [clause]
        length = 3 if share else 1
        pieces.append(Clause(at, at + length, " "))
        at += length
    return pieces


def _has_no_answer(message: TypedReport, clause: Clause) -> bool:
    if any(message.text_at(at) in PICTURES for at in range(clause.start, clause.end)):
        return False
    return is_noise(message, clause) or is_signature(message, clause)
