"""Difficulties are answered, passed up and have a photo; the commune's own history is found."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("difficulties", table_kwargs={"sqlite_strict": True}) as table:
        table.add_column(sa.Column("photo", sa.Text(), nullable=True))
        table.add_column(sa.Column("passed_up_by", BIG, nullable=True))
        table.add_column(sa.Column("passed_up_at", BIG, nullable=True))
        table.add_column(sa.Column("answer", sa.Text(), nullable=True))
        table.add_column(sa.Column("answered_by", BIG, nullable=True))
        table.add_column(sa.Column("answered_at", BIG, nullable=True))
        for column in ("passed_up_by", "answered_by"):
            table.create_foreign_key(op.f(f"fk_difficulties_{column}"), "people", [column], ["id"])
    op.create_index(op.f("ix_history_commune_id"), "history", ["commune_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_history_commune_id"), table_name="history")
    with op.batch_alter_table("difficulties", table_kwargs={"sqlite_strict": True}) as table:
        for column in ("passed_up_by", "answered_by"):
            table.drop_constraint(op.f(f"fk_difficulties_{column}"), type_="foreignkey")
        for column in (
            "photo", "passed_up_by", "passed_up_at", "answer", "answered_by", "answered_at",
        ):  # fmt: skip
            table.drop_column(column)
