"""The Word draft of a round: the document it carries out, and when it was last made of what."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage.tables import word_drafts


@dataclass(frozen=True, slots=True)
class WordDraft:
    """`document` is "" where the office has none to name, None while it wasn't asked.

    `figures` is the checksum of the answers that the last file was made of.
    """

    document: str | None = None
    made_at: datetime | None = None
    figures: str | None = None


_OF_ROUND = sa.select(word_drafts.c.document, word_drafts.c.made_at, word_drafts.c.figures).where(
    word_drafts.c.round_id == bindparam("of_round")
)


def draft_of(tx: Connection, round_id: int) -> WordDraft:
    """What is known of the round's draft; all None when none was made."""
    row = tx.execute(_OF_ROUND, {"of_round": round_id}).first()
    return WordDraft(*row) if row is not None else WordDraft()


def keep_document(tx: Connection, round_id: int, document: str) -> None:
    """Store what the round's report carries out; "" where nothing is to be named."""
    _store(tx, round_id, {"document": document})


def keep_made(tx: Connection, round_id: int, figures: str, now: datetime) -> None:
    """Store that the draft was made, and of which figures."""
    _store(tx, round_id, {"made_at": now, "figures": figures})


def _store(tx: Connection, round_id: int, values: dict[str, object]) -> None:
    changed = tx.execute(
        sa.update(word_drafts).where(word_drafts.c.round_id == round_id).values(values)
    )
    if not changed.rowcount:
        tx.execute(sa.insert(word_drafts).values(round_id=round_id, **values))
