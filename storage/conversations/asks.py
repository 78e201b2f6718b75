"""What each message of the bot asked, and which question each typed message answered.

Both are stored to match a message with what its writer saw when they wrote it. On a slow network
answers arrive after the next question was sent (docs/decisions/0016-addressed-messages.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam
from sqlalchemy.dialects import postgresql, sqlite

from storage.engine.prepared import prepared
from storage.tables import asks, inbox, written

RECENT = 16  # asks of one person to consider: more than can be under way at once
KEPT = timedelta(days=60)  # a reply to an older message is handled like a message that is no reply
_DROPPED_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Ask:
    """A screen that was shown. `content` is the JSON of `handlers.flow.asked_screen`."""

    id: int
    bot: str
    message: str
    replaced: bool
    shown_at: datetime
    newest_update: int | None
    content: str


@dataclass(frozen=True, slots=True)
class WrittenMessage:
    """A typed message, and the question that it answered, if any."""

    checksum: str
    report_id: int | None
    indicator: str | None


_ASK = (
    asks.c.id,
    asks.c.bot,
    asks.c.message,
    asks.c.replaced,
    asks.c.shown_at,
    asks.c.newest_update,
    asks.c.content,
)
_NEWEST = prepared(
    sa.select(*_ASK)
    .where(asks.c.person_id == bindparam("of_person"))
    .order_by(asks.c.id.desc())
    .limit(RECENT)
)
_OF_MESSAGE = prepared(
    sa.select(*_ASK)
    .where(
        asks.c.person_id == bindparam("of_person"),
        asks.c.bot == bindparam("of_bot"),
        asks.c.message == bindparam("of_message"),
    )
    .order_by(asks.c.id)
)
# Within one second only the order of arrival tells whether a text came before this screen.
_INSERT = prepared(
    sa.insert(asks).values(newest_update=sa.select(sa.func.max(inbox.c.id)).scalar_subquery())
)
_THIS = sa.and_(
    written.c.person_id == bindparam("of_person"),
    written.c.bot == bindparam("of_bot"),
    written.c.message == bindparam("of_message"),
)
_WRITTEN = prepared(
    sa.select(written.c.checksum, written.c.report_id, written.c.indicator).where(_THIS)
)
# An edited message stays in its row, with the checksum of the new text.
_KEY = ("person_id", "bot", "message")
_CHANGES = ("checksum", "report_id", "indicator")
_SQLITE, _POSTGRESQL = sqlite.insert(written), postgresql.insert(written)
_KEEP_WRITTEN = {
    "sqlite": prepared(
        _SQLITE.on_conflict_do_update(
            index_elements=_KEY, set_={name: _SQLITE.excluded[name] for name in _CHANGES}
        )
    ),
    "postgresql": prepared(
        _POSTGRESQL.on_conflict_do_update(
            index_elements=_KEY, set_={name: _POSTGRESQL.excluded[name] for name in _CHANGES}
        )
    ),
}


def record(
    tx: Connection,
    person_id: int,
    bot: str,
    message: str,
    content: str,
    shown_at: datetime,
    *,
    replaced: bool,
) -> None:
    """Store what a message asks from now on."""
    row = {
        "person_id": person_id,
        "bot": bot,
        "message": message,
        "replaced": replaced,
        "shown_at": shown_at.replace(microsecond=0),
        "content": content,
    }
    tx.execute(_INSERT, row)


def recent(tx: Connection, person_id: int) -> list[Ask]:
    """Return the newest asks of a person (at most RECENT), oldest first."""
    found = tx.execute(_NEWEST, {"of_person": person_id})
    return [Ask(*row) for row in reversed(list(found))]


def of_message(tx: Connection, person_id: int, bot: str, message: str) -> list[Ask]:
    """Return all asks of one message of a bot, oldest first; an edited message has several."""
    given = {"of_person": person_id, "of_bot": bot, "of_message": message}
    return [Ask(*row) for row in tx.execute(_OF_MESSAGE, given)]


def store_written(
    tx: Connection,
    person_id: int,
    bot: str,
    message: str,
    text: str,
    now: datetime,
    answered: tuple[int, str] | None = None,
) -> None:
    """Store a typed message's checksum, and the report and indicator that it answered."""
    report_id, indicator = answered or (None, None)
    row = {
        "person_id": person_id,
        "bot": bot,
        "message": message,
        "checksum": checksum(text),
        "report_id": report_id,
        "indicator": indicator,
        "at": now,
    }
    tx.execute(_KEEP_WRITTEN[tx.dialect.name], row)


def written_message(
    tx: Connection, person_id: int, bot: str, message: str
) -> WrittenMessage | None:
    """Return what is stored about a typed message; None if it is unknown."""
    given = {"of_person": person_id, "of_bot": bot, "of_message": message}
    row = tx.execute(_WRITTEN, given).first()
    return WrittenMessage(*row) if row else None


def checksum(text: str) -> str:
    """Return a checksum that detects an edit without a change, so that no text is stored."""
    return blake2b(text.strip().encode(), digest_size=8).hexdigest()


def old(tx: Connection, now: datetime) -> list[int]:
    """Return up to a thousand asks older than KEPT, except the newest of each person."""
    newest = sa.select(sa.func.max(asks.c.id)).group_by(asks.c.person_id)
    found = sa.select(asks.c.id).where(
        asks.c.shown_at < now - KEPT, asks.c.id.not_in(newest.scalar_subquery())
    )
    return list(tx.scalars(found.limit(_DROPPED_AT_ONCE)))


def drop(tx: Connection, numbers: Sequence[int]) -> None:
    """Delete these asks."""
    tx.execute(sa.delete(asks).where(asks.c.id.in_(numbers)))


def drop_written(tx: Connection, now: datetime) -> None:
    """Delete the entries of typed messages older than KEPT."""
    tx.execute(sa.delete(written).where(written.c.at < now - KEPT))
