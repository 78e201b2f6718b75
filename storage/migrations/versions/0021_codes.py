"""Short codes of invitations, and codes that join two chats to one person: only keyed hashes."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("invitations", table_kwargs={"sqlite_strict": True}) as batch:
        batch.add_column(sa.Column("short_code_hash", sa.Text(), nullable=True))
        batch.create_unique_constraint("uq_invitations_short_code_hash", ["short_code_hash"])
    op.create_table(
        "linkings",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=True),
        sa.Column("expires_at", BIG, nullable=False),
        sa.Column("other_id", BIG, nullable=True),
        sa.Column("bot", sa.Text(), nullable=True),
        sa.Column("chat", sa.Text(), nullable=True),
        sa.Column("account_name", sa.Text(), nullable=True),
        sa.Column("handle", sa.Text(), nullable=True),
        sa.Column("agreed_at", BIG, nullable=True),
        sa.Column("joined_at", BIG, nullable=True),
        sa.Column("moved", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_linkings_person_id")),
        sa.ForeignKeyConstraint(["other_id"], ["people.id"], name=op.f("fk_linkings_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linkings")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_linkings_code_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_linkings_person_id"), "linkings", ["person_id"])


def downgrade() -> None:
    op.drop_table("linkings")
    with op.batch_alter_table("invitations", table_kwargs={"sqlite_strict": True}) as batch:
        batch.drop_constraint("uq_invitations_short_code_hash", type_="unique")
        batch.drop_column("short_code_hash")
