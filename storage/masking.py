"""What says who somebody is, taken out of a text: telephone numbers, names, accounts."""

import re
from collections.abc import Iterable

# Telephone numbers as people in Vietnam write them; times and long ids aren't taken for one.
PHONE = re.compile(r"(?<![\w.])(?:\+?84|0)(?:[ .-]?\d){8,10}(?!\w)", re.ASCII)
MASK = "…"


def without_phones(text: str) -> str:
    """The text without telephone numbers."""
    return PHONE.sub(MASK, text)


def without(text: str, words: Iterable[str | None]) -> str:
    """The text without telephone numbers and these words, where they stand as whole words."""
    for word in words:
        if word:
            text = re.sub(rf"(?<!\w)@?{re.escape(word)}(?!\w)", MASK, text)
    return without_phones(text)
