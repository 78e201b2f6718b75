"""Reading what a message says of one question: the careful readers, on the part that is about it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from criteria.reading.how import said_how
from criteria.reading.outcome import NO, YES, Kind, Reading
from criteria.reading.reading import explain
from criteria.reading.tokens import Token
from criteria.reading.whole_report.message import Message
from criteria.reading.whole_report.outcome import ReportAnswer, ReportReason, Standing
from criteria.reading.whole_report.questions import QuestionBook, report_words

_STANDING: frozenset[str] = frozenset({"same", "skip", "unknown"})
_TICKS, _CROSSES = frozenset("✅✔☑"), frozenset("❌✖✗✘")
_EMPTY_BOXES = re.compile(r"(?:[☐□◻⬜▫]|\[\s*\])\s*(?:chưa có|chưa|có|không)?", re.IGNORECASE)
_FULL_BOX = re.compile(r"(?:☑|✅|☒|■|\[\s*[xXvV✓✔]\s*\])\s*(?=chưa|có|không)", re.IGNORECASE)
_FILLED_QUESTION = re.compile(r"\b(?:bao nhiêu|không|chưa|how many)\b[^?]*\?", re.IGNORECASE)
# What leads to an answer; "-5" keeps its sign.
_LEADING = re.compile(
    r"^(?:[\s,;:.=>→|•*]|-(?!\d)|(?:(?:sửa|sua|đổi|doi|chỉnh|chinh)\s+(?:lại\s+|lai\s+)?)?"
    r"\b(?:thì|thi|là|la|thành|thanh)\s+)*",
    re.IGNORECASE,
)
_TWO_CELLS = re.compile(r"(?:^|(?<=[|\s]))(\d[\d.]*)\s*\|\s*(\d[\d.]*)(?=\s*(?:\||$))")
_SURE, _LIKELY = "value", "confirm"


@dataclass(frozen=True, slots=True)
class Said:
    """A part of the message that answers one question: its tokens, in runs."""

    runs: tuple[tuple[int, int], ...]

    def text(self, message: Message, without: Iterable[tuple[int, int]] = ()) -> str:
        """The words, without the tokens of some spans."""
        left_out = {n for start, end in without for n in range(start, end)}
        parts: list[str] = []
        for start, end in self.runs:
            at = start
            while at < end:
                stop = at
                while stop < end and stop not in left_out:
                    stop += 1
                parts.append(message.part(at, stop))
                at = stop + 1
        return " ".join(part for part in parts if part)


def answer_of(
    number: int, said: Said, message: Message, book: QuestionBook, rule: str
) -> ReportAnswer:
    """What this part says at this question. Never raises, whatever stands there."""
    kind = book.kind(number)
    text = said.text(message)
    if kind is None:
        return _asked(number, text, "no_such_question", rule)
    corrected = _corrected(said, message)
    if corrected is not None:
        return _after_correction(number, said, corrected, message, book, kind, rule)
    reading, rules = _read(said, number, message, book, kind)
    return _answer(number, text, reading, (rule, *rules))


def _answer(number: int, text: str, reading: Reading, rules: tuple[str, ...]) -> ReportAnswer:
    if reading.outcome == "command":
        if reading.command in _STANDING:
            standing: Standing = reading.command  # type: ignore[assignment]
            return ReportAnswer(number, "value", None, standing, None, text, rules)
        return ReportAnswer(number, "ask", reason="not_understood", text=text, rules=rules)
    if reading.outcome == "ask" or reading.value is None:
        return ReportAnswer(number, "ask", reason=reading.reason, text=text, rules=rules)
    outcome = "value" if reading.outcome == "value" else "confirm"
    return ReportAnswer(
        number,
        outcome,
        reading.value,
        None,
        reading.reason,
        text,
        rules,  # type: ignore[arg-type]
    )


def _asked(number: int, text: str, reason: ReportReason, *rules: str) -> ReportAnswer:
    return ReportAnswer(number, "ask", reason=reason, text=text, rules=rules)


# --- one answer


def _read(
    said: Said, number: int, message: Message, book: QuestionBook, kind: Kind
) -> tuple[Reading, tuple[str, ...]]:
    """The best that the part's readings agree on: as it stands, and without the question's name."""
    whole = _prepared(said.text(message))
    if not whole:
        return Reading("ask", reason="no_answer"), ()  # type: ignore[arg-type]
    whole = _cells(whole, message.total_last)
    bare = _prepared(said.text(message, _own_names(said, number, message, book)))
    bare = _cells(bare, message.total_last)
    picture = _picture(bare, kind)
    if picture is not None:
        return picture, ("picture",)
    if kind == "yes_no" and _is_figure(bare):
        return Reading("ask", reason="yes_no_expected"), ("figure_alone",)
    variants = [whole]
    if bare and bare != whole:
        variants.insert(0, bare)
    for variant in list(variants):
        after = _after_description(variant)
        if after:
            variants.append(after)
    found = [explain(text, kind) for text in dict.fromkeys(variants)]
    found = [one for one in found if one.reading.command != "edit"] or found
    best = _agreed([one.reading for one in found])
    rules = next((one.rules for one in found if one.reading == best), ())
    return best, rules


def _agreed(readings: Sequence[Reading]) -> Reading:
    """A value that no other reading contradicts, else what is likely, else what is asked."""
    values = {r.text_form for r in readings if r.value is not None}
    standing = [r for r in readings if r.command in _STANDING]
    sure = any(reading.outcome == _SURE for reading in readings)
    if len(values) > 1 or (sure and standing):
        return Reading("ask", reason="contradictory")
    if standing:
        return standing[0]
    for outcome in (_SURE, _LIKELY):
        for reading in readings:
            if reading.outcome == outcome:
                return reading
    return readings[0]


def _prepared(text: str) -> str:
    text, _ = said_how(text)
    if _FULL_BOX.search(text):
        text = _EMPTY_BOXES.sub(" ", text)
        text = _FULL_BOX.sub(" ", text)
    asked = [found.end() for found in _FILLED_QUESTION.finditer(text)]
    if asked and text[asked[-1] :].strip(" \n,.:;|-"):
        text = text[asked[-1] :]
    text = text.rstrip(" \n,;:.=→>-|•*")
    return _LEADING.sub("", text)


def _cells(text: str, total_last: bool | None) -> str:
    """A row's cells as words; two counts under a heading that has the total are a share."""
    counts = _TWO_CELLS.search(text)
    if counts and total_last is not None:
        part, total = counts.groups() if total_last else reversed(counts.groups())
        text = f"{text[: counts.start()]} {part}/{total} {text[counts.end() :]}"
    return text.replace("|", ", ").strip(" ,")


def _after_description(text: str) -> str:
    """The answer behind a description: "Số người có điện thoại: 350/400"."""
    before, colon, after = text.rpartition(":")
    if not colon or not after.strip() or any(c.isdigit() for c in before):
        return ""
    return after.strip() if len(before.split()) > 1 else ""


def _picture(text: str, kind: Kind) -> Reading | None:
    signs = {c for c in text if not c.isspace() and c != "\ufe0f"}
    if kind != "yes_no" or not signs:
        return None
    if signs <= _TICKS:
        return Reading("value", YES)
    return Reading("value", NO) if signs <= _CROSSES else None


def _is_figure(text: str) -> bool:
    return text.strip(" .,").isdecimal()


def _own_names(
    said: Said, number: int, message: Message, book: QuestionBook
) -> Iterator[tuple[int, int]]:
    """The tokens of this question's names, without what parts their words."""
    for start, end in said.runs:
        at = start
        while at < end:
            name = book.name_at(message.tokens[:end], at)
            if name is None or name.question != number:
                at += 1
                continue
            run = at
            for gap in (*name.inside, name.end):
                if run < gap:
                    yield run, gap
                run = gap + 1
            at = name.end


# --- a correction in the same breath


def _corrected(said: Said, message: Message) -> tuple[int, int] | None:
    """The words of correction between two answers: the place of the last."""
    found: tuple[int, int] | None = None
    for start, end in said.runs:
        at = start
        while at < end:
            phrase = report_words().longest(message.tokens[:end], at)
            if (
                phrase
                and "correction" in phrase.tags
                and _is_spoken_aside(message.tokens, at, start)
            ):
                found = at, at + phrase.length
                at += phrase.length
            else:
                at += phrase.length if phrase and phrase.length > 1 else 1
    return found


def _is_spoken_aside(tokens: Sequence[Token], at: int, start: int) -> bool:
    return "không" not in tokens[at].known or at > start


def _after_correction(
    number: int, said: Said, place: tuple[int, int], message: Message, book: QuestionBook,
    kind: Kind, rule: str,
) -> ReportAnswer:  # fmt: skip
    before = Said(tuple(_cut(said.runs, 0, place[0])))
    behind = Said(tuple(_cut(said.runs, place[1], len(message.tokens))))
    first, _ = _read(before, number, message, book, kind)
    second, rules = _read(behind, number, message, book, kind)
    text = said.text(message)
    rules = (rule, "correction", *rules)
    if second.value is None and second.command not in _STANDING:
        if second.reason == "no_answer" and first.value is not None:
            return ReportAnswer(number, "confirm", first.value, None, "corrected", text, rules)
        return ReportAnswer(number, "ask", reason="two_answers", text=text, rules=rules)
    phrase = message.part(*place)
    if phrase.lower().endswith(("không", "khong", "ko", "k")) and "," not in message.part(
        place[1] - 1, min(place[1] + 1, len(message.tokens))
    ):
        other = explain(f"không {_prepared(behind.text(message))}", kind).reading
        if other.value is not None and other.value != second.value:
            return ReportAnswer(number, "ask", reason="two_answers", text=text, rules=rules)
    answer = _answer(number, text, second, rules)
    return ReportAnswer(number, "confirm", answer.value, answer.standing, "corrected", text, rules)


def _cut(runs: Iterable[tuple[int, int]], first: int, last: int) -> Iterator[tuple[int, int]]:
    for start, end in runs:
        if max(start, first) < min(end, last):
            yield max(start, first), min(end, last)
