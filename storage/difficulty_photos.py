"""The photos of difficulties: first a file of the messenger, then one below DATA_DIR.

A messenger's file may expire, so each is fetched at once. The column `photo` has the bot's file
("zalo-a:https://…"), the name of the kept file ("evidence/…"), or the name of one that is still to
be deleted ("removed:evidence/…").
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.evidence_files import FOLDER
from storage.tables import difficulties, rounds

_KEPT, _REMOVED = f"{FOLDER}/", "removed:"
_LOOKED_AT = 1000  # of the newest difficulties: the whole table is never read for a fetch
_photo = difficulties.c.photo
_IS_KEPT = _photo.startswith(_KEPT, autoescape=True)
_IS_REMOVED = _photo.startswith(_REMOVED, autoescape=True)
# What the column holds once the photo is taken away: its file is deleted after the commit.
WITHOUT = sa.case((_IS_KEPT, sa.literal(_REMOVED) + _photo), (_IS_REMOVED, _photo))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A photo that is still to be fetched."""

    difficulty_id: int
    reference: str  # the messenger's file, with the bot that has it


def is_kept(photo: str) -> bool:
    """Whether it names a file below DATA_DIR."""
    return photo.startswith(_KEPT)


def standing(photo: str | None) -> str | None:
    """The photo as it can be shown; None when it was taken away."""
    return None if photo is None or photo.startswith(_REMOVED) else photo


def unless_kept(photo: str) -> "sa.ColumnElement[str]":
    """A photo's reference for the column, where none is kept already."""
    return sa.case((_IS_KEPT | _IS_REMOVED, _photo), else_=sa.literal(photo))


def to_fetch(tx: Connection) -> list[Waiting]:
    """The photos of the newest difficulties that are still to be fetched, oldest first."""
    newest = sa.select(sa.func.max(difficulties.c.id)).scalar_subquery()
    found = (
        sa.select(difficulties.c.id, _photo)
        .where(
            difficulties.c.id > newest - _LOOKED_AT,
            _photo.is_not(None), ~_IS_KEPT, ~_IS_REMOVED,
        )
        .order_by(difficulties.c.id)
    )  # fmt: skip
    return [Waiting(*row) for row in tx.execute(found)]


def keep(tx: Connection, one: Waiting, name: str) -> bool:
    """Store that the photo is kept under this name; False when another took its place."""
    this = sa.and_(difficulties.c.id == one.difficulty_id, _photo == one.reference)
    return bool(tx.execute(sa.update(difficulties).where(this).values(photo=name)).rowcount)


def drop(tx: Connection, one: Waiting) -> bool:
    """Take away a photo that couldn't be kept; False when another took its place."""
    this = sa.and_(difficulties.c.id == one.difficulty_id, _photo == one.reference)
    return bool(tx.execute(sa.update(difficulties).where(this).values(photo=None)).rowcount)


def past_retention(tx: Connection, closed_before: datetime, limit: int = 100) -> list[int]:
    """Some difficulties whose photo is to be deleted: their round closed before then.

    Without a round the day on which the difficulty was raised counts.
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
    """Take the photos of these difficulties away."""
    these = difficulties.c.id.in_(difficulty_ids)
    tx.execute(sa.update(difficulties).where(these).values(photo=WITHOUT))


def names(tx: Connection) -> list[tuple[str, bool]]:
    """The files that DATA_DIR should have, and those that are still to be deleted (False)."""
    found = sa.select(_photo).where(sa.or_(_IS_KEPT, _IS_REMOVED)).order_by(_photo)
    return [(one.removeprefix(_REMOVED), is_kept(one)) for one in tx.scalars(found)]


def to_delete(tx: Connection) -> list[tuple[int, str]]:
    """Difficulties whose photo was taken away while its file may still be there, with its name."""
    found = sa.select(difficulties.c.id, _photo).where(_IS_REMOVED).order_by(difficulties.c.id)
    return [(number, photo.removeprefix(_REMOVED)) for number, photo in tx.execute(found)]


def deleted(tx: Connection, difficulty_id: int) -> None:
    """Store that the file is deleted."""
    this = sa.and_(difficulties.c.id == difficulty_id, _IS_REMOVED)
    tx.execute(sa.update(difficulties).where(this).values(photo=None))
