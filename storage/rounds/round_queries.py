"""Queries of rounds: by id, by commune, by what is due; and the units of a round."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from criteria.reminders import Dates
from storage.engine.prepared import prepared
from storage.engine.rows import Row
from storage.places.places import UNIT_COLUMNS, Unit
from storage.rounds import criteria_texts
from storage.tables import reports, round_units, units
from storage.tables import rounds as rounds_table


@dataclass(frozen=True, slots=True)
class Round:
    """A reporting period of a commune; `criteria` is the set's text as it was at the opening."""

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
    beside_another: bool = False  # a round of another set runs at the same time

    @property
    def has_begun(self) -> bool:
        """Whether it is open or closed, so neither planned nor cancelled."""
        return self.state in {"open", "closed"}

    def dates(self, zone: ZoneInfo) -> Dates:
        """Return its three instants, with the zone in which its days are counted."""
        return Dates(self.opens_at, self.deadline, self.closes_at, zone)

    def takes_reports(self, now: datetime) -> bool:
        """Return whether it is open before its close; a unit can be open longer (`is_open`)."""
        return self.state == "open" and now < self.closes_at


def takes_reports(now: datetime | sa.ColumnElement[datetime]) -> sa.ColumnElement[bool]:
    """Return `Round.takes_reports` as a condition of queries."""
    return sa.and_(rounds_table.c.state == "open", rounds_table.c.closes_at > now)


@dataclass(frozen=True, slots=True)
class Window:
    """When a unit can report in a round.

    `asked`: the round asks this unit. `open_until`: until when the round was reopened for this unit
    alone.
    """

    round: Round
    asked: bool
    open_until: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Return whether the unit can report now."""
        if not self.asked or not self.round.has_begun:
            return False
        whole = self.round.opens_at <= now and self.round.takes_reports(now)
        return whole or self._reopened(now)

    def was_open(self, at: datetime) -> bool:
        """Return whether the unit could report at that moment, even if it cannot now."""
        if not self.asked or not self.round.has_begun:
            return False
        whole = self.round.opens_at <= at < self.round.closes_at
        return whole or self._reopened(at)

    def _reopened(self, at: datetime) -> bool:
        return self.open_until is not None and at < self.open_until


_OTHER = rounds_table.alias()
# NOT IN: with IN, SQLite searches the closed rounds of all communes by the index of states.
_BESIDE_ANOTHER = (
    sa.exists()
    .where(
        _OTHER.c.commune_id == rounds_table.c.commune_id,
        _OTHER.c.criteria_id != rounds_table.c.criteria_id,
        _OTHER.c.state.not_in(("planned", "cancelled")),
        _OTHER.c.opens_at < rounds_table.c.closes_at,
        _OTHER.c.closes_at > rounds_table.c.opens_at,
    )
    .correlate(rounds_table)
    .label("beside_another")
)
ROUND_COLUMNS = (
    rounds_table.c.id,
    rounds_table.c.commune_id,
    rounds_table.c.name,
    rounds_table.c.criteria_id,
    rounds_table.c.criteria_hash,
    rounds_table.c.data_date,
    rounds_table.c.opens_at,
    rounds_table.c.deadline,
    rounds_table.c.closes_at,
    rounds_table.c.state,
    rounds_table.c.reason,
    _BESIDE_ANOTHER,
)
_BY_ID = prepared(sa.select(*ROUND_COLUMNS).where(rounds_table.c.id == bindparam("of_id")))
_BY_IDS = (
    sa.select(*ROUND_COLUMNS)
    .where(rounds_table.c.id.in_(bindparam("of_ids", expanding=True)))
    .order_by(rounds_table.c.id)
)
_INSTANT = rounds_table.c.opens_at.type
# Open for all units, or reopened for at least one of them.
_IS_OPEN = sa.and_(
    rounds_table.c.commune_id.in_(bindparam("of_communes", expanding=True)),
    sa.or_(
        sa.and_(
            takes_reports(bindparam("now", type_=_INSTANT)),
            rounds_table.c.opens_at <= bindparam("now", type_=_INSTANT),
        ),
        sa.and_(
            rounds_table.c.state.in_(("open", "closed")),
            sa.exists().where(
                round_units.c.round_id == rounds_table.c.id,
                round_units.c.open_until > bindparam("now", type_=_INSTANT),
            ),
        ),
    ),
)
_OPEN = prepared(
    sa.select(*ROUND_COLUMNS).where(_IS_OPEN).order_by(rounds_table.c.opens_at, rounds_table.c.id)
)
# `Window.was_open` as a query.
_WAS_OPEN = prepared(
    sa.select(*ROUND_COLUMNS)
    .join_from(rounds_table, round_units, round_units.c.round_id == rounds_table.c.id)
    .where(
        round_units.c.unit_id == bindparam("of_unit"),
        rounds_table.c.state.in_(("open", "closed")),
        sa.or_(
            sa.and_(
                rounds_table.c.opens_at <= bindparam("at", type_=_INSTANT),
                rounds_table.c.closes_at > bindparam("at", type_=_INSTANT),
            ),
            round_units.c.open_until > bindparam("at", type_=_INSTANT),
        ),
    )
    .order_by(rounds_table.c.opens_at, rounds_table.c.id)
)
_TO_REVIEW = (
    sa.select(rounds_table.c.id, sa.func.count())
    .join(reports, reports.c.round_id == rounds_table.c.id)
    .join(units, units.c.id == reports.c.unit_id)
    .where(_IS_OPEN, reports.c.state == "sent", units.c.kind == "area")
    .group_by(rounds_table.c.id)
    .order_by(rounds_table.c.opens_at, rounds_table.c.id)
)
_UNIT = prepared(
    sa.select(round_units.c.open_until).where(
        round_units.c.round_id == bindparam("of_round"),
        round_units.c.unit_id == bindparam("of_unit"),
    )
)
_ENDS = sa.select(round_units.c.unit_id, round_units.c.open_until).where(
    round_units.c.round_id == bindparam("of_round")
)
_UNITS = prepared(
    sa.select(*UNIT_COLUMNS)
    .join_from(round_units, units)
    .where(round_units.c.round_id == bindparam("of_round"))
    .order_by(round_units.c.position)
)
_UNITS_OF_ROUNDS = (
    sa.select(*UNIT_COLUMNS, round_units.c.round_id)
    .join_from(round_units, units)
    .where(round_units.c.round_id.in_(bindparam("of_rounds", expanding=True)))
    .order_by(round_units.c.round_id, round_units.c.position)
)


def round_by_id(tx: Connection, round_id: int) -> Round | None:
    """Return the round with this id; None if there is none."""
    row = tx.execute(_BY_ID, {"of_id": round_id}).first()
    return round_of_row(tx, row) if row else None


def known_round(tx: Connection, round_id: int) -> Round:
    """Return the round to which a row refers; raise KeyError if there is none."""
    found = round_by_id(tx, round_id)
    if found is None:
        raise KeyError(round_id)
    return found


def rounds_by_ids(tx: Connection, round_ids: Sequence[int]) -> list[Round]:
    """Return the rounds with these ids, ordered by id."""
    if not round_ids:
        return []
    return _rounds(tx, tx.execute(_BY_IDS, {"of_ids": round_ids}).all())


def open_rounds(tx: Connection, commune_id: int, now: datetime) -> list[Round]:
    """Return the rounds in which at least one unit of this commune can report now, oldest first."""
    return open_rounds_of(tx, [commune_id], now)


def rounds_open_at(tx: Connection, unit_id: int, at: datetime) -> list[Round]:
    """The rounds in which this unit could report at that moment, even if they are closed now."""
    return _rounds(tx, tx.execute(_WAS_OPEN, {"of_unit": unit_id, "at": at}).all())


def open_rounds_of(tx: Connection, commune_ids: Sequence[int], now: datetime) -> list[Round]:
    """Return the same as `open_rounds` for several communes."""
    return _rounds(tx, tx.execute(_OPEN, {"of_communes": commune_ids, "now": now}).all())


def waiting_for_review(tx: Connection, commune_ids: Sequence[int], now: datetime) -> dict[int, int]:
    """Return how many areas' reports wait for review, by open round; others are left out."""
    found = tx.execute(_TO_REVIEW, {"of_communes": commune_ids, "now": now})
    return {row[0]: row[1] for row in found}


def open_of_set(
    tx: Connection, communes: Sequence[int], criteria_id: str, now: datetime
) -> dict[int, Round]:
    """Return the open round of a criteria set by commune; communes without one are missing."""
    found = tx.execute(
        sa.select(*ROUND_COLUMNS).where(
            rounds_table.c.commune_id.in_(communes),
            rounds_table.c.criteria_id == criteria_id,
            takes_reports(now),
        )
    )
    return {one.commune_id: one for one in _rounds(tx, found.all())}


def is_open(tx: Connection, round_: Round, unit_id: int, now: datetime) -> bool:
    """Return whether this unit can report in this round now."""
    return _window(tx, round_, unit_id).is_open(now)


def was_open(tx: Connection, round_: Round, unit_id: int, at: datetime) -> bool:
    """Return whether this unit could report in this round at that moment, even if it cannot now."""
    return _window(tx, round_, unit_id).was_open(at)


def _window(tx: Connection, round_: Round, unit_id: int) -> Window:
    row = tx.execute(_UNIT, {"of_round": round_.id, "of_unit": unit_id}).first()
    return Window(round_, row is not None, row[0] if row is not None else None)


def windows(tx: Connection, round_: Round) -> dict[int, Window]:
    """Return when each of the round's units can report, by unit."""
    rows = tx.execute(_ENDS, {"of_round": round_.id})
    return {unit_id: Window(round_, True, until) for unit_id, until in rows}


def open_units(tx: Connection, round_: Round, now: datetime) -> frozenset[int]:
    """Return the units that can report in this round now."""
    return frozenset(unit for unit, one in windows(tx, round_).items() if one.is_open(now))


def rounds_due(tx: Connection, now: datetime) -> list[Round]:
    """Return the planned rounds to open now, and the open rounds to close now."""
    rows = tx.execute(
        sa.select(*ROUND_COLUMNS).where(
            sa.or_(
                sa.and_(rounds_table.c.state == "planned", rounds_table.c.opens_at <= now),
                sa.and_(rounds_table.c.state == "open", rounds_table.c.closes_at <= now),
            )
        )
    )
    return _rounds(tx, rows.all())


def closed_before_their_end(tx: Connection, now: datetime) -> list[Round]:
    """Return rounds that a clock ahead of time closed before their end.

    When a person closes a round early, its end is set to that moment, so such rounds are not
    included.
    """
    closed = sa.and_(rounds_table.c.state == "closed", rounds_table.c.closes_at > now)
    rows = tx.execute(sa.select(*ROUND_COLUMNS).where(closed).order_by(rounds_table.c.id))
    return _rounds(tx, rows.all())


def list_rounds(tx: Connection, commune_id: int | None = None) -> list[Round]:
    """Return all rounds, or those of a commune, newest first."""
    statement = sa.select(*ROUND_COLUMNS).order_by(
        rounds_table.c.opens_at.desc(), rounds_table.c.id.desc()
    )
    if commune_id is not None:
        statement = statement.where(rounds_table.c.commune_id == commune_id)
    return _rounds(tx, tx.execute(statement).all())


def round_before(tx: Connection, round_: Round) -> Round | None:
    """Return the commune's previous round of the same set; None if there is none."""
    row = tx.execute(
        sa.select(*ROUND_COLUMNS)
        .where(earlier_than(round_))
        .order_by(rounds_table.c.opens_at.desc(), rounds_table.c.id.desc())
        .limit(1)
    ).first()
    return round_of_row(tx, row) if row else None


def earlier_than(round_: Round) -> sa.ColumnElement[bool]:
    """Return the SQL condition for the commune's earlier rounds of the same set."""
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
    """Return the units of a round in area order, the office last."""
    return [Unit(*row) for row in tx.execute(_UNITS, {"of_round": round_id})]


def units_of_rounds(tx: Connection, round_ids: Sequence[int]) -> dict[int, list[Unit]]:
    """Return the units of each of these rounds in area order, the office last."""
    found: dict[int, list[Unit]] = {one: [] for one in round_ids}
    for *unit, round_id in tx.execute(_UNITS_OF_ROUNDS, {"of_rounds": round_ids}):
        found[round_id].append(Unit(*unit))
    return found


def reopened_units(tx: Connection, round_id: int, now: datetime) -> list[tuple[Unit, datetime]]:
    """Return the units for which the round was reopened, with the end of the reopening."""
    found = _UNITS.add_columns(round_units.c.open_until).where(round_units.c.open_until > now)
    rows = tx.execute(found, {"of_round": round_id})
    return [(Unit(*row[:-1]), row[-1]) for row in rows]


def _rounds(tx: Connection, rows: Sequence[Row]) -> list[Round]:
    return [round_of_row(tx, row) for row in rows]


def round_of_row(tx: Connection, row: Row | Sequence[Any]) -> Round:
    """Return the round of a row with `ROUND_COLUMNS`."""
    fields: list[Any] = list(row)
    fields[4] = criteria_texts.text_of(tx, fields[4])
    if fields[5] is not None:
        fields[5] = date.fromisoformat(fields[5])
    return Round(*fields)
