"""Rounds (reporting periods): planned, open, closed or cancelled, with their areas.

The areas of a round are fixed when it opens. This module changes rounds. `round_queries` reads
them, and its functions are available here too.
"""

from dataclasses import replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from criteria.sets.set_file import parse_criteria
from storage import history
from storage.engine.rows import insert
from storage.places import places
from storage.reminders import reminder_plans
from storage.rounds import criteria_texts
from storage.rounds.round_queries import (
    Round,
    Window,
    closed_before_their_end,
    earlier_than,
    is_open,
    known_round,
    list_rounds,
    open_of_set,
    open_rounds,
    open_rounds_of,
    open_units,
    reopened_units,
    round_before,
    round_by_id,
    rounds_by_ids,
    rounds_due,
    rounds_open_at,
    units_of_round,
    units_of_rounds,
    waiting_for_review,
    was_open,
    windows,
)
from storage.tables import reports, round_units
from storage.tables import rounds as rounds_table

__all__ = [
    "Round",
    "RoundExists",
    "Window",
    "begin_round",
    "cancel_round",
    "close_round",
    "closed_before_their_end",
    "earlier_than",
    "edit",
    "is_open",
    "known_round",
    "list_rounds",
    "open_of_set",
    "open_round",
    "open_rounds",
    "open_rounds_of",
    "open_units",
    "reopen_round",
    "reopened_units",
    "round_before",
    "round_by_id",
    "rounds_by_ids",
    "rounds_due",
    "rounds_open_at",
    "units_of_round",
    "units_of_rounds",
    "waiting_for_review",
    "was_open",
    "windows",
]


class RoundExists(Exception):  # noqa: N818 - a refusal, not a bug
    """The commune has an open round of this criteria set; close it first."""

    def __init__(self, round_name: str) -> None:
        super().__init__(f"{self.__doc__} ({round_name})")
        self.round_name = round_name


def open_round(
    tx: Connection,
    commune_id: int,
    name: str,
    criteria_id: str,
    criteria_text: str,
    data_date: date | None,
    opens_at: datetime,
    deadline: datetime,
    closes_at: datetime,
    now: datetime,
    *,
    on: date | None = None,
    by: int | None = None,
    way: str = "command",
) -> Round:
    """Open a round, or plan it if `opens_at` is in the future; return it.

    Its areas are those valid on the day `on` (by default the day of `opens_at`), if its set asks
    areas anything; likewise the office. Raise RoundExists if the commune has an open round of this
    set, and CriteriaError if `criteria_text` is no set.
    """
    due = opens_at <= now
    if due:
        _refuse_second(tx, commune_id, criteria_id, now)
    made = insert(
        tx,
        rounds_table,
        commune_id=commune_id,
        name=name,
        criteria_id=criteria_id,
        criteria_hash=criteria_texts.store(tx, criteria_text),
        data_date=data_date.isoformat() if data_date else None,
        opens_at=opens_at,
        deadline=deadline,
        closes_at=closes_at,
        state="open" if due else "planned",
    )
    round_ = known_round(tx, made)
    if due:
        _freeze_units(tx, round_, on or opens_at.date())
        reminder_plans.plan_from(tx, round_.id, opens_at)
    _record(tx, round_, None, way, by, now)
    return round_


def begin_round(tx: Connection, round_id: int, now: datetime, *, on: date | None = None) -> Round:
    """Open a planned round at its opening time; return the round."""
    round_ = known_round(tx, round_id)
    if round_.state != "planned":
        return round_
    _refuse_second(tx, round_.commune_id, round_.criteria_id, now)
    _freeze_units(tx, round_, on or now.date())
    return _change(tx, round_, now, "schedule", None, state="open")


def edit(
    tx: Connection,
    round_id: int,
    now: datetime,
    *,
    deadline: datetime | None = None,
    closes_at: datetime | None = None,
    by: int | None = None,
    way: str = "command",
) -> Round:
    """Move the deadline or the close. A new deadline also changes which reports are late."""
    round_ = known_round(tx, round_id)
    values = {"deadline": deadline, "closes_at": closes_at}
    given = {name: value for name, value in values.items() if value is not None}
    if deadline is not None:
        # The flag follows the new deadline, also for reports that are accepted already.
        late = reports.c.first_sent_at > deadline
        tx.execute(
            sa.update(reports)
            .where(reports.c.round_id == round_id, reports.c.first_sent_at.is_not(None))
            .values(late=late)
        )
    return _change(tx, round_, now, way, by, **given) if given else round_


def close_round(
    tx: Connection, round_id: int, now: datetime, *, by: int | None = None, way: str = "command"
) -> Round:
    """Close a round, so that its reports cannot be changed any more; return the round."""
    round_ = known_round(tx, round_id)
    if round_.state != "open":
        return round_
    # A person's early close ends the round now. A late job must not prolong it.
    return _change(tx, round_, now, way, by, state="closed", closes_at=min(round_.closes_at, now))


def cancel_round(
    tx: Connection,
    round_id: int,
    reason: str,
    now: datetime,
    *,
    by: int | None = None,
    way: str = "command",
) -> Round:
    """Cancel a round with a reason, so that its answers do not count; return the round."""
    round_ = known_round(tx, round_id)
    if round_.state == "cancelled":
        return round_
    return _change(tx, round_, now, way, by, state="cancelled", reason=reason)


def reopen_round(
    tx: Connection,
    round_id: int,
    reason: str,
    until: datetime,
    now: datetime,
    *,
    unit_id: int | None = None,
    by: int | None = None,
    way: str = "command",
) -> Round:
    """Reopen a closed round until a new end, for all units or for one; return the round."""
    round_ = known_round(tx, round_id)
    if unit_id is None:
        if round_.state != "open":
            _refuse_second(tx, round_.commune_id, round_.criteria_id, now)
        deadline = min(
            round_.deadline, until
        )  # a round that was closed early may now end before its old deadline
        return _change(
            tx, round_, now, way, by, state="open", deadline=deadline, closes_at=until,
            reason=reason,
        )  # fmt: skip
    tx.execute(
        sa.update(round_units)
        .where(round_units.c.round_id == round_id, round_units.c.unit_id == unit_id)
        .values(open_until=until)
    )
    tx.execute(sa.update(rounds_table).where(rounds_table.c.id == round_id).values(erased_at=None))
    history.record(
        tx,
        "round",
        way,
        now,
        person_id=by,
        commune_id=round_.commune_id,
        round_id=round_id,
        unit_id=unit_id,
        new={"open_until": until.isoformat(), "reason": reason},
    )
    return round_


def _refuse_second(tx: Connection, commune_id: int, criteria_id: str, now: datetime) -> None:
    for other in list_rounds(tx, commune_id):
        if other.state != "open" or other.criteria_id != criteria_id:
            continue
        # An open round past its end waits for the next run of the job: close it now.
        if now < other.closes_at:
            raise RoundExists(other.name)
        close_round(tx, other.id, now, way="schedule")


def _freeze_units(tx: Connection, round_: Round, on: date) -> None:
    # A round keeps its units, because later mergers must not change what it asked. A set that asks
    # areas (or the office) nothing expects no report of them.
    criteria = parse_criteria(round_.criteria, round_.criteria_id)
    found = [*places.units_of(tx, round_.commune_id, on), places.office_of(tx, round_.commune_id)]
    asked = [one for one in found if criteria.asked_of(office=one.office)]
    rows = [
        {"round_id": round_.id, "unit_id": one.id, "position": position}
        for position, one in enumerate(asked)
    ]
    if rows:
        tx.execute(sa.insert(round_units), rows)


def _change(
    tx: Connection, round_: Round, now: datetime, way: str, by: int | None, **values: object
) -> Round:
    # Data that is written from now on must be erased again later.
    values_stored = {**values, "erased_at": None}
    same = rounds_table.c.id == round_.id
    tx.execute(sa.update(rounds_table).where(same).values(**values_stored))
    changed = replace(round_, **values)  # type: ignore[arg-type]
    if changed != round_:
        _record(tx, changed, round_, way, by, now)
        _remind_from(tx, changed, round_, now)
    return changed


def _remind_from(tx: Connection, round_: Round, before: Round, now: datetime) -> None:
    """Set from which moment reminders are due, as the change of the round requires."""
    if round_.state == "cancelled":
        reminder_plans.set_planned_until(tx, round_.id, None)
    elif before.state == "planned" and round_.state == "open":
        reminder_plans.plan_from(tx, round_.id, round_.opens_at)
    elif round_.state == "closed":
        reminder_plans.plan_from(tx, round_.id, round_.closes_at)
    elif round_.state == "open":
        reminder_plans.plan_from(tx, round_.id, now)


def _record(
    tx: Connection, round_: Round, before: Round | None, way: str, by: int | None, now: datetime
) -> None:
    history.record(
        tx,
        "round",
        way,
        now,
        person_id=by,
        commune_id=round_.commune_id,
        round_id=round_.id,
        old=_plain(before) if before else None,
        new=_plain(round_),
    )


def _plain(round_: Round) -> dict[str, str | None]:
    return {
        "name": round_.name,
        "state": round_.state,
        "deadline": round_.deadline.isoformat(),
        "closes_at": round_.closes_at.isoformat(),
        "reason": round_.reason,
    }
