"""Masks what identifies a person in a text: telephone numbers, names, accounts.

A full name is masked with or without diacritics, in any case. A given name ("Bưởi") is masked only
with a capital letter after a kinship word ("cô Bưởi"). Alone it may be an ordinary word ("An",
"Bình", "Yên").
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

# Telephone numbers as people in Vietnam write them, but not times or long ids.
PHONE = re.compile(r"(?<![\w.])(?:\+?84|0)(?:[ .-]?\d){8,10}(?!\w)", re.ASCII)
MASK = "…"
# Kinship words, with which people of a commune address each other.
KINSHIP = (
    "ông", "bà", "cụ", "bác", "chú", "cô", "dì", "cậu", "mợ", "thím", "anh", "chị", "em", "cháu",
    "thầy", "đồng chí", "đ/c",
)  # fmt: skip
FREE = frozenset({"reason", "note"})  # the JSON keys whose values people write
# Without diacritics, a name of two words looks like other words ("le an"). One of three does not.
_SURE_WITHOUT_MARKS = 3


def without_phones(text: str) -> str:
    """Return the text without telephone numbers."""
    return PHONE.sub(MASK, text)


def without(text: str, words: Iterable[str | None]) -> str:
    """Return the text without telephone numbers and without these words (whole words only)."""
    for word in words:
        if word:
            text = re.sub(rf"(?<!\w)@?{re.escape(word)}(?!\w)", MASK, text)
    return without_phones(text)


def without_name(text: str, name: str) -> str:
    """Return the text without the person's full name, or their given name after a kinship word."""
    composed = unicodedata.normalize("NFC", text)
    spans = sorted({*_full_names(composed, name), *_given_names_after_kinship(composed, name)})
    if not spans:
        return text
    parts, end = [], 0
    for begin, until in spans:
        if begin >= end:
            parts += [composed[end:begin], MASK]
        end = max(end, until)
    return "".join([*parts, composed[end:]])


def possible_mentions(text: str, name: str) -> list[tuple[int, int]]:
    """Return where the given name has a capital letter or follows a kinship word.

    Only a person can decide whether the name is meant. The text must be in NFC.
    """
    words = _words(name)
    if not words:
        return []
    kin = [found.span() for one in KINSHIP for found in _found(text, [*one.split(), words[-1]])]
    return [
        found.span()
        for found in _found(text, [words[-1]])
        if found[0][0].isupper() or any(a < found.start() < b for a, b in kin)
    ]


def _full_names(text: str, name: str) -> Iterator[tuple[int, int]]:
    words = _words(name)
    if len(words) < 2:  # a single word may be an ordinary one
        return
    for found in _found(text, words):
        exact = " ".join(found[0].split()).casefold() == " ".join(words).casefold()
        if exact or len(words) >= _SURE_WITHOUT_MARKS:
            yield found.span()


def _given_names_after_kinship(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Yield where a kinship word is followed by the given name, or by more of the name."""
    words = _words(name)
    for first in range(len(words)):
        for kin in KINSHIP:
            for found in _found(text, [*kin.split(), *words[first:]]):
                if found[0].split()[-1][0].isupper():
                    yield found.span()


def _found(text: str, words: list[str]) -> Iterator[re.Match[str]]:
    """Return the matches of the words in sequence, each with its diacritics or without any."""
    pattern = r"\s+".join("".join(map(_letter, word)) for word in words)
    return re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE)


def _letter(one: str) -> str:
    bare = unicodedata.normalize("NFD", one)[0].replace("đ", "d").replace("Đ", "D")
    return f"[{re.escape(one)}{re.escape(bare)}]" if bare != one else re.escape(one)


def _words(name: str) -> list[str]:
    return unicodedata.normalize("NFC", name).split()
