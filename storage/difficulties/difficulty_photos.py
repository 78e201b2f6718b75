"""The photos of difficulties: first a file of the messenger, then one below DATA_DIR.

A messenger's file may expire, so each is fetched at once. The column `photo` has the bot's file
("zalo-a:https://…"), the name of the file below DATA_DIR ("evidence/…"), or the name of one that is
still to be deleted ("removed:evidence/…").
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.evidence.evidence_files import FOLDER
from storage.fetching import FetchQueue, ToFetch
from storage.tables import difficulties, rounds

_KEPT, _REMOVED = f"{FOLDER}/", "removed:"
_NOT_TRIED: dict[str, object] = {"photo_tries": 0, "photo_openings": 0}
_LOOKED_AT = 1000  # of the newest difficulties: a fetch never reads the whole table
_photo = difficulties.c.photo
_IS_KEPT = _photo.startswith(_KEPT, autoescape=True)
_IS_REMOVED = _photo.startswith(_REMOVED, autoescape=True)
# The value of the column after the photo is removed: its file is deleted after the commit.
WITHOUT = sa.case((_IS_KEPT, sa.literal(_REMOVED) + _photo), (_IS_REMOVED, _photo))


_NEWEST = sa.select(sa.func.max(difficulties.c.id)).scalar_subquery()
TO_FETCH = FetchQueue(
    difficulties.c.id,
    _photo,
    difficulties.c.photo_given_at,
    difficulties.c.photo_tries,
    difficulties.c.photo_after,
    difficulties.c.photo_openings,
    sa.and_(difficulties.c.id > _NEWEST - _LOOKED_AT, _photo.is_not(None), ~_IS_KEPT, ~_IS_REMOVED),
)


def is_kept(photo: str) -> bool:
    """Return whether it is the name of a file below DATA_DIR."""
    return photo.startswith(_KEPT)


def shown_photo(photo: str | None) -> str | None:
    """Return the photo if it can be shown; None if it was removed."""
    return None if photo is None or photo.startswith(_REMOVED) else photo


def photo_values(photo: str, now: datetime) -> dict[str, object]:
    """Return the columns of a row that gets a photo now."""
    return {"photo": photo, "photo_given_at": now, "photo_after": now} | _NOT_TRIED


def replaceable() -> "sa.ColumnElement[bool]":
    """Return the condition for rows without a photo that is a file or was removed."""
    return sa.or_(_photo.is_(None), ~(_IS_KEPT | _IS_REMOVED))


def store_name(tx: Connection, one: ToFetch, name: str) -> bool:
    """Store the name of the photo's file; return False if another photo has replaced it."""
    this = sa.and_(difficulties.c.id == one.id, _photo == one.reference)
    return bool(tx.execute(sa.update(difficulties).where(this).values(photo=name)).rowcount)


def drop(tx: Connection, one: ToFetch) -> bool:
    """Delete a photo that could not be fetched; return False if another photo has replaced it."""
    this = sa.and_(difficulties.c.id == one.id, _photo == one.reference)
    return bool(tx.execute(sa.update(difficulties).where(this).values(photo=None)).rowcount)


def past_retention(tx: Connection, closed_before: datetime, limit: int = 100) -> list[int]:
    """Return some difficulties whose photo is to be deleted: their round closed before then.

    For a difficulty of no round, the day on which it was raised counts.
    """
    over = sa.and_(rounds.c.state.in_(("closed", "cancelled")), rounds.c.closes_at < closed_before)
    alone = sa.and_(difficulties.c.round_id.is_(None), difficulties.c.raised_at < closed_before)
    found = (
        sa.select(difficulties.c.id)
        .outerjoin(rounds, rounds.c.id == difficulties.c.round_id)
        .where(_photo.is_not(None), ~_IS_REMOVED, sa.or_(over, alone))
        .order_by(difficulties.c.id)
    )
    return list(tx.scalars(found.limit(limit)))


def remove(tx: Connection, difficulty_ids: list[int]) -> None:
    """Remove the photos of these difficulties."""
    these = difficulties.c.id.in_(difficulty_ids)
    tx.execute(sa.update(difficulties).where(these).values(photo=WITHOUT))


def names(tx: Connection) -> list[tuple[str, bool]]:
    """Return the files that DATA_DIR should have (True), and those still to be deleted (False)."""
    found = sa.select(_photo).where(sa.or_(_IS_KEPT, _IS_REMOVED)).order_by(_photo)
    return [(one.removeprefix(_REMOVED), is_kept(one)) for one in tx.scalars(found)]


def to_delete(tx: Connection) -> list[tuple[int, str]]:
    """Return removed photos whose file may still exist: difficulty id and file name."""
    found = sa.select(difficulties.c.id, _photo).where(_IS_REMOVED).order_by(difficulties.c.id)
    return [(number, photo.removeprefix(_REMOVED)) for number, photo in tx.execute(found)]


def deleted(tx: Connection, difficulty_id: int) -> None:
    """Store that the file is deleted."""
    this = sa.and_(difficulties.c.id == difficulty_id, _IS_REMOVED)
    tx.execute(sa.update(difficulties).where(this).values(photo=None))
