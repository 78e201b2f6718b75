"""Reporting periods: planned, open, closed or cancelled, with their areas as at the opening."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage import history, places, reminder_plans
from storage.places import UNIT_COLUMNS, Unit
from storage.prepared import prepared
from storage.rows import Row, insert
from storage.tables import round_units, units
from storage.tables import rounds as rounds_table


class RoundExists(Exception):  # noqa: N818 - a refusal with a name, not an error of the program
    """The commune has an open round of this criteria set; close it first."""

    def __init__(self, round_name: str) -> None:
        super().__init__(f"{self.__doc__} ({round_name})")
        self.round_name = round_name


@dataclass(frozen=True, slots=True)
class Round:
    """One reporting period of one commune; `criteria` is the set's text, frozen."""

    id: int
    commune_id: int
    name: str
    criteria_id: str
    criteria: str
    data_date: date | None
    opens_at: datetime
    deadline: datetime
    closes_at: datetime
    state: str
    reason: str | None


_COLUMNS = (
    rounds_table.c.id,
    rounds_table.c.commune_id,
    rounds_table.c.name,
    rounds_table.c.criteria_id,
    rounds_table.c.criteria,
    rounds_table.c.data_date,
    rounds_table.c.opens_at,
    rounds_table.c.deadline,
    rounds_table.c.closes_at,
    rounds_table.c.state,
    rounds_table.c.reason,
)
_BY_ID = prepared(sa.select(*_COLUMNS).where(rounds_table.c.id == bindparam("of_id")))
_OF_COMMUNE = sa.select(*_COLUMNS).where(rounds_table.c.commune_id == bindparam("of_commune"))
_INSTANT = rounds_table.c.opens_at.type
_OPEN = _OF_COMMUNE.where(
    sa.or_(
        sa.and_(
            rounds_table.c.state == "open",
            rounds_table.c.opens_at <= bindparam("now", type_=_INSTANT),
            rounds_table.c.closes_at > bindparam("now", type_=_INSTANT),
        ),
        sa.and_(
            rounds_table.c.state.in_(("open", "closed")),
            sa.exists().where(
                round_units.c.round_id == rounds_table.c.id,
                round_units.c.open_until > bindparam("now", type_=_INSTANT),
            ),
        ),
    )
).order_by(rounds_table.c.opens_at, rounds_table.c.id)
_UNIT = prepared(
    sa.select(round_units.c.open_until).where(
        round_units.c.round_id == bindparam("of_round"),
        round_units.c.unit_id == bindparam("of_unit"),
    )
)
_UNITS = (
    sa.select(*UNIT_COLUMNS)
    .join_from(round_units, units)
    .where(round_units.c.round_id == bindparam("of_round"))
    .order_by(round_units.c.position)
)


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
    """Open a round, or plan it when `opens_at` is still to come.

    Its areas are those valid on the day `on` (by default the day of `opens_at`). RoundExists when
    the commune has an open one of this set.
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
        criteria=criteria_text,
        data_date=data_date.isoformat() if data_date else None,
        opens_at=opens_at,
        deadline=deadline,
        closes_at=closes_at,
        state="open" if due else "planned",
    )
    round_ = _must(tx, made)
    if due:
        _freeze_units(tx, round_, on or opens_at.date())
        reminder_plans.look_from(tx, round_.id, opens_at)
    _record(tx, round_, None, way, by, now)
    return round_


def begin_round(tx: Connection, round_id: int, now: datetime, *, on: date | None = None) -> Round:
    """Open a planned round whose time has come."""
    round_ = _must(tx, round_id)
    if round_.state != "planned":
        return round_
    _refuse_second(tx, round_.commune_id, round_.criteria_id, now)
    _freeze_units(tx, round_, on or now.date())
    return _change(tx, round_, now, "schedule", None, state="open")


def round_by_id(tx: Connection, round_id: int) -> Round | None:
    """The round with this id."""
    row = tx.execute(_BY_ID, {"of_id": round_id}).first()
    return _round(row) if row else None


def open_rounds(tx: Connection, commune_id: int, now: datetime) -> list[Round]:
    """The rounds in which somebody of this commune can report now, the oldest first."""
    return [_round(row) for row in tx.execute(_OPEN, {"of_commune": commune_id, "now": now})]


def open_of_set(
    tx: Connection, communes: Sequence[int], criteria_id: str, now: datetime
) -> dict[int, Round]:
    """The open round of a criteria set, in each of the communes that has one."""
    found = tx.execute(
        sa.select(*_COLUMNS).where(
            rounds_table.c.commune_id.in_(communes),
            rounds_table.c.criteria_id == criteria_id,
            rounds_table.c.state == "open",
            rounds_table.c.closes_at > now,
        )
    )
    return {one.commune_id: one for one in map(_round, found)}


def is_open(tx: Connection, round_: Round, unit_id: int, now: datetime) -> bool:
    """Whether this unit can report in this round now."""
    row = tx.execute(_UNIT, {"of_round": round_.id, "of_unit": unit_id}).first()
    if row is None or round_.state in {"planned", "cancelled"}:
        return False
    whole = round_.state == "open" and round_.opens_at <= now < round_.closes_at
    (open_until,) = row
    return whole or (open_until is not None and now < open_until)


def rounds_due(tx: Connection, now: datetime) -> list[Round]:
    """Planned rounds to begin, and open ones to close, at this moment."""
    rows = tx.execute(
        sa.select(*_COLUMNS).where(
            sa.or_(
                sa.and_(rounds_table.c.state == "planned", rounds_table.c.opens_at <= now),
                sa.and_(rounds_table.c.state == "open", rounds_table.c.closes_at <= now),
            )
        )
    )
    return [_round(row) for row in rows]


def closed_before_their_end(tx: Connection, now: datetime) -> list[Round]:
    """Rounds that a clock which was ahead has closed: a person's early close brings the end on."""
    closed = sa.and_(rounds_table.c.state == "closed", rounds_table.c.closes_at > now)
    rows = tx.execute(sa.select(*_COLUMNS).where(closed).order_by(rounds_table.c.id))
    return [_round(row) for row in rows]


def list_rounds(tx: Connection, commune_id: int | None = None) -> list[Round]:
    """All rounds, or those of a commune, the newest first."""
    statement = sa.select(*_COLUMNS).order_by(
        rounds_table.c.opens_at.desc(), rounds_table.c.id.desc()
    )
    if commune_id is not None:
        statement = statement.where(rounds_table.c.commune_id == commune_id)
    return [_round(row) for row in tx.execute(statement)]


def round_before(tx: Connection, round_: Round) -> Round | None:
    """The commune's round of the same set that came before this one."""
    row = tx.execute(
        sa.select(*_COLUMNS)
        .where(earlier_than(round_))
        .order_by(rounds_table.c.opens_at.desc(), rounds_table.c.id.desc())
        .limit(1)
    ).first()
    return _round(row) if row else None


def earlier_than(round_: Round) -> sa.ColumnElement[bool]:
    """The condition for the commune's earlier rounds of the same set."""
    return sa.and_(
        rounds_table.c.commune_id == round_.commune_id,
        rounds_table.c.criteria_id == round_.criteria_id,
        rounds_table.c.state.in_(("open", "closed")),
        sa.or_(
            rounds_table.c.opens_at < round_.opens_at,
            sa.and_(rounds_table.c.opens_at == round_.opens_at, rounds_table.c.id < round_.id),
        ),
    )


def units_of_round(tx: Connection, round_id: int) -> list[Unit]:
    """The areas of a round in area order, the office last."""
    return [Unit(*row) for row in tx.execute(_UNITS, {"of_round": round_id})]


def reopened_units(tx: Connection, round_id: int, now: datetime) -> list[tuple[Unit, datetime]]:
    """The units for which alone the round is open now, and until when."""
    found = _UNITS.add_columns(round_units.c.open_until).where(round_units.c.open_until > now)
    rows = tx.execute(found, {"of_round": round_id})
    return [(Unit(*row[:-1]), row[-1]) for row in rows]


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
    """Move the deadline or the close."""
    round_ = _must(tx, round_id)
    values = {"deadline": deadline, "closes_at": closes_at}
    given = {name: value for name, value in values.items() if value is not None}
    return _change(tx, round_, now, way, by, **given) if given else round_


def close_round(
    tx: Connection, round_id: int, now: datetime, *, by: int | None = None, way: str = "command"
) -> Round:
    """Close it: nothing can be changed any more."""
    round_ = _must(tx, round_id)
    if round_.state != "open":
        return round_
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
    """Cancel it with a reason; its answers count nowhere."""
    round_ = _must(tx, round_id)
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
    """Open a closed round again until an end, for all or for one unit."""
    round_ = _must(tx, round_id)
    if unit_id is None:
        if round_.state != "open":
            _refuse_second(tx, round_.commune_id, round_.criteria_id, now)
        deadline = min(round_.deadline, until)  # closed early, it may end before it was due
        return _change(
            tx, round_, now, way, by, state="open", deadline=deadline, closes_at=until,
            reason=reason,
        )  # fmt: skip
    tx.execute(
        sa.update(round_units)
        .where(round_units.c.round_id == round_id, round_units.c.unit_id == unit_id)
        .values(open_until=until)
    )
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
    for row in tx.execute(_OF_COMMUNE, {"of_commune": commune_id}):
        other = _round(row)
        if other.state != "open" or other.criteria_id != criteria_id:
            continue
        if now < other.closes_at:
            raise RoundExists(other.name)
        close_round(tx, other.id, now, way="schedule")


def _freeze_units(tx: Connection, round_: Round, on: date) -> None:
    found = [*places.units_of(tx, round_.commune_id, on), places.office_of(tx, round_.commune_id)]
    rows = [
        {"round_id": round_.id, "unit_id": one.id, "position": position}
        for position, one in enumerate(found)
    ]
    tx.execute(sa.insert(round_units), rows)


def _change(
    tx: Connection, round_: Round, now: datetime, way: str, by: int | None, **values: object
) -> Round:
    tx.execute(sa.update(rounds_table).where(rounds_table.c.id == round_.id).values(**values))
    changed = replace(round_, **values)  # type: ignore[arg-type]
    if changed != round_:
        _record(tx, changed, round_, way, by, now)
        _remind_from(tx, changed, round_, now)
    return changed


def _remind_from(tx: Connection, round_: Round, before: Round, now: datetime) -> None:
    """What the change means for reminders: which of the round's entries are still to be said."""
    if round_.state == "cancelled":
        reminder_plans.planned_until(tx, round_.id, None)
    elif before.state == "planned" and round_.state == "open":
        reminder_plans.look_from(tx, round_.id, round_.opens_at)
    elif round_.state == "closed":
        reminder_plans.look_from(tx, round_.id, round_.closes_at)
    elif round_.state == "open":
        reminder_plans.look_from(tx, round_.id, now)


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


def _must(tx: Connection, round_id: int) -> Round:
    found = round_by_id(tx, round_id)
    if found is None:
        raise KeyError(round_id)
    return found


def _round(row: Row) -> Round:
    made = Round(*tuple(row))
    if made.data_date is None:
        return made
    return replace(made, data_date=date.fromisoformat(str(made.data_date)))
