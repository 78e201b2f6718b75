"""What happens by the clock: rounds that open themselves, deadline results, reminders, notices."""

import time

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _schedules()
    _deadline_results()
    _reminders()
    _notices()
    with op.batch_alter_table("outbox", table_kwargs={"sqlite_strict": True}) as table:
        table.add_column(sa.Column("round_id", BIG, nullable=True))
        table.add_column(sa.Column("notice_id", BIG, nullable=True))
        table.create_foreign_key(op.f("fk_outbox_round_id"), "rounds", ["round_id"], ["id"])
        table.create_foreign_key(op.f("fk_outbox_notice_id"), "notices", ["notice_id"], ["id"])
        table.create_index(op.f("ix_outbox_round_id_created_at"), ["round_id", "created_at"])
        table.create_index(op.f("ix_outbox_notice_id_state"), ["notice_id", "state"])


def _schedules() -> None:
    op.create_table(
        "schedules",
        sa.Column("id", BIG, nullable=False),
        sa.Column("commune_id", BIG, nullable=False),
        sa.Column("criteria_id", sa.Text(), nullable=False),
        sa.Column("every", sa.Text(), nullable=False),
        sa.Column("opens_on", sa.Integer(), nullable=False),
        sa.Column("deadline_on", sa.Integer(), nullable=False),
        sa.Column("next_on", sa.Text(), nullable=False),
        sa.Column("set_by", BIG, nullable=True),
        sa.CheckConstraint("every IN ('month', 'quarter')", name=op.f("ck_schedules_every")),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["communes.id"], name=op.f("fk_schedules_commune_id")
        ),
        sa.ForeignKeyConstraint(["set_by"], ["people.id"], name=op.f("fk_schedules_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
        sa.UniqueConstraint(
            "commune_id", "criteria_id", name=op.f("uq_schedules_commune_id_criteria_id")
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_schedules_next_on"), "schedules", ["next_on"])


def _deadline_results() -> None:
    op.create_table(
        "deadline_results",
        sa.Column("round_id", BIG, autoincrement=False, nullable=False),
        sa.Column("deadline", BIG, nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_deadline_results_round_id")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_deadline_results")),
        sqlite_strict=True,
    )


def _reminders() -> None:
    op.create_table(
        "reminder_plans",
        sa.Column("round_id", BIG, autoincrement=False, nullable=False),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("planned_until", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_reminder_plans_round_id")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_reminder_plans")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_reminder_plans_planned_until"), "reminder_plans", ["planned_until"])
    # What is open now is reminded of from now on; what was due before this version stays unsaid.
    now = sa.text(
        "INSERT INTO reminder_plans (round_id, planned_until)"
        " SELECT id, :now FROM rounds WHERE state = 'open'"
    )
    op.execute(now.bindparams(now=time.time_ns() // 1000))
    op.create_table(
        "mutes",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("round_id", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_mutes_person_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_mutes_round_id")),
        sa.PrimaryKeyConstraint("person_id", "round_id", name=op.f("pk_mutes")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_mutes_round_id"), "mutes", ["round_id"])
    op.create_table(
        "nudges",
        sa.Column("person_id", BIG, autoincrement=False, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_nudges_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_nudges")),
        sqlite_strict=True,
    )


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", BIG, nullable=False),
        sa.Column("commune_id", BIG, nullable=True),
        sa.Column("written_by", BIG, nullable=True),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("unit_id", BIG, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", BIG, nullable=False),
        sa.Column("stopped_at", BIG, nullable=True),
        sa.Column("told_at", BIG, nullable=True),
        sa.CheckConstraint(
            "audience IN ('all', 'late', 'area', 'officers')", name=op.f("ck_notices_audience")
        ),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["communes.id"], name=op.f("fk_notices_commune_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_notices_unit_id")),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name=op.f("fk_notices_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_notices_commune_id"), "notices", ["commune_id"])
    op.create_index(op.f("ix_notices_written_by"), "notices", ["written_by"])


def downgrade() -> None:
    with op.batch_alter_table("outbox", table_kwargs={"sqlite_strict": True}) as table:
        table.drop_index(op.f("ix_outbox_notice_id_state"))
        table.drop_index(op.f("ix_outbox_round_id_created_at"))
        table.drop_constraint(op.f("fk_outbox_notice_id"), type_="foreignkey")
        table.drop_constraint(op.f("fk_outbox_round_id"), type_="foreignkey")
        table.drop_column("notice_id")
        table.drop_column("round_id")
    for name in (
        "notices", "nudges", "mutes", "reminder_plans", "deadline_results", "schedules",
    ):  # fmt: skip
        op.drop_table(name)
