"""A count with a unit that a criteria set brings along: "3 lớp", also "3 lop" and "3 lowps"."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from criteria.answers import Ratio
from criteria.reading.folding import clean, may_stand_for, plain
from criteria.reading.outcome import Reading, ask, confirm
from criteria.reading.raw_typing import raw_spellings
from criteria.reading.reading import explain

# The word for any thing that is counted, which the reading of numbers knows.
_PIECE = "cái"
_PIECES = frozenset({"cai", "chiec"})
_OF_EACH = frozenset({"mỗi", "moi", "từng", "tung"})  # mỗi xóm 2 lớp: how many hamlets are there?
_WORD = re.compile(r"[^\W\d_]\w*")


def read_count_of(text: str, units: Sequence[str]) -> Reading:
    """How a reply is to be understood where one of `units` is counted.

    Another unit is no answer, and "lớp 3" can be the third one: it is confirmed.
    """
    for unit in units:
        text = _with_piece(text, unit)
    found = explain(text, "count")
    value, parts = found.reading.value, found.words
    if value is None:
        return found.reading
    others = (word for word, part in parts if part.startswith("unit:"))
    if any(plain(word.lower()) not in _PIECES for word in others):
        return ask("not_understood")
    if isinstance(value, Ratio) and found.reading.reason == "everybody":
        return confirm(value.numerator, "other_words")  # cả 3 lớp
    numbered = any(a.startswith("unit:") and b == "number" for (_, a), (_, b) in pairwise(parts))
    of_each = any(word.lower() in _OF_EACH for word, _ in parts)
    if isinstance(value, int) and (numbered or of_each):
        return confirm(value, "other_words")
    return found.reading


def _with_piece(text: str, unit: str) -> str:
    """The text with `_PIECE` wherever the unit stands, in whatever spelling."""
    wanted = unit.lower().split()
    cleaned = clean(text)
    words = list(_WORD.finditer(cleaned))
    made, copied, at = "", 0, 0
    while at + len(wanted) <= len(words):
        span = words[at : at + len(wanted)]
        if all(_is(one[0].lower(), word) for one, word in zip(span, wanted, strict=True)):
            made += cleaned[copied : span[0].start()] + _PIECE
            copied = span[-1].end()
            at += len(wanted)
        else:
            at += 1
    return made + cleaned[copied:]


def _is(typed: str, word: str) -> bool:
    return may_stand_for(typed, word) or typed in _raw(word)


@lru_cache(maxsize=64)
def _raw(word: str) -> frozenset[str]:
    return frozenset(raw_spellings([word]))
