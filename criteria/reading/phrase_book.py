"""Finding phrases of known words in a row of tokens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from criteria.reading.tokens import Token
from criteria.reading.vocabulary import phrases


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase at a place: what it means, and how many tokens it is long."""

    tags: tuple[str, ...]
    length: int


class PhraseBook:
    """Phrases and their tags. A phrase may have several tags, in the order of the data."""

    def __init__(self, lines: Mapping[str, str]) -> None:
        self._by_first: dict[str, dict[tuple[str, ...], list[str]]] = {}
        for tag, line in lines.items():
            for words in phrases(line):
                tags = self._by_first.setdefault(words[0], {}).setdefault(words, [])
                if tag not in tags:
                    tags.append(tag)

    def longest(self, tokens: Sequence[Token], at: int) -> Found | None:
        """The longest phrase that begins at this token."""
        best_length, best_tags = 0, list[str]()
        for first in sorted(tokens[at].known):
            for words, tags in self._by_first.get(first, {}).items():
                length = len(words)
                if length < best_length or not _stands(words, tokens, at):
                    continue
                if length > best_length:
                    best_length, best_tags = length, []
                best_tags.extend(tag for tag in tags if tag not in best_tags)
        return Found(tuple(best_tags), best_length) if best_length else None


def _stands(words: tuple[str, ...], tokens: Sequence[Token], at: int) -> bool:
    if at + len(words) > len(tokens):
        return False
    return all(word in tokens[at + n].known for n, word in enumerate(words))


def covered(
    tokens: Sequence[Token], book: PhraseBook, ignored: frozenset[str] = frozenset({"around"})
) -> list[str] | None:
    """The tags of all phrases when the tokens are nothing but phrases (else `None`).

    Of a phrase's tags the first that isn't ignored counts.
    """
    tags: list[str] = []
    at = 0
    while at < len(tokens):
        if tokens[at].kind == "sign":
            at += 1
            continue
        found = book.longest(tokens, at) if tokens[at].kind == "word" else None
        if found is None:
            return None
        tags.extend([tag for tag in found.tags if tag not in ignored][:1])
        at += found.length
    return tags
