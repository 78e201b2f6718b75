"""Cutting a message into parts at labels, pauses and names, and assigning them to questions."""

from collections.abc import Iterator, Sequence

from criteria.reading.whole_report.labels.label import Label
from criteria.reading.whole_report.message import TypedReport
from criteria.reading.whole_report.parts.by_name import Namer
from criteria.reading.whole_report.parts.clauses import (
    Clause,
    answers_anything,
    clauses_of,
    has_figure,
    is_means,
    is_noise,
    is_pause,
    is_remark,
    is_short_answer,
    is_signature,
    names_in,
    says_yes_or_no,
    shares_in,
)
from criteria.reading.whole_report.parts.leading import leading_start, leading_to
from criteria.reading.whole_report.parts.rest import begins_the_rest, may_begin, rest_in
from criteria.reading.whole_report.parts.sections import Parts, Section


def parts_of(message: TypedReport, labels: Sequence[Label], end: int) -> Parts:
    """Return the parts of the message up to the token `end`."""
    return _Cutter(message, labels, end).parts()


class _Cutter:
    def __init__(self, message: TypedReport, labels: Sequence[Label], end: int) -> None:
        self._message = message
        self._labels = labels
        self._end = end
        self._parts = Parts()
        self._namer = Namer(message, self._parts)

    def parts(self) -> Parts:
        ahead = [self._answer_ahead(n) for n in range(len(self._labels))]
        begins = [
            label.start if start is None else start
            for label, start in zip(self._labels, ahead, strict=True)
        ]
        begins.append(self._end)
        self._before_labels(begins[0])
        for n, (label, start) in enumerate(zip(self._labels, ahead, strict=True)):
            if start is not None:
                self._parts.sections.append(Section(label.questions, [(start, label.start)]))
            else:
                self._labelled(label, begins[n + 1])
        self._namer.end()
        return self._parts

    def _answer_ahead(self, place: int) -> int | None:
        """Return where an answer before its label begins: "350/400 câu 1, 9/9 câu 2"; else None."""
        label, message = self._labels[place], self._message
        start, before = label.start, self._labels[place - 1].end if place else -1
        while start > 0 and not (is_pause(message, start - 1) or message.text_at(start - 1) == ":"):
            start -= 1
        if start == label.start or start <= before:
            return None
        clause = Clause(start, leading_start(message, label.start), "")
        plain = is_short_answer(message, clause, ()) and says_yes_or_no(message, clause)
        if not (plain and clause.start < clause.end) and not shares_in(message, start, clause.end):
            return None
        if label.closed or (label.end < self._end and not is_pause(message, label.end)):
            self._parts.unclear_order = True
            return None
        return start

    def _before_labels(self, end: int) -> None:
        """Take the text before the first label, or the whole text if there is no label."""
        if self._labels:
            end = leading_start(self._message, end)
        over = False
        for clause in self._clauses(0, end):
            if self._take_rest(clause):
                continue
            noise = is_noise(self._message, clause)
            over = (over and not answers_anything(self._message, clause.start, clause.end)) or noise
            if over and not noise and self._parts.sections:
                continue  # em chào bác, em Hùng khu 5
            if not self._labels and (not noise or self._namer.naming(clause)):
                self._namer.take(clause)
            elif not self._namer.take_plain(clause) and not noise:
                self._parts.loose.append(clause)

    def _labelled(self, label: Label, end: int) -> None:
        """Take the text after a label, up to the next one."""
        leading = leading_to(self._message, label.start)
        own_end = end
        if end < self._end:
            own_end = max(label.end, leading_start(self._message, end))
        section = Section(label.questions, rule=f"named_by_{label.way}")
        section.excepted, section.corrects = leading.excepts, leading.corrects
        self._parts.sections.append(section)
        over = False
        for n, clause in enumerate(self._clauses(label.end, own_end, answering=True)):
            answering = n == 0 and not clause.before
            if not answering and self._take_rest(clause):
                over = False
            elif n == 0:
                self._compare_names(label, section, clause)
                section.take(clause.start, clause.end)
            elif self._namer.take_plain(clause):
                section, over = self._parts.sections[-1], False
            else:
                over = over or self._has_no_answer(clause)
                if not over and not (section.spans and is_remark(self._message, clause)):
                    section.take(clause.start, clause.end)
        if not section.spans and not label.closed and end < self._end:
            between = self._message.tokens[label.end : end]
            section.joined = not any(token.text in {"\n", ";", "."} for token in between)

    def _has_no_answer(self, clause: Clause) -> bool:
        return is_noise(self._message, clause) or is_signature(self._message, clause)

    def _compare_names(self, label: Label, section: Section, clause: Clause) -> None:
        """Compare number and name. If they differ, the name decides if it comes first."""
        names = names_in(self._message, clause.start, clause.end)
        own = [one for one in names if one.question in label.questions]
        foreign = [one for one in names if one not in own and not is_means(self._message, one)]
        if own or len(foreign) < len(names) or not foreign or label.way == "code":
            return
        section.differs = True
        if foreign[0].start <= clause.start + 1 and len(label.questions) == 1:
            section.questions, section.rule = (foreign[0].question,), "named_by_name"
        else:
            section.unclear = True

    # --- the rest

    def _clauses(self, start: int, end: int, *, answering: bool = False) -> Iterator[Clause]:
        """Yield the clauses, also cut where a clause about the rest begins in the middle.

        `answering`: they follow a label, so the first is its answer.
        """
        for clause in clauses_of(self._message, start, end):
            direct = answering and not clause.before
            at = (
                None if not direct and self._is_about_the_rest(clause) else self._rest_start(clause)
            )
            if at is None:
                yield clause
                continue
            if direct or self._has_content(clause.start, at):
                yield Clause(clause.start, at, clause.before)
            yield Clause(at, clause.end, " ")

    def _is_about_the_rest(self, clause: Clause) -> bool:
        """Return whether the whole clause is about the rest, or about nothing."""
        if begins_the_rest(self._message, clause.start, clause.end):
            return True
        whole = rest_in(self._message, clause.start, clause.end)
        return bool(whole and whole.named) or is_noise(self._message, clause)

    def _rest_start(self, clause: Clause) -> int | None:
        """Return where the rest, an exception or a telephone number begins in a clause, or None."""
        message, end = self._message, clause.end
        for at in range(clause.start + 1, end):
            parts, length = message.phrase(at, end)
            if "contact" in parts:
                return at
            excepts = "except" in parts and message.name(at + length, end)
            if excepts and rest_in(message, clause.start, at):
                return at
            if not may_begin(message, at, end):
                continue
            rest = rest_in(message, at, end)
            unclear = begins_the_rest(message, at, end) and not has_figure(message, at, end)
            if unclear or (rest and rest.named):
                return at
        return None

    def _has_content(self, start: int, end: int) -> bool:
        says = answers_anything(self._message, start, end)
        return says or rest_in(self._message, start, end) is not None

    def _take_rest(self, clause: Clause) -> bool:
        """Take a clause that is, or seems to be, about the rest; return whether it was taken."""
        rest = rest_in(self._message, clause.start, clause.end)
        answered = self._parts.last is not None and bool(self._parts.last.spans)
        if rest and rest.aside and answered:
            return True
        opening = rest is not None and rest.command == "same" and not self._parts.sections
        if rest and (rest.named or opening):
            self._parts.rests.append(rest)
            return True
        unclear = begins_the_rest(self._message, clause.start, clause.end) and not has_figure(
            self._message, clause.start, clause.end
        )
        self._parts.unclear_rest = self._parts.unclear_rest or unclear
        return unclear
