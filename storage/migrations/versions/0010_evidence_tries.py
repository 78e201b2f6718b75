"""When a piece of evidence is fetched again, how often it was opened, how much one person gave."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEX = "ix_evidence_to_fetch"
GIVEN = "ix_evidence_given_by_given_at"
TO_FETCH = sa.text("channel_reference IS NOT NULL AND path IS NULL AND removed_at IS NULL")


def upgrade() -> None:
    op.add_column(
        "evidence", sa.Column("fetch_after", BIG, nullable=False, server_default=sa.text("0"))
    )
    op.add_column(
        "evidence", sa.Column("openings", sa.Integer(), nullable=False, server_default="0")
    )
    _index("fetch_after")
    op.create_index(op.f(GIVEN), "evidence", ["given_by", "given_at"])


def downgrade() -> None:
    op.drop_index(op.f(GIVEN), table_name="evidence")
    _index("fetch_tries")
    op.drop_column("evidence", "openings")
    op.drop_column("evidence", "fetch_after")


def _index(column: str) -> None:
    op.drop_index(INDEX, table_name="evidence")
    op.create_index(INDEX, "evidence", [column], sqlite_where=TO_FETCH, postgresql_where=TO_FETCH)
