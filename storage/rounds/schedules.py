"""Schedules that open rounds automatically, one for each commune and criteria set."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from criteria.schedule import Every, Schedule
from storage import history
from storage.engine.rows import Row, insert
from storage.tables import schedules


@dataclass(frozen=True, slots=True)
class CommuneSchedule:
    """A commune's schedule, and the day on which its next round opens."""

    id: int
    commune_id: int
    criteria_id: str
    schedule: Schedule
    next_on: date


_SCHEDULE = sa.select(
    schedules.c.id,
    schedules.c.commune_id,
    schedules.c.criteria_id,
    schedules.c.every,
    schedules.c.opens_on,
    schedules.c.deadline_on,
    schedules.c.next_on,
)
_OF_COMMUNE = _SCHEDULE.where(schedules.c.commune_id == bindparam("of_commune")).order_by(
    schedules.c.criteria_id
)
_BY_SET = _SCHEDULE.order_by(schedules.c.criteria_id, schedules.c.id)
_DUE = _SCHEDULE.where(schedules.c.next_on <= bindparam("today")).order_by(
    schedules.c.next_on, schedules.c.id
)


def schedules_of(tx: Connection, commune_id: int) -> list[CommuneSchedule]:
    """Return the commune's schedules, ordered by criteria set."""
    return [_schedule(row) for row in tx.execute(_OF_COMMUNE, {"of_commune": commune_id})]


def schedules_due(tx: Connection, today: date) -> list[CommuneSchedule]:
    """Return all schedules whose next round is to open."""
    return [_schedule(row) for row in tx.execute(_DUE, {"today": today.isoformat()})]


def schedules_without_set(tx: Connection, known: Collection[str]) -> list[CommuneSchedule]:
    """Return the schedules whose criteria set is unknown, so that they cannot open rounds."""
    return [one for one in map(_schedule, tx.execute(_BY_SET)) if one.criteria_id not in known]


def set_schedule(
    tx: Connection,
    commune_id: int,
    criteria_id: str,
    schedule: Schedule | None,
    next_on: date | None,
    now: datetime,
    *,
    by: int | None = None,
    way: str = "command",
) -> None:
    """Set the schedule of a commune's rounds of this set; None removes it."""
    before = next(
        (one for one in schedules_of(tx, commune_id) if one.criteria_id == criteria_id), None
    )
    if before is not None:
        tx.execute(sa.delete(schedules).where(schedules.c.id == before.id))
    if schedule is not None and next_on is not None:
        insert(
            tx, schedules, commune_id=commune_id, criteria_id=criteria_id,
            every=schedule.every.value, opens_on=schedule.opens_on,
            deadline_on=schedule.deadline_on, next_on=next_on.isoformat(), set_by=by,
        )  # fmt: skip
    old, new = _plain(before.schedule if before else None), _plain(schedule)
    if old != new:
        history.record(
            tx, "schedule", way, now, person_id=by, commune_id=commune_id, old=old, new=new
        )


def move_on(tx: Connection, schedule_id: int, next_on: date) -> None:
    """Store the day on which the next round opens."""
    tx.execute(
        sa.update(schedules)
        .where(schedules.c.id == schedule_id)
        .values(next_on=next_on.isoformat())
    )


def _plain(schedule: Schedule | None) -> dict[str, str | int] | None:
    if schedule is None:
        return None
    return {
        "every": schedule.every.value,
        "opens_on": schedule.opens_on,
        "deadline_on": schedule.deadline_on,
    }


def _schedule(row: Row) -> CommuneSchedule:
    schedule = Schedule(Every(row.every), row.opens_on, row.deadline_on)
    return CommuneSchedule(
        row.id, row.commune_id, row.criteria_id, schedule, date.fromisoformat(row.next_on)
    )
