"""An invitation can be joined by a short code that is typed; of it only a keyed hash is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("invitations", table_kwargs={"sqlite_strict": True}) as batch:
        batch.add_column(sa.Column("short_code_hash", sa.Text(), nullable=True))
        batch.create_unique_constraint("uq_invitations_short_code_hash", ["short_code_hash"])


def downgrade() -> None:
    with op.batch_alter_table("invitations", table_kwargs={"sqlite_strict": True}) as batch:
        batch.drop_constraint("uq_invitations_short_code_hash", type_="unique")
        batch.drop_column("short_code_hash")
