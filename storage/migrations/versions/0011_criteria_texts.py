"""Each round's criteria set is kept once by its hash, and what is due is found by an index."""

from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TEXTS = sa.table("criteria_texts", sa.column("hash"), sa.column("text"))
ROUNDS = sa.table("rounds", sa.column("id"), sa.column("criteria"), sa.column("criteria_hash"))
# The instants by which a round becomes due in a state.
DUE = ("opens_at", "deadline", "closes_at")


def upgrade() -> None:
    op.create_table(
        "criteria_texts",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_criteria_texts")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("rounds", table_kwargs={"sqlite_strict": True}) as table:
        table.add_column(sa.Column("criteria_hash", sa.Text(), nullable=True))
    tx = op.get_bind()
    for text in tx.scalars(sa.select(ROUNDS.c.criteria).distinct()).all():
        digest = sha256(text.encode()).hexdigest()
        tx.execute(sa.insert(TEXTS).values(hash=digest, text=text))
        here = ROUNDS.c.criteria == text
        tx.execute(sa.update(ROUNDS).where(here).values(criteria_hash=digest))
    with op.batch_alter_table("rounds", table_kwargs={"sqlite_strict": True}) as table:
        table.alter_column("criteria_hash", existing_type=sa.Text(), nullable=False)
        table.create_foreign_key(
            op.f("fk_rounds_criteria_hash"), "criteria_texts", ["criteria_hash"], ["hash"]
        )
        table.drop_column("criteria")
    for instant in DUE:
        op.create_index(op.f(f"ix_rounds_state_{instant}"), "rounds", ["state", instant])
    op.create_index(op.f("ix_notices_told_at"), "notices", ["told_at"])
    op.create_index(op.f("ix_units_commune_id_label"), "units", ["commune_id", "label"])


def downgrade() -> None:
    op.drop_index(op.f("ix_units_commune_id_label"), table_name="units")
    op.drop_index(op.f("ix_notices_told_at"), table_name="notices")
    for instant in DUE:
        op.drop_index(op.f(f"ix_rounds_state_{instant}"), table_name="rounds")
    with op.batch_alter_table("rounds", table_kwargs={"sqlite_strict": True}) as table:
        table.add_column(sa.Column("criteria", sa.Text(), nullable=True))
    text = sa.select(TEXTS.c.text).where(TEXTS.c.hash == ROUNDS.c.criteria_hash).scalar_subquery()
    op.execute(sa.update(ROUNDS).values(criteria=text))
    with op.batch_alter_table("rounds", table_kwargs={"sqlite_strict": True}) as table:
        table.alter_column("criteria", existing_type=sa.Text(), nullable=False)
        table.drop_constraint(op.f("fk_rounds_criteria_hash"), type_="foreignkey")
        table.drop_column("criteria_hash")
    op.drop_table("criteria_texts")
