"""Who chose one question an evening."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "evenings",
        sa.Column("person_id", BIG, autoincrement=False, nullable=False),
        sa.Column("chosen_at", BIG, nullable=False),
        sa.Column("told_round_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_evenings_person_id")),
        sa.ForeignKeyConstraint(
            ["told_round_id"], ["rounds.id"], name=op.f("fk_evenings_told_round_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_evenings")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("evenings")
