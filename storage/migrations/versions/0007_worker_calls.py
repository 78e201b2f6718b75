"""What several workers tell each other of their calls to Telegram."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "worker_calls",
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("said_at", BIG, nullable=False),
        sa.Column("paused_until", BIG, nullable=True),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_worker_calls")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("worker_calls")
