"""People and texts of rounds that closed long ago are erased, in the history too.

An entry of the history may lose its person, once, when a masking without a person is recorded
first: nobody in particular was forgotten, the time that rounds are kept is over.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

KEPT = ("id", "at", "what", "way", "commune_id", "round_id", "unit_id", "report_id", "indicator")
# What was there stays there, grows no longer, and shows where something was taken out.
MASKED = " AND ".join(
    f"(NEW.{one} SAME OLD.{one}"
    f" OR (NEW.{one} LIKE '%…%' AND coalesce(length(NEW.{one}) <= length(OLD.{one}), false)))"
    for one in ("old", "new")
)
NOTED = "EXISTS (SELECT 1 FROM maskings WHERE history_id = OLD.id AND NOT done)"
OVER = (
    "EXISTS (SELECT 1 FROM maskings WHERE history_id = OLD.id AND NOT done AND person_id IS NULL)"
)
SAME_PERSON = "NEW.person_id SAME OLD.person_id"
PERSON_OR_NOBODY = f"({SAME_PERSON} OR (NEW.person_id IS NULL AND {OVER}))"


def _allowed(same: str, person: str) -> str:
    unchanged = " AND ".join(f"NEW.{one} {same} OLD.{one}" for one in KEPT)
    return f"{unchanged} AND {f'{person} AND {MASKED}'.replace('SAME', same)} AND {NOTED}"


SQLITE_DROPS = [
    "DROP TRIGGER maskings_refuse_delete",
    "DROP TRIGGER history_notes_masking",
    "DROP TRIGGER history_refuses_update",
]
SQLITE_REST = [
    """
    CREATE TRIGGER history_notes_masking AFTER UPDATE ON history
    BEGIN UPDATE maskings SET done = 1 WHERE history_id = OLD.id; END
    """,
    """
    CREATE TRIGGER maskings_refuse_delete BEFORE DELETE ON maskings
    BEGIN SELECT RAISE(ABORT, 'maskings are append-only'); END
    """,
]
REFUSED = (
    "RAISE EXCEPTION 'history is append-only' USING ERRCODE = 'integrity_constraint_violation'"
)


def upgrade() -> None:
    op.add_column("rounds", sa.Column("erased_at", BIG, nullable=True))
    _change(nullable=True, person=PERSON_OR_NOBODY)


def downgrade() -> None:
    _drop_sqlite_triggers()
    # An older program can't hold them: what they allowed is done and stays done.
    if not _sqlite():
        op.execute("ALTER TABLE maskings DISABLE TRIGGER maskings_refuse_delete")
    op.execute("DELETE FROM maskings WHERE person_id IS NULL")
    if not _sqlite():
        op.execute("ALTER TABLE maskings ENABLE TRIGGER maskings_refuse_delete")
    _change(nullable=False, person=SAME_PERSON, dropped=True)
    op.drop_column("rounds", "erased_at")


def _change(*, nullable: bool, person: str, dropped: bool = False) -> None:
    """Whether a masking can be without a person, and what the history lets through."""
    if not _sqlite():
        op.alter_column("maskings", "person_id", existing_type=BIG, nullable=nullable)
        op.execute(
            f"""
            CREATE OR REPLACE FUNCTION history_is_append_only() RETURNS trigger LANGUAGE plpgsql
            AS $$
            BEGIN
                IF TG_OP = 'UPDATE' THEN
                    IF {_allowed("IS NOT DISTINCT FROM", person)} THEN
                        UPDATE maskings SET done = true WHERE history_id = OLD.id;
                        RETURN NEW;
                    END IF;
                END IF;
                {REFUSED};
            END $$
            """  # noqa: S608 - nothing in it comes from outside
        )
        return
    # SQLite makes the table anew; triggers that name it would refuse that.
    if not dropped:
        _drop_sqlite_triggers()
    with op.batch_alter_table("maskings", table_kwargs={"sqlite_strict": True}) as table:
        table.alter_column("person_id", existing_type=BIG, nullable=nullable)
    op.execute(
        "CREATE TRIGGER history_refuses_update BEFORE UPDATE ON history"
        f" WHEN NOT ({_allowed('IS', person)})"
        " BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
    )
    for statement in SQLITE_REST:
        op.execute(statement)


def _drop_sqlite_triggers() -> None:
    if _sqlite():
        for statement in SQLITE_DROPS:
            op.execute(statement)


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
