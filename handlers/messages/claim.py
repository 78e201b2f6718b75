"""Claims messages from the outbox: checks each one again and makes its text.

All of it is one transaction, so nobody is reminded of a report that is already sent.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from criteria.reminders import local_day, next_daytime
from handlers.flow.deployment import Deployment
from handlers.messages.claim_cache import ClaimCache
from handlers.messages.keys import move_or_merge
from handlers.messages.kinds import KINDS
from handlers.messages.message import Dropped, Later, Message
from storage.engine.group_commit import savepoint
from storage.errors import translate
from storage.messages import outbox
from storage.messages.outbox import Outgoing


@dataclass(frozen=True, slots=True)
class NotWorded:
    """A message that has failed because of a bug."""

    id: int
    kind: str
    error: Exception


@dataclass(frozen=True, slots=True)
class Claimed:
    """The messages to send, the number of others by their final state, and the bugs."""

    to_send: list[Outgoing]
    ended: Mapping[str, int]
    bugs: tuple[NotWorded, ...] = ()


def claim(
    tx: Connection,
    now: datetime,
    limit: int,
    paused_kinds: Collection[str] = (),
    shut: Collection[str] = (),
    *,
    deployment: Deployment,
) -> Claimed:
    """Claim up to `limit` messages that are due and still wanted, with their texts.

    Messages of the `paused_kinds`, or for the bots `shut`, remain in the outbox. A claim is about
    one round and ends with a question, so that the transaction is short; the next takes the rest.
    """
    rows = outbox.claim(tx, now, limit, paused_kinds, shut)
    cache = ClaimCache(tx, now, deployment, {row.id: row for row in rows})
    to_send: list[Outgoing] = []
    others: list[int] = []
    bugs: list[NotWorded] = []
    of_round: int | None = None
    while cache.left and not cache.full:
        row = next(iter(cache.left.values()))
        if None not in (of_round, row.round_id) and row.round_id != of_round:
            break
        of_round = row.round_id or of_round
        del cache.left[row.id]
        worded = _worded_or_failed(row, cache, bugs)
        if worded is not None:
            to_send.append(worded)
        else:
            others.append(row.id)
    if cache.left:
        outbox.put_back(tx, list(cache.left))
    return Claimed(to_send, outbox.ended(tx, others), tuple(bugs))


def _worded_or_failed(row: Outgoing, cache: ClaimCache, bugs: list[NotWorded]) -> Outgoing | None:
    """Return the worded message; a bug marks it as failed, so that it stops no other.

    A failed message's writes are rolled back.
    """
    try:
        with savepoint(cache.tx):
            return _settled(row, cache)
    except Exception as error:
        if translate(error) is not None:  # an error of the database: all are tried again
            raise
        bugs.append(NotWorded(row.id, row.kind, error))
    outbox.finish(cache.tx, row.id, "failed", cache.now, f"bug: {type(bugs[-1].error).__name__}")
    return None


def _settled(row: Outgoing, cache: ClaimCache) -> Outgoing | None:
    """Return the message to send; None when it is dropped or postponed, which is stored here."""
    of_kind = KINDS.get(row.kind)
    outcome = _outcome(of_kind(row, cache)) if of_kind is not None else row
    if isinstance(outcome, Dropped):
        outbox.finish(cache.tx, row.id, "dropped", cache.now, outcome.reason)
    elif isinstance(outcome, Later):
        outbox.put_back(cache.tx, [row.id], outcome.when)
    else:
        return outcome
    return None


def _outcome(message: Message) -> Outgoing | Dropped | Later:
    cache = message.cache
    zone = cache.deployment.zone
    morning = next_daytime(cache.now, zone)
    if not message.at_night and morning > cache.now:
        merged = move_or_merge(message, local_day(morning, zone))
        return Later(morning) if merged is None else merged
    if reason := message.unwanted():
        return Dropped(reason)
    merged = move_or_merge(message, local_day(cache.now, zone))
    return message.worded() if merged is None else merged
