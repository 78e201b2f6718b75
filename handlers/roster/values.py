"""Reading one cell: what a person meant by it, or the reason why it can't be taken."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Final

LONGEST_TEXT = 120
LONGEST_CODE = 40
LARGEST_COUNT = 99_999_999
_GROUPED = re.compile(r"\d{1,3}(?:([.,' ])\d{3})(?:\1\d{3})*")
_DIGITS = re.compile(r"\d+(?:[.,]0+)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_CLEARED: Final = {"-", "–", "—"}


class Clear(Enum):
    """A dash in a cell: what stood there is taken away. An empty cell leaves it as it is."""

    CLEAR = "clear"


CLEAR = Clear.CLEAR
Cell = str | int | float | bool | date | datetime | object
Value = str | int | date | tuple[str, ...] | Clear


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the workbook can't be taken in, and where: the row as the spreadsheet numbers it."""

    sheet: str
    row: int | None
    column: str | None
    reason: str

    @property
    def sentence(self) -> str:
        """For the person who mends it."""
        place = f"Sheet “{self.sheet}”" if self.sheet else "The workbook"
        place += f", row {self.row}" if self.row is not None else ""
        place += f", column “{self.column}”" if self.column is not None else ""
        return f"{place}: {self.reason}"


class RefusedError(ValueError):
    """A cell that can't be read; its message is the reason."""


def fold(text: str) -> str:
    """Letters and digits only, lower case, without marks: "Mã xã *" is "maxa"."""
    plain = text.replace("đ", "d").replace("Đ", "d")
    letters = unicodedata.normalize("NFD", plain).casefold()
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum())


def slug(text: str) -> str:
    """A code made of a name: "Khu 5 Yên Kiện" is "khu-5-yen-kien"."""
    words = re.split(r"[^\w]+", text)
    return "-".join(part for part in (fold(word) for word in words) if part)[:LONGEST_CODE]


def text_of(cell: Cell) -> str:
    """What stands in a cell, as one line; a whole number loses its ".0"."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    written = unicodedata.normalize("NFC", str(cell))
    if not written.isprintable():
        written = "".join(
            " " if letter.isspace() else letter
            for letter in written
            if letter.isspace() or unicodedata.category(letter)[0] != "C"
        )
    return " ".join(written.split())


def read_text(cell: Cell) -> str:
    """A name or label."""
    text = text_of(cell)
    if len(text) > LONGEST_TEXT:
        raise RefusedError(f"“{text[:30]}…” is longer than {LONGEST_TEXT} characters.")
    return text


def read_code(cell: Cell) -> str:
    """A stable key."""
    text = text_of(cell)
    if len(text) > LONGEST_CODE:
        raise RefusedError(f"“{text[:30]}…” is longer than {LONGEST_CODE} characters.")
    if text.casefold() == "office":
        raise RefusedError("the code “office” is the commune office's own.")
    return text


def read_codes(cell: Cell) -> tuple[str, ...]:
    """Codes with commas or semicolons between them."""
    parts = (text_of(part) for part in re.split(r"[,;]", text_of(cell)))
    return tuple(part for part in parts if part)


def read_count(cell: Cell) -> int:
    """A count of people or things, typed as a number or as text ("1.234", "1 234")."""
    if isinstance(cell, bool):
        raise RefusedError("a yes or no stands where a number is expected.")
    if isinstance(cell, float) and not cell.is_integer():
        raise RefusedError(f"{cell} is not a whole number.")
    text = text_of(cell)
    if _GROUPED.fullmatch(text):
        count = int(re.sub(r"\D", "", text))
    elif _DIGITS.fullmatch(text):
        count = int(re.split(r"[.,]", text)[0])
    elif text.startswith("-") and text[1:].isdecimal():
        raise RefusedError(f"{text} is below zero.")
    else:
        raise RefusedError(f"“{text[:30]}” is not a whole number.")
    if count > LARGEST_COUNT:
        raise RefusedError(f"{text} is too large.")
    return count


def read_day(cell: Cell) -> date:
    """A day: a date cell, 1/7/2025 or 2025-07-01."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = text_of(cell)
    parts: tuple[str, str, str] | None = None
    if match := _DAY_FIRST.fullmatch(text):
        parts = (match[3], match[2], match[1])
    elif match := _YEAR_FIRST.fullmatch(text):
        parts = (match[1], match[2], match[3])
    if parts is None:
        raise RefusedError(f"“{text[:30]}” is not a date such as 1/7/2025.")
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        raise RefusedError(f"{text} is not a day of the calendar.") from None


def is_blank(cell: Cell) -> bool:
    """Whether nothing stands in the cell."""
    return text_of(cell) == ""


def is_cleared(cell: Cell) -> bool:
    """Whether a dash stands in the cell."""
    return text_of(cell) in _CLEARED
