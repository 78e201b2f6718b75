"""Answers that the office gave on an area's behalf, and what the area said of them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answers", sa.Column("office", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("answers", "office")
