"""The known words that a typed word may stand for."""

from collections.abc import Iterator
from functools import cache, lru_cache

from criteria.reading.words import command_vocabulary as commands
from criteria.reading.words import vocabulary
from criteria.reading.words.folding import may_stand_for, plain, syllable
from criteria.reading.words.number_vocabulary import NUMBER_WORDS
from criteria.reading.words.raw_typing import raw_spellings

_NOTHING: frozenset[str] = frozenset()


@lru_cache(maxsize=8192)
def meanings(typed: str, *, marked: bool) -> frozenset[str]:
    """Return the known words that `typed` (lower case) may stand for.

    `marked`: the reply has marks elsewhere. Then a word without marks has none, if such a word
    exists ("nam" is not "năm" then).
    """
    short = vocabulary.short_forms().get(typed)
    if short:
        return frozenset({short})
    found = _known(typed, marked)
    if found:
        return found
    end = len(typed)
    while end > 2 and plain(typed[end - 1]) == plain(typed[end - 2]):  # rồiiii
        end -= 1
    return meanings(typed[:end], marked=marked) if end < len(typed) else _NOTHING


def is_raw(typed: str) -> bool:
    """Return whether `typed` is a known word in raw Telex or VNI, and nothing else."""
    return typed in _raw() and plain(typed) not in _by_letters()


def _known(typed: str, marked: bool) -> frozenset[str]:
    candidates = _by_letters().get(plain(typed), _NOTHING)
    if typed.isascii():
        if marked and typed in candidates:
            return frozenset({typed})
        candidates -= vocabulary.never_plain()
        raw = _raw().get(typed)
        return candidates or (frozenset({raw}) if raw else _NOTHING)
    same = frozenset(w for w in candidates if syllable(w) == syllable(typed))
    return same or frozenset(w for w in candidates if may_stand_for(typed, w))


@cache
def _by_letters() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for word in set(_all_words()):
        found.setdefault(plain(word), set()).add(word)
    return {letters: frozenset(words) for letters, words in found.items()}


@cache
def _raw() -> dict[str, str]:
    # Number words and short words first: if two words share a spelling, the first one gets it.
    words = sorted(set(_all_words()), key=lambda w: (w not in NUMBER_WORDS, len(w), w))
    known = _by_letters()
    return {raw: w for raw, w in raw_spellings(words).items() if raw not in known}


def _all_words() -> Iterator[str]:
    yield from NUMBER_WORDS
    yield from vocabulary.all_words()
    lines = [
        *commands.COMMANDS.values(), commands.EDIT, commands.EDIT_ALONE, commands.QUESTION,
        commands.INSTEAD, commands.AROUND,
    ]  # fmt: skip
    for line in lines:
        for phrase in vocabulary.phrases(line):
            yield from phrase
