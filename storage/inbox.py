"""Updates from the messenger: stored before they are confirmed, emptied when they are done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam
from sqlalchemy.dialects.postgresql import ARRAY

from storage.engine.prepared import prepared
from storage.tables import inbox, reached

TRIES = 3
UPDATES_PER_CHAT = 8  # of one chat in memory at once
PAYLOAD_KEPT = timedelta(days=7)  # the payload of an update that failed
NUMBER_KEPT = timedelta(days=30)  # to notice repeated updates; messengers repeat for a day at most
_NEWEST_KEPT = 1000
_AT_ONCE = 500  # ids in one query
_DROPPED_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Update:
    """A stored update and the chat it belongs to."""

    update_id: int
    chat: str
    payload: str
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The oldest updates that wait in a chat, and how many more wait."""

    updates: Sequence[Update] = ()
    left: int = 0


_KNOWN = prepared(
    sa.select(inbox.c.update_id).where(inbox.c.update_id.in_(bindparam("ids", expanding=True)))
)
_INSERT = prepared(sa.insert(inbox))
_WAITING = (
    sa.select(inbox.c.update_id, inbox.c.chat, inbox.c.payload, inbox.c.received_at)
    .where(inbox.c.state == "waiting", inbox.c.update_id > bindparam("after"))
    .order_by(inbox.c.update_id)
    .limit(bindparam("most"))
)
_WAITING_OF_CHAT = _WAITING.where(inbox.c.chat == bindparam("of_chat"))
_NUMBERED = (
    sa.select(
        inbox.c.update_id,
        inbox.c.chat,
        inbox.c.payload,
        inbox.c.received_at,
        sa.func.row_number()
        .over(partition_by=inbox.c.chat, order_by=inbox.c.update_id)
        .label("place"),
        sa.func.count().over(partition_by=inbox.c.chat).label("in_all"),
    )
    .where(
        inbox.c.state == "waiting",
        # ANY instead of IN: one prepared statement for any number of chats (PostgreSQL only).
        inbox.c.chat == sa.any_(bindparam("chats", type_=ARRAY(sa.Text))),
    )
    .subquery()
)
_PAGES = (
    sa.select(
        _NUMBERED.c.update_id,
        _NUMBERED.c.chat,
        _NUMBERED.c.payload,
        _NUMBERED.c.received_at,
        _NUMBERED.c.in_all,
    )
    .where(_NUMBERED.c.place <= bindparam("most"))
    .order_by(_NUMBERED.c.update_id)
)
_OLDEST = (
    sa.select(inbox.c.chat, sa.func.min(inbox.c.update_id))
    .where(inbox.c.state == "waiting")
    .group_by(inbox.c.chat)
)
_STATE = prepared(sa.select(inbox.c.state).where(inbox.c.update_id == bindparam("id")))
_FINISH = prepared(
    sa.update(inbox)
    .where(inbox.c.update_id == bindparam("id"))
    .values(state="done", payload=None, chat="")
)
_FAIL = (
    sa.update(inbox)
    .where(inbox.c.update_id == bindparam("id"), inbox.c.state == "waiting")
    .values(
        tries=inbox.c.tries + 1,
        state=sa.case((inbox.c.tries + 1 >= bindparam("most"), "failed"), else_="waiting"),
    )
    .returning(inbox.c.tries)
)
_FAILED = sa.select(sa.func.count()).where(inbox.c.state == "failed")
_HIGHEST = sa.select(sa.func.max(inbox.c.update_id))


def take_in(tx: Connection, updates: Sequence[Update], now: datetime) -> list[int]:
    """Store updates that aren't stored yet; returns the new ids, in the given order."""
    fresh = {update.update_id: update for update in updates}
    ids = list(fresh)
    # SQLite limits the number of parameters of one statement.
    for start in range(0, len(ids), _AT_ONCE):
        for (known,) in tx.execute(_KNOWN, {"ids": ids[start : start + _AT_ONCE]}):
            del fresh[known]
    for update in fresh.values():
        row = {"update_id": update.update_id, "chat": update.chat, "payload": update.payload}
        tx.execute(_INSERT, {**row, "received_at": now, "state": "waiting"})
    return list(fresh)


def waiting(
    tx: Connection, *, limit: int, after: int = -1, chat: str | None = None
) -> list[Update]:
    """The oldest waiting updates with an id above `after`, of one chat if it is given."""
    given = {"after": after, "most": limit}
    if chat is None:
        rows = tx.execute(_WAITING, given)
    else:
        rows = tx.execute(_WAITING_OF_CHAT, {**given, "of_chat": chat})
    return [Update(*row) for row in rows]


def pages(tx: Connection, chats: Iterable[str], limit: int) -> dict[str, Page]:
    """The waiting updates of each chat, at most `limit` per chat; chats without any are missing.

    Several workers use it, so it needs PostgreSQL.
    """
    found: dict[str, list[Update]] = {}
    in_all: dict[str, int] = {}
    for *update, total in tx.execute(_PAGES, {"chats": list(chats), "most": limit}):
        one = Update(*update)
        found.setdefault(one.chat, []).append(one)
        in_all[one.chat] = total
    return {chat: Page(some, in_all[chat] - len(some)) for chat, some in found.items()}


def oldest(tx: Connection) -> dict[str, int]:
    """The id of the oldest waiting update of each chat that has one."""
    return {row[0]: row[1] for row in tx.execute(_OLDEST)}


def is_waiting(tx: Connection, update_id: int) -> bool:
    """Whether this update is stored and neither done nor failed."""
    return bool(tx.scalar(_STATE, {"id": update_id}) == "waiting")


def finish(tx: Connection, update_id: int) -> None:
    """Mark an update as done; only its number stays, neither content nor chat."""
    tx.execute(_FINISH, {"id": update_id})


def fail(tx: Connection, update_id: int, *, most: int = TRIES) -> int:
    """Count a failed attempt; returns the attempts so far. After `most` its state is "failed"."""
    return tx.scalar(_FAIL, {"id": update_id, "most": most}) or most


def failed_count(tx: Connection) -> int:
    """The number of failed updates."""
    return tx.scalar(_FAILED) or 0


def highest(tx: Connection) -> int | None:
    """The highest update id; None without any.

    After a week without updates Telegram continues at a random id, so ids don't order time.
    """
    found: int | None = tx.scalar(_HIGHEST)
    return found


def empty_failed(tx: Connection, now: datetime) -> None:
    """Erase the content of updates that failed more than a week ago."""
    tx.execute(
        sa.update(inbox)
        .where(inbox.c.state == "failed", inbox.c.received_at < now - PAYLOAD_KEPT)
        .values(payload=None, chat="")
    )


def old(tx: Connection, now: datetime) -> list[int]:
    """Up to a thousand ids older than NUMBER_KEPT, except the newest thousand.

    It may read the whole table, so call it on a reader: everybody waits for the writer.
    """
    newest = sa.select(inbox.c.update_id).order_by(inbox.c.update_id.desc()).limit(_NEWEST_KEPT)
    found = sa.select(inbox.c.update_id).where(
        inbox.c.state != "waiting",
        inbox.c.received_at < now - NUMBER_KEPT,
        inbox.c.update_id.not_in(newest.scalar_subquery()),
    )
    return list(tx.scalars(found.limit(_DROPPED_AT_ONCE)))


def drop(tx: Connection, update_ids: Sequence[int]) -> None:
    """Delete these updates."""
    tx.execute(
        sa.delete(inbox).where(inbox.c.update_id.in_(update_ids), inbox.c.state != "waiting")
    )


def last_contact(tx: Connection, channel: str) -> datetime | None:
    """When the messenger last answered, by a clock that agreed with its own; None: never yet."""
    return tx.scalar(sa.select(reached.c.at).where(reached.c.channel == channel))


def record_contact(tx: Connection, channel: str, now: datetime) -> None:
    """Store that the messenger answers now."""
    stored = tx.execute(sa.update(reached).where(reached.c.channel == channel).values(at=now))
    if not stored.rowcount:
        tx.execute(sa.insert(reached).values(channel=channel, at=now))
