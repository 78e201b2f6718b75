"""The list of new invitations as a workbook: a row for each, with its link and its code."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from zoneinfo import ZoneInfo

from handlers.texts import texts_of

# The columns with their widths in characters.
_COLUMNS = {"place": 36, "role": 26, "uses": 9, "link": 62, "code": 16, "until": 13}


@dataclass(frozen=True, slots=True)
class Letter:
    """One new invitation; the link is empty where no bot has links."""

    place: str
    role: str
    uses: int
    link: str
    code: str
    until: datetime


def can_be_written() -> bool:
    """Return whether the extra that writes workbooks is installed."""
    return find_spec("xlsxwriter") is not None


def letters_workbook(letters: Sequence[Letter], zone: ZoneInfo, language: str) -> bytes:
    """Return the invitations as one .xlsx, in order."""
    import xlsxwriter

    texts, written = texts_of(language), io.BytesIO()
    # Nothing that people wrote may become a formula; the links are to be copied, not opened.
    options = {"strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False, "in_memory": True}  # fmt: skip
    with xlsxwriter.Workbook(written, options) as workbook:
        heading = workbook.add_format({"bold": True, "bg_color": "#DDEBF7", "text_wrap": True})
        wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        page = workbook.add_worksheet(texts.say("workbook.list.title"))
        for column, (name, width) in enumerate(_COLUMNS.items()):
            page.set_column(column, column, width, wrapped)
            page.write_string(0, column, texts.say(f"workbook.list.{name}"), heading)
        for row, one in enumerate(letters, 1):
            page.write_string(row, 0, one.place)
            page.write_string(row, 1, one.role)
            page.write_number(row, 2, one.uses)
            page.write_string(row, 3, one.link)
            page.write_string(row, 4, one.code)
            page.write_string(row, 5, texts.full_day(one.until, zone))
        page.freeze_panes(1, 0)
        page.repeat_rows(0)
        page.set_paper(9)  # A4, across
        page.set_landscape()
        page.fit_to_pages(1, 0)
    return written.getvalue()
