"""Notices of officers and operators to many people: text, recipients and delivery."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage import history
from storage.engine.rows import insert
from storage.people.addresses import IN_USE
from storage.people.reporters import REPORTS
from storage.reports.report import IS_IN
from storage.tables import (
    addresses,
    memberships,
    notices,
    outbox,
    people,
    reports,
    round_units,
)

Audience = Literal["all", "late", "area", "officers"]
DeliveryState = Literal["delivered", "unreachable", "uncertain", "waiting", "not_sent"]

_NOTICE = (
    notices.c.id,
    notices.c.commune_id,
    notices.c.written_by,
    notices.c.audience,
    notices.c.unit_id,
    notices.c.text,
    notices.c.written_at,
    notices.c.stopped_at,
)
_UNREACHABLE = "unreachable"
_NOT_FINISHED = ("waiting", "sending")
_READERS = (
    sa.select(people.c.id, people.c.language)
    .select_from(memberships.join(people).join(addresses, IN_USE))
    .where(
        memberships.c.ended_at.is_(None),
        memberships.c.role == bindparam("of_role"),
        memberships.c.commune_id.in_(bindparam("of_communes", expanding=True)),
    )
    .distinct()
)
_OF_UNIT = (
    sa.select(people.c.id, people.c.language)
    .select_from(memberships.join(people).join(addresses, IN_USE))
    .where(
        REPORTS,
        memberships.c.unit_id == bindparam("of_unit"),
    )
    .distinct()
)
# Outer join: a unit that has not started its report has no row, and is late too.
_LATE = (
    sa.select(people.c.id, people.c.language)
    .select_from(round_units)
    .join(memberships, memberships.c.unit_id == round_units.c.unit_id)
    .join(people, people.c.id == memberships.c.person_id)
    .join(addresses, IN_USE)
    .outerjoin(
        reports,
        sa.and_(
            reports.c.round_id == round_units.c.round_id,
            reports.c.unit_id == round_units.c.unit_id,
        ),
    )
    .where(
        round_units.c.round_id.in_(bindparam("of_rounds", expanding=True)),
        REPORTS,
        memberships.c.role == "reporter",
        sa.or_(reports.c.state.is_(None), sa.not_(IS_IN)),
    )
    .distinct()
)
_FATES = (
    sa.select(outbox.c.state, outbox.c.reason, sa.func.count())
    .where(outbox.c.notice_id == bindparam("of_notice"))
    .group_by(outbox.c.state, outbox.c.reason)
)
_NOT_REACHED = (
    sa.select(outbox.c.person_id, outbox.c.state, outbox.c.reason)
    .where(outbox.c.notice_id == bindparam("of_notice"), outbox.c.state != "sent")
    .order_by(outbox.c.id)
)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice; without `commune_id` it is an operator's notice to several communes."""

    id: int
    commune_id: int | None
    written_by: int | None
    audience: Audience
    unit_id: int | None
    text: str
    written_at: datetime
    stopped_at: datetime | None


def readers(tx: Connection, role: str, commune_ids: Iterable[int]) -> dict[int, str]:
    """Return all people with this role in these communes, with their language."""
    given = {"of_role": role, "of_communes": list(commune_ids)}
    return {row[0]: row[1] for row in tx.execute(_READERS, given)}


def readers_of_unit(tx: Connection, unit_id: int) -> dict[int, str]:
    """Return all people who report for this area, with their language."""
    return {row[0]: row[1] for row in tx.execute(_OF_UNIT, {"of_unit": unit_id})}


def late_readers(tx: Connection, round_ids: Iterable[int]) -> dict[int, str]:
    """Return all people who report for an area whose report is missing in one of these rounds."""
    return {row[0]: row[1] for row in tx.execute(_LATE, {"of_rounds": list(round_ids)})}


def write_notice(
    tx: Connection, audience: Audience, text: str, now: datetime, *,
    by: int, commune_id: int | None, unit_id: int | None, count: int, way: str = "button",
) -> int:  # fmt: skip
    """Store a notice; return its id, to which its messages in the outbox refer."""
    made = insert(
        tx, notices, commune_id=commune_id, written_by=by, audience=audience, unit_id=unit_id,
        text=text, written_at=now,
    )  # fmt: skip
    history.record(
        tx, "notice", way, now, person_id=by, commune_id=commune_id, unit_id=unit_id,
        new={"notice": made, "audience": audience, "count": count},
    )  # fmt: skip
    return made


def notice(tx: Connection, notice_id: int) -> Notice | None:
    """Return the notice with this id; None if there is none."""
    row = tx.execute(sa.select(*_NOTICE).where(notices.c.id == notice_id)).first()
    return Notice(*row) if row else None


def notices_of(tx: Connection, commune_id: int) -> list[Notice]:
    """Return the commune's notices, newest first."""
    return _select(tx, notices.c.commune_id == commune_id)


def notices_over_communes(tx: Connection, written_by: int) -> list[Notice]:
    """Return the operator's notices to several communes, newest first."""
    return _select(tx, notices.c.commune_id.is_(None), notices.c.written_by == written_by)


def delivery_states(tx: Connection, notice_id: int) -> Counter[DeliveryState]:
    """Return the number of a notice's messages in each delivery state."""
    found: Counter[DeliveryState] = Counter()
    for state, reason, count in tx.execute(_FATES, {"of_notice": notice_id}):
        found[delivery_state(state, reason)] += count
    return found


def delivery_state(state: str, reason: str | None) -> DeliveryState:
    """Return the delivery state that an officer sees for a state of the outbox."""
    if state == "sent":
        return "delivered"
    if state in _NOT_FINISHED:
        return "waiting"
    if state == "uncertain":
        return "uncertain"
    return "unreachable" if reason == _UNREACHABLE or state == "failed" else "not_sent"


def not_reached(tx: Connection, notice_id: int) -> list[tuple[int, DeliveryState]]:
    """Return the people without a confirmed delivery, each with the delivery state."""
    rows = tx.execute(_NOT_REACHED, {"of_notice": notice_id})
    return [(person_id, delivery_state(state, reason)) for person_id, state, reason in rows]


def stop(tx: Connection, notice_id: int, now: datetime) -> int:
    """Drop the notice's waiting messages; return how many people do not get it."""
    tx.execute(
        sa.update(notices)
        .where(notices.c.id == notice_id, notices.c.stopped_at.is_(None))
        .values(stopped_at=now)
    )
    return tx.execute(
        sa.update(outbox)
        .where(outbox.c.notice_id == notice_id, outbox.c.state == "waiting")
        .values(state="dropped", reason="stopped", payload="", finished_at=now)
    ).rowcount


def notices_done(tx: Connection) -> list[int]:
    """Return notices with all messages finished whose author has not been informed yet."""
    waiting = sa.exists().where(
        outbox.c.notice_id == notices.c.id, outbox.c.state.in_(_NOT_FINISHED)
    )
    return list(tx.scalars(sa.select(notices.c.id).where(notices.c.told_at.is_(None), ~waiting)))


def mark_reported(tx: Connection, notice_id: int, now: datetime) -> bool:
    """Store that the author is informed about the delivery; False if that was done before."""
    untold = sa.and_(notices.c.id == notice_id, notices.c.told_at.is_(None))
    return bool(tx.execute(sa.update(notices).where(untold).values(told_at=now)).rowcount)


def _select(tx: Connection, *conditions: sa.ColumnElement[bool]) -> list[Notice]:
    statement = sa.select(*_NOTICE).where(*conditions).order_by(notices.c.id.desc())
    return [Notice(*row) for row in tx.execute(statement)]
