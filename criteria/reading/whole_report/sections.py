"""Which part of a message is about which question, and what is about none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from criteria.reading.whole_report.answer import Said
from criteria.reading.whole_report.clauses import (
    Clause,
    answers_in,
    clauses_of,
    grouped,
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
from criteria.reading.whole_report.labels import Label
from criteria.reading.whole_report.message import Message
from criteria.reading.whole_report.questions import Name, QuestionBook, report_words
from criteria.reading.whole_report.rest import Rest, begins_the_rest, may_begin, rest_in


@dataclass(slots=True)
class Section:
    """The parts of the message that are said of these questions.

    `excepted`: named as an exception from "all as before". `joined`: a comma or "và" leads to the
    next section. `unclear`: the answer can't be told from another's. `corrects`: "à nhầm" before it.
    """

    questions: tuple[int, ...]
    runs: list[tuple[int, int]] = field(default_factory=list)
    rule: str = "named_by_number"
    excepted: bool = False
    corrects: bool = False
    joined: bool = False
    unclear: bool = False
    differs: bool = False

    def take(self, start: int, end: int) -> None:
        """Add a part; the sign between it and the one before stays where nothing else is."""
        if self.runs and start - self.runs[-1][1] <= 1:
            start = self.runs.pop()[0]
        self.runs.append((start, end))

    @property
    def said(self) -> Said:
        """What is said of them."""
        return Said(tuple(self.runs))


@dataclass(slots=True)
class Parts:
    """All parts of a message."""

    sections: list[Section] = field(default_factory=list)
    rests: list[Rest] = field(default_factory=list)
    unclear_rest: bool = False
    unclear_order: bool = False  # whether answers stand before or behind their numbers
    loose: list[Clause] = field(default_factory=list)  # about no question


def parts_of(message: Message, labels: Sequence[Label], book: QuestionBook, end: int) -> Parts:
    """The parts of the message up to the token `end`."""
    return _Cutter(message, labels, book, end).parts()


class _Cutter:
    def __init__(
        self, message: Message, labels: Sequence[Label], book: QuestionBook, end: int
    ) -> None:
        self._message = message
        self._tokens = message.tokens
        self._labels = labels
        self._book = book
        self._end = end
        self._parts = Parts()
        self._waiting: Clause | None = None  # an answer whose name may follow

    def parts(self) -> Parts:
        """Cut it."""
        ahead = {n: self._answer_ahead(label) for n, label in enumerate(self._labels)}
        begins = [
            label.start if (start := ahead[n]) is None else start
            for n, label in enumerate(self._labels)
        ] + [self._end]
        self._named(0, begins[0])
        for n, label in enumerate(self._labels):
            start = ahead[n]
            if start is not None:
                self._parts.sections.append(Section(label.questions, [(start, label.start)]))
                continue
            self._labelled(label, begins[n + 1], last=n + 1 == len(self._labels))
        if self._waiting:
            self._parts.loose.append(self._waiting)
        return self._parts

    def _answer_ahead(self, label: Label) -> int | None:
        """Where the answer before its number begins: "350/400 câu 1, 9/9 câu 2"."""
        start = label.start
        while start > 0 and not self._parts_from(start - 1):
            start -= 1
        if start == label.start or any(start <= one.end <= label.start for one in self._labels):
            return None
        clause = Clause(start, label.start, "")
        shares = shares_in(self._tokens, start, label.start)
        plain = is_short_answer(self._tokens, clause, ()) and says_yes_or_no(self._tokens, clause)
        if not shares and not plain:
            return None
        if label.closed or (label.end < self._end and not is_pause(self._tokens, label.end)):
            self._parts.unclear_order = True
            return None
        return start

    def _parts_from(self, at: int) -> bool:
        return is_pause(self._tokens, at) or self._tokens[at].text == ":"

    # --- what follows a number or a code

    def _labelled(self, label: Label, end: int, *, last: bool) -> None:
        section = Section(label.questions, rule=f"named_by_{label.way}")
        section.excepted, section.corrects = self._leading(label.start)
        end = self._without_leading(label.end, end)
        self._parts.sections.append(section)
        over = False
        for n, clause in enumerate(self._clauses(label.end, end, answering=True)):
            direct = n == 0 and not clause.before
            if self._takes_rest(clause, direct=direct):
                over = False
                continue
            if n == 0:
                self._compare_names(label, section, clause)
                section.take(clause.start, clause.end)
                continue
            if self._takes_named(clause):
                section, over = self._parts.sections[-1], False
            elif over or is_noise(self._message, clause):
                over = True
            elif clause.before in {"\n", "."} and is_signature(self._message, clause):
                over = True
            elif not (clause.before == "\n" and section.runs and is_remark(self._message, clause)):
                section.take(clause.start, clause.end)
        section = self._parts.sections[-1]
        if not section.runs and not label.closed and not last:
            between = self._tokens[label.end : self._labels[self._labels.index(label) + 1].start]
            section.joined = not any(token.text in {"\n", ";", "."} for token in between)

    def _leading(self, at: int) -> tuple[bool, bool]:
        """Whether "trừ" or "à nhầm" stands directly before this token."""
        start = self._leading_start(at)
        excepted = corrects = False
        while start < at:
            found = report_words().longest(self._tokens[:at], start)
            if found is None:
                start += 1
                continue
            excepted = excepted or "except" in found.tags
            corrects = corrects or "correction" in found.tags
            start += found.length
        return excepted, corrects

    def _without_leading(self, start: int, end: int) -> int:
        """Up to where the words begin that lead to the next label."""
        if end >= self._end:
            return end
        return max(start, self._leading_start(end))

    def _leading_start(self, at: int) -> int:
        """Where the words of exception, correction or mere joining before this token begin."""
        best = at
        for start in range(at - 1, max(-1, at - 7), -1):
            place = start
            while place < at:
                found = report_words().longest(self._tokens[:at], place)
                leads = found and {"except", "correction", "and", "aside"} & set(found.tags)
                light = not self._tokens[place].known.isdisjoint({"thì", "là", "cho", "em"})
                if self._tokens[place].text == "," and start < place == at - 1:
                    place += 1
                elif found and leads:
                    place += found.length
                elif light and place > start:
                    place += 1
                else:
                    break
            if place >= at:
                best = start
        return best

    def _compare_names(self, label: Label, section: Section, clause: Clause) -> None:
        """The number's question is called otherwise: the name wins where it stands first."""
        names = names_in(self._tokens, clause.start, clause.end, self._book)
        foreign = [
            one for one in names
            if one.question not in label.questions and not is_means(self._tokens, one)
        ]  # fmt: skip
        if not foreign or len(foreign) < len(names) or label.way == "code":
            return
        if foreign[0].start <= clause.start + 1 and len(label.questions) == 1:
            section.questions = (foreign[0].question,)
            section.rule = "named_by_name"
        else:
            section.unclear = True
        section.differs = True

    # --- what is said with a name, or with none

    def _named(self, start: int, end: int) -> None:
        labelled = bool(self._labels)
        if labelled:
            end = self._leading_start(end)
        over = False
        for n, clause in enumerate(self._clauses(start, end)):
            if self._takes_rest(clause, direct=False):
                continue
            if labelled or (is_noise(self._message, clause) and not self._naming(clause)):
                if not self._takes_named(clause):
                    self._loosely(clause)
                over = over or is_noise(self._message, clause)
                continue
            self._by_name(clause, first=n == 0)

    def _loosely(self, clause: Clause) -> None:
        if not is_noise(self._message, clause):
            self._parts.loose.append(clause)

    def _takes_named(self, clause: Clause) -> bool:
        """A name and its plain answer among what is said by number."""
        names = names_in(self._tokens, clause.start, clause.end, self._book)
        questions = {one.question for one in names}
        last = self._parts.sections[-1] if self._parts.sections else None
        if len(questions) != 1 or (last and questions <= set(last.questions)):
            return False
        number = names[0].question
        ratio = self._book.kind(number) != "yes_no"
        inside = self._tokens, clause.start, clause.end
        if not answers_in(*inside, ratio=ratio, without=names):
            return False
        if ratio and not any(t.number is not None for t in self._tokens[clause.start : clause.end]):
            return False
        if not is_short_answer(self._tokens, clause, names):
            return False
        self._parts.sections.append(
            Section((number,), [(clause.start, clause.end)], "named_by_name")
        )
        return True

    def _by_name(self, clause: Clause, *, first: bool) -> None:
        sections = self._parts.sections
        start, excepted, corrects = self._after_leading(clause)
        clause = Clause(start, clause.end, clause.before)
        names = self._naming(clause)
        groups = grouped(self._tokens, names)
        pending = sections[-1] if sections and not sections[-1].runs else None
        if not groups:
            self._unnamed(clause, pending, corrects=corrects)
        elif len(groups) == 1:
            self._one_group(clause, groups[0], pending, excepted=excepted, corrects=corrects)
        else:
            self._several_groups(clause, groups)

    def _after_leading(self, clause: Clause) -> tuple[int, bool, bool]:
        at, excepted, corrects = clause.start, False, False
        while at < clause.end:
            found = report_words().longest(self._tokens[: clause.end], at)
            if found is None or not {"except", "correction"} & set(found.tags):
                break
            behind = at + found.length
            if not self._names_soon(behind, clause.end) and "correction" not in found.tags:
                break
            excepted = excepted or "except" in found.tags
            corrects = corrects or "correction" in found.tags
            at = behind
        return at, excepted, corrects

    def _names_soon(self, at: int, end: int) -> bool:
        return bool(at < end and self._book.name_at(self._tokens[:end], at))

    def _naming(self, clause: Clause) -> list[Name]:
        """The names that can be what the clause answers."""
        names = names_in(self._tokens, clause.start, clause.end, self._book)
        kept = []
        for name in names:
            ratio = self._book.kind(name.question) != "yes_no"
            if answers_in(
                self._tokens, clause.start, clause.end, ratio=ratio, without=names
            ) or self._is_name_only(clause, names):
                kept.append(name)
        if len({one.question for one in kept}) > 1:
            direct = [one for one in kept if not is_means(self._tokens, one)]
            kept = direct or kept
        return kept

    def _is_name_only(self, clause: Clause, names: Sequence[Name]) -> bool:
        return is_short_answer(self._tokens, clause, names)

    def _unnamed(self, clause: Clause, pending: Section | None, *, corrects: bool) -> None:
        says = answers_in(self._tokens, clause.start, clause.end, ratio=True) or answers_in(
            self._tokens, clause.start, clause.end, ratio=False
        )
        if pending is not None and says:
            pending.take(clause.start, clause.end)
        elif self._parts.sections:
            last = self._parts.sections[-1]
            if corrects:
                last.take(self._clause_start(clause), clause.end)
            elif not (clause.before in {"\n", "."} and is_signature(self._message, clause)):
                if shares_in(self._tokens, clause.start, clause.end) and last.runs:
                    self._wait(clause)
                else:
                    last.take(clause.start, clause.end)
        elif says:
            self._wait(clause)
        else:
            self._parts.loose.append(clause)

    def _clause_start(self, clause: Clause) -> int:
        """Where the clause begins together with its words of correction."""
        at = clause.start
        while at > 0 and self._tokens[at - 1].kind == "word":
            at -= 1
        return at

    def _wait(self, clause: Clause) -> None:
        if self._waiting:
            self._parts.loose.append(self._waiting)
        self._waiting = clause

    def _one_group(
        self, clause: Clause, group: list[Name], pending: Section | None, *, excepted: bool,
        corrects: bool,
    ) -> None:  # fmt: skip
        questions = tuple(dict.fromkeys(one.question for one in group))
        ratio = self._book.kind(questions[0]) != "yes_no"
        says = answers_in(self._tokens, clause.start, clause.end, ratio=ratio, without=group)
        section = Section(questions, [], "named_by_name", excepted=excepted, corrects=corrects)
        if says:
            section.take(clause.start, clause.end)
            if pending is not None and clause.before == ",":
                pending.joined = True
        elif self._waiting is not None:
            section.take(self._waiting.start, self._waiting.end)
            self._waiting = None
        self._parts.sections.append(section)

    def _several_groups(self, clause: Clause, groups: list[list[Name]]) -> None:
        """Several names in one breath: the answers all stand behind them, or all before them."""
        spans = [(group[0].start, group[-1].end) for group in groups]
        behind = [
            (s, n)
            for (s, _), n in zip(spans, [*(a for a, _ in spans[1:]), clause.end], strict=True)
        ]
        ahead = [
            (p, e)
            for (_, e), p in zip(spans, [clause.start, *(b for _, b in spans[:-1])], strict=True)
        ]
        named_first = not self._says(groups[0], clause.start, spans[0][0]) and all(
            self._says(group, *span) for group, span in zip(groups, behind, strict=True)
        )
        answered_first = not self._says(groups[-1], spans[-1][1], clause.end) and all(
            self._says(group, *span) for group, span in zip(groups, ahead, strict=True)
        )
        chosen = behind if named_first else ahead
        unclear = named_first == answered_first
        if unclear and not self._labels and not any(one.runs for one in self._parts.sections):
            self._parts.loose.append(clause)
            return
        for group, span in zip(groups, chosen, strict=True):
            questions = tuple(dict.fromkeys(one.question for one in group))
            self._parts.sections.append(
                Section(questions, [span], "named_by_name", unclear=unclear)
            )

    def _says(self, group: list[Name], start: int, end: int) -> bool:
        ratio = self._book.kind(group[0].question) != "yes_no"
        return answers_in(self._tokens, start, end, ratio=ratio, without=group)

    # --- the rest

    def _clauses(self, start: int, end: int, *, answering: bool = False) -> Iterator[Clause]:
        """The clauses, parted also where one about the rest begins in the middle.

        `answering`: they stand behind a label, so the first is its answer.
        """
        for clause in clauses_of(self._tokens, start, end):
            at = self._rest_inside(clause, direct=answering and not clause.before)
            if at is None:
                yield clause
                continue
            if (answering and not clause.before) or self._answers(clause.start, at):
                yield Clause(clause.start, at, clause.before)
            yield Clause(at, clause.end, " ")

    def _rest_inside(self, clause: Clause, *, direct: bool) -> int | None:
        if not direct and self._is_whole(clause):
            return None
        for at in range(clause.start + 1, clause.end):
            if self._reaches(at, clause.end) or self._excepts(at, clause):
                return at
            if not may_begin(self._tokens, at, clause.end):
                continue
            rest = rest_in(self._tokens, at, clause.end, self._book.count)
            if rest and rest.named:
                return at
            if begins_the_rest(self._tokens, at, clause.end) and not self._counts(at, clause.end):
                return at
        return None

    def _is_whole(self, clause: Clause) -> bool:
        """Whether the clause is about the rest, or says nothing, from its first word on."""
        if begins_the_rest(self._tokens, clause.start, clause.end):
            return True
        whole = rest_in(self._tokens, clause.start, clause.end, self._book.count)
        return bool(whole and whole.named) or is_noise(self._message, clause)

    def _reaches(self, at: int, end: int) -> bool:
        """Whether how to reach the writer, or thanks, begin here."""
        found = report_words().longest(self._tokens[:end], at)
        return bool(found and "contact" in found.tags)

    def _excepts(self, at: int, clause: Clause) -> bool:
        """Whether "trừ" and a name stand here, behind what is said of all."""
        found = report_words().longest(self._tokens[: clause.end], at)
        if not found or "except" not in found.tags:
            return False
        rest = rest_in(self._tokens, clause.start, at, self._book.count)
        return rest is not None and self._names_soon(at + found.length, clause.end)

    def _answers(self, start: int, end: int) -> bool:
        """Whether anything here answers a question or is about the rest."""
        inside = self._tokens, start, end
        says = answers_in(*inside, ratio=True) or answers_in(*inside, ratio=False)
        return says or rest_in(*inside, self._book.count) is not None

    def _counts(self, start: int, end: int) -> bool:
        return any(token.number is not None for token in self._tokens[start:end])

    def _takes_rest(self, clause: Clause, *, direct: bool) -> bool:
        """Whether the clause is about the rest, and not the answer to a label before it."""
        if direct:
            return False
        rest = rest_in(self._tokens, clause.start, clause.end, self._book.count)
        answered = bool(self._parts.sections and self._parts.sections[-1].runs)
        if rest and rest.aside and answered:
            return True  # "mai em gửi", "không có gì thay đổi": nothing is said of the rest
        if rest and (rest.named or not self._parts.sections):
            if rest.standing == "same" or rest.named:
                self._parts.rests.append(rest)
                return True
        if begins_the_rest(self._tokens, clause.start, clause.end) and not self._counts(
            clause.start, clause.end
        ):
            self._parts.unclear_rest = True
            return True
        return False
