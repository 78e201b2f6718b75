"""A person's name, made safe to show in a line, a button and a document."""

import unicodedata

LONGEST = 60
_MOST_MARKS = 2  # on one letter: Vietnamese has no more
_PLAIN_SPACE = " "


def clean_name(text: str) -> str | None:
    """Return the name in one line, without invisible characters; None if no letter is left.

    Control and direction marks would change how the text next to the name is shown.
    """
    kept: list[str] = []
    marks = 0
    for one in unicodedata.normalize("NFD", text):
        kind = unicodedata.category(one)
        marks = marks + 1 if kind.startswith("M") else 0
        if kind in {"Zs", "Zl", "Zp"} or one in "\t\n\r":
            kept.append(_PLAIN_SPACE)
        elif not kind.startswith("C") and marks <= _MOST_MARKS:
            kept.append(one)
    name = " ".join(unicodedata.normalize("NFC", "".join(kept)).split())[:LONGEST].strip()
    return name if any(one.isalpha() for one in name) else None
