"""A count with a unit that a criteria set brings along: "3 lớp", also "3 lop" and "3 lowps"."""

import re
from functools import lru_cache

from criteria.reading.folding import clean, may_stand_for, plain
from criteria.reading.outcome import Reading, ask
from criteria.reading.raw_typing import raw_spellings
from criteria.reading.reading import explain

# The word for any thing that is counted, which the reading of numbers knows.
_PIECE = "cái"
_PIECES = frozenset({"cai", "chiec"})
_WORD = re.compile(r"[^\W\d_]\w*")


def read_count_of(text: str, unit: str) -> Reading:
    """How a reply is to be understood where `unit` is counted; another unit is asked about."""
    found = explain(_with_piece(text, unit), "count")
    others = (word for word, part in found.words if part.startswith("unit:"))
    if found.reading.value is not None and any(
        plain(word.lower()) not in _PIECES for word in others
    ):
        return ask("not_understood")
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
