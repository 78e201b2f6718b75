"""All that is held about one person, for that person to see."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.tables import (
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
class Held:
    """Consent with its version and time, and how much there is of everything else."""

    phone: str | None
    consent_version: str | None
    consent_at: datetime | None
    changes: int  # entries of the history
    mutes: int
    pieces: int  # of evidence
    unfetched: int  # of them still with the messenger
    difficulties: int
    notices: int
    waiting: int  # messages
    taps: int  # of counting from house to house
    evenings: int  # 1 for who is asked one question an evening


def held(tx: Connection, person_id: int) -> Held:
    """What is held about the person."""
    row = tx.execute(
        sa.select(people.c.phone, people.c.consent_version, people.c.consent_at).where(
            people.c.id == person_id
        )
    ).one()
    given = sa.and_(evidence.c.given_by == person_id, evidence.c.removed_at.is_(None))
    unfetched = sa.and_(evidence.c.path.is_(None), evidence.c.channel_reference.is_not(None))

    def count(table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
        return tx.scalar(sa.select(sa.func.count()).select_from(table).where(*where)) or 0

    return Held(
        *row,
        changes=count(history, history.c.person_id == person_id),
        mutes=count(mutes, mutes.c.person_id == person_id),
        pieces=count(evidence, given),
        unfetched=count(evidence, given, unfetched),
        difficulties=count(difficulties, difficulties.c.raised_by == person_id),
        notices=count(notices, notices.c.written_by == person_id),
        waiting=count(outbox, outbox.c.person_id == person_id, outbox.c.state == "waiting"),
        taps=count(count_taps, count_taps.c.given_by == person_id),
        evenings=count(evenings, evenings.c.person_id == person_id),
    )
