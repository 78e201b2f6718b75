"""Preparing the text of a message: one form for list marks, tables and blanks.

Figures are separated from marks that touch them.
"""

import re
from itertools import pairwise

from criteria.reading.words.folding import clean, plain

APART = "\x1f"  # a space that the readers of answers ignore: 400,9/9 → 400 , 9/9

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
# "1.350/400; 2.9/9; 3.có": list marks at the beginning of a piece.
_MARK = re.compile(r"(?:^|[\s;|,:])[-•*+]?(\d{1,2})[.,](?=[^\W\d_]|\d)")
# "câu 1.350/400": the point separates the number of a question from its answer.
_NAMED = re.compile(r"(?:c[aâ]+6?u|\bc|mục|muc|số|so|hỏi|hoi|tiêu|tieu)\s*$", re.IGNORECASE)
# "cau6 9/14" is question 6 and not "câu" in raw VNI.
_SIX = re.compile(r"\b(cau)(6)(?=\s*[:.=)-]|\s*\d+\s*/|\s*[a-zđ])", re.IGNORECASE)
_OF = re.compile(r"\s*/\s*(\d[\d.]*)")
_HEADING = re.compile(r"^[^\n\d]*\|[^\n\d]*t[oổô]ng[^\n\d]*$", re.IGNORECASE | re.MULTILINE)
_COUNTS = (
    "co", "so co", "dat", "da co", "so nguoi co", "so luong", "tu so", "thuc hien", "ket qua",
)  # fmt: skip


def written(text: str, codes: re.Pattern[str], count: int) -> str:
    """Return the text in the form that is cut into tokens.

    `codes` finds the questions' codes, `count` is the number of questions.
    """
    text = _KEYCAPS.sub(_keycap, text)
    text = _CIRCLES.sub(lambda found: f" câu {_CIRCLED[found[1]]}: ", text)
    text = clean(text.replace("\t", " | "))
    text = _LEADERS.sub(" : ", _RULE.sub("", text))
    text = codes.sub(rf"\1{APART}\2", text)  # RA1 is not "rá" in raw VNI
    text = _SIX.sub(r"\1 \2", text)
    marks = _list_marks(text, count)
    return _GROUPS.sub(lambda found: _group(found, text, marks), text)


def total_is_last(text: str) -> bool | None:
    """Return whether the second column of a table is the total; None without such a table."""
    heading = _HEADING.search(text)
    if not heading or "|" not in text[heading.end() :]:
        return None
    cells = [plain(cell.strip().lower()) for cell in heading[0].split("|")]
    totals = [n for n, cell in enumerate(cells) if cell.startswith(("tong", "mau"))]
    counts = [n for n, cell in enumerate(cells) if cell.startswith(_COUNTS)]
    return counts[0] < totals[0] if len(totals) == len(counts) == 1 else None


def _keycap(found: re.Match[str]) -> str:
    digits = "".join(c for c in found[1] if c.isascii() and c.isdigit())
    return f" câu {digits}: "


def _list_marks(text: str, count: int) -> dict[int, int]:
    """Return where "1.350" is a list mark and a figure (place → number), if the list ascends."""
    found = [(m.start(1), int(m[1])) for m in _MARK.finditer(text)]
    rising = len(found) > 1 and all(a < b for (_, a), (_, b) in pairwise(found))
    sure = any(not _THOUSANDS.match(text, at) for at, _ in found)
    return dict(found) if rising and sure and found[-1][1] <= count else {}


def _group(found: re.Match[str], text: str, marks: dict[int, int]) -> str:
    """Keep the points and commas that belong to a figure; separate the others."""
    group, start, end = found[0], found.start(), found.end()
    if _is_kept(group, text, end):
        return group
    head = len(re.split(r"[.,]", group)[0])
    listed = start in marks and not _is_a_thousand(group, text, end)
    if listed or _NAMED.search(text[max(0, start - 8) : start]):
        return group[: head + 1] + APART + _apart(group[head + 1 :], text, start, end)
    return _apart(group, text, start, end)


def _is_kept(group: str, text: str, end: int) -> bool:
    digits = group.replace(".", "").replace(",", "")
    telephone = group.startswith("0") and len(digits) >= 9
    return bool(telephone or _DATE.fullmatch(group) or _PERCENT.match(text, end))


def _is_a_thousand(group: str, text: str, end: int) -> bool:
    """Return whether the point marks thousands: it does in 1.350/1.400, not in 1.350/400."""
    of = _OF.match(text, end)
    return bool(_THOUSANDS.fullmatch(group) and of and _value(group) <= _value(of[1]))


def _value(group: str) -> int:
    return int(re.sub(r"\D", "", group)[:18])


def _apart(group: str, text: str, start: int, end: int) -> str:
    between = text[start - 1 : start] == "/" and text[end : end + 1] == "/"
    if _THOUSANDS.fullmatch(group) and not (between and "," in group):
        return group
    return re.sub(r"[.,]", lambda sign: f"{APART}{sign[0]}{APART}", group)
