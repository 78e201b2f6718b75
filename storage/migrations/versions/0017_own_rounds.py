"""Who goes on reporting for an area that was merged; rounds expect only those whom the set asks."""

import tomllib

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# A report that was sent, or that holds an answer, keeps its unit in the round.
TAKE_OUT = """
    DELETE FROM round_units
    WHERE round_id IN (SELECT id FROM rounds WHERE criteria_hash = :hash)
    AND unit_id IN (SELECT id FROM units WHERE kind = :kind)
    AND NOT EXISTS (
        SELECT 1 FROM reports
        WHERE reports.round_id = round_units.round_id AND reports.unit_id = round_units.unit_id
        AND (reports.sends > 0 OR EXISTS (
            SELECT 1 FROM answers WHERE answers.report_id = reports.id))
    )
"""


def upgrade() -> None:
    op.create_table(
        "continued_roles",
        sa.Column("membership_id", BIG, autoincrement=False, nullable=False),
        sa.Column("by_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["memberships.id"],
            name=op.f("fk_continued_roles_membership_id"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["memberships.id"], name=op.f("fk_continued_roles_by_id")
        ),
        sa.PrimaryKeyConstraint("membership_id", name=op.f("pk_continued_roles")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_continued_roles_by_id"), "continued_roles", ["by_id"])
    _take_out_who_is_not_asked()


def downgrade() -> None:
    # A unit that its set asks nothing stays out: an older program finds nothing to ask it either.
    op.drop_table("continued_roles")


def _take_out_who_is_not_asked() -> None:
    connection = op.get_bind()
    texts = connection.execute(sa.text("SELECT hash, text FROM criteria_texts")).all()
    for hash_, text in texts:
        for kind in ("area", "office"):
            if not _asks(text, kind):
                connection.execute(sa.text(TAKE_OUT), {"hash": hash_, "kind": kind})


def _asks(text: str, kind: str) -> bool:
    """Whether a set asks an area, or the office, anything; of what is no set nothing is known."""
    try:
        indicators = tomllib.loads(text).get("indicators", [])
    except tomllib.TOMLDecodeError:
        return True
    return any(one.get("asked_of") in {kind, "both"} for one in indicators)
