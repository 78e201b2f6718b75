"""All places for the roster workbook: read in a few queries, written in a few batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage import history
from storage.invitations import Invitation, list_invitations
from storage.places import OFFICE_CODE, UNIT_COLUMNS, Commune, Unit
from storage.tables import communes, figures, unit_successors, units


@dataclass(frozen=True, slots=True)
class RosterData:
    """The database's content that a roster can change."""

    communes: dict[str, Commune]  # by code
    units: dict[tuple[int, str], Unit]  # by commune and code, including offices
    figures: dict[int, dict[str, int]]  # by unit
    successors: dict[int, frozenset[int]]  # by unit
    invitations: list[Invitation]


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A change of a figure; None means that there is no figure."""

    unit_id: int
    kind: str
    old: int | None
    new: int | None


def roster_data(tx: Connection) -> RosterData:
    """The current content of the database."""
    rows = tx.execute(
        sa.select(communes.c.code, communes.c.id, communes.c.name, communes.c.group_name)
    )
    known = {code: Commune(one, code, name, group) for code, one, name, group in rows}
    all_units = [Unit(*row) for row in tx.execute(sa.select(*UNIT_COLUMNS))]
    by_unit: dict[int, dict[str, int]] = {}
    for unit_id, kind, value in tx.execute(
        sa.select(figures.c.unit_id, figures.c.kind, figures.c.value)
    ):
        by_unit.setdefault(unit_id, {})[kind] = value
    after: dict[int, set[int]] = {}
    for unit_id, successor in tx.execute(
        sa.select(unit_successors.c.unit_id, unit_successors.c.successor_id)
    ):
        after.setdefault(unit_id, set()).add(successor)
    return RosterData(
        known,
        {(unit.commune_id, unit.code): unit for unit in all_units},
        by_unit,
        {unit_id: frozenset(some) for unit_id, some in after.items()},
        list_invitations(tx),
    )


def add_communes(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Add communes (code, name, group_name), each with its office."""
    if not rows:
        return
    made = tx.scalars(sa.insert(communes).returning(communes.c.id), rows).all()
    offices = [
        {"commune_id": one, "kind": "office", "code": OFFICE_CODE, "label": ""} for one in made
    ]
    tx.execute(sa.insert(units), offices)


def add_areas(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Add areas; each row has commune_id, code, label, number, old_commune and validity."""
    if rows:
        tx.execute(sa.insert(units), [{"kind": "area", **row} for row in rows])


def change_commune(tx: Connection, commune_id: int, values: dict[str, Any]) -> None:
    """Rename a commune or move it to another group."""
    tx.execute(sa.update(communes).where(communes.c.id == commune_id).values(**values))


def change_area(tx: Connection, unit_id: int, values: dict[str, Any]) -> None:
    """Change an area's label, number, old commune or validity."""
    tx.execute(sa.update(units).where(units.c.id == unit_id).values(**values))


def change_figures(tx: Connection, changes: Sequence[FigureChange], now: datetime) -> None:
    """Store figures with a history entry for each."""
    # Three groups, one statement each: a province has thousands of figures.
    gone = [one for one in changes if one.new is None]
    new = [one for one in changes if one.old is None and one.new is not None]
    other = [one for one in changes if one.old is not None and one.new is not None]
    this = (figures.c.unit_id == bindparam("of_unit")) & (figures.c.kind == bindparam("of_kind"))
    if gone:
        tx.execute(sa.delete(figures).where(this), [_key(one) for one in gone])
    if new:
        rows = [{"unit_id": one.unit_id, "kind": one.kind, "value": one.new} for one in new]
        tx.execute(sa.insert(figures), rows)
    if other:
        change = sa.update(figures).where(this).values(value=bindparam("new_value"))
        tx.execute(change, [{**_key(one), "new_value": one.new} for one in other])
    history.record_all(tx, [_entry(one, now) for one in changes])


def _key(change: FigureChange) -> dict[str, Any]:
    return {"of_unit": change.unit_id, "of_kind": change.kind}


def _entry(change: FigureChange, now: datetime) -> dict[str, Any]:
    old = None if change.old is None else {"kind": change.kind, "value": change.old}
    new = {"kind": change.kind, "value": change.new}
    return history.change("figure", "import", now, unit_id=change.unit_id, old=old, new=new)
