"""Reading a day as people type it: 25/11 or 25/11/2026."""

import re
from datetime import date

_DAY = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?\s*", re.ASCII)


def read_day(text: str, today: date) -> date | None:
    """The day that was meant; without a year the next one to come. None: it can't be read."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    day, month, year = int(found[1]), int(found[2]), found[3]
    for chosen in (int(year),) if year else (today.year, today.year + 1):
        try:
            read = date(chosen, month, day)
        except ValueError:
            continue
        if year or read >= today:
            return read
    return None
