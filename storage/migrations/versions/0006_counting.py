"""Counting from house to house, and how a number was come by."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
HOW = "how IN ('houses', 'books', 'estimate')"


def upgrade() -> None:
    with op.batch_alter_table("answers", table_kwargs={"sqlite_strict": True}) as table:
        table.add_column(sa.Column("how", sa.Text(), nullable=True))
        table.create_check_constraint(op.f("ck_answers_how"), HOW)
    op.create_table(
        "count_visits",
        sa.Column("id", BIG, nullable=False),
        sa.Column("report_id", BIG, nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("house", sa.Text(), nullable=False),
        sa.Column("begun_by", BIG, nullable=True),
        sa.Column("begun_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_count_visits_report_id")
        ),
        sa.ForeignKeyConstraint(["begun_by"], ["people.id"], name=op.f("fk_count_visits_begun_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_visits")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_count_visits_report_id_indicator"), "count_visits", ["report_id", "indicator"]
    )
    op.create_table(
        "count_taps",
        sa.Column("id", BIG, nullable=False),
        sa.Column("report_id", BIG, nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("visit_id", BIG, nullable=True),
        sa.Column("yes", BIG, nullable=False),
        sa.Column("no", BIG, nullable=False),
        sa.Column("undoes", BIG, nullable=True),
        sa.Column("update_id", BIG, nullable=True),
        sa.Column("given_by", BIG, nullable=True),
        sa.Column("given_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_count_taps_report_id")
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["count_visits.id"], name=op.f("fk_count_taps_visit_id")
        ),
        sa.ForeignKeyConstraint(["undoes"], ["count_taps.id"], name=op.f("fk_count_taps_undoes")),
        sa.ForeignKeyConstraint(["given_by"], ["people.id"], name=op.f("fk_count_taps_given_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_taps")),
        sa.UniqueConstraint(
            "report_id", "indicator", "update_id",
            name=op.f("uq_count_taps_report_id_indicator_update_id"),
        ),
        sa.UniqueConstraint("undoes", name=op.f("uq_count_taps_undoes")),
        sqlite_strict=True,
    )  # fmt: skip
    op.create_index(op.f("ix_count_taps_visit_id"), "count_taps", ["visit_id"])
    op.create_index(op.f("ix_count_taps_given_by"), "count_taps", ["given_by"])


def downgrade() -> None:
    op.drop_table("count_taps")
    op.drop_table("count_visits")
    with op.batch_alter_table("answers", table_kwargs={"sqlite_strict": True}) as table:
        table.drop_constraint(op.f("ck_answers_how"), type_="check")
        table.drop_column("how")
