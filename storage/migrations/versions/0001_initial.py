"""The first schema, with STRICT tables in SQLite and a history that nobody can rewrite."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.Boolean().with_variant(sa.Integer(), "sqlite")

SQLITE_TRIGGERS = [
    f"""
    CREATE TRIGGER history_refuses_{action.lower()} BEFORE {action} ON history
    BEGIN SELECT RAISE(ABORT, 'history is append-only'); END
    """
    for action in ("UPDATE", "DELETE")
]
POSTGRESQL_TRIGGERS = [
    """
    CREATE FUNCTION history_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'history is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER history_refuses_change BEFORE UPDATE OR DELETE ON history
    FOR EACH ROW EXECUTE FUNCTION history_is_append_only()
    """,
    """
    CREATE TRIGGER history_refuses_truncate BEFORE TRUNCATE ON history
    FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only()
    """,
]


def upgrade() -> None:
    op.create_table(
        "communes",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("group_name", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communes")),
        sa.UniqueConstraint("code", name=op.f("uq_communes_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "inbox",
        sa.Column("update_id", BIG, autoincrement=False, nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("received_at", BIG, nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'done', 'failed')", name=op.f("ck_inbox_state")),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_inbox")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_inbox_state_update_id"), "inbox", ["state", "update_id"], unique=False)
    op.create_table(
        "people",
        sa.Column("id", BIG, nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("handle", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), server_default="vi", nullable=False),
        sa.Column("consent_version", sa.Text(), nullable=True),
        sa.Column("consent_at", BIG, nullable=True),
        sa.Column("withdrawn_at", BIG, nullable=True),
        sa.Column("unreachable_since", BIG, nullable=True),
        sa.Column("created_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("channel", "address", name=op.f("uq_people_channel_address")),
        sqlite_strict=True,
    )
    op.create_table(
        "outbox",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("not_before", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", BIG, nullable=False),
        sa.Column("finished_at", BIG, nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'uncertain', 'failed', 'dropped')",
            name=op.f("ck_outbox_state"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_outbox_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_dedupe_key")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_outbox_state_priority_not_before"),
        "outbox",
        ["state", "priority", "not_before"],
        unique=False,
    )
    op.create_table(
        "rounds",
        sa.Column("id", BIG, nullable=False),
        sa.Column("commune_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("criteria_id", sa.Text(), nullable=False),
        sa.Column("data_date", sa.Text(), nullable=True),
        sa.Column("opens_at", BIG, nullable=False),
        sa.Column("deadline", BIG, nullable=False),
        sa.Column("closes_at", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'open', 'closed', 'cancelled')", name=op.f("ck_rounds_state")
        ),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_rounds_commune_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_rounds_commune_id_criteria_id_opens_at"),
        "rounds",
        ["commune_id", "criteria_id", "opens_at"],
        unique=False,
    )
    op.create_index(
        "uq_rounds_open",
        "rounds",
        ["commune_id", "criteria_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "shown_messages",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_shown_messages_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "purpose", name=op.f("pk_shown_messages")),
        sqlite_strict=True,
    )
    op.create_table(
        "units",
        sa.Column("id", BIG, nullable=False),
        sa.Column("commune_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("old_commune", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Text(), nullable=True),
        sa.Column("valid_to", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('area', 'office')", name=op.f("ck_units_kind")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_units_commune_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("commune_id", "code", name=op.f("uq_units_commune_id_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "confirmations",
        sa.Column("round_id", BIG, nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("answer", FLAG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by", BIG, nullable=True),
        sa.Column("given_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["given_by"], ["people.id"], name=op.f("fk_confirmations_given_by")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_confirmations_round_id")
        ),
        sa.PrimaryKeyConstraint("round_id", "indicator", name=op.f("pk_confirmations")),
        sqlite_strict=True,
    )
    op.create_table(
        "difficulties",
        sa.Column("id", BIG, nullable=False),
        sa.Column("commune_id", BIG, nullable=False),
        sa.Column("round_id", BIG, nullable=True),
        sa.Column("unit_id", BIG, nullable=True),
        sa.Column("indicator", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("raised_by", BIG, nullable=True),
        sa.Column("raised_at", BIG, nullable=False),
        sa.Column("settled_at", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["communes.id"], name=op.f("fk_difficulties_commune_id")
        ),
        sa.ForeignKeyConstraint(
            ["raised_by"], ["people.id"], name=op.f("fk_difficulties_raised_by")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_difficulties_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_difficulties_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_difficulties")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_difficulties_commune_id"), "difficulties", ["commune_id"], unique=False
    )
    op.create_table(
        "figures",
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", BIG, nullable=False),
        sa.CheckConstraint("value >= 0", name=op.f("ck_figures_value")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_figures_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "kind", name=op.f("pk_figures")),
        sqlite_strict=True,
    )
    op.create_table(
        "invitations",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("commune_id", BIG, nullable=True),
        sa.Column("unit_id", BIG, nullable=True),
        sa.Column("group_name", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.Column("expires_at", BIG, nullable=False),
        sa.Column("revoked_at", BIG, nullable=True),
        sa.Column("created_by", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["communes.id"], name=op.f("fk_invitations_commune_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["people.id"], name=op.f("fk_invitations_created_by")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_invitations_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_invitations_code_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_invitations_commune_id"), "invitations", ["commune_id"], unique=False)
    op.create_table(
        "reports",
        sa.Column("id", BIG, nullable=False),
        sa.Column("round_id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("sends", sa.Integer(), server_default="0", nullable=False),
        sa.Column("first_sent_at", BIG, nullable=True),
        sa.Column("sent_at", BIG, nullable=True),
        sa.Column("late", FLAG, server_default=sa.false(), nullable=False),
        sa.Column("return_note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'sent', 'accepted', 'returned')", name=op.f("ck_reports_state")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_reports_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_reports_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("code", name=op.f("uq_reports_code")),
        sa.UniqueConstraint("round_id", "unit_id", name=op.f("uq_reports_round_id_unit_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_reports_unit_id"), "reports", ["unit_id"], unique=False)
    op.create_table(
        "round_units",
        sa.Column("round_id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("open_until", BIG, nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_round_units_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_round_units_unit_id")),
        sa.PrimaryKeyConstraint("round_id", "unit_id", name=op.f("pk_round_units")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_round_units_unit_id"), "round_units", ["unit_id"], unique=False)
    op.create_table(
        "unit_successors",
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("successor_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["units.id"], name=op.f("fk_unit_successors_successor_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_successors_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "successor_id", name=op.f("pk_unit_successors")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_unit_successors_successor_id"), "unit_successors", ["successor_id"], unique=False
    )
    op.create_table(
        "answers",
        sa.Column("report_id", BIG, nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("numerator", BIG, nullable=True),
        sa.Column("denominator", BIG, nullable=True),
        sa.Column("yes", FLAG, nullable=True),
        sa.Column("commune_total", BIG, nullable=True),
        sa.Column("returned", FLAG, server_default=sa.false(), nullable=False),
        sa.Column("held", FLAG, server_default=sa.false(), nullable=False),
        sa.Column("given_by", BIG, nullable=True),
        sa.Column("given_at", BIG, nullable=False),
        sa.CheckConstraint(
            "(state = 'ratio') = (numerator IS NOT NULL AND denominator IS NOT NULL)"
            " AND (state = 'yes_no') = (yes IS NOT NULL)",
            name=op.f("ck_answers_value"),
        ),
        sa.CheckConstraint(
            "state IN ('ratio', 'yes_no', 'unknown')", name=op.f("ck_answers_state")
        ),
        sa.CheckConstraint(
            "numerator >= 0 AND numerator <= denominator", name=op.f("ck_answers_share")
        ),
        sa.ForeignKeyConstraint(["given_by"], ["people.id"], name=op.f("fk_answers_given_by")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_answers_report_id")),
        sa.PrimaryKeyConstraint("report_id", "indicator", name=op.f("pk_answers")),
        sqlite_strict=True,
    )
    op.create_table(
        "conversations",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("report_id", BIG, nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("shown_revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("touched_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_conversations_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_conversations_report_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_conversations")),
        sqlite_strict=True,
    )
    op.create_table(
        "evidence",
        sa.Column("id", BIG, nullable=False),
        sa.Column("report_id", BIG, nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("channel_reference", sa.Text(), nullable=True),
        sa.Column("path", sa.Text(), nullable=True),
        sa.Column("original_name", sa.Text(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("fetch_tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("given_by", BIG, nullable=True),
        sa.Column("given_at", BIG, nullable=False),
        sa.Column("removed_at", BIG, nullable=True),
        sa.CheckConstraint("kind IN ('photo', 'file', 'link')", name=op.f("ck_evidence_kind")),
        sa.ForeignKeyConstraint(["given_by"], ["people.id"], name=op.f("fk_evidence_given_by")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_evidence_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_evidence_report_id_indicator"),
        "evidence",
        ["report_id", "indicator"],
        unique=False,
    )
    op.create_index(
        "ix_evidence_to_fetch",
        "evidence",
        ["fetch_tries"],
        unique=False,
        sqlite_where=sa.text(
            "channel_reference IS NOT NULL AND path IS NULL AND removed_at IS NULL"
        ),
        postgresql_where=sa.text(
            "channel_reference IS NOT NULL AND path IS NULL AND removed_at IS NULL"
        ),
    )
    op.create_table(
        "history",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("commune_id", BIG, nullable=True),
        sa.Column("round_id", BIG, nullable=True),
        sa.Column("unit_id", BIG, nullable=True),
        sa.Column("report_id", BIG, nullable=True),
        sa.Column("indicator", sa.Text(), nullable=True),
        sa.Column("old", sa.Text(), nullable=True),
        sa.Column("new", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["communes.id"], name=op.f("fk_history_commune_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_history_person_id")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_history_report_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_history_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_history_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_history_person_id"), "history", ["person_id"], unique=False)
    op.create_index(op.f("ix_history_report_id"), "history", ["report_id"], unique=False)
    op.create_index(op.f("ix_history_round_id"), "history", ["round_id"], unique=False)
    op.create_index(op.f("ix_history_unit_id"), "history", ["unit_id"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit_id", BIG, nullable=True),
        sa.Column("commune_id", BIG, nullable=True),
        sa.Column("group_name", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("invitation_id", BIG, nullable=True),
        sa.Column("began_at", BIG, nullable=False),
        sa.Column("ended_at", BIG, nullable=True),
        sa.CheckConstraint(
            "role IN ('reporter', 'officer', 'leader', 'operator')",
            name=op.f("ck_memberships_role"),
        ),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["communes.id"], name=op.f("fk_memberships_commune_id")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitations.id"], name=op.f("fk_memberships_invitation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_memberships_person_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_memberships_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_memberships_commune_id"), "memberships", ["commune_id"], unique=False)
    op.create_index(op.f("ix_memberships_person_id"), "memberships", ["person_id"], unique=False)
    op.create_index(op.f("ix_memberships_unit_id"), "memberships", ["unit_id"], unique=False)

    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_TRIGGERS if sqlite else POSTGRESQL_TRIGGERS:
        op.execute(sa.text(statement))


def downgrade() -> None:
    op.drop_table("memberships")
    op.drop_table("history")
    op.drop_table("evidence")
    op.drop_table("conversations")
    op.drop_table("answers")
    op.drop_table("unit_successors")
    op.drop_table("round_units")
    op.drop_table("reports")
    op.drop_table("invitations")
    op.drop_table("figures")
    op.drop_table("difficulties")
    op.drop_table("confirmations")
    op.drop_table("units")
    op.drop_table("shown_messages")
    op.drop_table("rounds")
    op.drop_table("outbox")
    op.drop_table("people")
    op.drop_table("inbox")
    op.drop_table("communes")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION history_is_append_only()")
