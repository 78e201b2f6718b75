"""Communes and their units (areas and the commune office), with the commune's figures."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage import history
from storage.engine.prepared import prepared
from storage.engine.rows import insert
from storage.tables import communes as communes_table
from storage.tables import figures, unit_successors, units

OFFICE_CODE = "office"


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune; `code` is its stable key in the roster and on the command line."""

    id: int
    code: str
    name: str
    group_name: str | None


@dataclass(frozen=True, slots=True)
class Unit:
    """An area or the commune office, which reports. `valid_from` and `valid_to` are ISO dates."""

    id: int
    commune_id: int
    kind: str
    code: str
    label: str
    number: int | None
    old_commune: str | None
    valid_from: str | None
    valid_to: str | None
    shared_label: bool = False  # another area of the commune has the same label

    @property
    def office(self) -> bool:
        """Whether this is the commune's office."""
        return self.kind == "office"

    def valid(self, on: date) -> bool:
        """Return whether the unit exists on this day; the first and the last day are included."""
        day = on.isoformat()
        return (self.valid_from or day) <= day <= (self.valid_to or day)

    @property
    def called_off(self) -> bool:
        """Whether it never begins, because its founding for a later day was cancelled."""
        return (self.valid_to or "9") < (self.valid_from or "")

    @property
    def order(self) -> tuple[bool, bool, int, str, str]:
        """The sort key of units: number, old commune, label; the office is last."""
        return (
            self.office,
            self.number is None,
            self.number or 0,
            _sort_key(self.old_commune or ""),
            _sort_key(self.label),
        )


_DIGITS = 12  # the width to which a number in a name is padded for sorting
_COMMUNE = (
    communes_table.c.id,
    communes_table.c.code,
    communes_table.c.name,
    communes_table.c.group_name,
)
_OTHER = units.alias()
_SHARED_LABEL = (
    sa.exists()
    .where(
        _OTHER.c.commune_id == units.c.commune_id,
        _OTHER.c.label == units.c.label,
        _OTHER.c.id != units.c.id,
    )
    .correlate(units)
    .label("shared_label")
)
UNIT_COLUMNS = (
    units.c.id,
    units.c.commune_id,
    units.c.kind,
    units.c.code,
    units.c.label,
    units.c.number,
    units.c.old_commune,
    units.c.valid_from,
    units.c.valid_to,
    _SHARED_LABEL,
)
_COMMUNE_BY_ID = sa.select(*_COMMUNE).where(communes_table.c.id == bindparam("of_id"))
_COMMUNE_BY_CODE = sa.select(*_COMMUNE).where(communes_table.c.code == bindparam("of_code"))
_UNIT_BY_ID = prepared(sa.select(*UNIT_COLUMNS).where(units.c.id == bindparam("of_id")))
_UNITS_BY_IDS = (
    sa.select(*UNIT_COLUMNS)
    .where(units.c.id.in_(bindparam("of_ids", expanding=True)))
    .order_by(units.c.id)
)
_UNITS_OF = prepared(sa.select(*UNIT_COLUMNS).where(units.c.commune_id == bindparam("of_commune")))
_OFFICE_OF = _UNITS_OF.where(units.c.kind == "office")
_FIGURES_OF = prepared(
    sa.select(figures.c.kind, figures.c.value).where(figures.c.unit_id == bindparam("of_id"))
)
_FIGURES_OF_COMMUNE = (
    sa.select(figures.c.unit_id, figures.c.kind, figures.c.value)
    .join(units, units.c.id == figures.c.unit_id)
    .where(units.c.commune_id == bindparam("of_id"))
)
_PREDECESSORS = prepared(
    sa.select(unit_successors.c.successor_id, unit_successors.c.unit_id)
    .where(unit_successors.c.successor_id.in_(bindparam("of_units", expanding=True)))
    .order_by(unit_successors.c.unit_id)
)
_SUCCESSORS = sa.select(unit_successors.c.unit_id).where(
    unit_successors.c.unit_id.in_(bindparam("of_units", expanding=True))
)


def commune(tx: Connection, commune_id: int) -> Commune:
    """Return the commune with this id; raise KeyError if there is none."""
    row = tx.execute(_COMMUNE_BY_ID, {"of_id": commune_id}).first()
    if row is None:
        raise KeyError(commune_id)
    return Commune(*row)


def find_commune(tx: Connection, commune_id: int) -> Commune | None:
    """Return the commune with this id; None for an unknown id, such as one from an old button."""
    row = tx.execute(_COMMUNE_BY_ID, {"of_id": commune_id}).first()
    return Commune(*row) if row is not None else None


def commune_by(tx: Connection, text: str) -> Commune | None:
    """Return the commune with this code, else the only one with this name ("Xã" is optional)."""
    row = tx.execute(_COMMUNE_BY_CODE, {"of_code": text.strip()}).first()
    if row is not None:
        return Commune(*row)
    wanted = {_plain(text), _plain(f"xã {text}"), _plain(f"phường {text}")}
    found = [
        one for one in communes(tx) if _plain(one.name) in wanted or _plain(one.code) in wanted
    ]
    return found[0] if len(found) == 1 else None


def communes(tx: Connection, group: str | None = None) -> list[Commune]:
    """Return all communes, or those of a group, ordered by name."""
    statement = sa.select(*_COMMUNE)
    if group is not None:
        statement = statement.where(communes_table.c.group_name == group)
    found = [Commune(*row) for row in tx.execute(statement)]
    return sorted(found, key=lambda one: (_sort_key(one.name), one.code))


def unit(tx: Connection, unit_id: int) -> Unit:
    """Return the unit with this id; raise KeyError if there is none."""
    row = tx.execute(_UNIT_BY_ID, {"of_id": unit_id}).first()
    if row is None:
        raise KeyError(unit_id)
    return Unit(*row)


def units_by_ids(tx: Connection, unit_ids: Sequence[int]) -> list[Unit]:
    """Return the units with these ids, ordered by id."""
    if not unit_ids:
        return []
    return [Unit(*row) for row in tx.execute(_UNITS_BY_IDS, {"of_ids": list(unit_ids)})]


def units_of(tx: Connection, commune_id: int, on: date | None = None) -> list[Unit]:
    """Return the commune's areas in area order; with `on` only those valid on that day."""
    found = [Unit(*row) for row in tx.execute(_UNITS_OF, {"of_commune": commune_id})]
    areas = [one for one in found if not one.office and (on is None or one.valid(on))]
    return sorted(areas, key=lambda one: one.order)


def office_of(tx: Connection, commune_id: int) -> Unit:
    """Return the commune's office."""
    return Unit(*tx.execute(_OFFICE_OF, {"of_commune": commune_id}).one())


def area_by(tx: Connection, commune_id: int, text: str) -> Unit | None:
    """Return the area with this code, else the only one with this label, else None."""
    same = areas_named(tx, commune_id, text)
    return same[0] if len(same) == 1 else None


def areas_named(tx: Connection, commune_id: int, text: str) -> list[Unit]:
    """Return the area with this code, else all with this label; after mergers there are several."""
    found = units_of(tx, commune_id)
    wanted = _plain(text)
    by_code = [one for one in found if one.code == text.strip()]
    return by_code or [one for one in found if wanted in _names(one)]


def figures_of(tx: Connection, unit_id: int) -> dict[str, int]:
    """Return the commune's figures for a unit, by kind."""
    rows = tx.execute(_FIGURES_OF, {"of_id": unit_id})
    return dict(tuple(row) for row in rows)


def figures_of_commune(tx: Connection, commune_id: int) -> dict[int, dict[str, int]]:
    """Return the figures of a commune by unit and kind; units without a figure are missing."""
    found: dict[int, dict[str, int]] = {}
    for unit_id, kind, value in tx.execute(_FIGURES_OF_COMMUNE, {"of_id": commune_id}):
        found.setdefault(unit_id, {})[kind] = value
    return found


def set_figure(
    tx: Connection,
    unit_id: int,
    kind: str,
    value: int | None,
    now: datetime,
    *,
    way: str,
    by: int | None = None,
) -> bool:
    """Store a figure, or delete it with None; return False if nothing changes."""
    before = figures_of(tx, unit_id).get(kind)
    if before == value:
        return False
    this = (figures.c.unit_id == unit_id) & (figures.c.kind == kind)
    if value is None:
        tx.execute(sa.delete(figures).where(this))
    elif before is None:
        tx.execute(sa.insert(figures).values(unit_id=unit_id, kind=kind, value=value))
    else:
        tx.execute(sa.update(figures).where(this).values(value=value))
    history.record(
        tx,
        "figure",
        way,
        now,
        person_id=by,
        unit_id=unit_id,
        old=None if before is None else {"kind": kind, "value": before},
        new={"kind": kind, "value": value},
    )
    return True


def add_commune(tx: Connection, code: str, name: str, group_name: str | None = None) -> Commune:
    """Add a commune with its office; return the commune."""
    made = insert(tx, communes_table, code=code, name=name, group_name=group_name)
    tx.execute(sa.insert(units).values(commune_id=made, kind="office", code=OFFICE_CODE, label=""))
    return Commune(made, code, name, group_name)


def add_unit(
    tx: Connection,
    commune_id: int,
    code: str,
    label: str,
    *,
    number: int | None = None,
    old_commune: str | None = None,
    valid_from: str | None = None,
    valid_to: str | None = None,
) -> Unit:
    """Add an area; return it."""
    values = (commune_id, "area", code, label, number, old_commune, valid_from, valid_to)
    names = [column.name for column in UNIT_COLUMNS[1:-1]]
    made = insert(tx, units, **dict(zip(names, values, strict=True)))
    return Unit(made, *values)


def successors_of(tx: Connection, unit_id: int) -> list[int]:
    """Return the areas into which this one merged or was split."""
    this = unit_successors.c.unit_id == unit_id
    return sorted(tx.scalars(sa.select(unit_successors.c.successor_id).where(this)))


def predecessors_of(tx: Connection, unit_ids: Iterable[int]) -> dict[int, list[int]]:
    """Return the areas that merged completely into each of these; split areas are left out."""
    rows = tx.execute(_PREDECESSORS, {"of_units": list(unit_ids)}).all()
    if not rows:
        return {}
    successors = Counter(
        tx.scalars(_SUCCESSORS, {"of_units": [predecessor for _, predecessor in rows]})
    )
    found: dict[int, list[int]] = {}
    # The answers of a split area cannot be divided between its successors.
    for successor, predecessor in rows:
        if successors[predecessor] == 1:
            found.setdefault(successor, []).append(predecessor)
    return found


def _names(one: Unit) -> set[str]:
    full = f"{one.label} · {one.old_commune}" if one.old_commune else one.label
    return {_plain(one.label), _plain(full), _plain(full.replace("·", ""))}


@lru_cache(maxsize=10_000)
def _sort_key(text: str) -> str:
    """Return a key for the Vietnamese order: no diacritics, đ after d, numbers by their value."""
    apart = unicodedata.normalize("NFD", text.casefold().replace("đ", "d\uffff"))
    letters = "".join(c for c in apart if not unicodedata.combining(c))
    return re.sub(r"\d+", lambda number: number[0].zfill(_DIGITS), letters)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
