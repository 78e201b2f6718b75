"""An invitation can take the place of a person; who joined by one is found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("invitations", table_kwargs={"sqlite_strict": True}) as batch:
        batch.add_column(sa.Column("replaces_id", kind, nullable=True))
        batch.create_foreign_key("fk_invitations_replaces_id", "people", ["replaces_id"], ["id"])
    op.create_index("ix_memberships_invitation_id", "memberships", ["invitation_id"])


def downgrade() -> None:
    op.drop_index("ix_memberships_invitation_id", "memberships")
    with op.batch_alter_table("invitations", table_kwargs={"sqlite_strict": True}) as batch:
        batch.drop_constraint("fk_invitations_replaces_id", type_="foreignkey")
        batch.drop_column("replaces_id")
