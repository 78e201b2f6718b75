"""Where a message names questions by number or code: "câu 3", "c3", "3:", "3/", "3 có", "KT1"."""

from collections.abc import Sequence
from functools import cache
from dataclasses import dataclass
from typing import Literal

from criteria.reading.number_vocabulary import DIGITS
from criteria.reading.tokens import Token
from criteria.reading.vocabulary import section
from criteria.reading.whole_report.questions import QuestionBook, report_words

Way = Literal["number", "code", "list", "bare"]

_ORDINALS = {**{w: n for w, n in DIGITS.items() if n}, "tư": 4, "nhất": 1, "nhì": 2, "mười": 10}
_LARGEST = 99
_BREAKS = frozenset("\n;,.|!•*+-:·–#")
_CLOSING = frozenset(":=)→>|")
_YES_NO = frozenset({"có", "chưa", "không", "đều"})
_NOT = frozenset({"chưa", "không"})
_ENDS = frozenset(
    {"có", "rồi", "chưa", "không", "ạ", "nhé", "hết", "cả", "đủ", "biết", "rõ", "sau", "cũ", "trước",
     "nguyên", "thế", "tượng"}
)  # fmt: skip
_PLAIN_WORDS = _YES_NO | {"rồi", "ạ", "nhé", "nha", "hết", "cả", "đã", "luôn", "thôi", "em", "bác",
                          "anh", "chị", "cũng", "được", "thì", "còn", "và"}  # fmt: skip
_ALL_OF = frozenset({"đủ", "tất", "hết"})
_MARKS = frozenset("✅✔☑❌✖✗✘")
_YEARS = range(1990, 2101)


@dataclass(frozen=True, slots=True)
class Label:
    """One or more questions named by `tokens[start:end]`.

    `closed`: a colon or the like stands behind it, so what follows is its own.
    """

    start: int
    end: int
    questions: tuple[int, ...]
    way: Way
    closed: bool = False
    sign: str = ""
    proven: bool = True


_AND = frozenset({"và", "với", "va", "voi"})


@cache
def _numbered_things() -> frozenset[str]:
    """Words whose numbers are no questions: khu, tháng, ngày, ngõ, lớp."""
    figures, labels = section("figures")["no_count_before"], section("labels")
    phrases = (*figures, *labels["area"], *labels["period"])
    return frozenset(phrase[-1] for phrase in phrases) - {"câu", "mục", "số", "tiêu"}


def labels_in(tokens: Sequence[Token], book: QuestionBook) -> list[Label]:
    """The labels in their order; marks that may as well be figures only where others prove them."""
    finder = _Finder(tokens, book)
    return _proven(finder.all(), tokens, book)


class _Finder:
    def __init__(self, tokens: Sequence[Token], book: QuestionBook) -> None:
        self._tokens = tokens
        self._book = book
        self._found: list[Label] = []

    def all(self) -> list[Label]:
        at = 0
        while at < len(self._tokens):
            label = self._label(at)
            if label is None:
                at += 1
                continue
            self._found.append(label)
            at = label.end
        return self._found

    def _label(self, at: int) -> Label | None:
        named = self._numbered(at) or self._coded(at)
        if named:
            return named
        last = self._found[-1] if self._found else None
        if last and last.end == at and (last.closed or last.way != "list"):
            return None
        if self._is_one_more(at):
            return None
        if self._begins(at):
            return self._several(at) or self._listed(at) or self._bare(at, begins=True)
        brackets = self._text(at) in {"(", "["} and last is not None and last.sign == ")"
        if brackets or self._follows_an_answer(at):
            return self._listed(at) or self._several(at) or self._bare(at, begins=False)
        return None

    def _is_one_more(self, at: int) -> bool:
        """So the 4 of "khu 3, 4 có": one more of what the word before counts."""
        place = at
        while place > 1 and self._tokens[place - 1].text in {",", "-", "&", "+"} | _AND:
            if self._number_at(place - 2) is None:
                return False
            place -= 2
        before = self._known(place - 1)
        return place < at and not before.isdisjoint(_numbered_things())

    # --- câu 3, câu ba, câu 3-4, câu 3 và câu 4

    def _numbered(self, at: int) -> Label | None:
        start = at
        if "từ" in self._known(at) and self._word_for_question(at + 1):
            at += 1
        length = self._word_for_question(at)
        if not length:
            return None
        first = self._number(at + length, spoken=True)
        if first is None:
            return None
        questions, end = [first], at + length + 1
        if self._tokens[at].text == "c" and self._tokens[at + length].text == ".":
            end += 1
        spoken = self._tokens[end - 1].number is None
        if self._text(end) == "/" and self._number_at(end + 1) == self._book.count:
            if self._text(end + 2) != "/":
                end += 2  # "Câu 3/8" as the bot writes it
        questions, end = self._more(questions, end, spoken=spoken)
        onwards = report_words().longest(self._tokens, end) if end < len(self._tokens) else None
        if onwards and "onwards" in onwards.tags:
            questions, end = self._range(questions[-1], self._book.count), end + onwards.length
        return self._closed(start, end, questions, "number")

    def _word_for_question(self, at: int) -> int:
        """How many tokens say "câu", when they do."""
        if at >= len(self._tokens) or self._tokens[at].kind != "word":
            return 0
        token = self._tokens[at]
        if token.text == "c":
            after = self._text(at + 1)
            near = at + 1 < len(self._tokens) and self._tokens[at + 1].start <= token.end + 1
            if near and self._number_at(at + 1) is not None:
                return 1
            return 2 if after == "." and self._number_at(at + 2) is not None else 0
        found = report_words().longest(self._tokens, at)
        return found.length if found and "question" in found.tags else 0

    def _more(self, questions: list[int], end: int, *, spoken: bool) -> tuple[list[int], int]:
        """The further numbers of one label: ", 4", "và câu 4", "-4", "đến 6"."""
        while True:
            after = self._joint(end)
            if after is None:
                return questions, end
            joint, at = after
            again = self._word_for_question(at)
            number = self._number(at + again, spoken=bool(again) or spoken)
            if number is None:
                return questions, end
            behind = at + again + 1
            if not self._joins(joint, questions[-1], number, behind, again=bool(again)):
                return questions, end
            more = self._range(questions[-1], number) if joint == "to" else [number]
            questions, end = [*questions, *(n for n in more if n not in questions)], behind

    def _joint(self, at: int) -> tuple[str, int] | None:
        """What joins two numbers here, and where it ends: "and", "to", "," or nothing (" ")."""
        if at >= len(self._tokens):
            return None
        token = self._tokens[at]
        if token.text in {",", "&", "+"}:
            joint, end = ("," if token.text == "," else "and"), at + 1
            if joint == "," and "và" in self._known(end):
                joint, end = "and", end + 1
            return joint, end
        if token.text in {"-", "/"}:
            return ("to" if token.text == "-" else "/"), at + 1
        if token.kind == "word":
            found = report_words().longest(self._tokens, at)
            tag = next((t for t in ("and", "to") if found and t in found.tags), None)
            if found and tag:
                return tag, at + found.length
            return (
                (" ", at) if self._word_for_question(at) or self._number(at, spoken=True) else None
            )
        return (" ", at) if token.number is not None else None

    def _joins(self, joint: str, last: int, number: int, behind: int, *, again: bool) -> bool:
        """Whether the number is one more question, not an answer or something counted."""
        token = self._tokens[behind - 1]
        if again:
            return joint in {"and", "to"}
        if number not in self._book.questions and joint != "to":
            return False
        if number > self._book.count or self._text(behind) in {"/", "%"}:
            return False
        if token.number is not None and self._says_of(behind):
            return False
        both_yes_no = {self._book.kind(last), self._book.kind(number)} == {"yes_no"}
        if joint in {" ", "/"} or (joint == "," and token.number is None):
            while joint == " " and self._book.kind(self._number_at(behind) or 0) == "yes_no":
                behind += 1
            return both_yes_no and self._answers_yes_no(behind) and number != last
        if joint == "to" and number <= last:
            return False
        return self._goes_on(behind)

    def _goes_on(self, behind: int) -> bool:
        """Whether an answer, a further number or the end follows the last number of a list."""
        if self._text(behind) in {":", "=", ",", ";", "-", "&", "+"} or self._answers(behind):
            return True
        if behind >= len(self._tokens) or self._tokens[behind].text in {"\n", "."}:
            return True
        if self._tokens[behind].number is not None:
            return True
        found = report_words().longest(self._tokens, behind)
        return bool(found and {"and", "to", "onwards", "same"} & set(found.tags))

    def _range(self, first: int, last: int) -> list[int]:
        if last < first or last - first > _LARGEST:
            return [first]
        return list(range(first, last + 1))

    # --- KT1

    def _coded(self, at: int) -> Label | None:
        token = self._tokens[at]
        if token.kind != "word" or token.text not in self._book.code_letters:
            return None
        end = at + 1
        if self._text(end) in {"-", "."} and self._touches(end):
            end += 1
        if end >= len(self._tokens) or not self._touches(end):
            return None
        digits = self._tokens[end]
        if digits.number is None or not digits.text.isdecimal():
            return None
        number = self._book.coded(token.text + digits.text)
        questions = [number] if number is not None else []
        return self._closed(at, end + 1, questions, "code")

    # --- 3:, 3), (3), 3/, 3-, 3.

    def _listed(self, at: int) -> Label | None:
        start = at
        if self._text(at) + self._text(at + 2) in {"()", "[]"}:
            number = self._number_at(at + 1)
            return self._item(start, at + 3, number, ")") if number else None
        number = self._number_at(at)
        sign = self._text(at + 1)
        if not number or sign not in {":", ")", ".", "/", "-", "=", "|", "→", ">"}:
            return None
        if sign in ")./" and not self._touches(at + 1):
            return None
        if self._is_date(at) or (sign == "|" and not self._begins_line(at)):
            return None
        return self._item(start, at + 2, number, sign)

    def _item(self, start: int, end: int, number: int, sign: str) -> Label | None:
        if sign == "-" and self._text(end) == ">":
            end += 1
        if self._numbered(end) or self._coded(end) if end < len(self._tokens) else None:
            inner = self._numbered(end) or self._coded(end)
            assert inner is not None
            return Label(start, inner.end, inner.questions, inner.way, inner.closed)
        sure = sign in ")|→>=" or self._sure_behind(end, sign, number)
        return Label(start, end, (number,), "list", closed=True, sign=sign, proven=sure)

    def _sure_behind(self, end: int, sign: str, number: int) -> bool:
        """Whether what follows the sign can't make a figure with the number before it."""
        first = self._tokens[end] if end < len(self._tokens) else None
        if first is None or first.number is None:
            return True
        second = self._text(end + 1)
        share = second in {"/", "\\"} or not {"trên", "trong"}.isdisjoint(self._known(end + 1))
        spaced = first.start > self._tokens[end - 1].end
        if sign == "/":
            return spaced or second == "/"
        return share or (spaced and sign in ":.")

    def _is_date(self, at: int) -> bool:
        """5/11/2026, 11/2026."""
        second, third = self._number_at(at + 2, most=None), self._number_at(at + 4, most=None)
        if self._text(at + 1) not in {"/", "-", "."}:
            return False
        if second in _YEARS and self._text(at + 3) != "/":
            return True
        return self._text(at + 3) == self._text(at + 1) and third in _YEARS and (second or 99) <= 12

    # --- 3 có, 3,4 có

    def _bare(self, at: int, *, begins: bool) -> Label | None:
        number = self._number_at(at)
        if number is None or number not in self._book.questions:
            return None
        kind, behind = self._book.kind(number), at + 1
        if kind == "yes_no":
            return self._bare_yes_no(at, number)
        first, second = self._number_at(behind, most=None), self._text(behind + 1)
        whole = second == "/" or not {"trên", "trong"}.isdisjoint(self._known(behind + 1))
        if first is not None and (whole or (begins and self._ends(behind + 1))):
            return Label(at, behind, (number,), "bare")
        if begins and not self._known(behind).isdisjoint(_ALL_OF):
            return Label(at, behind, (number,), "bare")
        return None

    def _several(self, at: int) -> Label | None:
        """So "3,4 có" and "3-4 có": an answer must follow the numbers."""
        number = self._number_at(at)
        if number is None or number not in self._book.questions:
            return None
        questions, end = self._more([number], at + 1, spoken=False)
        if len(questions) < 2 or not (self._answers(end) or self._text(end) in {":", "="}):
            return None
        return self._closed(at, end, questions, "bare")

    def _bare_yes_no(self, at: int, number: int) -> Label | None:
        known = self._known(at + 1)
        if self._text(at + 1) in _MARKS:
            return Label(at, at + 1, (number,), "bare")
        if known.isdisjoint(_YES_NO) or not self._is_short(at + 1, number):
            return None
        if (
            not known.isdisjoint(_NOT)
            and "có" not in known
            and self._may_count_the_rest(at, number)
        ):
            return None
        return Label(at, at + 1, (number,), "bare")

    def _is_short(self, at: int, number: int) -> bool:
        """Whether nothing but a plain answer, and the question's name, stands up to the pause."""
        while at < len(self._tokens) and self._tokens[at].kind == "word":
            known = self._tokens[at].known
            if self._book.names_word(number, known) or not known.isdisjoint(_PLAIN_WORDS):
                at += 1
                continue
            return bool(self._numbered(at) or report_words().longest(self._tokens, at))
        return True

    def _may_count_the_rest(self, at: int, number: int) -> bool:
        """So "câu 1: 397/400, 3 chưa có": the three who have not."""
        if not self._found or any(one.way == "bare" for one in self._found):
            return False
        said = [t.number for t in self._tokens[self._found[-1].end : at] if t.number is not None]
        if not said:
            return False
        return len(said) != 2 or said[1] - said[0] == number

    def _follows_an_answer(self, at: int) -> bool:
        if not self._found or at == 0:
            return False
        before = self._tokens[at - 1]
        if before.number is not None:
            return at > 2 and (self._text(at - 2) == "/" or "trên" in self._known(at - 2))
        return before.text in _MARKS or not before.known.isdisjoint(_ENDS)

    # --- what stands around

    def _begins(self, at: int) -> bool:
        """Whether a piece of the message begins here."""
        if at == 0:
            return True
        before = self._tokens[at - 1]
        if before.text == ":" and self._found:
            return False
        if before.text == "-":
            spaced = at < 2 or before.start > self._tokens[at - 2].end or self._text(at - 2) == "\n"
            return spaced and self._tokens[at].start > before.end or self._text(at - 2) == "\n"
        if before.kind == "sign":
            return before.text in _BREAKS or not before.text.isascii()
        return not before.known.isdisjoint({"và", "còn"}) and bool(self._found)

    def _begins_line(self, at: int) -> bool:
        while at > 0 and self._text(at - 1) == "|":
            at -= 1
        return at == 0 or self._text(at - 1) in {"\n", ":", ".", "!"}

    def _closed(self, start: int, end: int, questions: list[int], way: Way) -> Label:
        """The label with the sign behind it."""
        text = self._text(end)
        if text == "/" and self._number_at(end + 1, most=None) is None:
            return Label(start, end + 1, tuple(questions), way, closed=True)
        if text in _CLOSING or (text in {"-", "."} and end + 1 < len(self._tokens)):
            minus = (
                text == "-"
                and self._tokens[end].start > self._tokens[end - 1].end
                and self._touches(end + 1)
                and self._tokens[end + 1].number is not None
            )
            if not minus:
                return Label(start, end + 1, tuple(questions), way, closed=True)
        return Label(start, end, tuple(questions), way)

    def _answers(self, at: int) -> bool:
        """Whether an answer begins here."""
        if at >= len(self._tokens):
            return False
        token = self._tokens[at]
        if token.text in _MARKS or not token.known.isdisjoint(_YES_NO | _ALL_OF):
            return True
        more = {"rồi", "đã", "cũng", "chả", "chẳng", "vẫn", "để", "như", "giữ", "thì", "bỏ"}
        return not token.known.isdisjoint(more)

    def _answers_yes_no(self, at: int) -> bool:
        if at >= len(self._tokens):
            return False
        token = self._tokens[at]
        return token.text in _MARKS | {":"} or not token.known.isdisjoint(_YES_NO | {"cũng"})

    def _says_of(self, at: int) -> bool:
        """Whether a unit or a thing follows: "5 người", "3 camera"."""
        token = self._tokens[at] if at < len(self._tokens) else None
        if token is None or token.kind != "word" or self._answers(at):
            return False
        found = report_words().longest(self._tokens, at)
        return not (found and {"and", "to", "onwards", "same"} & set(found.tags))

    def _ends(self, at: int) -> bool:
        return at >= len(self._tokens) or self._tokens[at].text in {"\n", ",", ";", ".", "|"}

    def _number(self, at: int, *, spoken: bool) -> int | None:
        number = self._number_at(at)
        if number is not None or not spoken or at >= len(self._tokens):
            return number
        token = self._tokens[at]
        if token.kind != "word" or (self._is_plural(at) and token.unmarked):
            return None
        known = [n for word, n in _ORDINALS.items() if word in token.known]
        return known[0] if known else None

    def _is_plural(self, at: int) -> bool:
        """So "cac cau sau" are the following questions, no question six."""
        plural = {"các", "những", "mấy"}
        return not plural.isdisjoint(self._known(at - 2)) and "câu" in self._known(at - 1)

    def _number_at(self, at: int, most: int | None = _LARGEST) -> int | None:
        if at >= len(self._tokens):
            return None
        token = self._tokens[at]
        if token.number is None or token.odd or not token.text.isdecimal():
            return None
        return token.number if most is None or token.number <= most else None

    def _touches(self, at: int) -> bool:
        """Whether the token stands directly behind the one before it."""
        return 0 < at < len(self._tokens) and self._tokens[at].start == self._tokens[at - 1].end

    def _known(self, at: int) -> frozenset[str]:
        return self._tokens[at].known if 0 <= at < len(self._tokens) else frozenset()

    def _text(self, at: int) -> str:
        return self._tokens[at].text if 0 <= at < len(self._tokens) else ""


def _proven(found: list[Label], tokens: Sequence[Token], book: QuestionBook) -> list[Label]:
    """Without the marks that may be figures ("5/9"), unless the same sign is a mark elsewhere."""
    sure = {one.sign for one in found if one.way == "list" and one.proven}
    doubtful = [one for one in found if not one.proven]
    for sign in {one.sign for one in doubtful} - sure - {"/"}:
        numbers = [one.questions[0] for one in doubtful if one.sign == sign]
        rising = all(a < b for a, b in zip(numbers, numbers[1:], strict=False))
        if len(numbers) > 1 and rising and all(n in book.questions for n in numbers):
            sure.add(sign)
    return [one for one in found if one.proven or one.sign in sure]
