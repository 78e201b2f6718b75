"""Dates as people write them: 25/11, 25-11-2026, "thứ sáu", "cuối tháng", "10 ngày nữa"."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

_LONGEST = 60
_HALF_A_YEAR = timedelta(days=183)

_NUMBERS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "ten": 10,
}  # fmt: skip
_WEEKDAYS = {
    "thu hai": 0, "thu 2": 0, "t2": 0, "monday": 0, "mon": 0,
    "thu ba": 1, "thu 3": 1, "t3": 1, "tuesday": 1, "tue": 1,
    "thu tu": 2, "thu 4": 2, "t4": 2, "wednesday": 2, "wed": 2,
    "thu nam": 3, "thu 5": 3, "t5": 3, "thursday": 3, "thu": 3,
    "thu sau": 4, "thu 6": 4, "t6": 4, "friday": 4, "fri": 4,
    "thu bay": 5, "thu 7": 5, "t7": 5, "saturday": 5, "sat": 5,
    "chu nhat": 6, "cn": 6, "sunday": 6, "sun": 6,
}  # fmt: skip
_NEAR = {
    "hom nay": 0, "nay": 0, "today": 0,
    "mai": 1, "ngay mai": 1, "tomorrow": 1,
    "kia": 2, "ngay kia": 2, "mot": 2, "ngay mot": 2,
}  # fmt: skip
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
         "aug august", "sep sept september", "oct october", "nov november", "dec december"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

_WEEKDAY = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?:(?:,? nam |[/\-. ])(?P<y>20\d\d))?"
_COUNT = r"(\d{1,3}|" + "|".join(_NUMBERS) + ")"


@dataclass(frozen=True, slots=True)
class DateReading:
    """The day that was read, or the reason why it could not be read."""

    day: date | None
    reason: Literal["", "not_a_date", "no_such_day"] = ""


def read_date(text: str, today: date) -> DateReading:
    """Read a date. Without a year it is the one nearest to today; a bare weekday is the next one.

    Return a reason instead of a day if the text is no date or names no existing day.
    """
    typed = _plain(text)
    if len(typed) > _LONGEST:
        return DateReading(None, "not_a_date")
    for form, made in _FORMS:
        match = form.fullmatch(typed)
        if match is None:
            continue
        try:
            return DateReading(made(match, today))
        except (ValueError, OverflowError):
            return DateReading(None, "no_such_day")
    return DateReading(None, "not_a_date")


def end_of_month(day: date) -> date:
    """Return the last day of this day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    bare = re.sub(r"[‐‑‒–—−]", "-", bare).strip(" .,!?\n\t")
    bare = re.sub(r"\s+", " ", bare)
    bare = re.sub(r"\s*([/\-.])\s*", r"\1", bare)
    bare = re.sub(r"^(den |truoc |vao |until |by |on |the )+(?=\S)", "", bare)
    bare = re.sub(r"^(het |ngay )+(?=\d)", "", bare)
    return re.sub(r"( nhe| nha| a)$", "", bare)


def _numbered(match: "re.Match[str]", today: date) -> date:
    return _nearest(int(match["d"]), int(match["m"]), match["y"], today)


def _english(match: "re.Match[str]", today: date) -> date:
    return _nearest(int(match["d"]), _MONTHS[match["m"]], match["y"], today)


def _nearest(day: int, month: int, year: str | None, today: date) -> date:
    """Return the day in this year, without a year the nearest one; ValueError if none exists."""
    if year is not None:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    if not (1 <= month <= 12 and 1 <= day <= monthrange(2024, month)[1]):
        raise ValueError("no year has this day")
    made = date(today.year, month, day)
    if made < today - _HALF_A_YEAR:
        return date(today.year + 1, month, day)
    return made


def _iso(match: "re.Match[str]", today: date) -> date:
    return date(int(match["y"]), int(match["m"]), int(match["d"]))


def _day_alone(match: "re.Match[str]", today: date) -> date:
    """Return the next day with this number, in this month or the next."""
    day = int(match["d"])
    if day >= today.day:
        return today.replace(day=day)
    return _months_on(today, 1).replace(day=day)


def _weekday(match: "re.Match[str]", today: date) -> date:
    wanted = _WEEKDAYS[match["w"]]
    monday = today - timedelta(days=today.weekday())
    week = match["week"] if "week" in match.re.groupindex else None
    if week is None:  # the next such weekday, never today
        return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)
    return monday + timedelta(days=wanted + (0 if week == "nay" else 7))


def _next_weekday(match: "re.Match[str]", today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(days=7 + _WEEKDAYS[match["w"]])


def _after_days(match: "re.Match[str]", today: date) -> date:
    count = match[1]
    number = int(count) if count.isdigit() else _NUMBERS[count]
    days = {"n": 1, "d": 1, "t": 7, "w": 7}[match["unit"][0]]
    return today + timedelta(days=number * days)


def _end_of_month(match: "re.Match[str]", today: date) -> date:
    return end_of_month(_months_on(today, 1 if match["next"] else 0))


def _end_of_named_month(match: "re.Match[str]", today: date) -> date:
    month = int(match["m"])
    if not 1 <= month <= 12:
        raise ValueError("no such month")
    year = int(match["y"]) if match["y"] else today.year + (month < today.month)
    return end_of_month(date(year, month, 1))


def _end_of_week(match: "re.Match[str]", today: date) -> date:
    return today + timedelta(days=6 - today.weekday() + (7 if match["next"] else 0))


def _months_on(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


_DateMaker = Callable[["re.Match[str]", date], date]
_FORMS: tuple[tuple["re.Pattern[str]", _DateMaker], ...] = tuple(
    (re.compile(form, re.ASCII), made)
    for form, made in (
        (r"(?P<y>20\d\d)[/.\-](?P<m>\d{1,2})[/.\-](?P<d>\d{1,2})", _iso),
        (r"(?P<d>\d{1,2})(?P<s>[/.\-])(?P<m>\d{1,2})(?:(?P=s)(?P<y>20\d\d|\d\d))?", _numbered),
        (
            rf"(?:m[uo]ng )?(?P<d>\d{{1,2}}) thang (?P<m>\d{{1,2}}){_YEAR}",
            _numbered,
        ),
        (rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?P<m>{_MONTH})(?:,? (?P<y>20\d\d))?", _english),
        (rf"(?P<m>{_MONTH}) (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<y>20\d\d))?", _english),
        (r"(?:mung |mong )?(?P<d>\d{1,2})", _day_alone),
        ("|".join(_NEAR), lambda match, today: today + timedelta(days=_NEAR[match[0]])),
        (rf"(?P<w>{_WEEKDAY})", _weekday),
        (rf"(?P<w>{_WEEKDAY}) tuan (?P<week>nay|sau|toi)", _weekday),
        (rf"next (?P<w>{_WEEKDAY})", _next_weekday),
        (rf"(?:sau |in )?{_COUNT} (?P<unit>ngay|tuan|days?|weeks?)(?: nua| toi)?", _after_days),
        (r"(?:cuoi|het) thang(?: nay|(?P<next> sau| toi))?", _end_of_month),
        (r"(?:the )?end of (?P<next>next )?(?:the |this )?month", _end_of_month),
        (r"(?:cuoi|het) thang (?P<m>\d{1,2})(?:[/\-. ](?P<y>20\d\d))?", _end_of_named_month),
        (r"cuoi tuan(?: nay)?(?P<next> sau| toi)?", _end_of_week),
        (r"cuoi nam(?: nay)?", lambda _, today: date(today.year, 12, 31)),
    )
)
