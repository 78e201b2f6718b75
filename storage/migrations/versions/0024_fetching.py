"""How often the photo of a difficulty was tried, and how often a roster was opened."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_A_PHOTO = (
    ("photo_given_at", BIG),
    ("photo_tries", sa.Integer()),
    ("photo_after", BIG),
    ("photo_openings", sa.Integer()),
)


def upgrade() -> None:
    for name, kind in OF_A_PHOTO:
        op.add_column("difficulties", _count(name, kind))
    op.execute("UPDATE difficulties SET photo_given_at = raised_at WHERE photo IS NOT NULL")
    op.add_column("workbooks", _count("openings", sa.Integer()))


def downgrade() -> None:
    op.drop_column("workbooks", "openings")
    for name, _ in reversed(OF_A_PHOTO):
        op.drop_column("difficulties", name)


def _count(name: str, kind: sa.types.TypeEngine[int]) -> sa.Column[int]:
    return sa.Column(name, kind, nullable=False, server_default=sa.text("0"))
