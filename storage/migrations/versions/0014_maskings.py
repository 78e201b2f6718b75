"""Who was forgotten is masked in the history: each time noted first, the only change let through.

And people's account names, so that their names follow their accounts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.Boolean().with_variant(sa.Integer(), "sqlite")

KEPT = (
    "id", "at", "person_id", "what", "way", "commune_id", "round_id", "unit_id", "report_id",
    "indicator",
)  # fmt: skip
# What was there stays there, grows no longer, and shows where something was taken out.
MASKED = " AND ".join(
    f"(NEW.{one} SAME OLD.{one}"
    f" OR (NEW.{one} LIKE '%…%' AND coalesce(length(NEW.{one}) <= length(OLD.{one}), false)))"
    for one in ("old", "new")
)
NOTED = "EXISTS (SELECT 1 FROM maskings WHERE history_id = OLD.id AND NOT done)"


def _allowed(same: str) -> str:
    unchanged = " AND ".join(f"NEW.{one} {same} OLD.{one}" for one in KEPT)
    return f"{unchanged} AND {MASKED.replace('SAME', same)} AND {NOTED}"


SQLITE_UP = [
    "DROP TRIGGER history_refuses_update",
    f"""
    CREATE TRIGGER history_refuses_update BEFORE UPDATE ON history WHEN NOT ({_allowed("IS")})
    BEGIN SELECT RAISE(ABORT, 'history is append-only'); END
    """,
    """
    CREATE TRIGGER history_notes_masking AFTER UPDATE ON history
    BEGIN UPDATE maskings SET done = 1 WHERE history_id = OLD.id; END
    """,
    """
    CREATE TRIGGER maskings_refuse_delete BEFORE DELETE ON maskings
    BEGIN SELECT RAISE(ABORT, 'maskings are append-only'); END
    """,
]
SQLITE_DOWN = [
    "DROP TRIGGER maskings_refuse_delete",
    "DROP TRIGGER history_notes_masking",
    "DROP TRIGGER history_refuses_update",
    """
    CREATE TRIGGER history_refuses_update BEFORE UPDATE ON history
    BEGIN SELECT RAISE(ABORT, 'history is append-only'); END
    """,
]
REFUSED = (
    "RAISE EXCEPTION 'history is append-only' USING ERRCODE = 'integrity_constraint_violation'"
)
POSTGRESQL_UP = [
    f"""
    CREATE OR REPLACE FUNCTION history_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF {_allowed("IS NOT DISTINCT FROM")} THEN
                UPDATE maskings SET done = true WHERE history_id = OLD.id;
                RETURN NEW;
            END IF;
        END IF;
        {REFUSED};
    END $$
    """,  # noqa: S608 - nothing in it comes from outside
    """
    CREATE FUNCTION maskings_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'maskings are append-only'
        USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    """
    CREATE TRIGGER maskings_refuse_delete BEFORE DELETE ON maskings
    FOR EACH ROW EXECUTE FUNCTION maskings_are_append_only()
    """,
]
POSTGRESQL_DOWN = [
    "DROP TRIGGER maskings_refuse_delete ON maskings",
    "DROP FUNCTION maskings_are_append_only()",
    f"""
    CREATE OR REPLACE FUNCTION history_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN {REFUSED}; END $$
    """,
]


def upgrade() -> None:
    op.add_column("people", sa.Column("account_name", sa.Text(), nullable=True))
    op.create_table(
        "maskings",
        sa.Column("id", BIG, nullable=False),
        sa.Column("history_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("done", FLAG, server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["history_id"], ["history.id"], name=op.f("fk_maskings_history_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_maskings_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maskings")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_maskings_history_id"), "maskings", ["history_id"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_UP if sqlite else POSTGRESQL_UP:
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_DOWN if sqlite else POSTGRESQL_DOWN:
        op.execute(statement)
    op.drop_index(op.f("ix_maskings_history_id"), "maskings")
    op.drop_table("maskings")
    op.drop_column("people", "account_name")
