"""Several bots: updates, messages and people's addresses are known by their bot."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# As Flag: STRICT tables of SQLite know no BOOLEAN.
FLAG = sa.Boolean().with_variant(sa.Integer(), "sqlite")
STRICT = {"sqlite_strict": True}
TELEGRAM = "telegram"
FILES = (
    ("evidence", "channel_reference"),
    ("workbooks", "channel_reference"),
    ("difficulties", "photo"),
)
ACCOUNT = ("channel", "address", "handle", "unreachable_since", "account_name")


def upgrade() -> None:
    _make_addresses()
    _rebuild_inbox()
    _rebuild("asks", _asks(by_bot=True))
    _rebuild("written", _written(by_bot=True))
    _rebuild("shown_messages", _shown_messages(by_bot=True))
    _make_usage()
    for table, column in FILES:
        op.execute(f"UPDATE {table} SET {column} = '{TELEGRAM}:' || {column}")  # noqa: S608
    op.execute("ALTER TABLE reached RENAME COLUMN channel TO bot")


def downgrade() -> None:
    op.execute("ALTER TABLE reached RENAME COLUMN bot TO channel")
    for table, column in FILES:
        op.execute(f"UPDATE {table} SET {column} = replace({column}, '{TELEGRAM}:', '')")  # noqa: S608
    op.drop_table("bot_usage")
    for bot_table in ("asks", "written", "shown_messages", "inbox"):
        op.execute(f"DELETE FROM {bot_table} WHERE bot <> '{TELEGRAM}'")  # noqa: S608
    _rebuild("shown_messages", _shown_messages(by_bot=False))
    _rebuild("written", _written(by_bot=False))
    _rebuild("asks", _asks(by_bot=False))
    _rebuild_inbox_before()
    _drop_addresses()


def _make_addresses() -> None:
    op.create_table(
        "addresses",
        sa.Column("bot", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("account_name", sa.Text(), nullable=True),
        sa.Column("handle", sa.Text(), nullable=True),
        sa.Column("in_use", FLAG, nullable=False),
        sa.Column("last_written_at", BIG, nullable=False),
        sa.Column("blocked_at", BIG, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_addresses_person_id")),
        sa.PrimaryKeyConstraint("bot", "chat", name=op.f("pk_addresses")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_addresses_person_id"), "addresses", ["person_id"])
    op.create_index(
        "uq_addresses_in_use",
        "addresses",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("in_use = 1"),
        postgresql_where=sa.text("in_use"),
    )
    op.execute(
        "INSERT INTO addresses (bot, chat, person_id, account_name, handle, in_use,"
        " last_written_at, blocked_at) SELECT channel, address, id, account_name, handle, TRUE,"
        " created_at, unreachable_since FROM people"
        " WHERE channel IS NOT NULL AND address IS NOT NULL"
    )
    with op.batch_alter_table("people", table_kwargs=STRICT) as table:
        table.drop_constraint(op.f("uq_people_channel_address"), type_="unique")
        for column in ACCOUNT:
            table.drop_column(column)


def _drop_addresses() -> None:
    with op.batch_alter_table("people", table_kwargs=STRICT) as table:
        for column in ACCOUNT:
            kind = BIG if column == "unreachable_since" else sa.Text()
            table.add_column(sa.Column(column, kind, nullable=True))
    for column, source in zip(
        ACCOUNT, ("bot", "chat", "handle", "blocked_at", "account_name"), strict=True
    ):
        op.execute(
            f"UPDATE people SET {column} = (SELECT {source} FROM addresses"  # noqa: S608
            " WHERE addresses.person_id = people.id AND addresses.in_use)"
        )
    with op.batch_alter_table("people", table_kwargs=STRICT) as table:
        table.create_unique_constraint(op.f("uq_people_channel_address"), ["channel", "address"])
    op.drop_table("addresses")


def _make_usage() -> None:
    op.create_table(
        "bot_usage",
        sa.Column("bot", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("told_at", BIG, nullable=True),
        sa.PrimaryKeyConstraint("bot", "month", name=op.f("pk_bot_usage")),
        sqlite_strict=True,
    )


def _rebuild_inbox() -> None:
    op.execute("CREATE TABLE inbox_before AS SELECT * FROM inbox")
    op.drop_table("inbox")
    op.create_table(
        "inbox",
        sa.Column("id", BIG, nullable=False),
        sa.Column("bot", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        *_inbox(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("bot", "identity", name=op.f("uq_inbox_bot_identity")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_inbox_state_id"), "inbox", ["state", "id"])
    op.execute(
        "INSERT INTO inbox (id, bot, identity, chat, payload, received_at, tries, state)"
        " SELECT update_id, 'telegram', CAST(update_id AS TEXT), chat, payload, received_at,"
        " tries, state FROM inbox_before"
    )
    op.execute("DROP TABLE inbox_before")
    _go_on_counting("inbox")


def _rebuild_inbox_before() -> None:
    op.execute("CREATE TABLE inbox_after AS SELECT * FROM inbox")
    op.drop_table("inbox")
    op.create_table(
        "inbox",
        sa.Column("update_id", BIG, autoincrement=False, nullable=False),
        *_inbox(),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_inbox")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_inbox_state_update_id"), "inbox", ["state", "update_id"])
    op.execute(
        "INSERT INTO inbox (update_id, chat, payload, received_at, tries, state)"
        " SELECT CAST(identity AS BIGINT), chat, payload, received_at, tries, state"
        " FROM inbox_after"
    )
    op.execute("DROP TABLE inbox_after")


def _inbox() -> "list[sa.schema.SchemaItem]":
    return [
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("received_at", BIG, nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'done', 'failed')", name=op.f("ck_inbox_state")),
    ]


def _bot(*, by_bot: bool) -> "list[sa.schema.SchemaItem]":
    return [sa.Column("bot", sa.Text(), nullable=False)] if by_bot else []


def _person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f(f"fk_{table}_person_id"))


def _asks(*, by_bot: bool) -> "list[sa.schema.SchemaItem]":
    return [
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        *_bot(by_bot=by_bot),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("replaced", FLAG, nullable=False),
        sa.Column("shown_at", BIG, nullable=False),
        sa.Column("newest_update", BIG, nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        _person("asks"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asks")),
    ]


def _written(*, by_bot: bool) -> "list[sa.schema.SchemaItem]":
    key = ("person_id", "bot", "message") if by_bot else ("person_id", "message")
    return [
        sa.Column("person_id", BIG, nullable=False),
        *_bot(by_bot=by_bot),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("checksum", sa.Text(), nullable=False),
        sa.Column("report_id", BIG, nullable=True),
        sa.Column("indicator", sa.Text(), nullable=True),
        sa.Column("at", BIG, nullable=False),
        _person("written"),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_written_report_id")),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_written")),
    ]


def _shown_messages(*, by_bot: bool) -> "list[sa.schema.SchemaItem]":
    key = ("person_id", "bot", "purpose") if by_bot else ("person_id", "purpose")
    return [
        sa.Column("person_id", BIG, nullable=False),
        *_bot(by_bot=by_bot),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        _person("shown_messages"),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_shown_messages")),
    ]


INDEXES = {
    "asks": (
        ("ix_asks_person_id_message", ["person_id", "message"]),
        ("ix_asks_shown_at", ["shown_at"]),
    ),
    "written": (("ix_written_at", ["at"]),),
    "shown_messages": (),
}


def _rebuild(name: str, items: "list[sa.schema.SchemaItem]") -> None:
    """Make the table anew with its rows, which get the bot of their person."""
    columns = [str(one.name) for one in items if isinstance(one, sa.Column)]
    op.execute(f"CREATE TABLE {name}_before AS SELECT * FROM {name}")  # noqa: S608
    before = [one["name"] for one in sa.inspect(op.get_bind()).get_columns(f"{name}_before")]
    op.drop_table(name)
    op.create_table(name, *items, sqlite_strict=True)
    for index, on in INDEXES[name]:
        op.create_index(op.f(index), name, on)
    bot = (
        f"coalesce((SELECT bot FROM addresses WHERE person_id = {name}_before.person_id),"  # noqa: S608
        f" '{TELEGRAM}')"
    )
    taken = [one if one in before else bot for one in columns]
    op.execute(
        f"INSERT INTO {name} ({', '.join(columns)})"  # noqa: S608
        f" SELECT {', '.join(taken)} FROM {name}_before"
    )
    op.execute(f"DROP TABLE {name}_before")
    if name == "asks":
        _go_on_counting(name)


def _go_on_counting(table: str) -> None:
    """PostgreSQL's next id follows on the greatest; SQLite finds it by itself."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"  # noqa: S608
            f" (SELECT coalesce(max(id), 0) + 1 FROM {table}), false)"
        )
