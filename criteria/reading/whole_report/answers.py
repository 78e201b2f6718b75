"""The answers in the sections of a message: one for each question, even if it is named twice."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from criteria.reading.whole_report.answer import answer_of
from criteria.reading.whole_report.message import TypedReport
from criteria.reading.whole_report.outcome import ReportAnswer, ReportReason
from criteria.reading.whole_report.parts.sections import Section


def answers_of(message: TypedReport, sections: Sequence[Section]) -> tuple[ReportAnswer, ...]:
    """Return one answer for each question, in the order in which the questions are first named."""
    sections = _with_joined_sections(sections)
    renamed = any(one.differs and one.rule == "named_by_name" for one in sections)
    found: dict[int, ReportAnswer] = {}
    for place, section in enumerate(sections):
        for answer in _of_section(section, message, renamed=renamed):
            if section.corrects and place and answer.number not in found:
                _ask_again(found, sections[place - 1])
            found[answer.number] = _merged(found.get(answer.number), answer, section)
    return tuple(found.values())


def _with_joined_sections(sections: Sequence[Section]) -> list[Section]:
    """Merge each section without words into the next one, which has the words for both."""
    joined = list(sections)
    for n in range(len(joined) - 2, -1, -1):
        one, after = joined[n], joined[n + 1]
        if one.joined and not one.spans and after.spans:
            after.questions = tuple(dict.fromkeys((*one.questions, *after.questions)))
            del joined[n]
    return joined


def _of_section(section: Section, message: TypedReport, *, renamed: bool) -> Iterator[ReportAnswer]:
    """Return a section's answers. `renamed`: the list marks of the message number other things."""
    unsure = section.unclear or (renamed and section.rule == "named_by_list")
    for number in section.questions:
        answer = answer_of(number, section.spans, message, section.rule)
        if unsure:
            answer = _as_question(answer, "another_name")
        elif len(section.questions) > 1 and not _is_shared(answer, message):
            answer = _as_question(answer, "several_questions")
        yield answer


def _is_shared(answer: ReportAnswer, message: TypedReport) -> bool:
    """Return whether one answer can be for several questions: yes, no, "đủ cả", but no number."""
    if answer.outcome == "ask" or answer.command:
        return True
    return message.book.kind(answer.number) == "yes_no" or answer.text_form == "all"


def _ask_again(found: dict[int, ReportAnswer], before: Section) -> None:
    """Ask again for a misplaced answer, as in "câu 1 9/9, à nhầm, câu 2 9/9"."""
    for number in before.questions:
        old = found.get(number)
        if old is not None and old.outcome != "ask":
            found[number] = _as_question(old, "two_answers")


def _merged(old: ReportAnswer | None, new: ReportAnswer, section: Section) -> ReportAnswer:
    """Return the answer of a question named twice: the later one only with a word of correction."""
    if old is None or old.reason == "no_answer":
        return new
    if section.corrects or new.reason == "corrected":
        if new.content is None:
            return _as_question(new, "two_answers")
        return replace(new, outcome="confirm", reason="corrected")
    if old.content is not None and (old.content == new.content or new.reason == "no_answer"):
        return old if old.outcome == "value" or new.content is None else new
    return _as_question(new, "two_answers")


def _as_question(answer: ReportAnswer, reason: ReportReason) -> ReportAnswer:
    return ReportAnswer(answer.number, "ask", None, None, reason, answer.text, answer.rules)
