"""Checksums of the files of evidence, so that a cut or changed one is seen."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evidence", sa.Column("checksum", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("evidence", "checksum")
