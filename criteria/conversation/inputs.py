"""The kinds of input that a typed text can be, decided before the text is read in detail."""

import re

from criteria.answers import YesNo
from criteria.conversation.addressing import Input, Inputs
from criteria.reading import read, read_confirmation
from criteria.reading.words.folding import clean, plain

LINK = re.compile(r"https?://\S{4,500}")
# Commands that answer the present question.
_ANSWERING = frozenset({"unknown", "same", "skip"})
_QUESTION: frozenset[Input] = frozenset({"number", "yes_no"})
# A text with one of these words probably replies to a confirmation.
_CONFIRMATION_WORDS = frozenset(
    [
        "dung",
        "phai",
        "sai",
        "chuan",
        "u",
        "uh",
        "uhm",
        "vang",
        "xac",
        "right",
        "wrong",
        "correct",
        "ok",
        "oke",
        "okay",
    ]
)


def inputs_of(text: str) -> Inputs:
    """Return the kinds of input that a typed text can be.

    "có" answers a yes/no question and also a confirmation. "đúng" belongs to a confirmation; if
    none is open, it can answer a yes/no question.
    """
    sure: set[Input] = set()
    possible: set[Input] = set()
    stripped = text.strip()
    if LINK.search(text):
        sure.add("link")
    if len(stripped) == 1 and stripped in "123456789":
        sure |= (
            {"digit", "number", "yes_no", "agreement"} if stripped in "12" else {"digit", "number"}
        )
        return Inputs(frozenset(sure))
    agreed = read_confirmation(text) is not None
    if agreed:
        sure.add("agreement")
    yes_no, number = read(text, "yes_no"), read(text, "ratio")
    if yes_no.outcome == "command":
        return Inputs(_QUESTION if yes_no.command in _ANSWERING else frozenset(sure))
    if isinstance(yes_no.value, YesNo):
        only_likely = agreed and bool(
            _CONFIRMATION_WORDS & {plain(word.strip(",.!")) for word in clean(text).lower().split()}
        )
        (possible if only_likely else sure).add("yes_no")
    if number.value is not None and not isinstance(number.value, YesNo):
        sure.add("number")
    return Inputs(frozenset(sure), frozenset(possible))
