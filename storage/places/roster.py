"""Changes of places by the roster and by officers: in batches, each with its history entry."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Unpack

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage import history
from storage.people.invitations import Invitation, list_invitations
from storage.places.places import OFFICE_CODE, UNIT_COLUMNS, Commune, Unit, successors_of
from storage.tables import communes, figures, unit_successors, units

AREA_FIELDS = ("label", "number", "old_commune", "valid_from", "valid_to")


@dataclass(frozen=True, slots=True)
class RosterData:
    """The data of the database that a roster can change."""

    communes: dict[str, Commune]  # by code
    units: dict[tuple[int, str], Unit]  # by commune and code, including offices
    figures: dict[int, dict[str, int]]  # by unit
    successors: dict[int, frozenset[int]]  # by unit
    invitations: list[Invitation]


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes places: the way ("import", "button") and the person; None means no person."""

    way: str
    person_id: int | None = None


IMPORT = Author("import")


@dataclass(frozen=True, slots=True)
class AreaChange:
    """A change of an area's label, number, old commune or validity, with the old values."""

    unit_id: int
    old: Mapping[str, str | int | None]
    new: Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A change of a figure; None means that there is no figure."""

    unit_id: int
    kind: str
    old: int | None
    new: int | None


def roster_data(tx: Connection) -> RosterData:
    """Return the current data of the database."""
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


def of_communes(data: RosterData, communes: Collection[int]) -> RosterData:
    """Return only the data of these communes."""
    there = {key: unit for key, unit in data.units.items() if unit.commune_id in communes}
    ids = {unit.id for unit in there.values()}
    return RosterData(
        {code: one for code, one in data.communes.items() if one.id in communes},
        there,
        {unit: some for unit, some in data.figures.items() if unit in ids},
        {unit: some for unit, some in data.successors.items() if unit in ids},
        [one for one in data.invitations if one.commune_id in communes],
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


def add_areas(
    tx: Connection, rows: Sequence[dict[str, Any]], now: datetime, author: Author
) -> list[int]:
    """Add areas; return their ids in order.

    Each row has all of commune_id, code, label, number, old_commune and validity.
    """
    if not rows:
        return []
    statement = sa.insert(units).returning(units.c.id, sort_by_parameter_order=True)
    made = list(tx.scalars(statement, [{"kind": "area", **row} for row in rows]))
    entries = [
        _change("area", now, author, unit_id=one, new=_recorded_fields(row))
        for one, row in zip(made, rows, strict=True)
    ]
    history.record_all(tx, entries)
    return made


def change_commune(tx: Connection, commune_id: int, values: dict[str, Any]) -> None:
    """Rename a commune or move it to another group."""
    tx.execute(sa.update(communes).where(communes.c.id == commune_id).values(**values))


def change_areas(
    tx: Connection, changes: Sequence[AreaChange], now: datetime, author: Author
) -> None:
    """Change areas' labels, numbers, old communes or validity."""
    for one in changes:
        tx.execute(sa.update(units).where(units.c.id == one.unit_id).values(**one.new))
    entries = [
        _change("area", now, author, unit_id=one.unit_id, old=one.old, new=one.new)
        for one in changes
    ]
    history.record_all(tx, entries)


def set_successors(
    tx: Connection, unit_id: int, successors: Iterable[int], now: datetime, author: Author
) -> None:
    """Store the areas into which this one merged or was split; an empty list undoes that."""
    old, new = successors_of(tx, unit_id), sorted(set(successors))
    if old == new:
        return
    tx.execute(sa.delete(unit_successors).where(unit_successors.c.unit_id == unit_id))
    if new:
        rows = [{"unit_id": unit_id, "successor_id": one} for one in new]
        tx.execute(sa.insert(unit_successors), rows)
    entry = _change("merger", now, author, unit_id=unit_id, old={"into": old}, new={"into": new})
    history.record_all(tx, [entry])


def change_figures(
    tx: Connection, changes: Sequence[FigureChange], now: datetime, author: Author
) -> None:
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
    history.record_all(tx, [_figure_entry(one, now, author) for one in changes])


def _key(change: FigureChange) -> dict[str, Any]:
    return {"of_unit": change.unit_id, "of_kind": change.kind}


def _figure_entry(change: FigureChange, now: datetime, author: Author) -> dict[str, Any]:
    old = None if change.old is None else {"kind": change.kind, "value": change.old}
    new = {"kind": change.kind, "value": change.new}
    return _change("figure", now, author, unit_id=change.unit_id, old=old, new=new)


def _recorded_fields(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the history records of a new area."""
    return {name: row[name] for name in AREA_FIELDS if row[name] is not None}


def _change(
    what: str, now: datetime, author: Author, **about: Unpack[history.ChangeSubject]
) -> dict[str, Any]:
    about["person_id"] = author.person_id
    return history.change(what, author.way, now, **about)
