"""Answers that are one number, a part of no total."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

STATES = "state IN ('ratio', 'yes_no', 'quantity', 'unknown')"
VALUES = (
    "(state IN ('ratio', 'quantity')) = (numerator IS NOT NULL)"
    " AND (state = 'ratio') = (denominator IS NOT NULL)"
    " AND (state = 'yes_no') = (yes IS NOT NULL)"
)
STATES_BEFORE = "state IN ('ratio', 'yes_no', 'unknown')"
VALUES_BEFORE = (
    "(state = 'ratio') = (numerator IS NOT NULL AND denominator IS NOT NULL)"
    " AND (state = 'yes_no') = (yes IS NOT NULL)"
)


def upgrade() -> None:
    _checks(STATES, VALUES)


def downgrade() -> None:
    # What an older program can't hold stays missing; the history has the number.
    op.execute(
        sa.text("UPDATE answers SET state = 'unknown', numerator = NULL WHERE state = 'quantity'")
    )
    _checks(STATES_BEFORE, VALUES_BEFORE)


def _checks(states: str, values: str) -> None:
    with op.batch_alter_table("answers", table_kwargs={"sqlite_strict": True}) as table:
        table.drop_constraint(op.f("ck_answers_state"), type_="check")
        table.drop_constraint(op.f("ck_answers_value"), type_="check")
        table.create_check_constraint(op.f("ck_answers_state"), states)
        table.create_check_constraint(op.f("ck_answers_value"), values)
