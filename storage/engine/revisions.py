"""The schema's revisions, read without Alembic: 10 MB that only a migration needs."""

from pathlib import Path

import sqlalchemy as sa

VERSIONS = Path(__file__).parents[1] / "migrations" / "versions"
_STORED = sa.table("alembic_version", sa.column("version_num", sa.Text))


def known_revisions() -> list[str]:
    """All revisions, the oldest first: a file's name begins with its revision."""
    return sorted(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*_*.py"))


def head_revision() -> str:
    """The revision this program is written for."""
    return known_revisions()[-1]


def revision_of(tx: sa.Connection) -> str | None:
    """The revision that stands in the database."""
    if not sa.inspect(tx).has_table(_STORED.name):
        return None
    found: str | None = tx.scalar(sa.select(_STORED.c.version_num))
    return found
