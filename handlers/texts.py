"""Texts by key from the gettext catalogues; numbers and dates in the form of each language.

Parameters are escaped for HTML, so a name can't become a tag; wrap what is HTML already in `Html`.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache, lru_cache
from html import escape, unescape
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po

from criteria.definition import Indicator
from criteria.wording import count_text
from storage.places.places import Unit

LANGUAGES = ("vi", "en")
DEFAULT_LANGUAGE = "vi"
# Ends of keys: the text is for messengers without buttons, or for pages in a browser.
WITHOUT_BUTTONS, ON_PAGE = ".without_buttons", ".on_page"


class Html(str):
    """Text that is HTML already and is not escaped again."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return the text for templates (MarkupSafe's protocol)."""
        return self


class MissingTextError(KeyError):
    """A key that the catalogue lacks; this is a bug, and the tests of the catalogues find it."""


@dataclass(frozen=True, slots=True)
class Texts:
    """One language's catalogue; `singular` has the texts for a `count` of one.

    `buttons`: whether the messenger has buttons; if not, no text mentions them.
    """

    language: str
    entries: Mapping[str, str]
    singular: Mapping[str, str] = field(default_factory=dict)
    buttons: bool = True

    def say(self, key: str, **parameters: object) -> Html:
        """Return the text of `key` with escaped parameters; MissingTextError without such a key."""
        try:
            template = self.entries[key]
        except KeyError:
            raise MissingTextError(key) from None
        if parameters.get("count") == 1:
            template = self.singular.get(key, template)
        return Html(template.format(**{k: self._escaped(v) for k, v in parameters.items()}))

    def has(self, key: str) -> bool:
        """Return whether the catalogue has `key`."""
        return key in self.entries

    def unit(self, unit: Unit) -> str:
        """Return an area's label, with its old commune if needed: "Khu 5 · Yên Kiện"."""
        if unit.office:
            return self.say("unit.office")
        if unit.old_commune and unit.shared_label:
            return f"{unit.label} · {unit.old_commune}"
        return unit.label

    def short(self, indicator: Indicator) -> str:
        """Return an indicator's short name."""
        return indicator.text(self.language).short

    def listed(self, names: Iterable[str], *, most: int) -> str:
        """Join the names that fit into `most` characters; append "… và 3 khu nữa" for the rest."""
        given = list(names)
        shown: list[str] = []
        length = 0
        for name in given:
            length += len(name) + 2
            if shown and length > most:
                break
            shown.append(name)
        left = len(given) - len(shown)
        text = ", ".join(shown)
        return text + self.say("status.and_more", count=left) if left else text

    def _escaped(self, value: object) -> str:
        if isinstance(value, Html):
            return value
        if isinstance(value, int):
            return self.number(value)
        return escape(str(value), quote=False)

    def number(self, value: int) -> str:
        """Return a whole number as text: 1.234 in Vietnamese, 1,234 in English."""
        return count_text(value, self.language)

    def day(self, moment: datetime | date, zone: ZoneInfo) -> str:
        """Return a date without its year: 25/11 in Vietnamese, 25 Nov in English."""
        local = moment.astimezone(zone) if isinstance(moment, datetime) else moment
        form = "d/M" if self.language == "vi" else "d MMM"
        return str(format_date(local, form, locale=self.language))

    def full_day(self, moment: datetime | date, zone: ZoneInfo) -> str:
        """Return a date with its year: 25/11/2026."""
        local = moment.astimezone(zone) if isinstance(moment, datetime) else moment
        form = "dd/MM/yyyy" if self.language == "vi" else "d MMM yyyy"
        return str(format_date(local, form, locale=self.language))

    def time(self, moment: datetime, zone: ZoneInfo) -> str:
        """Return time and date: 19:02 ngày 25/11."""
        form = "HH:mm 'ngày' d/M" if self.language == "vi" else "HH:mm, d MMM"
        return str(format_datetime(moment.astimezone(zone), form, locale=self.language))


def texts_of(language: str, *, buttons: bool = True) -> Texts:
    """Return the catalogue of a language; the default one for an unknown language.

    Without `buttons`, texts that mention buttons are replaced by their second wording.
    """
    known = language if language in LANGUAGES else DEFAULT_LANGUAGE
    return _catalogue(known) if buttons else _in_second_wording(known, WITHOUT_BUTTONS)


def texts_on_page(language: str) -> Texts:
    """Return the catalogue for pages in a browser, where people fill in fields."""
    return _in_second_wording(language if language in LANGUAGES else DEFAULT_LANGUAGE, ON_PAGE)


@cache
def _catalogue(language: str) -> Texts:
    path = files("handlers").joinpath(f"locales/{language}/LC_MESSAGES/messages.po")
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    entries, singular = dict[str, str](), dict[str, str]()
    for message in catalogue:
        if isinstance(message.string, tuple | list):  # singular, plural
            key = message.id[0]
            singular[key], entries[key] = (str(one) for one in message.string)
        elif message.id and message.string:
            entries[str(message.id)] = str(message.string)
    return Texts(language, entries, singular)


@cache
def _in_second_wording(language: str, ending: str) -> Texts:
    texts = _catalogue(language)
    second = {
        key.removesuffix(ending): text
        for key, text in texts.entries.items()
        if key.endswith(ending)
    }
    return replace(texts, entries={**texts.entries, **second}, buttons=False)


def language_of(code: str | None) -> str:
    """Return the language for a messenger's language code; Vietnamese unless it is English."""
    return "en" if code and code.lower().startswith("en") else DEFAULT_LANGUAGE


def without_tags(html: str) -> str:
    """Return the visible text of HTML."""
    return unescape(re.sub(r"</?[a-z][^<>]*>", "", html))


def shortened(text: str, most: int) -> str:
    """Return the text on one line, cut with "…" when it is longer than `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def cut_at_line(text: str, most: int) -> str:
    """Return the text; if it has more than `most` characters, its first lines and "…"."""
    if len(text) <= most:
        return text
    start = text[: most - 1]
    lines, newline, _ = start.rpartition("\n")
    return (lines.rstrip() if newline else start) + "…"


@lru_cache(maxsize=2048)
def plain(text: str) -> str:
    """Return the letters and digits in lower case without marks: "bao cao" for "📝 Báo cáo"."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    letters = (c for c in decomposed if c.isascii() and (c.isalnum() or c.isspace() or c == "/"))
    return " ".join("".join(letters).split())
