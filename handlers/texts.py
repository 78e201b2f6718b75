"""What people read, by key, from the gettext catalogues; numbers and dates as their language does.

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
# The end of a key: the text for messengers without buttons, and for pages in a browser.
WITHOUT_BUTTONS, ON_PAGE = ".without_buttons", ".on_page"


class Html(str):
    """Text that is HTML already and is not escaped again."""

    __slots__ = ()

    def __html__(self) -> str:
        """The text as templates take it (MarkupSafe's protocol)."""
        return self


class MissingTextError(KeyError):
    """A key that the catalogue lacks: a bug, which the catalogue tests find first."""


@dataclass(frozen=True, slots=True)
class Texts:
    """One language's catalogue; `singular` holds what is said where `count` is one.

    `buttons`: whether the messenger has buttons; without, no text speaks of them.
    """

    language: str
    entries: Mapping[str, str]
    singular: Mapping[str, str] = field(default_factory=dict)
    buttons: bool = True

    def say(self, key: str, **parameters: object) -> Html:
        """The text of `key` with its parameters filled in and escaped."""
        try:
            template = self.entries[key]
        except KeyError:
            raise MissingTextError(key) from None
        if parameters.get("count") == 1:
            template = self.singular.get(key, template)
        return Html(template.format(**{k: self._shown(v) for k, v in parameters.items()}))

    def has(self, key: str) -> bool:
        """Whether the catalogue holds `key`."""
        return key in self.entries

    def unit(self, unit: Unit) -> str:
        """Name an area with its old commune ("Khu 5 · Yên Kiện"), the office in words."""
        if unit.office:
            return self.say("unit.office")
        if unit.old_commune and unit.shared_label:
            return f"{unit.label} · {unit.old_commune}"
        return unit.label

    def short(self, indicator: Indicator) -> str:
        """An indicator's short name."""
        return indicator.text(self.language).short

    def listed(self, names: Iterable[str], *, most: int) -> str:
        """The names with commas, as many as fit into `most` characters, "… và 3 khu nữa" after."""
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

    def _shown(self, value: object) -> str:
        if isinstance(value, Html):
            return value
        if isinstance(value, int):
            return self.number(value)
        return escape(str(value), quote=False)

    def number(self, value: int) -> str:
        """A whole number: 1.234 in Vietnamese, 1,234 in English."""
        return count_text(value, self.language)

    def day(self, moment: datetime | date, zone: ZoneInfo) -> str:
        """A date as people say it: 25/11 in Vietnamese, 25 Nov in English."""
        local = moment.astimezone(zone) if isinstance(moment, datetime) else moment
        return str(
            format_date(local, "d/M" if self.language == "vi" else "d MMM", locale=self.language)
        )

    def full_day(self, moment: datetime | date, zone: ZoneInfo) -> str:
        """A date with its year: 25/11/2026."""
        local = moment.astimezone(zone) if isinstance(moment, datetime) else moment
        return str(
            format_date(
                local, "dd/MM/yyyy" if self.language == "vi" else "d MMM yyyy", locale=self.language
            )
        )

    def time(self, moment: datetime, zone: ZoneInfo) -> str:
        """Date and time: 19:02 ngày 25/11."""
        form = "HH:mm 'ngày' d/M" if self.language == "vi" else "HH:mm, d MMM"
        return str(format_datetime(moment.astimezone(zone), form, locale=self.language))


def texts_of(language: str, *, buttons: bool = True) -> Texts:
    """The catalogue of a language; any other language gets the default one.

    Without `buttons` it speaks of none: some texts have a second wording for this.
    """
    known = language if language in LANGUAGES else DEFAULT_LANGUAGE
    return _catalogue(known) if buttons else _in_second_wording(known, WITHOUT_BUTTONS)


def texts_on_page(language: str) -> Texts:
    """The catalogue as pages in a browser say it: there are fields, and nothing is sent as text."""
    return _in_second_wording(language if language in LANGUAGES else DEFAULT_LANGUAGE, ON_PAGE)


@cache
def _catalogue(language: str) -> Texts:
    place = files("handlers").joinpath(f"locales/{language}/LC_MESSAGES/messages.po")
    with place.open("rb") as file:
        catalogue = read_po(file, locale=language)
    entries, singular = dict[str, str](), dict[str, str]()
    for message in catalogue:
        if isinstance(message.string, tuple | list):  # of one, of many
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
    """The catalogue for a messenger's language code; Vietnamese unless it says English."""
    return "en" if code and code.lower().startswith("en") else DEFAULT_LANGUAGE


def without_tags(html: str) -> str:
    """What a person reads of a text in HTML."""
    return unescape(re.sub(r"</?[a-z][^<>]*>", "", html))


def shortened(text: str, most: int) -> str:
    """The text on one line, cut with "…" when it is longer than `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


@lru_cache(maxsize=2048)
def plain(text: str) -> str:
    """Letters and digits only, without marks or case: "📝 Báo cáo" and "bao cao" are one."""
    apart = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    kept = (c for c in apart if c.isascii() and (c.isalnum() or c.isspace() or c == "/"))
    return " ".join("".join(kept).split())
