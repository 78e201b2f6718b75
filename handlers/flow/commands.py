"""The registries of texts that can be typed on every screen: slash commands and phrases.

Each feature registers its own. A command has a name in both languages.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from handlers.flow.channel import Command, Reply
from handlers.flow.context import Context
from handlers.flow.press import Press
from handlers.flow.routes import Next
from handlers.texts import plain

Run = Callable[[Context, str], Next | Reply | None]
R = TypeVar("R", bound=Run)


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A command. `place` orders the menu; `menu` decides whether a person's menu has it.

    Where it opens nothing, it is read like `word`, else the sentence with the key `refused` is
    shown. A command that only `reads` can be answered by a reader of the database.
    """

    name: str
    english: str
    run: Run
    place: int
    menu: Callable[[Context], bool] | None
    refused: str | None
    reads: bool
    word: str | None


COMMANDS: dict[str, SlashCommand] = {}  # by both names
WORDS: dict[str, str] = {}  # from a command to the typed text that it replaces


def command(
    name: str,
    english: str,
    *,
    place: int = 0,
    menu: Callable[[Context], bool] | None = None,
    refused: str | None = None,
    reads: bool = False,
    word: str | None = None,
) -> Callable[[R], R]:
    """Register a command; its function receives the text typed after it."""

    def register(run: R) -> R:
        one = SlashCommand(name, english, run, place, menu, refused, reads, word)
        for each in {name, english}:
            if each in COMMANDS or each in WORDS:
                raise ValueError(f"the command /{each} is registered twice")
            COMMANDS[each] = one
        return run

    return register


def opens(
    name: str,
    english: str,
    address: Press,
    *,
    place: int = 0,
    menu: Callable[[Context], bool] | None = None,
    refused: str | None = None,
) -> None:
    """Register a command that opens a screen; the text after it is ignored."""
    following = Next(address)
    command(name, english, place=place, menu=menu, refused=refused)(lambda _c, _text: following)


def command_word(name: str, word: str) -> None:
    """Register a command that is read like a text typed without the slash."""
    if name in COMMANDS or name in WORDS:
        raise ValueError(f"the command /{name} is registered twice")
    WORDS[name] = word


def menu_of(context: Context) -> tuple[Command, ...]:
    """Return the command menu for this person's roles, in their language."""
    ordered = sorted({id(one): one for one in COMMANDS.values()}.values(), key=lambda c: c.place)
    return tuple(
        _entry(context, one) for one in ordered if one.menu is not None and one.menu(context)
    )


def _entry(context: Context, one: SlashCommand) -> Command:
    name = one.english if context.texts.language == "en" else one.name
    return Command(name, context.texts.say(f"command.{one.name}"))


# --- phrases --------------------------------------------------------------------------------------


Meant = Reply | Press | Next | None
Phrase = Callable[[Context, str], Meant]


@dataclass(frozen=True, slots=True)
class _Registered:
    phrase: Phrase
    at_rest: bool


_PHRASES: list[_Registered] = []


def phrase(*, at_rest: bool = False) -> Callable[[Phrase], Phrase]:
    """Register a function that returns what a whole text asks for, or None.

    `at_rest`: only while no question of a report is open, as an answer could look the same.
    """

    def register(one: Phrase) -> Phrase:
        _PHRASES.append(_Registered(one, at_rest))
        return one

    return register


def phrase_result(context: Context, text: str, *, at_rest: bool) -> Meant:
    """Return the result of the first phrase that fits; None without one."""
    for one in _PHRASES:
        if one.at_rest == at_rest and (found := one.phrase(context, text)) is not None:
            return found
    return None


def is_phrase(context: Context, text: str, key: str) -> bool:
    """Return whether a text is one of the catalogue's texts under `key`, separated by "|"."""
    wanted = plain(text)
    return wanted != "" and wanted in map(plain, context.texts.say(key).split("|"))
