"""A count with a unit of a criteria set: "3 lớp", also typed as "3 lop" and "3 lowps"."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from criteria.answers import Ratio
from criteria.reading.outcome import All, Reading, ask, confirm
from criteria.reading.reading import Explanation, explain
from criteria.reading.words.folding import clean, may_stand_for, plain
from criteria.reading.words.raw_typing import raw_spellings

# The general word for any counted thing; the reader of numbers knows it.
_PIECE = "cái"
_PIECES = frozenset({"cai", "chiec"})
# mỗi xóm 2 lớp: the number of xóm is not known
_OF_EACH = frozenset({"mỗi", "moi", "từng", "tung"})
_WORD = re.compile(r"[^\W\d_]\w*")


def explain_count_of(text: str, units: Sequence[str]) -> Explanation:
    """Read a reply to a question in which one of `units` is counted, and return the rules too.

    A count with another unit is not an answer. "lớp 3" can be the third one, so it is confirmed.
    """
    for unit in units:
        text = _with_piece(text, unit)
    found = explain(text, "count")
    reading = _with_unit_doubts(found.reading, found.words)
    if reading is found.reading:
        return found
    return Explanation(reading, ("own_unit", *found.rules), found.words)


def _with_unit_doubts(reading: Reading, parts: Sequence[tuple[str, str]]) -> Reading:
    value = reading.value
    if value is None:
        return reading
    others = (word for word, part in parts if part.startswith("unit:"))
    if any(plain(word.lower()) not in _PIECES for word in others):
        return ask("not_understood")
    if isinstance(value, Ratio) and reading.reason == "everybody":
        return confirm(value.numerator, "other_words")  # cả 3 lớp
    if isinstance(value, Ratio | All):
        return ask("number_expected")
    numbered = any(a.startswith("unit:") and b == "number" for (_, a), (_, b) in pairwise(parts))
    of_each = any(word.lower() in _OF_EACH for word, _ in parts)
    if isinstance(value, int) and reading.outcome == "value" and (numbered or of_each):
        return confirm(value, "other_words")
    return reading


def _with_piece(text: str, unit: str) -> str:
    """Return the text with `_PIECE` in place of the unit, in any of its spellings."""
    wanted = unit.lower().split()
    cleaned = clean(text)
    words = list(_WORD.finditer(cleaned))
    made, copied, at = "", 0, 0
    while at + len(wanted) <= len(words):
        span = words[at : at + len(wanted)]
        if all(
            _is_spelling_of(one[0].lower(), word) for one, word in zip(span, wanted, strict=True)
        ):
            made += cleaned[copied : span[0].start()] + _PIECE
            copied = span[-1].end()
            at += len(wanted)
        else:
            at += 1
    return made + cleaned[copied:]


def _is_spelling_of(typed: str, word: str) -> bool:
    return may_stand_for(typed, word) or typed in _raw(word)


@lru_cache(maxsize=64)
def _raw(word: str) -> frozenset[str]:
    return frozenset(raw_spellings([word]))
