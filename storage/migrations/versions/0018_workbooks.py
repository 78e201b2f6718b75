"""Rosters that were sent to the bot as files."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "workbooks",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("given_at", BIG, nullable=False),
        sa.Column("channel_reference", sa.Text(), nullable=False),
        sa.Column("cells", sa.Text()),
        sa.Column("fetch_tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fetch_after", BIG, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_workbooks_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workbooks")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_workbooks_person_id"), "workbooks", ["person_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_workbooks_person_id"), "workbooks")
    op.drop_table("workbooks")
