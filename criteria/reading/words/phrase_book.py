"""Finding phrases of known words in a sequence of tokens."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from criteria.reading.words.tokens import Token
from criteria.reading.words.vocabulary import Phrase


@dataclass(frozen=True, slots=True)
class PhraseMatch:
    """A phrase at a place: its length, and its possible meanings, each with its full words."""

    phrases: Mapping[str, str]
    length: int

    @property
    def tags(self) -> tuple[str, ...]:
        """The possible meanings, in the order of the data."""
        return tuple(self.phrases)


@dataclass(slots=True)
class _Node:
    """A node of the tree: the words that may follow, and the tags if a phrase ends here."""

    following: dict[str, "_Node"] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)


class PhraseBook:
    """Phrases and their tags, stored as a tree of words.

    A phrase may have several tags, in the order of the data.
    """

    def __init__(self, lines: Mapping[str, Iterable[Phrase]]) -> None:
        self._root = _Node()
        for tag, some in lines.items():
            for words in some:
                node = self._root
                for word in words:
                    node = node.following.setdefault(word, _Node())
                node.tags.setdefault(tag, " ".join(words))

    def longest(self, tokens: Sequence[Token], at: int) -> PhraseMatch | None:
        """Return the longest phrase that begins at this token; None if there is none.

        It looks at no more tokens than the longest phrase has, for a reply of any length.
        """
        nodes, found, end = [self._root], None, at
        while nodes and end < len(tokens):
            words = sorted(tokens[end].known)
            nodes = [n.following[word] for n in nodes for word in words if word in n.following]
            end += 1
            phrases: dict[str, str] = {}
            for node in nodes:
                phrases = {**phrases, **{t: w for t, w in node.tags.items() if t not in phrases}}
            if phrases:
                found = PhraseMatch(phrases, end - at)
        return found


def covered(
    tokens: Sequence[Token], book: PhraseBook, ignored: frozenset[str] = frozenset({"around"})
) -> list[str] | None:
    """Return the tags of all phrases if the tokens are only phrases, else None.

    Of a phrase's tags, the first one that is not in `ignored` is returned.
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
