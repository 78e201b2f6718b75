"""Labels with a word or a code: "câu 3", "c3", "câu ba", "câu 3-4", "câu 3 và câu 4", "KT1"."""

from criteria.reading.whole_report.labels.label import (
    PICTURES,
    Label,
    begins_an_answer,
    closed_label,
)
from criteria.reading.whole_report.message import TypedReport
from criteria.reading.words.number_vocabulary import DIGITS

_ORDINALS = {**{w: n for w, n in DIGITS.items() if n}, "tư": 4, "nhất": 1, "nhì": 2, "mười": 10}
_LONGEST_RANGE = 99
_GOES_ON = frozenset({":", "=", ",", ";", "-", "&", "+", "\n", ".", "!", ""})
_LEADS_ON = frozenset({"and", "to", "onwards", "same"})
_PLURAL = frozenset({"các", "những", "mấy"})


def numbered(message: TypedReport, at: int) -> Label | None:
    """Return the label that begins with "câu" here, with all its numbers; else None."""
    start = at
    if "từ" in message.words_at(at) and _word_for_question(message, at + 1):
        at += 1
    length = _word_for_question(message, at)
    if length and "từ" in message.words_at(at + length):
        length += 1  # các câu từ 2 đến 8
    first = _number(message, at + length, spoken=True) if length else None
    if first is None:
        return None
    end = at + length + 1
    spoken = not message.is_number(end - 1)
    if message.text_at(end) == "/" and message.number(end + 1) == message.book.count:
        end += 2 if message.text_at(end + 2) != "/" else 0  # "Câu 3/8" as the bot writes it
    questions, end = further(message, [first], end, spoken=spoken)
    parts, more = message.phrase(end)
    if "onwards" in parts:
        questions, end = _range(questions[-1], message.book.count), end + more
    return closed_label(message, start, end, questions, "number")


def coded(message: TypedReport, at: int) -> Label | None:
    """Return the label that is a code: KT1, kt-1. A code that is not asked here has no question."""
    letters = message.text_at(at)
    if letters not in message.book.code_letters or message.tokens[at].kind != "word":
        return None
    end = at + 1
    if message.text_at(end) in {"-", "."} and message.touches(end):
        end += 1
    beside = end < len(message.tokens) and message.part(end - 1, end + 1)
    if not beside or " " in beside or message.number(end, most=None) is None:
        return None
    number = message.book.coded(letters + message.text_at(end))
    return closed_label(message, at, end + 1, [] if number is None else [number], "code")


def further(
    message: TypedReport, questions: list[int], end: int, *, spoken: bool
) -> tuple[list[int], int]:
    """Return all numbers of a label that has these so far, and its end: ", 4", "và câu 4", "-4"."""
    while True:
        connector, at = _connector(message, end)
        again = _word_for_question(message, at)
        number = _number(message, at + again, spoken=bool(again) or spoken)
        behind = at + again + 1
        if not connector or number is None:
            return questions, end
        if not _adds_question(message, connector, questions[-1], number, behind, again=bool(again)):
            return questions, end
        more = _range(questions[-1], number) if connector == "to" else [number]
        questions, end = [*questions, *(n for n in more if n not in questions)], behind


def _word_for_question(message: TypedReport, at: int) -> int:
    """Return how many tokens form the word "câu"; 0 if it is not here."""
    if message.text_at(at) == "c":
        spaces = (
            message.tokens[at + 1].start - message.tokens[at].end if message.text_at(at + 1) else 9
        )
        if message.number(at + 1) is not None:
            return 1 if spaces < 2 else 0
        return 2 if message.text_at(at + 1) == "." and message.number(at + 2) is not None else 0
    parts, length = message.phrase(at)
    return length if "question" in parts else 0


def _connector(message: TypedReport, at: int) -> tuple[str, int]:
    """Return what joins two numbers here ("and", "to", "/", ",", " " for nothing), and its end."""
    sign = message.text_at(at)
    if sign in {",", "&", "+"}:
        if sign == "," and "và" not in message.words_at(at + 1):
            return ",", at + 1
        return "and", at + (2 if sign == "," else 1)
    if sign in {"-", "/"}:
        return ("to" if sign == "-" else "/"), at + 1
    parts, length = message.phrase(at)
    tag = next((tag for tag in ("and", "to") if tag in parts), None)
    return (tag, at + length) if tag else (" ", at)


def _adds_question(
    message: TypedReport, connector: str, last: int, number: int, behind: int, *, again: bool
) -> bool:
    """Return whether the number is one more question, and not an answer or a count."""
    book = message.book
    if again:
        return connector in {"and", "to"}
    if not 0 < number <= book.count or message.text_at(behind) in {"/", "%"}:
        return False
    figure = message.is_number(behind - 1)
    if figure and _counts(message, behind):
        return False
    if connector in {" ", "/"} or (connector == "," and not figure):
        while connector == " " and book.kind(message.number(behind) or 0) == "yes_no":
            behind += 1
        yes_no = book.kind(last) == book.kind(number) == "yes_no"
        return yes_no and number != last and _answers_yes_no(message, behind)
    if connector == "to" and number <= last:
        return False
    if message.text_at(behind) in _GOES_ON or message.is_number(behind):
        return True
    if message.has(behind, "plain"):
        return True
    return begins_an_answer(message, behind) or bool(message.phrase(behind)[0] & _LEADS_ON)


def _counts(message: TypedReport, at: int) -> bool:
    """Return whether a unit or an object follows the number: "5 người", "3 camera"."""
    if at >= len(message.tokens) or message.tokens[at].kind != "word":
        return False
    if begins_an_answer(message, at) or message.has(at, "plain"):
        return False
    return not message.phrase(at)[0] & _LEADS_ON


def _answers_yes_no(message: TypedReport, at: int) -> bool:
    known = message.words_at(at)
    says = not known.isdisjoint({"có", "chưa", "không", "đều", "cũng", "yes", "no", "not"})
    return says or message.text_at(at) in PICTURES | {":"}


def _range(first: int, last: int) -> list[int]:
    if not first <= last <= first + _LONGEST_RANGE:
        return [first]
    return list(range(first, last + 1))


def _number(message: TypedReport, at: int, *, spoken: bool) -> int | None:
    number = message.number(at)
    if number is not None or not spoken or at >= len(message.tokens):
        return number
    plural = not _PLURAL.isdisjoint(message.words_at(at - 2)) and "câu" in message.words_at(at - 1)
    if message.tokens[at].kind != "word" or (plural and message.tokens[at].unmarked):
        return None  # "cac cau sau" means the following questions
    known = message.words_at(at)
    return next((n for word, n in _ORDINALS.items() if word in known), None)
