"""Counting from house to house: reading the typed texts, and adding up the taps."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from criteria.answers import YesNo
from criteria.reading import read

MOST_IN_A_HOUSE = 30
# A house number as it is written at a door: "12", "12A", "7/3". Never a name.
_NUMBER = r"\d{1,4}[a-zđ]?(?:/\d{1,4}[a-zđ]?){0,2}"
_BARE = re.compile(r"(\d{1,4}[a-zđ]?)(?=$|\s*:)")  # "12", "12A", "12: 3 có"
_HOUSE = re.compile(
    rf"(?:số nhà|so nha|nhà|nha|hộ|house|số|so)\s*(?:số|so|no\.?)?\s*({_NUMBER})(?!\w)"
)
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")  # "nhà 012" is the house 12
_YES, _NO = r"có|co|yes", r"chưa có|chua co|chưa|chua|không|khong|ko|not yet|no"
_FIRST = re.compile(rf"\+?\s*(\d{{1,3}})\s*(?:người|nguoi)?\s*(?:({_YES})|({_NO}))(?!\w)")
_LAST = re.compile(rf"(?:({_YES})|({_NO}))\s*:?\s*(\d{{1,3}})(?!\w)")
_BETWEEN = re.compile(r"[\s,;.:+–-]*(?:và\b|va\b|and\b)?[\s,;.:+–-]*")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the counted people have it, and how many do not."""

    yes: int = 0
    no: int = 0

    @property
    def total(self) -> int:
        """The number of people counted."""
        return self.yes + self.no

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.yes + other.yes, self.no + other.no)


@dataclass(frozen=True, slots=True)
class House:
    """A house, named by its number."""

    number: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What a message contains: the house, the people counted there, or both."""

    house: House | None = None
    counted: Tally | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one member counted in one visit to a house, or apart from any house."""

    house: str | None
    visit: int | None
    person: int | None
    counted: Tally


@dataclass(frozen=True, slots=True)
class Sum:
    """The sums of the taps: in total, by member, and by house with the visit that counts."""

    all: Tally
    by_person: dict[int | None, Tally]
    by_house: dict[str, Tally]
    visits: dict[str, int]


def add_up(parts: Iterable[Part]) -> Sum:
    """Return the sums. A house counts once, by its newest visit in which a person was counted."""
    given = list(parts)
    visits: dict[int, Tally] = defaultdict(Tally)
    for part in given:
        if part.visit is not None:
            visits[part.visit] += part.counted
    newest: dict[str, int] = {}
    for part in given:
        if part.house is not None and part.visit is not None and visits[part.visit].total:
            newest[part.house] = max(part.visit, newest.get(part.house, 0))
    by_person: dict[int | None, Tally] = defaultdict(Tally)
    by_house: dict[str, Tally] = defaultdict(Tally)
    whole = Tally()
    for part in given:
        if part.house is not None and newest.get(part.house) != part.visit:
            continue
        whole += part.counted
        by_person[part.person] += part.counted
        if part.house is not None:
            by_house[part.house] += part.counted
    return Sum(whole, dict(by_person), dict(by_house), newest)


def read_counting(text: str) -> Typed | None:
    """Read "nhà 12", "số 12", "012", "3 có 1 chưa", "nhà 12: 3 có" or "có"; else return None.

    A bare number is a house, because a count always has "có" or "chưa" next to it.
    """
    typed = " ".join(unicodedata.normalize("NFC", text).lower().split())
    at = _HOUSE.match(typed) or _BARE.match(typed)
    if at is None:
        counted = _counted(typed)
        return Typed(counted=counted) if counted is not None else None
    house = House(_ZEROS.sub("", at[1]).upper())
    rest = typed[at.end() :].strip(" :,;.-–")
    if not rest:
        return Typed(house)
    counted = _counted(rest)
    return Typed(house, counted) if counted is not None else None


def _counted(typed: str) -> Tally | None:
    if not any(c.isdigit() for c in typed):
        reading = read(typed, "yes_no")
        if reading.outcome != "value" or not isinstance(reading.value, YesNo):
            return None
        return Tally(yes=1) if reading.value.yes else Tally(no=1)
    for order in (_FIRST, _LAST):
        counted = _pairs(typed, order)
        if counted is not None:
            return counted
    return None


def _pairs(typed: str, order: re.Pattern[str]) -> Tally | None:
    """Read counts with their words, such as "3 có 1 chưa"; return None for any other text."""
    whole, at = Tally(), 0
    while at < len(typed):
        found = order.match(typed, at)
        if found is None:
            return None
        count = int(found[1] if order is _FIRST else found[3])
        is_yes = found[2] if order is _FIRST else found[1]
        whole += Tally(yes=count) if is_yes else Tally(no=count)
        between = _BETWEEN.match(typed, found.end())
        at = between.end() if between is not None else found.end()
    return whole if whole.total else None
