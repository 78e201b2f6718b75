"""The language of the command line: English, or Vietnamese from a gettext catalogue.

The texts in the code are English and are the keys of handlers/locales/vi/LC_MESSAGES/
commandline.po. click's own messages also go through gettext, so they are in the same catalogue.
`make catalogue` compiles it.
"""

import copy
import gettext as catalogues
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files

import click

Words = Callable[..., str]  # `gettext`, or `str.format` for English

DOMAIN = "commandline"
LANGUAGES = ("vi", "en")


def gettext(text: str, /, **values: object) -> str:
    """Return the text in the current language, with its values filled in."""
    translation = catalogues.gettext(text)
    return translation.format(**values) if values else translation


def later(text: str) -> str:
    """Mark a text for the catalogue and return it unchanged; it is translated where it is shown."""
    return text


def language_of(environment: Mapping[str, str]) -> str:
    """Return "vi" if the locale is Vietnamese, else "en"."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environment[name] for name in names if environment.get(name)), "")
    return "vi" if locale.lower().startswith("vi") else "en"


def current_language() -> str:
    """Return the current language; the catalogue translates "en" to its own language code."""
    return catalogues.gettext("en")


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Use the catalogue of this language, also for click's own texts."""
    domain, variable = catalogues.textdomain(), os.environ.get("LANGUAGE")
    os.environ["LANGUAGE"] = language  # gettext reads this variable first
    catalogues.bindtextdomain(DOMAIN, str(files("handlers").joinpath("locales")))
    catalogues.textdomain(DOMAIN)
    try:
        yield
    finally:
        catalogues.textdomain(domain)
        if variable is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = variable


def translated(command: click.Command) -> click.Command:
    """Return a copy of the command and its subcommands with the help in the current language."""
    made = copy.copy(command)
    made.help = help_text(command.help)
    made.params = [_translated(one) for one in command.params]
    if isinstance(made, click.Group):
        made.commands = {name: translated(one) for name, one in made.commands.items()}
    return made


def _translated(parameter: click.Parameter) -> click.Parameter:
    made = copy.copy(parameter)
    if isinstance(made, click.Option):
        made.help = help_text(made.help)
    return made


def help_text(text: str | None) -> str | None:
    """Return the help in the current language; it translates each paragraph."""
    return None if text is None else "\n\n".join(map(gettext, paragraphs(text)))


def paragraphs(text: str) -> list[str]:
    """Return the help's paragraphs, each on one line; they are the keys of the catalogue."""
    return [" ".join(one.split()) for one in text.split("\n\n")]
