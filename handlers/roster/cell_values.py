"""Reads one cell: its value, or the reason why it is refused."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Final

from handlers.texts import Html, Texts, without_tags

LONGEST_TEXT = 120
LONGEST_CODE = 40
LARGEST_COUNT = 99_999_999
_GROUPED = re.compile(r"\d{1,3}(?:([.,' ])\d{3})(?:\1\d{3})*")
_DIGITS = re.compile(r"\d+(?:[.,]0+)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_CLEARED: Final = {"-", "–", "—"}
ERRORS: Final = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
)
FORMULA: Final = "\0="  # the beginning of a formula without a stored result; can't be typed
_TOTALS: Final = frozenset(
    {"tong", "tongcong", "tongso", "cong", "congtong", "toanxa", "tongtoanxa", "total", "totals",
     "sum", "grandtotal"}
)  # fmt: skip


class Clear(Enum):
    """A dash in a cell: the stored value is deleted. An empty cell leaves it unchanged."""

    CLEAR = "clear"


CLEAR = Clear.CLEAR
Cell = str | int | float | bool | date | datetime | object
Value = str | int | date | tuple[str, ...] | Clear


@dataclass(frozen=True, slots=True)
class ProblemText:
    """A sentence of the catalogue ("roster.problem." and its key) and its parameters."""

    key: str
    values: Mapping[str, str | int] = field(default_factory=dict)

    def text(self, texts: Texts) -> str:
        """Return the sentence."""
        return without_tags(texts.say(f"roster.problem.{self.key}", **self.values))


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence of the catalogue about something ignored, or a likely mistake."""

    key: str
    values: Mapping[str, str]

    def text(self, texts: Texts) -> str:
        """Return the sentence."""
        return without_tags(texts.say(f"roster.{self.key}", **self.values))


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A reason why the workbook can't be imported, with its place; rows count from 1."""

    sheet: str
    row: int | None
    column: str | None
    reason: ProblemText

    def sentence(self, texts: Texts) -> str:
        """Return the sentence for the person who corrects the workbook."""
        place = "roster.sheet" if self.sheet else "roster.workbook"
        parts = [texts.say(place, sheet=self.sheet)]
        if self.row is not None:
            parts.append(texts.say("roster.row", row=Html(self.row)))
        if self.column is not None:
            parts.append(texts.say("roster.column", column=self.column))
        return f"{without_tags(', '.join(parts))}: {self.reason.text(texts)}"


class RefusedError(ValueError):
    """A cell or a workbook that can't be read, with the reason."""

    def __init__(self, key: str, **values: str | int) -> None:
        super().__init__(key)
        self.reason = ProblemText(key, values)


def fold(text: str) -> str:
    """Return the letters and digits in lower case without marks: "maxa" for "Mã xã *"."""
    plain = text.replace("đ", "d").replace("Đ", "d")
    letters = unicodedata.normalize("NFD", plain).casefold()
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum())


def slug(text: str) -> str:
    """Return a code made of a name: "khu-5-yen-kien" for "Khu 5 Yên Kiện"."""
    words = re.split(r"[^\w]+", text)
    return "-".join(part for part in (fold(word) for word in words) if part)[:LONGEST_CODE]


def text_of(cell: Cell) -> str:
    """Return a cell's content as one line; a whole number without its ".0"."""
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
    """Read a name or label; RefusedError for a long one."""
    text = text_of(cell)
    if len(text) > LONGEST_TEXT:
        raise RefusedError("too_long", text=text[:30], most=LONGEST_TEXT)
    return text


def read_code(cell: Cell) -> str:
    """Read a stable key; RefusedError for a long one and for the office's."""
    text = text_of(cell)
    if len(text) > LONGEST_CODE:
        raise RefusedError("too_long", text=text[:30], most=LONGEST_CODE)
    if text.casefold() == "office":
        raise RefusedError("code_office")
    return text


def read_codes(cell: Cell) -> tuple[str, ...]:
    """Read codes separated by commas or semicolons."""
    parts = (text_of(part) for part in re.split(r"[,;]", text_of(cell)))
    return tuple(part for part in parts if part)


def read_count(cell: Cell) -> int:
    """Read a count, a number or text ("1.234", "1 234"); RefusedError for other cells."""
    if isinstance(cell, bool):
        raise RefusedError("not_yes_no")
    if isinstance(cell, float) and not cell.is_integer():
        raise RefusedError("not_a_number", text=str(cell))
    text = text_of(cell)
    if _GROUPED.fullmatch(text):
        count = int(re.sub(r"\D", "", text))
    elif _DIGITS.fullmatch(text):
        count = int(re.split(r"[.,]", text)[0])
    elif text.startswith("-") and text[1:].isdecimal():
        raise RefusedError("below_zero", text=text)
    else:
        raise RefusedError("not_a_number", text=text[:30])
    if count > LARGEST_COUNT:
        raise RefusedError("too_large", text=text)
    return count


def read_day(cell: Cell) -> date:
    """Read a day: a date cell, 1/7/2025 or 2025-07-01; RefusedError for other cells."""
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
        raise RefusedError("not_a_day", text=text[:30])
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        raise RefusedError("no_such_day", text=text) from None


def check_readable(cell: Cell) -> None:
    """Raise RefusedError for a cell with an error or a formula without a result."""
    text = text_of(cell)
    if text in ERRORS:
        raise RefusedError("error_value", text=text)
    if isinstance(cell, str) and cell.startswith(FORMULA):
        raise RefusedError("formula")


def is_total(cell: Cell) -> bool:
    """Return whether the cell is the title of a row of sums: "Tổng cộng", "Cộng", "Toàn xã"."""
    return fold(text_of(cell)) in _TOTALS


def is_blank(cell: Cell) -> bool:
    """Return whether the cell is empty."""
    return text_of(cell) == ""


def is_cleared(cell: Cell) -> bool:
    """Return whether the cell is a dash."""
    return text_of(cell) in _CLEARED
