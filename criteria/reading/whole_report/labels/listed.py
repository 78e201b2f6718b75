"""Labels that are only numbers: marks of a list ("3:", "3)", "3/"), and "3 có", "3,4 có"."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from criteria.reading.whole_report.labels.label import (
    PICTURES,
    Label,
    begins_an_answer,
    closed_label,
)
from criteria.reading.whole_report.labels.numbered import coded, further, numbered
from criteria.reading.whole_report.message import YEARS, TypedReport
from criteria.reading.words.vocabulary import section

_SIGNS = frozenset({":", ")", ".", "/", "-", "=", "|", "→", ">", ","})
_BREAKS = frozenset("\n;,.|!•*+-:·–#")
_YES_NO = frozenset({"có", "chưa", "không", "đều", "yes", "no", "not"})
_NOT = frozenset({"chưa", "không", "no", "not"})
_ALL_OF_THEM = frozenset({"đủ", "tất", "hết"})
_OF = frozenset({"trên", "trong"})
_AND = frozenset({",", "-", "&", "+", "và", "với", "va", "voi"})
_MONTHS = 12


def listed(message: TypedReport, at: int) -> Label | None:
    """Return the list mark here, or the label "câu 3" or code that follows it, or None."""
    if message.text_at(at) + message.text_at(at + 2) in {"()", "[]"}:
        number = message.number(at + 1)
        return _item(message, at, at + 3, number, ")") if number else None
    number, sign = message.number(at), message.text_at(at + 1)
    if not number or sign not in _SIGNS or (sign in ")./," and not message.touches(at + 1)):
        return None
    if _is_date(message, at) or (sign == "|" and not _begins_line(message, at)):
        return None
    if sign == "," and message.text_at(at - 1) not in {"", "\n"}:
        return None
    return _item(message, at, at + 2, number, sign)


def several(message: TypedReport, at: int) -> Label | None:
    """Return a label with several numbers: "3,4 có", "3-4 có"; an answer must follow."""
    number = message.number(at)
    if number is None or message.book.kind(number) is None:
        return None
    questions, end = further(message, [number], at + 1, spoken=False)
    if len(questions) == 1 or not (
        begins_an_answer(message, end) or message.text_at(end) in {":", "="}
    ):
        return None
    return closed_label(message, at, end, questions, "bare")


def bare(message: TypedReport, at: int, found: Sequence[Label], *, begins: bool) -> Label | None:
    """Return a number directly before an answer of the kind of its question; None otherwise.

    `begins`: a piece of the message begins here, so digits alone are an answer too.
    """
    number = message.number(at)
    kind = message.book.kind(number) if number is not None else None
    if number is None or kind is None:
        return None
    label = Label(at, at + 1, (number,), "bare")
    if kind == "yes_no":
        return label if _says_yes_or_no(message, at, number, found) else None
    share = message.text_at(at + 2) == "/" or not _OF.isdisjoint(message.words_at(at + 2))
    alone = begins and _is_plain(message, at + 2, number)
    if message.number(at + 1, most=None) is not None and (share or alone):
        return label
    return label if begins and not _ALL_OF_THEM.isdisjoint(message.words_at(at + 1)) else None


def begins_a_piece(message: TypedReport, at: int, found: Sequence[Label]) -> bool:
    """Return whether a piece of the message begins here: after a pause, or "và" after an answer."""
    if at == 0:
        return True
    before = message.text_at(at - 1)
    if message.is_glued(at - 1) and at > 1 and message.is_number(at - 2):
        last = found[-1] if found and before == "," else None  # 1:350,2:9
        return last is not None and (last.way == "bare" or last.sign == message.text_at(at + 1))
    table = any(one.sign == "|" for one in found)
    in_a_row = table and before == "|" and not _begins_line(message, at)
    if in_a_row or (before == ":" and found):
        return False
    if before == "-":
        first = message.text_at(at - 2) in {"", "\n"}
        return first or not (message.touches(at - 1) or message.touches(at))
    if message.tokens[at - 1].kind == "sign":
        return before in _BREAKS or not before.isascii()
    return bool(found) and not message.words_at(at - 1).isdisjoint({"và", "còn"})


def follows_an_answer(message: TypedReport, at: int, found: Sequence[Label]) -> bool:
    """Return whether the answer of the previous label ends here."""
    if not found or at == 0:
        return False
    if message.is_number(at - 1):
        return message.text_at(at - 2) == "/" or "trên" in message.words_at(at - 2)
    return message.text_at(at - 1) in PICTURES or message.has(at - 1, "ending")


def goes_on(message: TypedReport, at: int, last: Label) -> bool:
    """Return whether a list with these marks continues here: "(2)" after "(1)", "2)" after "1)"."""
    if last.way != "list":
        return False
    if message.text_at(at) in {"(", "["}:
        return last.sign == ")"
    return message.number(at) == last.questions[0] + 1 and message.text_at(at + 1) == last.sign


def is_one_more(message: TypedReport, at: int) -> bool:
    """Return whether it continues an enumeration, as the 4 of "khu 3, 4 có"."""
    place = at
    while place > 1 and message.text_at(place - 1) in _AND:
        if message.number(place - 2) is None:
            return False
        place -= 2
    return place < at and not message.words_at(place - 1).isdisjoint(_numbered_things())


def is_marked_alike(message: TypedReport, at: int, found: Sequence[Label]) -> bool:
    """Return whether a proven mark with an earlier sign is here: "1/ 10, em ở khu 3, 6/ 2/2"."""
    mark = listed(message, at)
    return mark is not None and mark.proven and any(one.sign == mark.sign for one in found)


def _item(message: TypedReport, start: int, end: int, number: int, sign: str) -> Label:
    if sign == "-" and message.text_at(end) == ">":
        end += 1
    inner = numbered(message, end) or coded(message, end)
    if inner and sign != ",":
        return replace(inner, start=start)
    sure = sign in ")|→>=" or (sign != "," and _is_proven(message, end, sign))
    return Label(start, end, (number,), "list", closed=True, sign=sign, proven=sure)


def _is_proven(message: TypedReport, at: int, sign: str) -> bool:
    """Return whether the text after the sign cannot form a figure with the number before it."""
    if not message.is_number(at):
        return True
    second, spaced = message.text_at(at + 1), not message.touches(at)
    if sign == "/":
        return spaced or second == "/"
    share = second in {"/", "\\"} or not _OF.isdisjoint(message.words_at(at + 1))
    return share or (spaced and sign in ":.")


def _is_date(message: TypedReport, at: int) -> bool:
    """Return whether a date is here: 5/11/2026, 11/2026."""
    sign, next_sign = message.text_at(at + 1), message.text_at(at + 3)
    second, third = message.number(at + 2, most=None), message.number(at + 4, most=None)
    if sign not in {"/", "-", "."}:
        return False
    if second in YEARS and next_sign != "/":
        return True
    return next_sign == sign and third in YEARS and second is not None and second <= _MONTHS


def _begins_line(message: TypedReport, at: int) -> bool:
    while message.text_at(at - 1) == "|":
        at -= 1
    return message.text_at(at - 1) in {"", "\n", ":", ".", "!"}


def _says_yes_or_no(message: TypedReport, at: int, number: int, found: Sequence[Label]) -> bool:
    if message.text_at(at + 1) in PICTURES:
        return True
    known = message.words_at(at + 1)
    if known.isdisjoint(_YES_NO) or not _is_plain(message, at + 1, number):
        return False
    negated = not known.isdisjoint(_NOT) and "có" not in known
    return not (negated and _may_count_the_rest(message, at, number, found))


def _is_plain(message: TypedReport, at: int, number: int) -> bool:
    """Return whether only a plain answer and the question's name are here, up to the next pause."""
    while at < len(message.tokens) and message.tokens[at].kind == "word":
        plain = message.has(at, "plain") or message.book.names_word(number, message.words_at(at))
        if not plain:
            return bool(numbered(message, at)) or message.phrase(at)[1] > 0
        at += 1
    return True


def _may_count_the_rest(message: TypedReport, at: int, number: int, found: Sequence[Label]) -> bool:
    """Return whether it may count the remaining people, as the 3 of "câu 1: 397/400, 3 chưa có"."""
    if not found or any(one.way == "bare" for one in found):
        return False
    numbers = [t.number for t in message.tokens[found[-1].end : at] if t.number is not None]
    return bool(numbers) and (
        len(numbers) == 1 or numbers[1] - numbers[0] == number or len(numbers) > 2
    )


@cache
def _numbered_things() -> frozenset[str]:
    """Return the words whose numbers are not questions: khu, tháng, ngày, ngõ, lớp."""
    labels = section("labels")
    phrases = (*section("figures")["no_count_before"], *labels["area"], *labels["period"])
    return frozenset(phrase[-1] for phrase in phrases) - {"câu", "mục", "số", "tiêu"}
