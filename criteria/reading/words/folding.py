"""One Unicode form for the letters of all keyboards, and the marks of a Vietnamese syllable."""

import re
import unicodedata
from functools import lru_cache

TONES = "\u0300\u0301\u0303\u0309\u0323"  # huyền sắc ngã hỏi nặng
QUALITIES = "\u0302\u0306\u031b"  # â ă ơ
RAISED_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉"

_SAME_SIGN = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("⁄∕÷╱", "/"),
        **dict.fromkeys('“”„«»"', " "),
        **dict.fromkeys("'‘’´", ""),  # don't, co', 1'234
        "Ð": "Đ",  # the Icelandic letter that some fonts have
        "ð": "đ",
        "\r": "\n",
        "\u2028": "\n",
        "\u2029": "\n",
        "\t": " ",
        "\u0131": "i",
    }
)
_RAISED = re.compile(f"([{RAISED_DIGITS}]+)")
_VULGAR_FRACTION = re.compile("[¼-¾⅐-⅞↉]")
# Abbreviations whose slash is not a fraction line.
_SLASHED = re.compile(r"\b[đd]/c\b", re.IGNORECASE)
# Markers of bold, italic or struck-out text: "*350/400*".
_EMPHASIS = re.compile(r"(?<![^\W_])([*_]{1,3}|~~|`{1,3})([^*_~`\n]+)\1(?![^\W_])")
_SPACES = re.compile(r"[^\S\n]+")
_NEWLINES = re.compile(r" ?\n[ \n]*")


@lru_cache(maxsize=8)  # one message is read several times while it is handled
def clean(text: str) -> str:
    """Return the text in composed form, with one form of digits, signs and spaces.

    Invisible characters are removed.
    """
    text = _VULGAR_FRACTION.sub(" nửa ", text)
    parts = _RAISED.split(text)  # "35²" is no 352: a finger that stayed on the key writes it
    text = "".join(one if n % 2 else unicodedata.normalize("NFKC", one)
                   for n, one in enumerate(parts)).translate(_SAME_SIGN)  # fmt: skip
    kept = [c for c in text if c == "\n" or unicodedata.category(c) not in _INVISIBLE]
    text = _SLASHED.sub("đồng chí", "".join(kept))
    text = _EMPHASIS.sub(r"\2", text)
    text = _SPACES.sub(" ", text).replace("`", "")
    return _NEWLINES.sub("\n", text).strip()


# Control and format characters (RTL marks, zero widths, tags), unassigned ones, marks alone.
_INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me"})


@lru_cache(maxsize=4096)
def syllable(word: str) -> tuple[str, tuple[str, ...], str]:
    """Return the plain letters of a word, the quality mark of each ("" for none), and its tone.

    The position of the tone does not matter: hòa and hoà are the same.
    """
    letters: list[str] = []
    marks: list[str] = []
    tone = ""
    for c in unicodedata.normalize("NFD", word):
        if c in TONES:
            tone = c
        elif c in QUALITIES and marks:
            marks[-1] = c
        elif c == "đ":
            letters.append("d")
            marks.append("-")
        else:
            letters.append(c)
            marks.append("")
    return "".join(letters), tuple(marks), tone


def plain(word: str) -> str:
    """Return the word without any marks."""
    return syllable(word)[0]


def may_stand_for(typed: str, word: str) -> bool:
    """Return whether `typed` is `word` with some of its marks left out and no other marks."""
    letters, marks, tone = syllable(typed)
    other_letters, other_marks, other_tone = syllable(word)
    return (
        letters == other_letters
        and tone in ("", other_tone)
        and all(m in ("", other) for m, other in zip(marks, other_marks, strict=True))
    )
