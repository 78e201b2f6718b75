"""Messages that wait for a person whose chats were joined to another person."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.tables import outbox


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    """A message that waits in the outbox."""

    id: int
    kind: str
    payload: str
    dedupe_key: str | None


def waiting_of(tx: Connection, person_id: int) -> list[WaitingMessage]:
    """Return the messages that wait for a person, oldest first."""
    rows = tx.execute(
        sa.select(outbox.c.id, outbox.c.kind, outbox.c.payload, outbox.c.dedupe_key)
        .where(outbox.c.person_id == person_id, outbox.c.state == "waiting")
        .order_by(outbox.c.id)
    )
    return [WaitingMessage(*row) for row in rows]


def give_to(tx: Connection, message_id: int, person_id: int) -> None:
    """Change the recipient of a waiting message to this person."""
    tx.execute(sa.update(outbox).where(outbox.c.id == message_id).values(person_id=person_id))
