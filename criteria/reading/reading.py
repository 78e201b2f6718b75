"""Reading a typed reply: first as a command, then as an answer to the question."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from criteria.reading.commands import command_in
from criteria.reading.decision import Decision
from criteria.reading.numbers.items import figures
from criteria.reading.numbers.meaning import read_figures
from criteria.reading.outcome import LONGEST_REPLY, Kind, Reading, ask
from criteria.reading.words.folding import clean
from criteria.reading.words.tokens import Token, tokenize
from criteria.reading.yes_no.confirmation import read_confirmation
from criteria.reading.yes_no.sentence import sentence
from criteria.reading.yes_no.yes_no import read_yes_no

__all__ = ["Explanation", "explain", "read", "read_confirmation"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A reading, the rules that decided it, and each word of the reply with its part of speech."""

    reading: Reading
    rules: tuple[str, ...]
    words: tuple[tuple[str, str], ...]


@lru_cache(maxsize=8)  # one message is read several times while it is handled
def read(text: str, kind: Kind) -> Reading:
    """Read a reply to a question of this kind. It never raises, for any text."""
    return _decide(text, kind)[0].reading


def explain(text: str, kind: Kind) -> Explanation:
    """Read a reply to a question of this kind; return the deciding rules and the words too."""
    decision, cleaned, tokens = _decide(text, kind)
    return Explanation(decision.reading, decision.rules, _parts(cleaned, tokens, kind))


def _decide(text: str, kind: Kind) -> tuple[Decision, str, Sequence[Token]]:
    if len(text) > LONGEST_REPLY:
        return Decision(ask("too_long"), ("too_long",)), "", ()
    cleaned = clean(text)
    tokens = tokenize(cleaned)
    if not tokens:
        return Decision(ask("empty"), ("empty",)), cleaned, tokens
    command = command_in(cleaned, tokens, kind)
    if command:
        return Decision(command, ("command_words",)), cleaned, ()
    if kind == "yes_no":
        return read_yes_no(tokens), cleaned, tokens
    return read_figures(tokens, kind), cleaned, tokens


def _parts(text: str, tokens: Sequence[Token], kind: Kind) -> tuple[tuple[str, str], ...]:
    if kind == "yes_no":
        return tuple((word.text, word.part) for word in sentence(tokens).words)
    return tuple((text[i.start : i.end], i.part or i.tag) for i in figures(tokens))
