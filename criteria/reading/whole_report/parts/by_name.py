"""Clauses that name their question: "camera có", "chưa có htx", "350/400 điện thoại"."""

from collections.abc import Sequence

from criteria.reading.whole_report.message import TypedReport
from criteria.reading.whole_report.parts.clauses import (
    Clause,
    answers_anything,
    answers_in,
    grouped,
    has_figure,
    is_means,
    is_remark,
    is_short_answer,
    is_signature,
    names_in,
    says_yes_or_no,
    shares_in,
)
from criteria.reading.whole_report.parts.leading import Leading, leading_off
from criteria.reading.whole_report.parts.sections import Parts, Section
from criteria.reading.whole_report.questions import Name

_RULE = "named_by_name"


class Namer:
    """Assigns the clauses of a message to the questions that they name."""

    def __init__(self, message: TypedReport, parts: Parts) -> None:
        self._message = message
        self._parts = parts
        self._waiting: Clause | None = None  # an answer whose name may follow it
        self._filled: list[Section] = []  # sections whose answer came before its name

    def take_plain(self, clause: Clause) -> bool:
        """Take a name with its plain answer, in a message whose other answers are given by number.

        Return whether the clause was taken.
        """
        names = names_in(self._message, clause.start, clause.end)
        questions = {one.question for one in names}
        last = self._parts.last
        if len(questions) != 1 or (last and questions <= set(last.questions)):
            return False
        ratio = self._is_ratio(names)
        if not answers_in(self._message, clause.start, clause.end, ratio=ratio, without=names):
            return False
        if ratio and not has_figure(self._message, clause.start, clause.end):
            return False
        if not is_short_answer(self._message, clause, names):
            return False
        self._parts.sections.append(
            Section((names[0].question,), [(clause.start, clause.end)], _RULE)
        )
        return True

    def take(self, clause: Clause) -> None:
        """Take a clause of a message that names its questions only by name."""
        start = self._without_opening(clause)
        start, leading = leading_off(self._message, start, clause.end)
        clause = Clause(start, clause.end, clause.before)
        groups = grouped(self._message, self.naming(clause))
        if not groups:
            self._unnamed(clause, leading)
        elif len(groups) == 1:
            self._one_group(clause, groups[0], leading)
        else:
            self._several_groups(clause, groups)

    def end(self) -> None:
        """Drop an answer that still waits for a name; others may then have the wrong name."""
        if self._waiting:
            self._parts.loose.append(self._waiting)
            self._waiting = None
            for section in self._filled:
                section.unclear = True

    def naming(self, clause: Clause) -> list[Name]:
        """Return the names that the clause can be about."""
        names = names_in(self._message, clause.start, clause.end)
        inside = self._message, clause.start, clause.end
        plain = is_short_answer(self._message, clause, names)
        kept = [
            name
            for name in names
            if plain or answers_in(*inside, ratio=self._is_ratio([name]), without=names)
        ]
        if len({one.question for one in kept}) > 1:
            return [one for one in kept if not is_means(self._message, one)] or kept
        return kept

    def _without_opening(self, clause: Clause) -> int:
        """Return where the part after an opening's colon begins: "khu 5 báo cáo: camera có"."""
        message, inside = self._message, range(clause.start + 1, clause.end)
        colon = next((at for at in inside if message.text_at(at) == ":"), None)
        if colon is None or self._parts.sections:
            return clause.start
        opening = Clause(clause.start, colon, clause.before)
        answers = says_yes_or_no(message, opening) or shares_in(message, clause.start, colon)
        if answers or names_in(message, clause.start, colon):
            return clause.start
        return colon + 1 if names_in(message, colon, clause.end) else clause.start

    def _unnamed(self, clause: Clause, leading: Leading) -> None:
        """Take a clause without a name: an answer to the name before or after it, or a remark."""
        answers = answers_anything(self._message, clause.start, clause.end)
        last, pending = self._parts.last, self._parts.pending
        if pending is not None and answers:
            pending.take(clause.start, clause.end)
        elif last is None and answers and is_short_answer(self._message, clause, ()):
            self._wait(clause)
        elif last is None:
            self._parts.loose.append(clause)
        elif leading.corrects:
            last.take(self._with_correction(clause), clause.end)
        elif not is_signature(self._message, clause) and not is_remark(self._message, clause):
            if shares_in(self._message, clause.start, clause.end) and last.spans:
                self._wait(clause)
            else:
                last.take(clause.start, clause.end)

    def _with_correction(self, clause: Clause) -> int:
        """Return the start of the clause including its words of correction."""
        at = clause.start
        while at > 0 and self._message.tokens[at - 1].kind == "word":
            at -= 1
        return at

    def _wait(self, clause: Clause) -> None:
        self.end()
        self._waiting = clause

    def _one_group(self, clause: Clause, group: list[Name], leading: Leading) -> None:
        questions = tuple(dict.fromkeys(one.question for one in group))
        answers = answers_in(
            self._message, clause.start, clause.end, ratio=self._is_ratio(group), without=group
        )
        section = Section(
            questions, [], _RULE, excepted=leading.excepts, corrects=leading.corrects,
            unclear=self._has_answers_around(group, clause),
        )  # fmt: skip
        pending = self._parts.pending
        if answers or has_figure(self._message, clause.start, clause.end):
            section.take(clause.start, clause.end)
            if answers and pending is not None and clause.before == ",":
                pending.joined = True
        elif self._waiting is not None:
            section.take(self._waiting.start, self._waiting.end)
            self._waiting = None
            self._filled.append(section)
        self._parts.sections.append(section)

    def _several_groups(self, clause: Clause, groups: list[list[Name]]) -> None:
        """Take several names in one clause: the answers are all after them, or all before them."""
        starts = [group[0].start for group in groups]
        ends = [group[-1].end for group in groups]
        behind = list(zip(starts, [*starts[1:], clause.end], strict=True))
        ahead = list(zip([clause.start, *ends[:-1]], ends, strict=True))
        names_first = self._all_have_answers(groups, behind) and not self._has_answer(
            groups[0], clause.start, starts[0]
        )
        answers_first = self._all_have_answers(groups, ahead) and not self._has_answer(
            groups[-1], ends[-1], clause.end
        )
        unclear = names_first == answers_first
        if unclear and not any(one.spans for one in self._parts.sections):
            self._parts.loose.append(clause)
            return
        for group, span in zip(groups, behind if names_first else ahead, strict=True):
            questions = tuple(dict.fromkeys(one.question for one in group))
            self._parts.sections.append(Section(questions, [span], _RULE, unclear=unclear))

    def _all_have_answers(
        self, groups: Sequence[list[Name]], spans: Sequence[tuple[int, int]]
    ) -> bool:
        return all(
            self._has_answer(group, *span) for group, span in zip(groups, spans, strict=True)
        )

    def _has_answers_around(self, group: list[Name], clause: Clause) -> bool:
        """Return whether numbers are on both sides of a name: "xã mình có 12 khu cửa hàng 8"."""
        return (
            self._is_ratio(group)
            and self._has_answer(group, clause.start, group[0].start)
            and self._has_answer(group, group[-1].end, clause.end)
        )

    def _has_answer(self, group: list[Name], start: int, end: int) -> bool:
        return answers_in(self._message, start, end, ratio=self._is_ratio(group), without=group)

    def _is_ratio(self, names: Sequence[Name]) -> bool:
        return self._message.book.kind(names[0].question) != "yes_no"
