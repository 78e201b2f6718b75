"""When the messenger was last reached."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "reached",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_reached")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("reached")
