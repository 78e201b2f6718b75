"""The final states of the outbox's messages: sent, waiting, or not delivered, and the reasons."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.people.addresses import IN_USE
from storage.tables import addresses, outbox, people


@dataclass(frozen=True, slots=True)
class NotDelivered:
    """The number of messages of one kind that ended in this state for this reason."""

    state: str
    kind: str
    reason: str
    count: int


def sent_for_round(
    tx: Connection, round_id: int, now: datetime
) -> list[tuple[datetime, str, str | None]]:
    """Return the round's messages that were due by now: time, state and reason."""
    rows = tx.execute(
        sa.select(outbox.c.not_before, outbox.c.state, outbox.c.reason).where(
            outbox.c.round_id == round_id, outbox.c.not_before <= now
        )
    )
    return [(row[0], row[1], row[2]) for row in rows]


def names_waiting_for(tx: Connection, bot: str, reason: str) -> list[str]:
    """Return the names of the people of a bot whose messages wait for this reason."""
    rows = tx.execute(
        sa.select(people.c.name)
        .select_from(outbox.join(people).join(addresses, IN_USE))
        .where(outbox.c.state == "waiting", outbox.c.reason == reason, addresses.c.bot == bot)
        .group_by(people.c.id, people.c.name)
        .order_by(people.c.id)
    )
    return [row[0] or "—" for row in rows]


def not_delivered(tx: Connection, since: datetime) -> list[NotDelivered]:
    """Return the messages that ended since then without being sent, by state, kind and reason."""
    count = sa.func.count()
    rows = tx.execute(
        sa.select(outbox.c.state, outbox.c.kind, sa.func.coalesce(outbox.c.reason, ""), count)
        .where(
            outbox.c.state.in_(("failed", "uncertain", "dropped")), outbox.c.finished_at >= since
        )
        .group_by(outbox.c.state, outbox.c.kind, outbox.c.reason)
        .order_by(count.desc(), outbox.c.kind, outbox.c.reason)
    )
    return [NotDelivered(*row) for row in rows]
