"""Texts that may still mean somebody who was forgotten, for an officer to look at."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "remains",
        sa.Column("id", BIG, nullable=False),
        sa.Column("commune_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("spans", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("found_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["communes.id"], name=op.f("fk_remains_commune_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_remains_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remains")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_remains_commune_id"), "remains", ["commune_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_remains_commune_id"), "remains")
    op.drop_table("remains")
