"""Reminder plans of rounds: the plan, up to when it is processed, and who is reminded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Annotated, Literal

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, bindparam

from criteria.reminders import EVENING, MORNING, USUAL, Anchor, PlanEntry, ReminderPlan
from storage import history
from storage.people.addresses import IN_USE
from storage.people.reporters import REPORTS
from storage.reports.report import IS_IN
from storage.tables import (
    addresses,
    evenings,
    memberships,
    mutes,
    people,
    reminder_plans,
    reports,
    round_units,
    rounds,
    units,
)

_INSTANT = reminder_plans.c.planned_until.type
# By deadline, because reminders that are added to the outbox first are sent first.
_DUE = (
    sa.select(reminder_plans.c.round_id)
    .join_from(reminder_plans, rounds)
    .where(reminder_plans.c.planned_until <= bindparam("now", type_=_INSTANT))
    .order_by(rounds.c.deadline, reminder_plans.c.round_id)
)
_PLANNED_UNTIL = sa.select(reminder_plans.c.planned_until).where(
    reminder_plans.c.round_id == bindparam("of_round")
)
_PLAN = sa.select(reminder_plans.c.plan).where(reminder_plans.c.round_id == bindparam("of_round"))
_SET_PLANNED_UNTIL = (
    sa.update(reminder_plans)
    .where(reminder_plans.c.round_id == bindparam("of_round"))
    .values(planned_until=bindparam("until", type_=_INSTANT))
)
# Reporters are responsible for their area's report, officers for the office's.
_RESPONSIBLE = sa.or_(
    sa.and_(memberships.c.role == "reporter", memberships.c.unit_id == units.c.id),
    sa.and_(
        memberships.c.role == "officer",
        units.c.kind == "office",
        memberships.c.commune_id == units.c.commune_id,
    ),
)
_MEMBERS = (
    sa.select(
        memberships.c.person_id,
        units.c.id.label("unit_id"),
        sa.and_(reports.c.state.is_not(None), IS_IN).label("is_in"),
        sa.exists()
        .where(
            mutes.c.person_id == memberships.c.person_id,
            mutes.c.round_id == bindparam("of_round"),
        )
        .label("muted"),
        (units.c.kind == "office").label("office"),
        evenings.c.person_id.is_not(None).label("evenings"),
        sa.func.coalesce(evenings.c.told_round_id >= bindparam("of_round"), sa.false()).label(
            "told"
        ),
    )
    .select_from(round_units)
    .join(units, units.c.id == round_units.c.unit_id)
    .join(memberships, _RESPONSIBLE)
    .join(people, people.c.id == memberships.c.person_id)
    .join(addresses, IN_USE)
    .outerjoin(evenings, evenings.c.person_id == memberships.c.person_id)
    .outerjoin(
        reports,
        sa.and_(
            reports.c.round_id == round_units.c.round_id,
            reports.c.unit_id == round_units.c.unit_id,
        ),
    )
    .where(
        round_units.c.round_id == bindparam("of_round"),
        REPORTS,
    )
    .order_by(round_units.c.position, memberships.c.id)
)
_OF_PEOPLE = _MEMBERS.where(memberships.c.person_id.in_(bindparam("of_people", expanding=True)))


@dataclass(frozen=True, slots=True)
class ResponsiblePerson:
    """A person responsible for a unit's report of the round, and whether it is sent.

    `evenings`: they chose one question an evening. `told`: they know that the evening questions of
    this round are over.
    """

    person_id: int
    unit_id: int
    is_in: bool
    muted: bool
    office: bool
    evenings: bool
    told: bool

    @property
    def by_evening(self) -> bool:
        """Whether the person is asked one question an evening for this report."""
        return self.evenings and not self.office


class _Stored(BaseModel):
    """The JSON of a plan; entries are texts such as "deadline-3", "close-1", "opening"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    v: Literal[1] = 1
    entries: tuple[Annotated[str, Field(pattern=r"^(opening|(deadline|close)[+-]\d{1,3})$")], ...]
    at: Annotated[time, Field(ge=MORNING, lt=EVENING)]


def plan_from(tx: Connection, round_id: int, since: datetime) -> None:
    """Process the plan's entries from this moment on: the round opened or its dates changed."""
    if not set_planned_until(tx, round_id, since):
        tx.execute(sa.insert(reminder_plans), {"round_id": round_id, "planned_until": since})


def set_planned_until(tx: Connection, round_id: int, until: datetime | None) -> bool:
    """Store that all entries before `until` are processed; None means that no more entries come.

    Return whether the round has a row to store it in.
    """
    return bool(tx.execute(_SET_PLANNED_UNTIL, {"of_round": round_id, "until": until}).rowcount)


def planned_until(tx: Connection, round_id: int) -> datetime | None:
    """Return the moment from which entries are still to be processed; None if there are none."""
    found: datetime | None = tx.scalar(_PLANNED_UNTIL, {"of_round": round_id})
    return found


def rounds_to_plan(tx: Connection, now: datetime) -> list[int]:
    """Return the rounds whose next entries are due, by deadline."""
    return list(tx.scalars(_DUE, {"now": now}))


def plan_of(tx: Connection, round_id: int) -> ReminderPlan:
    """Return the round's plan; the usual plan if nobody changed it."""
    stored = tx.scalar(_PLAN, {"of_round": round_id})
    if stored is None:
        return USUAL
    parsed = _Stored.model_validate_json(stored)
    return ReminderPlan(tuple(_entry(one) for one in parsed.entries), parsed.at)


def set_plan(
    tx: Connection, round_id: int, plan: ReminderPlan, now: datetime, *, by: int | None, way: str
) -> None:
    """Change the round's plan, from now on."""
    before = plan_of(tx, round_id)
    if plan == before:
        return
    stored = _stored_form(plan)
    plan_from(tx, round_id, now)
    tx.execute(
        sa.update(reminder_plans)
        .where(reminder_plans.c.round_id == round_id)
        .values(plan=stored.model_dump_json())
    )
    commune_id = tx.scalar(sa.select(rounds.c.commune_id).where(rounds.c.id == round_id))
    history.record(
        tx, "reminders", way, now, person_id=by, commune_id=commune_id, round_id=round_id,
        old=_stored_form(before).model_dump(mode="json"), new=stored.model_dump(mode="json"),
    )  # fmt: skip


def tasks_of_round(tx: Connection, round_id: int) -> list[ResponsiblePerson]:
    """Return all people responsible for a report of the round, in area order, office last."""
    return [ResponsiblePerson(*row) for row in tx.execute(_MEMBERS, {"of_round": round_id})]


def tasks_of_person(tx: Connection, round_id: int, person_id: int) -> list[ResponsiblePerson]:
    """Return the reports of the round for which this person is responsible."""
    return tasks_of_people(tx, round_id, [person_id])


def tasks_of_people(
    tx: Connection, round_id: int, person_ids: Sequence[int]
) -> list[ResponsiblePerson]:
    """Return the reports of the round for which any of these people is responsible."""
    given = {"of_round": round_id, "of_people": list(person_ids)}
    return [ResponsiblePerson(*row) for row in tx.execute(_OF_PEOPLE, given)]


def mute(tx: Connection, person_id: int, round_id: int, now: datetime) -> None:
    """Stop reminding this person in this round."""
    unmute(tx, person_id, round_id)
    tx.execute(sa.insert(mutes), {"person_id": person_id, "round_id": round_id, "at": now})


def unmute(tx: Connection, person_id: int, round_id: int) -> None:
    """Remind this person in this round again."""
    tx.execute(sa.delete(mutes).where(mutes.c.person_id == person_id, mutes.c.round_id == round_id))


def entry_text(entry: PlanEntry) -> str:
    """Return an entry as it is stored and typed: "opening", "deadline-3", "close-1"."""
    return (
        entry.anchor.value
        if entry.anchor is Anchor.OPENING
        else (f"{entry.anchor.value}{entry.days:+d}")
    )


def entries_from(texts: Iterable[str]) -> tuple[PlanEntry, ...]:
    """Return the entries that `entry_text` wrote; pydantic's ValueError for any other text."""
    parsed = _Stored(entries=tuple(texts), at=MORNING)
    return tuple(_entry(one) for one in parsed.entries)


def _stored_form(plan: ReminderPlan) -> _Stored:
    return _Stored(entries=tuple(entry_text(one) for one in plan.entries), at=plan.at)


def _entry(text: str) -> PlanEntry:
    for anchor in (Anchor.DEADLINE, Anchor.CLOSE):
        if text.startswith(anchor.value):
            return PlanEntry(anchor, int(text.removeprefix(anchor.value)))
    return PlanEntry(Anchor.OPENING)
