"""Reading what a message answers to one question, with the careful readers of single answers."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from criteria.reading.counting_method import read_counting_method
from criteria.reading.outcome import NO, YES, Kind, Reading
from criteria.reading.reading import Explanation
from criteria.reading.whole_report.message import TypedReport
from criteria.reading.whole_report.outcome import AnswerCommand, ReportAnswer
from criteria.reading.words.folding import clean
from criteria.reading.words.tokens import tokenize
from criteria.reading.yes_no.sentence import sentence

Spans = Sequence[tuple[int, int]]  # of tokens

_COMMANDS: dict[str, AnswerCommand] = {"same": "same", "skip": "skip", "unknown": "unknown"}
_TICKS, _CROSSES = frozenset("✅✔☑"), frozenset("❌✖✗✘")
_EMPTY_BOXES = re.compile(
    r"(?:[☐□◻⬜▫]|\[\s*\])\s*(?:ch[ưu]a c[óo]|ch[ưu]a|c[óo]|kh[ôo]ng)?", re.IGNORECASE
)
_FULL_BOX = re.compile(
    r"(?:☑|✅|☒|■|\[\s*[xXvV✓✔]\s*\])\s*(?=ch[ưu]a|c[óo]|kh[ôo]ng)", re.IGNORECASE
)
_FILLED_QUESTION = re.compile(
    r"\b(?:bao nhi[êe]u|kh[ôo]ng|ch[ưu]a|how many)\b[^?]*\?", re.IGNORECASE
)
# Signs that precede an answer; "-5" keeps its sign.
_LEADING = re.compile(
    r"^(?:[\s,;:.=>→|•*]|-(?!\d)|(?:(?:sửa|sua|đổi|doi|chỉnh|chinh)\s+(?:lại\s+|lai\s+)?)?"
    r"\b(?:thì|thi|là|la|thành|thanh)\s+)*",
    re.IGNORECASE,
)
_TWO_CELLS = re.compile(r"(?:^|(?<=[|\s]))(\d[\d.]*)\s*\|\s*(\d[\d.]*)(?=\s*(?:\||$))")
# The reader of one answer also gives these reasons when only the question's name is unknown to it.
_OF_A_NAME = frozenset({"not_understood", "number_expected", "unit_mixed", "only_total"})
_SIGNS = " \n,;:.=→>-|•*"


def answer_of(number: int, spans: Spans, message: TypedReport, rule: str) -> ReportAnswer:
    """Read the answer to this question in its part; `rule` says how the question was named.

    It never raises, for any text.
    """
    kind = message.book.kind(number)
    text = text_of(message, spans)
    if kind is None:
        return ReportAnswer(number, "ask", reason="no_such_question", text=text, rules=(rule,))
    correction = _correction(spans, message)
    if correction is not None:
        answer = _corrected(number, spans, correction, message, kind)
    else:
        answer = _read(number, spans, message, kind)
    return replace(answer, text=text, rules=(rule, *answer.rules))


def text_of(message: TypedReport, spans: Spans, without: Iterable[tuple[int, int]] = ()) -> str:
    """Return the words of these spans, without the tokens of the spans in `without`."""
    left_out = {at for start, end in without for at in range(start, end)}
    parts: list[str] = []
    for start, end in spans:
        begin = start
        for at in range(start, end + 1):
            if at == end or at in left_out:
                parts.append(message.part(begin, at))
                begin = at + 1
    return " ".join(part for part in parts if part)


def _answer_of_reading(number: int, reading: Reading, rules: tuple[str, ...]) -> ReportAnswer:
    command = _COMMANDS.get(reading.command or "")
    if command:
        return ReportAnswer(number, "value", command=command, rules=rules)
    if reading.value is None or reading.outcome == "command" or reading.outcome == "ask":
        reason = reading.reason or "not_understood"
        return ReportAnswer(number, "ask", reason=reason, rules=rules)
    return ReportAnswer(number, reading.outcome, reading.value, None, reading.reason, rules=rules)


# --- one answer


def _read(number: int, spans: Spans, message: TypedReport, kind: Kind) -> ReportAnswer:
    """Read the part as it is and without the name of the question; return what both agree on."""
    whole = _plain(text_of(message, spans), message)
    if not whole:
        return ReportAnswer(number, "ask", reason="no_answer")
    bare = _plain(text_of(message, spans, _own_names(spans, number, message)), message) or whole
    if kind == "yes_no":
        picture = _picture(bare)
        if picture is not None:
            return _answer_of_reading(number, picture, ("picture",))
        # here no numbered buttons are shown, so a bare number is no choice
        if bare.strip(" .,").isdecimal():
            return ReportAnswer(number, "ask", reason="yes_no_expected", rules=("figure_alone",))
    described = dict.fromkeys(filter(None, map(_after_description, (bare, whole))))
    explain = message.book.questions[number].explain
    best = _agreed([explain(text) for text in described]) if described else None
    if best is None or best.reading.outcome == "ask":
        best = _with_or_without_name(explain(whole), explain(bare))
    answer = _answer_of_reading(number, best.reading, best.rules)
    figures = sum(message.is_figure(at) for start, end in spans for at in range(start, end))
    if kind == "yes_no" and figures > 1 and answer.value is not None:
        return replace(answer, outcome="confirm", reason="other_words")  # 2 camera 3 chưa có
    return answer


def _with_or_without_name(whole: Explanation, bare: Explanation) -> Explanation:
    """Combine both readings. A doubt that only the whole part shows ("camera hong") counts."""
    doubted = whole.reading.outcome == "ask" and whole.reading.reason not in _OF_A_NAME
    return whole if doubted else _agreed([bare, whole])


def _agreed(found: Sequence[Explanation]) -> Explanation:
    """Return a value that no other reading contradicts, else a likely one, else a question."""
    values = {one.reading.text_form for one in found if one.reading.value is not None}
    commands = [one for one in found if one.reading.command in _COMMANDS]
    sure = [one for one in found if one.reading.outcome == "value"]
    if len(values) > 1 or (sure and commands):
        return Explanation(Reading("ask", reason="contradictory"), ("readings_differ",), ())
    likely = [one for one in found if one.reading.outcome == "confirm"]
    return (sure or commands or likely or list(found))[0]


def _plain(text: str, message: TypedReport) -> str:
    """Return the answer without leading signs and without the question and boxes of a form."""
    text, _ = read_counting_method(text)
    if _FULL_BOX.search(text):
        text = _FULL_BOX.sub(" ", _EMPTY_BOXES.sub(" ", text))
    asked = [found.end() for found in _FILLED_QUESTION.finditer(text)]
    if asked and text[asked[-1] :].strip(_SIGNS):
        text = text[asked[-1] :]
    return _LEADING.sub("", _cells(text, message.total_last).rstrip(_SIGNS))


def _cells(text: str, total_last: bool | None) -> str:
    """Return the cells of a row as words; two counts under a heading with a total are a share."""
    counts = _TWO_CELLS.search(text)
    if counts and total_last is not None:
        part, total = counts.groups() if total_last else reversed(counts.groups())
        text = f"{text[: counts.start()]} {part}/{total} {text[counts.end() :]}"
    return text.replace("|", ", ").strip(" ,")


def _after_description(text: str) -> str:
    """Return the answer after a description: "Số người có điện thoại: 350/400"; else ""."""
    before, _, after = text.rpartition(":")
    described = len(before.split()) > 1 and not any(c.isdigit() for c in before)
    return after.strip() if described else ""


def _picture(text: str) -> Reading | None:
    reply = sentence(tokenize(clean(text)))
    if any(word.part not in {"stop", "thumb_down"} for word in reply.content):
        return None
    signs = {word.text for word in reply.words if word.part in {"picture", "thumb_down"}}
    if signs and signs <= _TICKS:
        return Reading("value", YES)
    return Reading("value", NO) if signs and signs <= _CROSSES else None


def _own_names(spans: Spans, number: int, message: TypedReport) -> Iterator[tuple[int, int]]:
    """Return the tokens of the names of this question, without the other words between theirs."""
    for start, end in spans:
        at = start
        while at < end:
            name = message.name(at, end)
            if name is None or name.question != number:
                at += 1
                continue
            begin = at
            for inside in (*name.inside, name.end):
                yield begin, inside
                begin = inside + 1
            at = name.end


# --- a correction in the same message


def _correction(spans: Spans, message: TypedReport) -> tuple[int, int] | None:
    """Return the place of the last words of correction; None if there are none."""
    place = None
    for start, end in spans:
        at = start
        while at < end:
            parts, length = message.phrase(at, end)
            if "correction" in parts:
                place = at, at + length
            at += max(1, length)
    return place


def _corrected(
    number: int, spans: Spans, place: tuple[int, int], message: TypedReport, kind: Kind
) -> ReportAnswer:
    """Return the answer after the words of correction, to be confirmed."""
    after = _spans_between(spans, place[1], len(message.tokens))
    first = _read(number, _spans_between(spans, 0, place[0]), message, kind)
    second = _read(number, after, message, kind)
    rules = ("correction", *second.rules)
    if second.reason == "no_answer" and first.content is not None:
        second = first
    if second.content is None or _may_deny(number, after, place, second, message, kind):
        return ReportAnswer(number, "ask", reason="two_answers", rules=rules)
    return ReportAnswer(number, "confirm", second.value, second.command, "corrected", rules=rules)


def _may_deny(
    number: int,
    after: Spans,
    place: tuple[int, int],
    answer: ReportAnswer,
    message: TypedReport,
    kind: Kind,
) -> bool:
    """Return whether the "không" of "à không" may be part of the answer: "chưa, à không có"."""
    if "không" not in message.words_at(place[1] - 1) or message.text_at(place[1]) == ",":
        return False
    denied = _read(number, [(place[1] - 1, place[1]), *after], message, kind)
    return denied.value is not None and denied.value != answer.value


def _spans_between(spans: Spans, first: int, last: int) -> list[tuple[int, int]]:
    """Return the parts of the spans between two tokens."""
    cut = [(max(start, first), min(end, last)) for start, end in spans]
    return [(start, end) for start, end in cut if start < end]
