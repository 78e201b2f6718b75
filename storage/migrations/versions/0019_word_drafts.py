"""What the Word draft of a round carries out, and of which figures it was last made."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "word_drafts",
        sa.Column("round_id", BIG, autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("made_at", BIG, nullable=True),
        sa.Column("figures", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_word_drafts_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_word_drafts")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("word_drafts")
