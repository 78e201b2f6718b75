"""The texts of the criteria sets that rounds were opened with, each stored once by its hash.

A hash always names the same text, so texts are cached in memory.
"""

from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam
from sqlalchemy.dialects import postgresql, sqlite

from storage.engine.prepared import prepared
from storage.tables import criteria_texts

_TEXT = prepared(
    sa.select(criteria_texts.c.text).where(criteria_texts.c.hash == bindparam("of_hash"))
)
_KEEP = {  # another worker may insert the same text at this moment
    "sqlite": sqlite.insert(criteria_texts).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(criteria_texts).on_conflict_do_nothing(),
}
_read: dict[str, str] = {}  # never emptied: an installation has few sets


def digest_of(text: str) -> str:
    """The hash of a text."""
    return sha256(text.encode()).hexdigest()


def keep(tx: Connection, text: str) -> str:
    """Store a text unless it is there already; returns its hash."""
    digest = digest_of(text)
    tx.execute(_KEEP[tx.dialect.name], {"hash": digest, "text": text})
    return digest


def text_of(tx: Connection, digest: str) -> str:
    """The text with this hash; KeyError when there is none."""
    text = _read.get(digest)
    if text is None:
        text = tx.scalar(_TEXT, {"of_hash": digest})
        if text is None:
            raise KeyError(digest)
        _read[digest] = text
    return text
