"""What says who somebody is, taken out of a text: telephone numbers, names, accounts.

A full name is masked however it is written: with its marks or without, small or large. A name of
one's own ("Bưởi") is masked only with its capital behind a word of kinship ("cô Bưởi"): alone it
may be any word ("An", "Bình", "Yên").
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

# Telephone numbers as people in Vietnam write them; times and long ids aren't taken for one.
PHONE = re.compile(r"(?<![\w.])(?:\+?84|0)(?:[ .-]?\d){8,10}(?!\w)", re.ASCII)
MASK = "…"
# As people of a commune speak of each other.
KINSHIP = (
    "ông", "bà", "cụ", "bác", "chú", "cô", "dì", "cậu", "mợ", "thím", "anh", "chị", "em", "cháu",
    "thầy", "đồng chí", "đ/c",
)  # fmt: skip
FREE = frozenset({"reason", "note"})  # within JSON; the rest there isn't written by people
_SURE_WITHOUT_MARKS = 3  # words of a name; of two, other words look alike ("le an")


def without_phones(text: str) -> str:
    """The text without telephone numbers."""
    return PHONE.sub(MASK, text)


def without(text: str, words: Iterable[str | None]) -> str:
    """The text without telephone numbers and these words, where they stand as whole words."""
    for word in words:
        if word:
            text = re.sub(rf"(?<!\w)@?{re.escape(word)}(?!\w)", MASK, text)
    return without_phones(text)


def without_name(text: str, name: str) -> str:
    """The text without the person's full name, and without a word of kinship before their own."""
    composed = unicodedata.normalize("NFC", text)
    spans = sorted({*_full(composed, name), *_of_kinship(composed, name)})
    if not spans:
        return text
    parts, end = [], 0
    for begin, until in spans:
        if begin >= end:
            parts += [composed[end:begin], MASK]
        end = max(end, until)
    return "".join([*parts, composed[end:]])


def perhaps_named(text: str, name: str) -> list[tuple[int, int]]:
    """Where the person's own name stands with its capital, or behind a word of kinship.

    Only people can tell whether it is meant. The text is one that is composed (NFC).
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


def _full(text: str, name: str) -> Iterator[tuple[int, int]]:
    words = _words(name)
    if len(words) < 2:  # one word may be any
        return
    for found in _found(text, words):
        exact = " ".join(found[0].split()).casefold() == " ".join(words).casefold()
        if exact or len(words) >= _SURE_WITHOUT_MARKS:
            yield found.span()


def _of_kinship(text: str, name: str) -> Iterator[tuple[int, int]]:
    """A word of kinship with the own name, or with more of the name before it."""
    words = _words(name)
    for first in range(len(words)):
        for kin in KINSHIP:
            for found in _found(text, [*kin.split(), *words[first:]]):
                if found[0].split()[-1][0].isupper():
                    yield found.span()


def _found(text: str, words: list[str]) -> Iterator[re.Match[str]]:
    """Where the words stand one after another, each with its own marks or without any."""
    pattern = r"\s+".join("".join(map(_letter, word)) for word in words)
    return re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE)


def _letter(one: str) -> str:
    bare = unicodedata.normalize("NFD", one)[0].replace("đ", "d").replace("Đ", "D")
    return f"[{re.escape(one)}{re.escape(bare)}]" if bare != one else re.escape(one)


def _words(name: str) -> list[str]:
    return unicodedata.normalize("NFC", name).split()
