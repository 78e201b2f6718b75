"""Files that are still to be fetched from a messenger: evidence, photos of difficulties, rosters.

Each kind has its own table with the same columns: how often fetching failed, when the next attempt
is due, and how many openings were begun and not completed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

LONGEST_PAUSE = timedelta(hours=1)  # between two attempts to fetch a file


@dataclass(frozen=True, slots=True)
class ToFetch:
    """A file that is still to be fetched: the id of its row, and the bot's file (`file_at`)."""

    id: int
    reference: str
    given_at: datetime
    tries: int  # failed attempts
    after: datetime
    openings: int

    def due(self, now: datetime) -> bool:
        """Return whether it is to be fetched now.

        A time further ahead than the longest pause was stored while the machine's clock was wrong.
        """
        return self.after <= now or self.after > now + LONGEST_PAUSE


@dataclass(frozen=True, slots=True, eq=False)
class FetchQueue:
    """The files of one table that are to be fetched; a row with a replaced file does not change."""

    id: sa.Column[Any]
    reference: sa.Column[Any]
    given_at: sa.Column[Any]
    tries: sa.Column[Any]
    after: sa.Column[Any]
    openings: sa.Column[Any]
    waiting: sa.ColumnElement[bool]

    def to_fetch(self, tx: Connection, limit: int) -> list[ToFetch]:
        """Return the files that are still to be fetched, those that are due longest first."""
        columns = (self.id, self.reference, self.given_at, self.tries, self.after, self.openings)
        found = sa.select(*columns).where(self.waiting).order_by(self.after, self.id)
        return [ToFetch(*row) for row in tx.execute(found.limit(limit))]

    def failed(self, tx: Connection, row: ToFetch, after: datetime) -> None:
        """Count an attempt that failed for a temporary reason; the next one is due at `after`."""
        self._set(tx, row, {self.tries: row.tries + 1, self.after: after,
                            self.openings: row.openings})  # fmt: skip

    def later(self, tx: Connection, row: ToFetch, after: datetime) -> None:
        """Postpone the next attempt without counting one."""
        self._set(tx, row, {self.after: after})

    def count_opening(self, tx: Connection, row: ToFetch) -> None:
        """Count an opening before it happens: opening a hostile file may kill the process."""
        self._set(tx, row, {self.openings: row.openings + 1})

    def _set(self, tx: Connection, row: ToFetch, values: dict[sa.Column[Any], object]) -> None:
        this = sa.and_(self.id == row.id, self.reference == row.reference)
        tx.execute(sa.update(self.id.table).where(this).values(values))
