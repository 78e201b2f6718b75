"""Rosters that were sent as files: first the messenger's reference, later the cells."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.engine.rows import insert
from storage.fetching import FetchQueue
from storage.tables import workbooks

KEPT = timedelta(days=1)
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Workbook:
    """One file; `cells` is None until it is fetched and read."""

    id: int
    person_id: int
    given_at: datetime
    reference: str
    cells: str | None


_SELECT = sa.select(
    workbooks.c.id,
    workbooks.c.person_id,
    workbooks.c.given_at,
    workbooks.c.channel_reference,
    workbooks.c.cells,
)
TO_FETCH = FetchQueue(
    workbooks.c.id,
    workbooks.c.channel_reference,
    workbooks.c.given_at,
    workbooks.c.fetch_tries,
    workbooks.c.fetch_after,
    workbooks.c.openings,
    workbooks.c.cells.is_(None),
)


def add(tx: Connection, person_id: int, reference: str, now: datetime) -> int:
    """Store a file that is still to be fetched; it replaces an earlier one of the person."""
    tx.execute(sa.delete(workbooks).where(workbooks.c.person_id == person_id))
    return insert(
        tx,
        workbooks,
        person_id=person_id,
        given_at=now,
        channel_reference=reference,
        fetch_after=now,
    )


def workbook(tx: Connection, workbook_id: int) -> Workbook | None:
    """Return the file with this id; None if it was deleted."""
    row = tx.execute(_SELECT.where(workbooks.c.id == workbook_id)).first()
    return Workbook(*row) if row is not None else None


def store_cells(tx: Connection, workbook_id: int, cells: str) -> bool:
    """Store the cells that were read; return False if the file was deleted meanwhile."""
    this = workbooks.c.id == workbook_id
    return tx.execute(sa.update(workbooks).where(this).values(cells=cells)).rowcount > 0


def old(tx: Connection, now: datetime) -> list[int]:
    """Return some of the files that nobody applied within a day."""
    late = sa.select(workbooks.c.id).where(workbooks.c.given_at < now - KEPT)
    return list(tx.scalars(late.limit(_AT_ONCE)))


def drop_naming(tx: Connection, name: str) -> None:
    """Delete the files that contain this full name: masking it would change their effect."""
    words = " ".join(unicodedata.normalize("NFC", name).split()).casefold()
    if " " not in words:  # a single word may be an ordinary one
        return
    read = sa.select(workbooks.c.id, workbooks.c.cells).where(workbooks.c.cells.is_not(None))
    drop(
        tx,
        [number for number, cells in tx.execute(read)
         if words in unicodedata.normalize("NFC", cells).casefold()],
    )  # fmt: skip


def drop(tx: Connection, workbook_ids: list[int]) -> None:
    """Delete these files."""
    tx.execute(sa.delete(workbooks).where(workbooks.c.id.in_(workbook_ids)))
