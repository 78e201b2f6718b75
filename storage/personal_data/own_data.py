"""All stored data about one person, for that person to see (Law 91/2025: the right to view)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.tables import (
    addresses,
    count_taps,
    difficulties,
    evenings,
    evidence,
    history,
    mutes,
    notices,
    outbox,
    people,
)


@dataclass(frozen=True, slots=True)
class StoredData:
    """Consent with its version and time, and the number of all other records."""

    phone: str | None
    consent_version: str | None
    consent_at: datetime | None
    changes: int  # history entries
    mutes: int
    pieces: int  # of evidence
    unfetched: int  # of these, those still to be fetched from the messenger
    difficulties: int
    notices: int
    waiting: int  # messages in the outbox
    taps: int  # of counting from house to house
    evenings: int  # 1 when the person is asked one question an evening


@dataclass(frozen=True, slots=True)
class StoredChat:
    """A chat of the person, with the names that the messenger gave."""

    bot: str
    chat: str
    account_name: str | None
    handle: str | None


def chats_of(tx: Connection, person_id: int) -> list[StoredChat]:
    """Return all chats of the person."""
    columns = (addresses.c.bot, addresses.c.chat, addresses.c.account_name, addresses.c.handle)
    this = addresses.c.person_id == person_id
    rows = tx.execute(sa.select(*columns).where(this).order_by(addresses.c.bot, addresses.c.chat))
    return [StoredChat(*row) for row in rows]


def stored_data(tx: Connection, person_id: int, joined: Sequence[int] = ()) -> StoredData:
    """Return what is stored about the person and about the people who became this one."""
    ids = [person_id, *joined]
    row = tx.execute(
        sa.select(people.c.phone, people.c.consent_version, people.c.consent_at).where(
            people.c.id == person_id
        )
    ).one()
    given = sa.and_(evidence.c.given_by.in_(ids), evidence.c.removed_at.is_(None))
    unfetched = sa.and_(evidence.c.path.is_(None), evidence.c.channel_reference.is_not(None))

    def count(table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
        return tx.scalar(sa.select(sa.func.count()).select_from(table).where(*where)) or 0

    return StoredData(
        *row,
        changes=count(history, history.c.person_id.in_(ids)),
        mutes=count(mutes, mutes.c.person_id.in_(ids)),
        pieces=count(evidence, given),
        unfetched=count(evidence, given, unfetched),
        difficulties=count(difficulties, difficulties.c.raised_by.in_(ids)),
        notices=count(notices, notices.c.written_by.in_(ids)),
        waiting=count(outbox, outbox.c.person_id.in_(ids), outbox.c.state == "waiting"),
        taps=count(count_taps, count_taps.c.given_by.in_(ids)),
        evenings=count(evenings, evenings.c.person_id.in_(ids)),
    )
