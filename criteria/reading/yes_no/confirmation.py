"""Reading yes or no in the reply to "… Đúng không ạ?"."""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Literal

from criteria.reading.outcome import LONGEST_REPLY
from criteria.reading.words.folding import clean
from criteria.reading.words.phrase_book import PhraseBook
from criteria.reading.words.tokens import Token, tokenize
from criteria.reading.words.vocabulary import section
from criteria.reading.yes_no.yes_no import read_yes_no

Answer = Literal["yes", "no"]
_ASKED_BACK = frozenset({"à", "hả", "nhỉ", "hử", "sao", "ha", "nhi"})
_SILENT = frozenset({"polite", "person", "vocative", "agreed", "filler"})
_PAUSES = frozenset(",.;:!\n…")


def read_confirmation(text: str) -> Answer | None:
    """Return "yes" or "no" for a reply to "… đúng không?"; None if it is neither.

    Every word must be understood. Yes together with no ("đúng là chưa"), and a negated mistake that
    is not in the table, are neither.
    """
    if len(text) > LONGEST_REPLY:
        return None
    tokens = tokenize(clean(text))
    words = [t for t in tokens if t.kind != "sign"]
    if any(t.text == "?" for t in tokens):
        return None
    if not words:
        return _picture(tokens)
    if len(words) == 1 and words[0].text in {"1", "2"}:
        return "yes" if words[0].text == "1" else "no"
    if len(words) == 1 and words[0].text in {"k", "0", "ch"}:
        return "no"
    if len(words) > 1 and words[-1].text in _ASKED_BACK:
        return None
    return _answer_of_tags(_tags(tokens))


def _answer_of_tags(tags: list[str]) -> Answer | None:
    """Return what the parts mean together: a no, several nos with pauses, or a yes; else None."""
    answers = [tag for tag in tags if tag in {"yes", "no", "wrong"}]
    if "unknown" in tags:
        return None
    if not answers:
        return "yes" if "agreed" in tags else None
    if "yes" in answers:
        return "yes" if set(answers) == {"yes"} else None
    for first, second in pairwise(tags):
        if first == "no" and second != "pause":
            return None  # không nhầm, chưa sửa: the negated word is not in the table
        if first == "wrong" and second == "no":
            return None  # sai không, sai chưa
    return "no"


def _tags(tokens: Sequence[Token]) -> list[str]:
    tags: list[str] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.kind != "word":
            if token.kind == "number":
                tags.append("unknown")
            elif token.text in _PAUSES and tags:
                tags.append("pause")
            at += 1
            continue
        found = _book().longest(tokens, at)
        tag = next((t for t in _ORDER if found and t in found.tags), "unknown")
        if tag not in _SILENT or tag == "agreed":
            tags.append(tag)
        at += found.length if found else 1
    return [
        tag for n, tag in enumerate(tags) if tag != "agreed" or set(tags) <= {"agreed", "pause"}
    ]


_ORDER = ("no", "wrong", "yes", "agreed", "vocative", "person", "polite", "filler")


def _picture(tokens: Sequence[Token]) -> Answer | None:
    value = read_yes_no(tokens).reading.text_form
    return "yes" if value == "yes" else "no" if value == "no" else None


@cache
def _book() -> PhraseBook:
    common = section("common")
    shared = {part: common[part] for part in ("polite", "person", "vocative")}
    return PhraseBook({**section("confirmation"), **shared, "filler": _FILLER})


# Words around "đúng" that say that the number is right.
_FILLER = (
    *(
        (word,)
        for word in ("là", "đấy", "đây", "này", "ấy", "luôn", "mà", "thôi", "số", "như", "thế")
    ),
    ("con", "số"),
    ("số", "liệu"),
)
