"""Texts that may still name a forgotten person, for an officer to decide.

A given name is often an ordinary word, so it cannot be masked without asking. The name itself is
erased. Only the text and the positions of the words are stored, for 90 days at most.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.engine import erasing
from storage.engine.rows import Row
from storage.masking import MASK
from storage.personal_data import free_texts
from storage.tables import remains

KEPT = timedelta(days=90)
_MOST = 50  # texts for one person: a name that is a common word would hide all others
Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class RemainingText:
    """A text of a commune with the start and end of each word that may name the person."""

    id: int
    commune_id: int
    person_id: int
    text: str
    spans: tuple[tuple[int, int], ...]


# If a text was masked for another person since, its length differs and the positions are wrong.
_UNCHANGED = sa.select(
    remains.c.id, remains.c.commune_id, remains.c.person_id, remains.c.text, remains.c.spans
).where(sa.func.length(remains.c.text) == remains.c.length)


def add(
    tx: Connection, commune_id: int, person_id: int, found: Mapping[str, Spans], now: datetime
) -> None:
    """Store texts with the positions of the words that may name the person."""
    rows = [
        {"commune_id": commune_id, "person_id": person_id, "text": text, "length": len(text),
         "spans": json.dumps(spans), "found_at": now}
        for text, spans in list(found.items())[:_MOST]
    ]  # fmt: skip
    if rows:
        tx.execute(sa.insert(remains), rows)


def of_commune(tx: Connection, commune_id: int) -> list[RemainingText]:
    """Return the texts to decide on in a commune, oldest first."""
    found = _UNCHANGED.where(remains.c.commune_id == commune_id).order_by(remains.c.id)
    return [_remaining_text(row) for row in tx.execute(found)]


def text_by_id(tx: Connection, number: int) -> RemainingText | None:
    """Return one of these texts; None if it was decided already."""
    row = tx.execute(_UNCHANGED.where(remains.c.id == number)).first()
    return _remaining_text(row) if row else None


def settle(tx: Connection, one: RemainingText, now: datetime, *, mask: bool) -> None:
    """Delete the text; with `mask`, also mask its words everywhere in the commune."""
    # Delete it first: masking also covers `remains`, and would change this row.
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
    """Delete texts on which nobody has decided for 90 days."""
    tx.execute(sa.delete(remains).where(remains.c.found_at < now - KEPT))


def _remaining_text(row: Row) -> RemainingText:
    number, commune_id, person_id, text, spans = row
    return RemainingText(number, commune_id, person_id, text, tuple(map(tuple, json.loads(spans))))
