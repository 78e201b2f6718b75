"""All tables. Names are only in `people` and `addresses`; other tables use internal ids."""

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Text
from sqlalchemy import UniqueConstraint as Unique

from storage.column_types import Flag, FreeTextType, Instant

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


_BIG = sa.BigInteger().with_variant(Integer, "sqlite")

# A server default that both dialects write in the same form, so that Alembic can compare them.
_FALSE = sa.false()


def _table(name: str, *args: "sa.schema.SchemaItem") -> sa.Table:
    return sa.Table(name, metadata, *args, sqlite_strict=True)


def _id() -> "Column[int]":
    return Column("id", _BIG, primary_key=True)


def _ref(column: str, target: str, *, nullable: bool = False) -> "Column[int]":
    return Column(column, _BIG, ForeignKey(f"{target}.id"), nullable=nullable)


def _count(column: str, *, nullable: bool = False) -> "Column[int]":
    """Return a column for a number that a person typed: 64 bits, as in SQLite."""
    return Column(column, _BIG, nullable=nullable)


def _one_of(column: str, *values: str) -> CheckConstraint:
    """Return a check of the table, because Alembic does not generate checks of columns."""
    allowed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({allowed})", column)


# --- places -----------------------------------------------------------------------------------

communes = _table(
    "communes",
    _id(),
    Column("code", Text, nullable=False, unique=True),  # stable key in roster and commands
    Column("name", Text, nullable=False),
    Column("group_name", Text),
)

# The units that report: areas, and exactly one office for each commune.
units = _table(
    "units",
    _id(),
    _ref("commune_id", "communes"),
    Column("kind", Text, nullable=False),
    _one_of("kind", "area", "office"),
    Column("code", Text, nullable=False),  # stable key within the commune; the office's is "office"
    Column("label", Text, nullable=False),  # "Khu 5"; empty for the office
    Column("number", Integer),
    Column("old_commune", Text),
    Column("valid_from", Text),  # ISO dates
    Column("valid_to", Text),
    Unique("commune_id", "code"),
    Index(None, "commune_id", "label"),  # to find areas with the same label
)

unit_successors = _table(
    "unit_successors",
    _ref("unit_id", "units"),
    _ref("successor_id", "units"),
    sa.PrimaryKeyConstraint("unit_id", "successor_id"),
    Index(None, "successor_id"),
)

# The commune's figures for a unit; the history records who changed one.
figures = _table(
    "figures",
    _ref("unit_id", "units"),
    Column("kind", Text, nullable=False),  # adults, working_age, area_cadres, commune_cadres, ...
    _count("value"),
    sa.PrimaryKeyConstraint("unit_id", "kind"),
    CheckConstraint("value >= 0", "value"),
)

# --- people -----------------------------------------------------------------------------------

# Personal data is here and in `addresses`. Forgetting a person empties the columns, not the id.
people = _table(
    "people",
    _id(),
    Column("name", Text),
    Column("phone", Text),
    Column("language", Text, nullable=False, server_default="vi"),
    Column("consent_version", Text),
    Column("consent_at", Instant),
    Column("withdrawn_at", Instant),  # consent withdrawn: forgotten 30 days later
    Column("created_at", Instant, nullable=False),
)

# The addresses of people: chats of bots. Messages go to the one in use, where the person last
# wrote. Forgetting a person deletes the rows.
addresses = _table(
    "addresses",
    Column("bot", Text, nullable=False),
    Column("chat", Text, nullable=False),  # the messenger's id
    _ref("person_id", "people"),
    Column("account_name", Text),  # the messenger's name; people.name may be corrected
    Column("handle", Text),
    Column("in_use", Flag, nullable=False),
    Column("last_written_at", Instant, nullable=False),  # when it came into use
    Column("blocked_at", Instant),  # since then messages do not arrive
    sa.PrimaryKeyConstraint("bot", "chat"),
    Index(None, "person_id"),
    Index(
        "uq_addresses_in_use",
        "person_id",
        unique=True,
        sqlite_where=sa.text("in_use = 1"),
        postgresql_where=sa.text("in_use"),
    ),
)

# The number of messages that a bot with a monthly plan has sent in a month ("2026-11").
bot_usage = _table(
    "bot_usage",
    Column("bot", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("sent", Integer, nullable=False),
    Column("told_at", Instant),  # when officers were told that the plan is nearly used up
    sa.PrimaryKeyConstraint("bot", "month"),
)

memberships = _table(
    "memberships",
    _id(),
    _ref("person_id", "people"),
    Column("role", Text, nullable=False),
    _one_of("role", "reporter", "officer", "leader", "operator"),
    _ref("unit_id", "units", nullable=True),  # reporter
    _ref("commune_id", "communes", nullable=True),  # reporter, officer, leader
    Column("group_name", Text),  # operator of a group; NULL is the whole installation
    Column("label", FreeTextType),  # "Trưởng khu"
    _ref("invitation_id", "invitations", nullable=True),
    Column("began_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index(None, "person_id"),
    Index(None, "unit_id"),
    Index(None, "commune_id"),
    Index(None, "invitation_id"),
)

# A person who was moved to an area's successor continues to report for the area in its own round,
# as long as they have the role `by_id`, which replaced the first one.
continued_roles = _table(
    "continued_roles",
    Column("membership_id", _BIG, ForeignKey("memberships.id"), primary_key=True,
           autoincrement=False),
    _ref("by_id", "memberships"),
    Index(None, "by_id"),
)  # fmt: skip

invitations = _table(
    "invitations",
    _id(),
    Column("code_hash", Text, nullable=False, unique=True),
    Column("short_code_hash", Text, unique=True),  # hashed with a key that is not in the database
    Column("role", Text, nullable=False),
    _ref("commune_id", "communes", nullable=True),
    _ref("unit_id", "units", nullable=True),
    Column("group_name", Text),
    Column("label", FreeTextType),  # "Trưởng khu"
    Column("uses", Integer, nullable=False),
    Column("used", Integer, nullable=False, server_default="0"),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    _ref("created_by", "people", nullable=True),
    _ref("replaces_id", "people", nullable=True),  # "Mời lại, thay cho …": a lost phone
    Index(None, "commune_id"),
)

# A code that links two chats to one person, and what was linked. The other chat is stored here
# until the person with the code has confirmed it, or an hour after the code has expired.
linkings = _table(
    "linkings",
    _id(),
    _ref("person_id", "people"),
    Column("code_hash", Text, unique=True),  # hashed with a key that is not in the database
    Column("expires_at", Instant, nullable=False),
    # the known person of the other chat, who became the first one
    _ref("other_id", "people", nullable=True),
    Column("bot", Text),
    Column("chat", Text),
    Column("account_name", Text),
    Column("handle", Text),
    Column("agreed_at", Instant),  # by the other chat
    Column("joined_at", Instant),  # by both
    Column("moved", Text),  # JSON: the chats and roles, so that it can be undone
    Index(None, "person_id"),
)

# The sign-in to the board in a browser: a link and a code of six digits, valid for minutes, and the
# open sessions. All three are keyed hashes; the key is not in the database.
board_tickets = _table(
    "board_tickets",
    _id(),
    _ref("person_id", "people"),
    Column("link_hash", Text, unique=True, nullable=False),
    Column("code_hash", Text, unique=True, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index(None, "person_id"),
    Index(None, "expires_at"),
)
board_sessions = _table(
    "board_sessions",
    _id(),
    _ref("person_id", "people"),
    Column("cookie_hash", Text, unique=True, nullable=False),
    Column("browser", Text, nullable=False),  # "Chrome, Windows"
    Column("opened_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index(None, "person_id"),
    Index(None, "expires_at"),
)

# --- rounds and answers -----------------------------------------------------------------------

# The text of a criteria set, stored once for all rounds that were opened with it.
criteria_texts = _table(
    "criteria_texts",
    Column("hash", Text, primary_key=True),  # SHA-256, in hexadecimal
    Column("text", Text, nullable=False),
)

rounds = _table(
    "rounds",
    _id(),
    _ref("commune_id", "communes"),
    Column("name", Text, nullable=False),
    Column("criteria_id", Text, nullable=False),
    Column("data_date", Text),  # ISO date the figures refer to
    Column("opens_at", Instant, nullable=False),
    Column("deadline", Instant, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    _one_of("state", "planned", "open", "closed", "cancelled"),
    Column("reason", FreeTextType),  # of a cancellation or the newest reopening
    # The set's text as it was at the opening.
    Column("criteria_hash", Text, ForeignKey("criteria_texts.hash"), nullable=False),
    # When the data about people was erased, long after the close.
    Column("erased_at", Instant),
    Index(None, "commune_id", "criteria_id", "opens_at"),
    # To find rounds that are due to open, to have their result stored, or to close.
    Index(None, "state", "opens_at"),
    Index(None, "state", "deadline"),
    Index(None, "state", "closes_at"),
    # One open round for each commune and set.
    Index(
        "uq_rounds_open",
        "commune_id",
        "criteria_id",
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    ),
)

# Schedules that open rounds automatically; `next_on` is the ISO date of the next opening.
schedules = _table(
    "schedules",
    _id(),
    _ref("commune_id", "communes"),
    Column("criteria_id", Text, nullable=False),
    Column("every", Text, nullable=False),
    _one_of("every", "month", "quarter"),
    Column("opens_on", Integer, nullable=False),  # days of the month
    Column("deadline_on", Integer, nullable=False),
    Column("next_on", Text, nullable=False),
    _ref("set_by", "people", nullable=True),
    Unique("commune_id", "criteria_id"),
    Index(None, "next_on"),
)

# The result at a round's deadline: the JSON of `status --json`, which never changes.
deadline_results = _table(
    "deadline_results",
    Column("round_id", _BIG, ForeignKey("rounds.id"), primary_key=True, autoincrement=False),
    Column("deadline", Instant, nullable=False),
    Column("result", Text, nullable=False),
)
word_drafts = _table(
    "word_drafts",
    Column("round_id", _BIG, ForeignKey("rounds.id"), primary_key=True, autoincrement=False),
    Column("document", FreeTextType),  # the document that it implements; empty: none is to be named
    Column("made_at", Instant),
    Column("figures", Text),  # a checksum of the answers in the last file
)

# Reminder plans: `plan` is versioned JSON, NULL is the usual plan. Entries before `planned_until`
# are processed; NULL means that no more entries come.
reminder_plans = _table(
    "reminder_plans",
    Column("round_id", _BIG, ForeignKey("rounds.id"), primary_key=True, autoincrement=False),
    Column("plan", Text),
    Column("planned_until", Instant),
    Index(None, "planned_until"),
)

# People who do not want reminders in a round ("Đừng nhắc kỳ này nữa").
mutes = _table(
    "mutes",
    _ref("person_id", "people"),
    _ref("round_id", "rounds"),
    Column("at", Instant, nullable=False),
    sa.PrimaryKeyConstraint("person_id", "round_id"),
    Index(None, "round_id"),
)

# People who chose one question an evening, for all rounds until they stop it.
evenings = _table(
    "evenings",
    Column("person_id", _BIG, ForeignKey("people.id"), primary_key=True, autoincrement=False),
    Column("chosen_at", Instant, nullable=False),
    # The newest round whose end of the evening questions was announced to them.
    _ref("told_round_id", "rounds", nullable=True),
)

# When a leader last had a person reminded.
nudges = _table(
    "nudges",
    Column("person_id", _BIG, ForeignKey("people.id"), primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
)

# Notices of an officer or operator to many people; the outbox has their delivery.
notices = _table(
    "notices",
    _id(),
    _ref("commune_id", "communes", nullable=True),  # NULL: an operator's, to several communes
    _ref("written_by", "people", nullable=True),
    Column("audience", Text, nullable=False),
    _one_of("audience", "all", "late", "area", "officers"),
    _ref("unit_id", "units", nullable=True),  # for the audience "area"
    Column("text", FreeTextType, nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("stopped_at", Instant),
    Column("told_at", Instant),  # when the author was informed about the delivery
    Index(None, "commune_id"),
    Index(None, "written_by"),
    Index(None, "told_at"),  # to find notices whose author is not informed yet
)

# The units of a round since its opening (those that its set asks), and the reopening of one alone.
round_units = _table(
    "round_units",
    _ref("round_id", "rounds"),
    _ref("unit_id", "units"),
    Column("position", Integer, nullable=False),
    Column("open_until", Instant),  # set when this unit alone was reopened
    sa.PrimaryKeyConstraint("round_id", "unit_id"),
    Index(None, "unit_id"),
)

reports = _table(
    "reports",
    _id(),
    _ref("round_id", "rounds"),
    _ref("unit_id", "units"),
    Column("state", Text, nullable=False),
    _one_of("state", "draft", "sent", "accepted", "returned"),
    Column("code", Text, unique=True),  # of the receipt
    Column("sends", Integer, nullable=False, server_default="0"),  # how often it was sent
    Column("first_sent_at", Instant),
    Column("sent_at", Instant),
    Column("late", Flag, nullable=False, server_default=_FALSE),
    Column("return_note", FreeTextType),
    Unique("round_id", "unit_id"),
    Index(None, "unit_id"),
)

# The current answers. No row: not answered; state 'unknown': "chưa biết" (not known).
answers = _table(
    "answers",
    _ref("report_id", "reports"),
    Column("indicator", Text, nullable=False),
    Column("state", Text, nullable=False),
    _one_of("state", "ratio", "yes_no", "quantity", "unknown"),
    _count("numerator", nullable=True),
    _count("denominator", nullable=True),
    Column("yes", Flag),
    _count("commune_total", nullable=True),  # the commune's total, where the reporter's differs
    # A return asks for it, and it is not answered since: it is asked again.
    Column("returned", Flag, nullable=False, server_default=_FALSE),
    # A return asks for it: it does not count until the report is sent again.
    Column("held", Flag, nullable=False, server_default=_FALSE),
    _ref("given_by", "people", nullable=True),
    Column("given_at", Instant, nullable=False),
    # Entered by the office on the area's behalf: "entered", then "right" or "wrong" by the area.
    Column("office", Text),
    Column("how", Text),  # the counting method, if it is known
    _one_of("how", "houses", "books", "estimate"),
    sa.PrimaryKeyConstraint("report_id", "indicator"),
    CheckConstraint("numerator >= 0 AND numerator <= denominator", "share"),
    CheckConstraint(
        "(state IN ('ratio', 'quantity')) = (numerator IS NOT NULL)"
        " AND (state = 'ratio') = (denominator IS NOT NULL)"
        " AND (state = 'yes_no') = (yes IS NOT NULL)",
        "value",
    ),
)

# Counting from house to house. The sum becomes an answer only when a person accepts it. Of a
# house's visits, the newest one with a person counted is the one that counts.
count_visits = _table(
    "count_visits",
    _id(),
    _ref("report_id", "reports"),
    Column("indicator", Text, nullable=False),
    Column("house", Text, nullable=False),  # a number ("12A"), never a name
    _ref("begun_by", "people", nullable=True),
    Column("begun_at", Instant, nullable=False),
    Index(None, "report_id", "indicator"),
)

# One row for each tap, never changed; undoing a tap adds a row with its negative counts.
count_taps = _table(
    "count_taps",
    _id(),
    _ref("report_id", "reports"),
    Column("indicator", Text, nullable=False),
    _ref("visit_id", "count_visits", nullable=True),
    _count("yes"),
    _count("no"),
    _ref("undoes", "count_taps", nullable=True),
    Column("update_id", _BIG),  # the inbox's number: a repeated update must not count twice
    _ref("given_by", "people", nullable=True),
    Column("given_at", Instant, nullable=False),
    Unique("report_id", "indicator", "update_id"),
    Unique("undoes"),
    Index(None, "visit_id"),
    Index(None, "given_by"),
)

# Append-only: triggers refuse update and delete. `old` and `new` are JSON with a version.
history = _table(
    "history",
    _id(),
    Column("at", Instant, nullable=False),
    _ref("person_id", "people", nullable=True),  # NULL: the program or the command line
    # answer, report, confirmation, evidence, role, invitation, person, round, figure, on_behalf
    # (the area's confirmation), total (the office accepts the area's total), schedule, reminders
    # (the plan of a round), notice, how (the counting method), area (its name and validity), merger
    # (its successors), total_mark (its total differs from the new figure)
    Column("what", Text, nullable=False),
    # button, text, edit, undo, one_message, unchanged (the last round's answer), office, import,
    # command
    Column("way", Text, nullable=False),
    _ref("commune_id", "communes", nullable=True),
    _ref("round_id", "rounds", nullable=True),
    _ref("unit_id", "units", nullable=True),
    _ref("report_id", "reports", nullable=True),
    Column("indicator", Text),
    Column("old", Text),
    Column("new", Text),
    Index(None, "report_id"),
    Index(None, "unit_id"),
    Index(None, "round_id"),
    Index(None, "person_id"),
    Index(None, "commune_id"),
)

# Each masking in the history, inserted before the change: triggers refuse all other changes.
maskings = _table(
    "maskings",
    _id(),
    _ref("history_id", "history"),
    # The forgotten person; NULL: the round's retention time is over, and the entry loses its
    # person.
    _ref("person_id", "people", nullable=True),
    Column("at", Instant, nullable=False),
    Column("done", Flag, nullable=False, server_default=_FALSE),
    Index(None, "history_id"),
)

# Texts that may still name a forgotten person, until an officer decides.
remains = _table(
    "remains",
    _id(),
    _ref("commune_id", "communes"),
    _ref("person_id", "people"),
    Column("text", FreeTextType, nullable=False),
    Column("spans", Text, nullable=False),  # JSON: the start and end of each word
    Column(
        "length", Integer, nullable=False
    ),  # of the text when it was found, to detect a later change
    Column("found_at", Instant, nullable=False),
    Index(None, "commune_id"),
)

# Rosters sent to the bot as files: at most one per person, until it is applied, at most a day.
workbooks = _table(
    "workbooks",
    _id(),
    _ref("person_id", "people"),
    Column("given_at", Instant, nullable=False),
    Column("channel_reference", Text, nullable=False),  # the file, with the bot that received it
    Column("cells", Text),  # JSON: the cells that a child process read
    Column("fetch_tries", Integer, nullable=False, server_default="0"),  # failed attempts
    Column("fetch_after", Instant, nullable=False),
    Column("openings", Integer, nullable=False, server_default="0"),  # openings not completed
    Index(None, "person_id"),
)

# The office's final answer to a yes/no indicator of the commune.
confirmations = _table(
    "confirmations",
    _ref("round_id", "rounds"),
    Column("indicator", Text, nullable=False),
    Column("answer", Flag, nullable=False),
    Column("reason", FreeTextType, nullable=False),
    _ref("given_by", "people", nullable=True),
    Column("given_at", Instant, nullable=False),
    sa.PrimaryKeyConstraint("round_id", "indicator"),
)

_TO_FETCH = "channel_reference IS NOT NULL AND path IS NULL AND removed_at IS NULL"

evidence = _table(
    "evidence",
    _id(),
    _ref("report_id", "reports"),
    Column("indicator", Text, nullable=False),
    Column("kind", Text, nullable=False),
    _one_of("kind", "photo", "file", "link"),
    Column("link", Text),
    # the file, with the bot that received it, until it is fetched
    Column("channel_reference", Text),
    Column("path", Text),  # a random name below DATA_DIR
    Column("original_name", FreeTextType),
    Column("media_type", Text),
    Column("size", Integer),
    Column("fetch_tries", Integer, nullable=False, server_default="0"),  # failed attempts
    Column("fetch_after", Instant, nullable=False, server_default=sa.text("0")),
    Column("openings", Integer, nullable=False, server_default="0"),  # openings not completed
    _ref("given_by", "people", nullable=True),
    Column("given_at", Instant, nullable=False),
    Column("removed_at", Instant),
    Column("checksum", Text),  # SHA-256 of the file; NULL for the oldest files
    Index(None, "report_id", "indicator"),
    Index(None, "given_by", "given_at"),
    # Files still to be fetched, for which the fetcher looks often.
    Index(
        "ix_evidence_to_fetch",
        "fetch_after",
        sqlite_where=sa.text(_TO_FETCH),
        postgresql_where=sa.text(_TO_FETCH),
    ),
)

difficulties = _table(
    "difficulties",
    _id(),
    _ref("commune_id", "communes"),
    _ref("round_id", "rounds", nullable=True),
    _ref("unit_id", "units", nullable=True),
    Column("indicator", Text),
    Column("text", FreeTextType, nullable=False),
    _ref("raised_by", "people", nullable=True),
    Column("raised_at", Instant, nullable=False),
    Column("settled_at", Instant),
    Column("photo", Text),  # its values: see `storage.difficulties.difficulty_photos`
    Column("photo_given_at", Instant, nullable=False, server_default=sa.text("0")),
    Column("photo_tries", Integer, nullable=False, server_default="0"),  # failed attempts
    Column("photo_after", Instant, nullable=False, server_default=sa.text("0")),
    Column("photo_openings", Integer, nullable=False, server_default="0"),  # not completed
    _ref("passed_up_by", "people", nullable=True),
    Column("passed_up_at", Instant),
    Column("answer", FreeTextType),
    _ref("answered_by", "people", nullable=True),
    Column("answered_at", Instant),
    Index(None, "commune_id"),
)

# --- the conversation -------------------------------------------------------------------------

# Each person's place in the conversation: versioned JSON of criteria.conversation.
conversations = _table(
    "conversations",
    Column("person_id", _BIG, ForeignKey("people.id"), primary_key=True),
    _ref("report_id", "reports", nullable=True),
    Column("place", Text, nullable=False),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("shown_revision", Integer, nullable=False, server_default="0"),
    Column("touched_at", Instant, nullable=False),
    # Until then, answers that were written before the close and arrived late can be sent.
    Column("grace_until", Instant),
)

# What each message of the bot asked, in the order of showing. An edited message has a row for each
# screen that it showed, because each asked something else.
asks = _table(
    "asks",
    _id(),
    _ref("person_id", "people"),
    Column("bot", Text, nullable=False),
    Column("message", Text, nullable=False),  # the messenger's id
    Column("replaced", Flag, nullable=False),  # it replaced an earlier screen of the message
    Column("shown_at", Instant, nullable=False),  # by the messenger's clock, in whole seconds
    Column("newest_update", _BIG),  # the newest number of the inbox at that time
    Column("content", Text, nullable=False),  # versioned JSON: the question and its valid inputs
    Index(None, "person_id", "message"),
    Index(None, "shown_at"),
)

# People's typed messages and the question that each answered, for their edits and for replies.
written = _table(
    "written",
    _ref("person_id", "people"),
    Column("bot", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("checksum", Text, nullable=False),  # of the text, to detect an edit without a change
    _ref("report_id", "reports", nullable=True),
    Column("indicator", Text),
    Column("at", Instant, nullable=False),
    sa.PrimaryKeyConstraint("person_id", "bot", "message"),
    Index(None, "at"),
)

# Messages that the bot edits later: the current question, receipts.
shown_messages = _table(
    "shown_messages",
    _ref("person_id", "people"),
    Column("bot", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("message", Text, nullable=False),
    sa.PrimaryKeyConstraint("person_id", "bot", "purpose"),
)

# --- in and out -------------------------------------------------------------------------------

# Updates in the order in which they were received; the messengers' ids need not have this order.
inbox = _table(
    "inbox",
    _id(),
    Column("bot", Text, nullable=False),
    Column("identity", Text, nullable=False),  # a bot's repeated update has the same one
    Column("chat", Text, nullable=False),
    Column("payload", Text),  # erased when done
    Column("received_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("state", Text, nullable=False),
    _one_of("state", "waiting", "done", "failed"),
    Unique("bot", "identity"),
    Index(None, "state", "id"),
)

outbox = _table(
    "outbox",
    _id(),
    _ref("person_id", "people"),
    Column("kind", Text, nullable=False),
    # The screen as JSON. A reminder has only its subject; its text is made when it is claimed.
    Column("payload", Text, nullable=False),
    Column("dedupe_key", Text, unique=True),
    Column("priority", Integer, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("state", Text, nullable=False),
    _one_of("state", "waiting", "sending", "sent", "uncertain", "failed", "dropped"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("reason", Text),
    Column("created_at", Instant, nullable=False),
    Column("finished_at", Instant),
    _ref("round_id", "rounds", nullable=True),
    _ref("notice_id", "notices", nullable=True),
    Index(None, "state", "priority", "not_before"),
    Index(None, "round_id", "created_at"),
    Index(None, "notice_id", "state"),
)

# When a bot's messenger last answered, by a clock that agreed with its own.
reached = _table(
    "reached",
    Column("bot", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)

# Calls of each worker to Telegram. Times are the database's: the workers' clocks may differ.
worker_calls = _table(
    "worker_calls",
    Column("worker", Text, primary_key=True),
    Column("calls", Integer, nullable=False),
    Column("said_at", Instant, nullable=False),
    Column("paused_until", Instant),
)
