"""The outbox: messages are stored in the transaction of the change that they announce.

They are sent after the commit, so no message announces a change that was rolled back
(docs/decisions/0026-outgoing-messages.md).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from itertools import islice

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage.engine.prepared import prepared
from storage.people.addresses import CHAT, IN_USE
from storage.tables import addresses, outbox, people

_AT_ONCE = 500  # keys in one query
_DROPPED_AT_ONCE = 1000
# the largest difference between the clocks of two machines
_CLOCK_DIFFERENCE = timedelta(minutes=2)
KEPT = timedelta(days=90)  # longer than a round: its dedupe keys must stay until it is over


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A claimed message and its recipient, at the chat where they last wrote.

    `bot` and `address` are None for a person who left. A message with an evening question also has
    the `revision` of its place in the conversation, the message whose buttons are removed
    (`remove_keyboard`), and what to store after it is shown (`asks`).
    """

    id: int
    person_id: int
    kind: str
    payload: str
    priority: int
    tries: int
    bot: str | None
    address: str | None
    language: str
    unreachable: bool
    dedupe_key: str | None = None
    round_id: int | None = None
    notice_id: int | None = None
    revision: int | None = None
    remove_keyboard: str | None = None
    asks: str | None = None


_PRIORITY = prepared(
    sa.select(sa.func.max(outbox.c.priority)).where(
        outbox.c.state == "waiting", outbox.c.priority < bindparam("below")
    )
)
# One query per priority reads one range of the index, for any number of messages of later days.
_DUE = (
    sa.select(
        outbox.c.id,
        outbox.c.person_id,
        outbox.c.kind,
        outbox.c.payload,
        outbox.c.priority,
        outbox.c.tries,
        addresses.c.bot,
        CHAT,
        people.c.language,
        addresses.c.blocked_at.is_not(None),
        outbox.c.dedupe_key,
        outbox.c.round_id,
        outbox.c.notice_id,
    )
    .select_from(outbox.join(people).outerjoin(addresses, IN_USE))
    .where(
        outbox.c.state == "waiting",
        outbox.c.priority == bindparam("of_priority"),
        outbox.c.not_before <= bindparam("now", type_=outbox.c.not_before.type),
    )
    .order_by(outbox.c.not_before, outbox.c.id)
    .limit(bindparam("most"))
)
_NOT_PAUSED = sa.and_(
    outbox.c.kind.not_in(bindparam("paused_kinds", expanding=True)),
    sa.func.coalesce(addresses.c.bot, "").not_in(bindparam("shut", expanding=True)),
)
_DUE_NOT_PAUSED = _DUE.where(_NOT_PAUSED)
_CLAIM = (
    sa.update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(state="sending", tries=outbox.c.tries + 1)
)
_FINISH = (
    sa.update(outbox)
    .where(outbox.c.id == bindparam("of_id"))
    .values(
        state=bindparam("new_state"),
        reason=bindparam("why"),
        finished_at=bindparam("now", type_=outbox.c.finished_at.type),
        payload="",
    )
)
# A message that became uncertain in the meantime stays uncertain: its payload is erased.
_POSTPONE = (
    sa.update(outbox)
    .where(outbox.c.id == bindparam("of_id"), outbox.c.state == "sending")
    .values(
        state="waiting",
        not_before=bindparam("when", type_=outbox.c.not_before.type),
        reason=bindparam("why"),
    )
)
_PUT_BACK = (
    sa.update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)), outbox.c.state == "sending")
    .values(
        state="waiting",
        tries=outbox.c.tries - 1,
        not_before=sa.func.coalesce(
            bindparam("when", type_=outbox.c.not_before.type), outbox.c.not_before
        ),
    )
)
_NEXT = prepared(
    sa.select(outbox.c.not_before)
    .where(outbox.c.state == "waiting", outbox.c.priority == bindparam("of_priority"))
    .order_by(outbox.c.not_before)
    .limit(1)
)
_NEXT_NOT_PAUSED = (
    sa.select(sa.func.min(outbox.c.not_before))
    .select_from(outbox.join(people).outerjoin(addresses, IN_USE))
    .where(outbox.c.state == "waiting", _NOT_PAUSED)
)
_COUNT_DUE = sa.select(sa.func.count()).where(
    outbox.c.state == "waiting",
    outbox.c.priority == bindparam("of_priority"),
    outbox.c.not_before <= bindparam("now", type_=outbox.c.not_before.type),
)
_REPLACED = ("payload", "not_before", "priority")
_REPLACE = (
    sa.update(outbox)
    .where(outbox.c.id == bindparam("of_id"), outbox.c.state == "waiting")
    .values({one: bindparam(f"new_{one}", type_=outbox.c[one].type) for one in _REPLACED})
)
_ABOVE_ALL = 1 << 30  # above every priority


@dataclass(frozen=True, slots=True)
class KeyedMessage:
    """The current state of a message that has a dedupe key."""

    id: int
    state: str
    payload: str
    not_before: datetime
    priority: int


_BY_KEY = sa.select(
    outbox.c.dedupe_key, *(outbox.c[one.name] for one in fields(KeyedMessage))
).where(outbox.c.dedupe_key.in_(bindparam("keys", expanding=True)))


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to add with `enqueue_all`."""

    person_id: int
    kind: str
    payload: str
    not_before: datetime
    priority: int = 0
    dedupe_key: str | None = None
    round_id: int | None = None
    notice_id: int | None = None


_INSERT_ALL = prepared(sa.insert(outbox))
_DRAFTED = tuple(one.name for one in fields(Draft))


def enqueue_all(tx: Connection, drafts: Sequence[Draft], now: datetime) -> None:
    """Add many messages at once; their dedupe keys must be new (see `messages_by_key`)."""
    if drafts:
        # Not asdict(): its deep copies took a quarter of the time of a day's plan.
        common = {"state": "waiting", "created_at": now}
        rows = [{name: getattr(one, name) for name in _DRAFTED} | common for one in drafts]
        tx.execute(_INSERT_ALL, rows)


def messages_by_key(tx: Connection, keys: Iterable[str]) -> dict[str, KeyedMessage]:
    """Return the messages that have these dedupe keys, by key."""
    found: dict[str, KeyedMessage] = {}
    for some in _batched(keys, _AT_ONCE):
        for key, *row in tx.execute(_BY_KEY, {"keys": some}):
            found[key] = KeyedMessage(*row)
    return found


def replace_waiting(tx: Connection, changed: Sequence[KeyedMessage]) -> None:
    """Replace the payload, the time and the priority of waiting messages by these."""
    if changed:
        new = [{f"new_{name}": getattr(one, name) for name in _REPLACED} for one in changed]
        tx.execute(
            _REPLACE, [row | {"of_id": one.id} for row, one in zip(new, changed, strict=True)]
        )


def rekey(tx: Connection, message_id: int, key: str) -> None:
    """Change a message's dedupe key to another one, which must not be in use."""
    tx.execute(sa.update(outbox).where(outbox.c.id == message_id).values(dedupe_key=key))


def clear_keys(tx: Connection, message_ids: Collection[int]) -> None:
    """Delete the dedupe keys of messages, so that other messages can have them."""
    if message_ids:
        tx.execute(sa.update(outbox).where(outbox.c.id.in_(message_ids)).values(dedupe_key=None))


def claim(
    tx: Connection,
    now: datetime,
    limit: int,
    paused_kinds: Collection[str] = (),
    shut: Collection[str] = (),
) -> list[Outgoing]:
    """Claim up to `limit` messages that are due, by priority, then oldest first; return them.

    Messages of the `paused_kinds`, and those for the bots in `shut`, continue to wait.
    """
    # The caller's transaction holds the write lock, so no other worker claims the same rows.
    found: list[Outgoing] = []
    for priority in _priorities(tx):
        given: dict[str, object] = {"of_priority": priority, "now": now, "most": limit - len(found)}
        if paused_kinds or shut:
            given |= {"paused_kinds": list(paused_kinds), "shut": list(shut)}
        due = _DUE_NOT_PAUSED if paused_kinds or shut else _DUE
        found += [Outgoing(*row) for row in tx.execute(due, given)]
        if len(found) >= limit:
            break
    if found:
        tx.execute(_CLAIM, {"ids": [one.id for one in found]})
    return found


def ended(tx: Connection, message_ids: Sequence[int]) -> dict[str, int]:
    """Return the number of finished messages among these, by state."""
    if not message_ids:
        return {}
    rows = tx.execute(
        sa.select(outbox.c.state, sa.func.count())
        .where(outbox.c.id.in_(message_ids), outbox.c.finished_at.is_not(None))
        .group_by(outbox.c.state)
    )
    return {row[0]: row[1] for row in rows}


def next_due(
    tx: Connection, paused_kinds: Collection[str] = (), shut: Collection[str] = ()
) -> datetime | None:
    """Return when the next message for `claim` is due; None if no message waits."""
    if paused_kinds or shut:
        given = {"paused_kinds": list(paused_kinds), "shut": list(shut)}
        found: datetime | None = tx.scalar(_NEXT_NOT_PAUSED, given)
        return found
    due = [tx.scalar(_NEXT, {"of_priority": priority}) for priority in _priorities(tx)]
    return min((one for one in due if one is not None), default=None)


def has_future_messages(tx: Connection, now: datetime) -> bool:
    """Return whether a waiting message was created after now, by a clock that was ahead."""
    return tx.scalar(sa.select(outbox.c.id).where(*_created_in_future(now)).limit(1)) is not None


def correct_times(tx: Connection, *, now: datetime, when: datetime) -> None:
    """Set messages that a clock ahead of time created: created now, due at `when`."""
    tx.execute(
        sa.update(outbox).where(*_created_in_future(now)).values(created_at=now, not_before=when)
    )


def _created_in_future(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return outbox.c.state == "waiting", outbox.c.created_at > now + _CLOCK_DIFFERENCE


def count_due(tx: Connection, now: datetime) -> int:
    """Return the number of messages that are due and still wait."""
    due = (tx.scalar(_COUNT_DUE, {"of_priority": p, "now": now}) for p in _priorities(tx))
    return sum(count or 0 for count in due)


def finish(
    tx: Connection, message_id: int, state: str, now: datetime, reason: str | None = None
) -> None:
    """Store the final state (sent, uncertain, failed or dropped), and erase the text.

    Any present state is replaced, unlike in `postpone` and `put_back`. A waiting message can be
    dropped. A sender that was taken for ended and learns the outcome later corrects "uncertain".
    """
    tx.execute(_FINISH, {"of_id": message_id, "new_state": state, "why": reason, "now": now})


def postpone(tx: Connection, message_id: int, when: datetime, reason: str | None = None) -> None:
    """Postpone a message that certainly did not arrive until `when`, with the reason."""
    tx.execute(_POSTPONE, {"of_id": message_id, "when": when, "why": reason})


def put_back(tx: Connection, message_ids: Sequence[int], when: datetime | None = None) -> None:
    """Make messages wait again (until `when`) without counting an attempt: none was made."""
    tx.execute(_PUT_BACK, {"ids": list(message_ids), "when": when})


def recover(tx: Connection, now: datetime, mine: Collection[int] = ()) -> dict[str, int]:
    """Mark the messages of a process that ended as uncertain: they may have arrived or not.

    `mine` are the messages that this process itself is sending. Return the number of these messages
    by the bot of the address that the person uses now. The outbox does not store which bot sent a
    message: if the person changed the bot after the claim, it counts for the new bot.
    """
    left = sa.and_(outbox.c.state == "sending", outbox.c.id.not_in(mine))
    by_bot = (
        sa.select(addresses.c.bot, sa.func.count())
        .select_from(outbox.join(people).outerjoin(addresses, IN_USE))
        .where(left)
        .group_by(addresses.c.bot)
    )
    found = {bot or "": count for bot, count in tx.execute(by_bot)}
    tx.execute(
        sa.update(outbox)
        .where(left)
        .values(state="uncertain", reason="process_ended", finished_at=now, payload="")
    )
    return found


def counts(tx: Connection) -> dict[str, int]:
    """Return the number of messages in each state."""
    rows = tx.execute(sa.select(outbox.c.state, sa.func.count()).group_by(outbox.c.state))
    return {row[0]: row[1] for row in rows}


def old(tx: Connection, now: datetime) -> list[int]:
    """Return up to a thousand messages that finished before KEPT; it may read the whole table."""
    found = sa.select(outbox.c.id).where(outbox.c.finished_at < now - KEPT)
    return list(tx.scalars(found.limit(_DROPPED_AT_ONCE)))


def drop(tx: Connection, message_ids: Sequence[int]) -> None:
    """Delete finished messages."""
    finished = outbox.c.finished_at.is_not(None)
    tx.execute(sa.delete(outbox).where(outbox.c.id.in_(message_ids), finished))


def _batched(keys: Iterable[str], size: int) -> Iterator[list[str]]:
    """Yield the keys in lists of `size`; Python 3.11 has no itertools.batched."""
    left = iter(keys)
    while some := list(islice(left, size)):
        yield some


def _priorities(tx: Connection) -> list[int]:
    found: list[int] = []
    below = _ABOVE_ALL
    while (priority := tx.scalar(_PRIORITY, {"below": below})) is not None:
        found.append(priority)
        below = priority
    return found
