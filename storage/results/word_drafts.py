"""The Word draft of a round: the document on which it is based, and its last making."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage.tables import word_drafts


@dataclass(frozen=True, slots=True)
class WordDraft:
    """The state of a round's draft.

    `document` is the document that the report implements: "" if the office has none to name, None
    if it was not asked. `figures` is a checksum of the answers in the last file.
    """

    document: str | None = None
    made_at: datetime | None = None
    figures: str | None = None


_OF_ROUND = sa.select(word_drafts.c.document, word_drafts.c.made_at, word_drafts.c.figures).where(
    word_drafts.c.round_id == bindparam("of_round")
)


def draft_of(tx: Connection, round_id: int) -> WordDraft:
    """Return the state of the round's draft; all fields are None if none was made."""
    row = tx.execute(_OF_ROUND, {"of_round": round_id}).first()
    return WordDraft(*row) if row is not None else WordDraft()


def store_document(tx: Connection, round_id: int, document: str) -> None:
    """Store the document that the round's report implements; "" if none is to be named."""
    _store(tx, round_id, {"document": document})


def store_made(tx: Connection, round_id: int, figures: str, now: datetime) -> None:
    """Store that the draft was made, and a checksum of its figures."""
    _store(tx, round_id, {"made_at": now, "figures": figures})


def _store(tx: Connection, round_id: int, values: dict[str, object]) -> None:
    changed = tx.execute(
        sa.update(word_drafts).where(word_drafts.c.round_id == round_id).values(values)
    )
    if not changed.rowcount:
        tx.execute(sa.insert(word_drafts).values(round_id=round_id, **values))
