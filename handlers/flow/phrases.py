"""Phrases that are understood on every screen; the features that own them register them here."""

from collections.abc import Callable
from dataclasses import dataclass

from handlers.flow.channel import Reply
from handlers.flow.context import Context
from handlers.flow.next import Next
from handlers.flow.press import Press
from handlers.texts import plain

Understood = Reply | Press | Next | None
Phrase = Callable[[Context, str], Understood]


@dataclass(frozen=True, slots=True)
class _Registered:
    phrase: Phrase
    at_rest: bool


_PHRASES: list[_Registered] = []


def phrase(*, at_rest: bool = False) -> Callable[[Phrase], Phrase]:
    """Register a function that gives what a whole text asks for, or None.

    `at_rest`: only while no question of a report is open, because an answer could look like it.
    """

    def register(one: Phrase) -> Phrase:
        _PHRASES.append(_Registered(one, at_rest))
        return one

    return register


def understood(context: Context, text: str, *, at_rest: bool) -> Understood:
    """What the first phrase that fits asks for."""
    for one in _PHRASES:
        if one.at_rest == at_rest and (found := one.phrase(context, text)) is not None:
            return found
    return None


def says(context: Context, text: str, key: str) -> bool:
    """Whether a text is one of the words that the catalogue has under a key, parted by "|"."""
    wanted = plain(text)
    return wanted != "" and wanted in map(plain, context.texts.say(key).split("|"))
