"""The counting method in a reply, with the number ("350/400 theo sổ") or after it ("theo sổ")."""

import re
import unicodedata

from criteria.answers import CountingMethod

_WORDS: dict[CountingMethod, str] = {
    "houses": "đếm từng nhà|đếm từng hộ|đếm từng người|đi đếm từng nhà|đã đi đếm|đã đếm|đếm thật"
    "|house by house|from house to house|counted",
    "books": "theo sổ sách|theo sổ|trong sổ|lấy trong sổ|lấy theo sổ|sổ sách"
    "|from the books|by the books|from the records",
    "estimate": "ước lượng|ước chừng|áng chừng|estimated|estimate|an estimate",
}
_POLITE = r"(?:\s+(?:ạ|nhé|nhá|thôi|rồi|đấy))*"
_PATTERNS: dict[CountingMethod, re.Pattern[str]] = {
    how: re.compile(rf"(?:^|[\s,;:.–(-])(?:số này |là |do )*(?:{words})\)?{_POLITE}[\s.!]*$")
    for how, words in _WORDS.items()
}
_SEPARATORS = " \t\n,;:.–(-"
_NEGATED = re.compile(r"(?:chưa|không|chẳng|not|never|n't)\s*$")


def read_counting_method(text: str) -> tuple[str, CountingMethod | None]:
    """Return the text without the words for the counting method, and the method.

    Return the text unchanged and None if it names no method, or if it has other words but no
    number.
    """
    typed = unicodedata.normalize("NFC", text)
    for how, words in _PATTERNS.items():
        found = words.search(typed.lower())
        if found is None or len(typed.lower()) != len(typed):
            continue
        rest = typed[: found.start()].rstrip(_SEPARATORS).lstrip()
        if not rest:
            return "", how
        if any(c.isdigit() for c in rest) and not _NEGATED.search(rest.lower()):
            return rest, how
    return text, None
