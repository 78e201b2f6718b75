"""The table of words in words.toml: each word with its part of speech."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources

Phrase = tuple[str, ...]
# Parts of speech with the same meaning for every question. None of these words changes a figure.
COMMON = ("polite", "agreed", "vocative", "person", "area", "now", "adverb", "filler")


@cache
def section(name: str) -> dict[str, tuple[Phrase, ...]]:
    """Return the parts of speech of a section with their phrases; KeyError if it is unknown."""
    return {part: tuple(phrases(line)) for part, line in _table()[name].items()}


@cache
def short_forms() -> dict[str, str]:
    """Return the short forms that people type, with the words that they stand for."""
    return {
        form: word for word, forms in section("short_forms").items() for (form, *_) in forms
    }  # fmt: skip


@cache
def never_plain() -> frozenset[str]:
    """Return the words that are never meant by their letters without marks."""
    return frozenset(word for (word, *_) in section("never_plain")["words"])


def all_words() -> Iterator[str]:
    """Yield every word of every phrase of the table."""
    for name in ("common", "yes_no", "figures", "units", "labels", "confirmation"):
        for lines in section(name).values():
            for phrase in lines:
                yield from phrase


def phrases(line: str) -> list[Phrase]:
    """Return the phrases of a comma-separated line, each as a tuple of words."""
    return [tuple(phrase.split()) for phrase in line.replace("'", "").split(",") if phrase.strip()]


@cache
def _table() -> dict[str, dict[str, str]]:
    file = resources.files("criteria") / "reading" / "words" / "words.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
