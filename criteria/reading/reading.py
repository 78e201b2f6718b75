"""Reading a typed reply: command words first, then what the question asks for."""

from functools import cache
from typing import Literal

from criteria.reading import command_vocabulary, yes_no_vocabulary
from criteria.reading.commands import command_in
from criteria.reading.folding import clean
from criteria.reading.outcome import Kind, Reading, ask
from criteria.reading.phrase_book import PhraseBook, covered
from criteria.reading.shares import read_figures
from criteria.reading.tokens import Token, tokenize
from criteria.reading.yes_no import read_yes_no

_LONGEST = 600  # characters of a reply; longer texts are forwarded news, not answers


def read(text: str, kind: Kind) -> Reading:
    """How a reply is to be understood. Never raises, whatever the text."""
    if len(text) > _LONGEST:
        return ask("too_long")
    cleaned = clean(text)
    tokens = tokenize(cleaned)
    if not tokens:
        return ask("empty")
    command = command_in(cleaned, tokens, kind)
    if command:
        return command
    if kind == "yes_no":
        return read_yes_no(tokens)
    return read_figures(tokens, kind)


def read_confirmation(text: str) -> Literal["yes", "no"] | None:
    """Whether a reply to "… đúng không?" says yes or no; `None` when it says neither."""
    if len(text) > _LONGEST:
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
    tags = set(covered(tokens, _confirmations()) or ())
    if len(tags) > 1:
        tags.discard("agreed")
    if len(tags) != 1:
        return None
    return "no" if "no" in tags else "yes"


def _picture(tokens: list[Token]) -> Literal["yes", "no"] | None:
    value = read_yes_no(tokens).text_form
    return "yes" if value == "yes" else "no" if value == "no" else None


@cache
def _confirmations() -> PhraseBook:
    return PhraseBook(
        {
            "agreed": yes_no_vocabulary.CONFIRM_AGREED,
            "yes": yes_no_vocabulary.CONFIRM_YES,
            "no": yes_no_vocabulary.CONFIRM_NO,
            "around": command_vocabulary.AROUND,
        }
    )
