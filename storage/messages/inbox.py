"""Updates from the messenger: stored before they are confirmed, emptied when they are done."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam
from sqlalchemy.dialects.postgresql import ARRAY

from storage.engine.prepared import prepared
from storage.tables import inbox, reached

TRIES = 3  # attempts to handle an update until it is set aside as failed
UPDATES_PER_CHAT = 8  # the most updates of one chat in memory at once
PAYLOAD_KEPT = timedelta(days=7)  # how long the payload of a failed update is stored
# how long repeated updates are noticed; messengers repeat for a day at most
NUMBER_KEPT = timedelta(days=30)
_NEWEST_KEPT = 1000
_DROPPED_AT_ONCE = 1000

Address = tuple[str, str]  # a bot and one of its chats


@dataclass(frozen=True, slots=True)
class Update:
    """An update and the chat to which it belongs.

    A bot's messenger may deliver it again: then it has the same `identity` within the bot. `number`
    is its place in the order in which updates were received; None until it is stored.
    """

    bot: str
    identity: str
    chat: str
    payload: str
    received_at: datetime | None = None
    number: int | None = None

    @property
    def address(self) -> Address:
        """The chat within its bot."""
        return self.bot, self.chat


@dataclass(frozen=True, slots=True)
class WaitingUpdates:
    """The oldest updates that wait in a chat; `left` is how many more wait."""

    updates: Sequence[Update] = ()
    left: int = 0


_UPDATE = (
    inbox.c.bot,
    inbox.c.identity,
    inbox.c.chat,
    inbox.c.payload,
    inbox.c.received_at,
    inbox.c.id,
)
_THIS = sa.and_(inbox.c.bot == bindparam("of_bot"), inbox.c.identity == bindparam("of_identity"))
_INSERT = prepared(  # nothing where the update is known
    sa.insert(inbox).from_select(
        ["bot", "identity", "chat", "payload", "received_at", "state"],
        sa.select(
            bindparam("of_bot", type_=sa.Text),
            bindparam("of_identity", type_=sa.Text),
            bindparam("new_chat", type_=sa.Text),
            bindparam("new_payload", type_=sa.Text),
            bindparam("now", type_=inbox.c.received_at.type),
            sa.literal("waiting", sa.Text),
        ).where(~sa.exists().where(_THIS)),
    )
)
_WAITING = (
    sa.select(*_UPDATE)
    .where(inbox.c.state == "waiting", inbox.c.id > bindparam("after"))
    .order_by(inbox.c.id)
    .limit(bindparam("most"))
)
_WAITING_OF_CHAT = _WAITING.where(
    inbox.c.bot == bindparam("of_bot"), inbox.c.chat == bindparam("of_chat")
)
_CHAT = (inbox.c.bot, inbox.c.chat)
_NUMBERED = (
    sa.select(
        *_UPDATE,
        sa.func.row_number().over(partition_by=_CHAT, order_by=inbox.c.id).label("place"),
        sa.func.count().over(partition_by=_CHAT).label("in_all"),
    )
    .where(
        inbox.c.state == "waiting",
        # ANY instead of IN: one prepared statement for any number of chats (PostgreSQL only).
        inbox.c.chat == sa.any_(bindparam("chats", type_=ARRAY(sa.Text))),
    )
    .subquery()
)
_PAGES = (
    sa.select(*(_NUMBERED.c[one.name] for one in _UPDATE), _NUMBERED.c.in_all)
    .where(_NUMBERED.c.place <= bindparam("most"))
    .order_by(_NUMBERED.c.id)
)
_OLDEST = (
    sa.select(*_CHAT, sa.func.min(inbox.c.id)).where(inbox.c.state == "waiting").group_by(*_CHAT)
)
_FINISH = prepared(
    sa.update(inbox)
    .where(_THIS, inbox.c.state == "waiting")
    .values(state="done", payload=None, chat="")
    .returning(inbox.c.id)
)
_FAIL = (
    sa.update(inbox)
    .where(_THIS, inbox.c.state == "waiting")
    .values(
        tries=inbox.c.tries + 1,
        state=sa.case((inbox.c.tries + 1 >= bindparam("most"), "failed"), else_="waiting"),
    )
    .returning(inbox.c.tries)
)
_FAILED = sa.select(sa.func.count()).where(inbox.c.state == "failed")


def take_in(tx: Connection, updates: Sequence[Update], now: datetime) -> list[str]:
    """Store those of one bot's updates that are not stored yet.

    Return the identities of the new ones, in the given order.
    """
    fresh = []
    for one in updates:
        given = {"of_bot": one.bot, "of_identity": one.identity, "new_chat": one.chat}
        if tx.execute(_INSERT, {**given, "new_payload": one.payload, "now": now}).rowcount:
            fresh.append(one.identity)
    return fresh


def waiting(
    tx: Connection, *, limit: int, after: int = -1, chat: Address | None = None
) -> list[Update]:
    """Return the oldest waiting updates with a number above `after`, of one chat if it is given."""
    given: dict[str, object] = {"after": after, "most": limit}
    if chat is None:
        rows = tx.execute(_WAITING, given)
    else:
        rows = tx.execute(_WAITING_OF_CHAT, {**given, "of_bot": chat[0], "of_chat": chat[1]})
    return [Update(*row) for row in rows]


def pages(tx: Connection, chats: Collection[Address], limit: int) -> dict[Address, WaitingUpdates]:
    """Return the waiting updates of each chat, at most `limit` of one; others are missing.

    Several workers use it, so it needs PostgreSQL.
    """
    found: dict[Address, list[Update]] = {}
    in_all: dict[Address, int] = {}
    ids = list({chat for _, chat in chats})
    for *update, total in tx.execute(_PAGES, {"chats": ids, "most": limit}):
        one = Update(*update)
        if one.address in chats:  # a chat of another bot can have the same id
            found.setdefault(one.address, []).append(one)
            in_all[one.address] = total
    return {chat: WaitingUpdates(some, in_all[chat] - len(some)) for chat, some in found.items()}


def oldest(tx: Connection) -> dict[Address, int]:
    """Return the number of the oldest waiting update of each chat that has one."""
    return {(row[0], row[1]): row[2] for row in tx.execute(_OLDEST)}


def finish(tx: Connection, bot: str, identity: str) -> int | None:
    """Mark a waiting update as done; erase its content and its chat.

    Return its number; None if it is done already, has failed, or is not stored.
    """
    return tx.execute(_FINISH, {"of_bot": bot, "of_identity": identity}).scalar()


def fail(tx: Connection, bot: str, identity: str, *, most: int = TRIES) -> int:
    """Count a failed attempt; return the attempts so far. After `most` the state is "failed"."""
    return tx.scalar(_FAIL, {"of_bot": bot, "of_identity": identity, "most": most}) or most


def failed_count(tx: Connection) -> int:
    """Return the number of failed updates."""
    return tx.scalar(_FAILED) or 0


def empty_failed(tx: Connection, now: datetime) -> None:
    """Erase the content of failed updates that were received more than a week ago."""
    tx.execute(
        sa.update(inbox)
        .where(inbox.c.state == "failed", inbox.c.received_at < now - PAYLOAD_KEPT)
        .values(payload=None, chat="")
    )


def old(tx: Connection, now: datetime) -> list[int]:
    """Return up to a thousand numbers older than NUMBER_KEPT, except the newest thousand.

    SQLite gives a new row the greatest number in the table plus one. If the newest rows were
    deleted, new updates would get their numbers again, and the order of updates would be wrong. One
    row prevents that; the others only leave a margin. The query may read the whole table, so call
    it on a reader: on the writer all other work would wait.
    """
    newest = sa.select(inbox.c.id).order_by(inbox.c.id.desc()).limit(_NEWEST_KEPT)
    found = sa.select(inbox.c.id).where(
        inbox.c.state != "waiting",
        inbox.c.received_at < now - NUMBER_KEPT,
        inbox.c.id.not_in(newest.scalar_subquery()),
    )
    return list(tx.scalars(found.limit(_DROPPED_AT_ONCE)))


def drop(tx: Connection, numbers: Sequence[int]) -> None:
    """Delete these updates."""
    tx.execute(sa.delete(inbox).where(inbox.c.id.in_(numbers), inbox.c.state != "waiting"))


def last_contacts(tx: Connection) -> dict[str, datetime]:
    """Return when each bot's messenger last answered, by a clock that agreed with its own."""
    return {row.bot: row.at for row in tx.execute(sa.select(reached))}


def record_contacts(tx: Connection, bots: Sequence[str], now: datetime) -> None:
    """Store that the messengers of these bots answer now."""
    tx.execute(sa.delete(reached).where(reached.c.bot.in_(bots)))
    tx.execute(sa.insert(reached), [{"bot": bot, "at": now} for bot in bots])
