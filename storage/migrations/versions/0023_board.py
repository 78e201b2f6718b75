"""The board in a browser: how somebody comes in, and what they have open."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "board_tickets",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("link_hash", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("expires_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_board_tickets_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_tickets")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_board_tickets_link_hash")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_board_tickets_code_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_board_tickets_person_id"), "board_tickets", ["person_id"])
    op.create_index(op.f("ix_board_tickets_expires_at"), "board_tickets", ["expires_at"])
    op.create_table(
        "board_sessions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("cookie_hash", sa.Text(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("opened_at", BIG, nullable=False),
        sa.Column("expires_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_board_sessions_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_sessions")),
        sa.UniqueConstraint("cookie_hash", name=op.f("uq_board_sessions_cookie_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_board_sessions_person_id"), "board_sessions", ["person_id"])
    op.create_index(op.f("ix_board_sessions_expires_at"), "board_sessions", ["expires_at"])


def downgrade() -> None:
    op.drop_table("board_sessions")
    op.drop_table("board_tickets")
