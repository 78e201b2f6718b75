"""The texts of the criteria sets of rounds, each stored once by its hash.

A hash always has the same text, so texts are cached in memory.
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
_read: dict[str, str] = {}  # never emptied, because an installation has few sets


def digest_of(text: str) -> str:
    """Return the SHA-256 hash of a text, in hex."""
    return sha256(text.encode()).hexdigest()


def store(tx: Connection, text: str) -> str:
    """Store a text unless it is stored already; return its hash."""
    digest = digest_of(text)
    tx.execute(_KEEP[tx.dialect.name], {"hash": digest, "text": text})
    return digest


def text_of(tx: Connection, digest: str) -> str:
    """Return the text with this hash; raise KeyError if there is none."""
    text = _read.get(digest)
    if text is None:
        text = tx.scalar(_TEXT, {"of_hash": digest})
        if text is None:
            raise KeyError(digest)
        _read[digest] = text
    return text
