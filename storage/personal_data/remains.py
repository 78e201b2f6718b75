"""Texts that may still mean somebody who was forgotten: a person's own name is often any word.

The name itself is known no longer. Kept are the text and where in it such words stand, until an
officer has looked at it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.personal_data import erasing, free_texts
from storage.personal_data.masking import MASK
from storage.rows import Row
from storage.tables import remains

KEPT = timedelta(days=90)
_MOST = 50  # of one person: a name that is a common word would bury the rest
Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Remain:
    """A text of a commune, and the words in it: where each begins and ends."""

    id: int
    commune_id: int
    person_id: int
    text: str
    spans: tuple[tuple[int, int], ...]


# A text that was masked for somebody else since is another one: its words stand elsewhere.
_AS_FOUND = sa.select(
    remains.c.id, remains.c.commune_id, remains.c.person_id, remains.c.text, remains.c.spans
).where(sa.func.length(remains.c.text) == remains.c.length)


def add(
    tx: Connection, commune_id: int, person_id: int, found: Mapping[str, Spans], now: datetime
) -> None:
    """Keep texts with the words that may mean the person."""
    rows = [
        {"commune_id": commune_id, "person_id": person_id, "text": text, "length": len(text),
         "spans": json.dumps(spans), "found_at": now}
        for text, spans in list(found.items())[:_MOST]
    ]  # fmt: skip
    if rows:
        tx.execute(sa.insert(remains), rows)


def of_commune(tx: Connection, commune_id: int) -> list[Remain]:
    """What is still to be looked at, the oldest first."""
    found = _AS_FOUND.where(remains.c.commune_id == commune_id).order_by(remains.c.id)
    return [_remain(row) for row in tx.execute(found)]


def remain(tx: Connection, number: int) -> Remain | None:
    """One of them, while nobody has looked at it."""
    row = tx.execute(_AS_FOUND.where(remains.c.id == number)).first()
    return _remain(row) if row else None


def settle(tx: Connection, one: Remain, now: datetime, *, mask: bool) -> None:
    """It means the person, and its words are masked wherever the text stands; or it doesn't."""
    tx.execute(sa.delete(remains).where(remains.c.id == one.id))
    if mask:
        parts, end = [], 0
        for begins, ends in one.spans:
            parts += [one.text[end:begins], MASK]
            end = ends
        masked = "".join([*parts, one.text[end:]])
        free_texts.mask_of_commune(
            tx, one.commune_id, one.person_id, lambda text: text.replace(one.text, masked), now
        )
    erasing.mark(tx)


def drop_old(tx: Connection, now: datetime) -> None:
    """Nobody has looked at them for long: the copies of the texts go."""
    tx.execute(sa.delete(remains).where(remains.c.found_at < now - KEPT))


def _remain(row: Row) -> Remain:
    number, commune_id, person_id, text, spans = row
    return Remain(number, commune_id, person_id, text, tuple(map(tuple, json.loads(spans))))
