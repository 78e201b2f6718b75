"""What the commands share: settings, one transaction on the database, dates, JSON, tables."""

import asyncio
import json
import re
import tempfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

import click

from bot.language import gettext as _

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.settings import Settings

T = TypeVar("T")


def settings() -> "Settings":
    """Load the settings; a SettingsError names a wrong one."""
    from bot.settings import load

    return load()


def database_location() -> str:
    """Return the location of the database, without its password."""
    from storage.engine.schema_upgrade import location_of

    return location_of(_url())


def database_exists() -> bool:
    """Return whether the database exists, with any schema revision."""
    from storage.engine.schema_upgrade import current_revision

    return current_revision(_url()) is not None


def write(work: "Callable[[Connection], T]", *, make: bool = False) -> T:
    """Run one write transaction; with `make` a missing database is created or upgraded."""
    return _on_database(_url(), work, writing=True, upgrade=make)


def read(work: "Callable[[Connection], T]") -> T:
    """Run one read transaction; the database isn't created or upgraded."""
    return _on_database(_url(), work, writing=False, upgrade=False)


def read_empty(work: "Callable[[Connection], T]") -> T:
    """Run one read transaction on an empty, temporary database."""
    with tempfile.TemporaryDirectory(prefix="smart-commune-") as folder:
        url = f"sqlite+aiosqlite:///{folder}/empty.db"
        return _on_database(url, work, writing=False, upgrade=True)


def _url() -> str:
    return settings().database_url.get_secret_value()


def _on_database(url: str, work: "Callable[[Connection], T]", *, writing: bool, upgrade: bool) -> T:
    from storage.engine.database import Database

    # One event loop per call: a command runs one or a few transactions and ends.
    async def once() -> T:
        async with Database(url, upgrade=upgrade) as database:
            return await (database.write(work) if writing else database.read(work))

    return asyncio.run(once())


def now() -> datetime:
    """Return the present instant."""
    from bot.service.clock import Clock

    return Clock().now()


def print_json(value: object) -> None:
    """Print as indented JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


class MomentType(click.ParamType[datetime]):
    """A date (it means its last second) or a date with a time, in the communes' time zone."""

    name = "date[ time]"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the parsed instant."""
        if isinstance(value, datetime):
            return value
        try:
            return moment(str(value), settings().timezone)
        except ValueError:
            self.fail(
                _("{value!r} is no date such as 25/11/2026 or 2026-11-25T17:00.", value=value),
                param,
                ctx,
            )


class Day(click.ParamType[date]):
    """A date: 2026-11-25 or 25/11/2026."""

    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Return the parsed day."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(_year_first(str(value)))
        except ValueError:
            self.fail(
                _("{value!r} is no date such as 25/11/2026 or 2026-11-25.", value=value),
                param,
                ctx,
            )


def moment(text: str, zone: ZoneInfo) -> datetime:
    """Parse a local date, or date and time; a date alone means its last second.

    It takes dates as written in Vietnam (25/11/2026, 25/11/2026 17:00) and ISO 8601.
    """
    text = _year_first(text)
    if len(text) == len("2026-11-25"):
        return datetime.combine(date.fromisoformat(text), time(23, 59, 59), tzinfo=zone)
    given = datetime.fromisoformat(text)
    return given if given.tzinfo else given.replace(tzinfo=zone)


def _year_first(text: str) -> str:
    """Return a date that begins with the day in the order of ISO 8601; any other text unchanged."""
    found = _DAY_FIRST.match(text)
    if found is None:
        return text
    day, month, year = (int(part) for part in found.groups())
    return f"{year}-{month:02}-{day:02}{text[found.end() :]}"


_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")


_GAP = "  "


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table, each column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        _GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
