"""A message made ready: signs in one form, list marks apart from figures, cut into tokens."""

import re
from dataclasses import dataclass

from criteria.reading.folding import clean, plain
from criteria.reading.tokens import Token, tokenize
from criteria.reading.whole_report.questions import QuestionBook

LONGEST = 4096  # characters: a Telegram message
APART = "\x1f"  # a space that the readers of answers don't see: 400,9/9 → 400 , 9/9

_KEYCAPS = re.compile(r"(?:câu\s*)?((?:[0-9]\ufe0f?\u20e3)+)", re.IGNORECASE)
_CIRCLED = {
    **{chr(0x2460 + n): n + 1 for n in range(20)},
    **{chr(0x2474 + n): n + 1 for n in range(20)},
    **{chr(0x2488 + n): n + 1 for n in range(20)},
    **{chr(first + n): n + 1 for first in (0x2776, 0x2780, 0x278A, 0x24F5) for n in range(10)},
    "🔟": 10,
}
_CIRCLES = re.compile(rf"(?:câu\s*)?([{''.join(_CIRCLED)}])", re.IGNORECASE)
_RULE = re.compile(r"^[\s|:+=_–-]*[|=_–-]{2,}[\s|:+=_–-]*$", re.MULTILINE)
_LEADERS = re.compile(r"\.{3,}|_{2,}")
_GROUPS = re.compile(r"\d+(?:[.,]\d+)+")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:(?:\.\d{3})+|(?:,\d{3})+)")
_DATE = re.compile(r"\d{1,2}[.]\d{1,2}[.](?:\d{2}|(?:19|20)\d\d)")
_PERCENT = re.compile(r"\s*(?:%|phần trăm)")
# "1.350/400; 2.9/9; 3.có": marks of a list where a piece begins.
_BEGINS = r"(?:^|[\s;|,:])[-•*+]?"
_MARK = re.compile(rf"(?:{_BEGINS})(\d{{1,2}})[.,](?=[^\W\d_]|\d)")
_NAMED = re.compile(r"(?:c[aâ]+6?u|\bc|mục|muc|số|so|hỏi|hoi|tiêu|tieu)\s*$", re.IGNORECASE)
_HEADING = re.compile(r"^[^\n\d]*\|[^\n\d]*t[oổô]ng[^\n\d]*$", re.IGNORECASE | re.MULTILINE)
_COUNTS = (
    "co",
    "so co",
    "dat",
    "da co",
    "so nguoi co",
    "so luong",
    "tu so",
    "thuc hien",
    "ket qua",
)
_OF = re.compile(r"\s*/\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Message:
    """The text as it is read, and its tokens with every word they may stand for."""

    text: str
    tokens: tuple[Token, ...]
    count: int = 0  # of the questions
    total_last: bool | None = None  # whether a table's heading has the total behind the count

    def part(self, start: int, end: int) -> str:
        """The text from one token up to another."""
        if start >= end:
            return ""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end].replace(APART, "")


def message_of(text: str, book: QuestionBook) -> Message:
    """The message made ready to be cut."""
    text = _KEYCAPS.sub(_keycap, text)
    text = _CIRCLES.sub(lambda found: f" câu {_CIRCLED[found[1]]}: ", text)
    text = clean(text.replace("\t", " | "))
    text = _RULE.sub("", text)
    text = _parted(_LEADERS.sub(" : ", text))
    marked = any(c.isalpha() and not c.isascii() for c in text)
    tokens = tuple(book.lexicon.with_words(token, marked=marked) for token in tokenize(text))
    return Message(text, tokens, book.count, _total_last(text))


def _total_last(text: str) -> bool | None:
    """Which of two columns has the total, by the heading; `None` without such a table."""
    heading = _HEADING.search(text)
    if not heading or "|" not in text[heading.end() :]:
        return None
    cells = [plain(cell.strip().lower()) for cell in heading[0].split("|")]
    totals = [n for n, cell in enumerate(cells) if cell.startswith(("tong", "mau"))]
    counts = [n for n, cell in enumerate(cells) if cell.startswith(_COUNTS)]
    if len(totals) != 1 or len(counts) != 1:
        return None
    return counts[0] < totals[0]


def _keycap(found: re.Match[str]) -> str:
    digits = "".join(c for c in found[1] if c.isascii() and c.isdigit())
    return f" câu {digits}: "


def _parted(text: str) -> str:
    """The text with commas and points apart from figures where they are no thousands."""
    marks = _listed(text)
    return _GROUPS.sub(lambda found: _group(found, text, marks), text)


def _listed(text: str) -> dict[int, int]:
    """Where "1.350" may be list mark and figure: place → number; needs a list that counts up."""
    found = [(m.start(1), int(m[1])) for m in _MARK.finditer(text)]
    numbers = [number for _, number in found]
    rising = len(found) > 1 and all(a < b for a, b in zip(numbers, numbers[1:], strict=False))
    sure = any(not _THOUSANDS.match(text, at) for at, _ in found)
    return dict(found) if rising and sure else {}


def _group(found: re.Match[str], text: str, marks: dict[int, int]) -> str:
    group, start, end = found[0], found.start(), found.end()
    if _is_kept(group, text, end):
        return group
    if _NAMED.search(text[max(0, start - 8) : start]):
        number = re.match(r"\d+", group)
        head = number.end() if number else 0
        return group[: head + 1] + APART + _apart(group[head + 1 :], text, start, end)
    if start in marks:
        head = len(str(marks[start]))
        whole = int(re.sub(r"\D", "", group))
        of = _OF.match(text, end)
        if _THOUSANDS.fullmatch(group) and of and whole <= int(of[1]):
            return group  # 1.350/1.400: a thousand after all
        return group[: head + 1] + APART + _apart(group[head + 1 :], text, start, end)
    return _apart(group, text, start, end)


def _is_kept(group: str, text: str, end: int) -> bool:
    digits = group.replace(".", "").replace(",", "")
    telephone = group.startswith("0") and len(digits) >= 9
    return bool(telephone or _DATE.fullmatch(group) or _PERCENT.match(text, end))


def _apart(group: str, text: str, start: int, end: int) -> str:
    between = text[start - 1 : start] == "/" and text[end : end + 1] == "/"
    if _THOUSANDS.fullmatch(group) and not (between and "," in group):
        return group
    return re.sub(r"[.,]", lambda sign: f"{APART}{sign[0]}{APART}", group)
