"""The tokens of a cleaned reply: numbers, words and signs, each with its place in the text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from criteria.reading.words import vocabulary
from criteria.reading.words.folding import RAISED_DIGITS
from criteria.reading.words.words import is_raw, meanings

TokenKind = Literal["number", "word", "sign"]
# What is unusual about a typed number.
Oddity = Literal["", "letters", "decimal", "time", "thousand"]

_PIECE = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+|\S|\n")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:(?:\.\d{3})+|(?:,\d{3})+)")
_LETTERS_FOR_DIGITS = re.compile(rf"(?=.*\d)[\dlIoO{RAISED_DIGITS}]+")
_AS_DIGITS = str.maketrans(f"lio{RAISED_DIGITS}", "110" + "0123456789" * 2)
_CLOCK = re.compile(r"\d{1,2}h(\d{2})?")
_KILO = re.compile(r"(\d{1,3})k(\d?)")
_RUNS = re.compile(r"\d+|\D+")
_LONGEST_NUMBER = 18  # digits; longer numbers are never converted


@dataclass(frozen=True, slots=True)
class Token:
    """One token. `known` are the known words that a word may stand for."""

    kind: TokenKind
    text: str
    start: int
    end: int
    known: frozenset[str] = frozenset()
    number: int | None = None
    odd: Oddity = ""

    @property
    def unmarked(self) -> bool:
        """Whether it is a word typed without marks."""
        return self.text.isascii()


@lru_cache(maxsize=8)  # one message is read several times while it is handled
def tokenize(text: str) -> tuple[Token, ...]:
    """Return the tokens of a cleaned reply. The keys of raw Telex and VNI count as marks."""
    marked = any(c.isalpha() and not c.isascii() for c in text) or any(
        is_raw(piece) for piece in text.lower().split()
    )
    return tuple(token for piece in _PIECE.finditer(text) for token in _tokens(piece, marked))


def _tokens(piece: re.Match[str], marked: bool) -> Iterator[Token]:
    text, start = piece.group(), piece.start()
    low = text.lower()
    if low.isalpha():
        yield from _word(low, start, marked)
    elif not text[0].isalnum():
        yield Token("sign", text, start, piece.end())
    elif "." in text or "," in text:
        yield _grouped(text, start)
    elif low.isdecimal():
        yield _number(low, start)
    elif meanings(low, marked=marked):  # raw VNI, 4g
        yield from _word(low, start, marked)
    else:
        yield from _mixed(text, low, start, marked)


def _word(low: str, start: int, marked: bool) -> Iterator[Token]:
    end = start + len(low)
    short = vocabulary.short_forms().get(low, "")
    if " " in short:
        for word in short.split():
            yield Token("word", low, start, end, frozenset({word}))
    else:
        yield Token("word", low, start, end, meanings(low, marked=marked))


def _number(digits: str, start: int, odd: Oddity = "", length: int | None = None) -> Token:
    value = int(digits) if len(digits) <= _LONGEST_NUMBER else 10**_LONGEST_NUMBER
    return Token("number", digits, start, start + (length or len(digits)), number=value, odd=odd)


def _grouped(text: str, start: int) -> Token:
    digits = text.replace(".", "").replace(",", "")
    if _THOUSANDS.fullmatch(text):
        token = _number(digits, start, length=len(text))
        return Token("number", text, start, token.end, number=token.number)
    token = _number(digits, start, "decimal", len(text))
    return Token("number", text, start, token.end, number=token.number, odd="decimal")


def _mixed(text: str, low: str, start: int, marked: bool) -> Iterator[Token]:
    """Read letters and digits in one piece: l2, 8h30, 1k2, 350ng, khu5."""
    if _LETTERS_FOR_DIGITS.fullmatch(text):
        yield _number(low.translate(_AS_DIGITS), start, "letters")
    elif _CLOCK.fullmatch(low):
        yield _number(low.split("h", maxsplit=1)[0], start, "time", len(low))
    elif kilo := _KILO.fullmatch(low):
        value = int(kilo[1]) * 1000 + int(kilo[2] or 0) * 100
        yield _number(str(value), start, "thousand", len(low))
    else:
        for run in _RUNS.finditer(low):
            if run.group().isdecimal():
                yield _number(run.group(), start + run.start())
            elif run.group().isalpha():
                yield from _word(run.group(), start + run.start(), marked)
