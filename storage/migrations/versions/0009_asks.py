"""What each message of the bot asked, and which question each typed message answered."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.Boolean().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "asks",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("replaced", FLAG, nullable=False),
        sa.Column("shown_at", BIG, nullable=False),
        sa.Column("newest_update", BIG, nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_asks_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asks")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_asks_person_id_message"), "asks", ["person_id", "message"])
    op.create_index(op.f("ix_asks_shown_at"), "asks", ["shown_at"])
    op.create_table(
        "written",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("checksum", sa.Text(), nullable=False),
        sa.Column("report_id", BIG, nullable=True),
        sa.Column("indicator", sa.Text(), nullable=True),
        sa.Column("at", BIG, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_written_person_id")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_written_report_id")),
        sa.PrimaryKeyConstraint("person_id", "message", name=op.f("pk_written")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_written_at"), "written", ["at"])
    op.add_column("conversations", sa.Column("grace_until", BIG, nullable=True))


def downgrade() -> None:
    op.drop_column("conversations", "grace_until")
    op.drop_table("written")
    op.drop_table("asks")
