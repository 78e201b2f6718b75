"""The history: every change with its author, its time and its way (button, text, command …).

Triggers in the database refuse to change or delete an entry.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage.engine.prepared import prepared
from storage.engine.rows import Row
from storage.masking import FREE, without_phones
from storage.tables import history, maskings, people

VERSION = 1


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change; `name` is None for the program and for a forgotten person.

    `erased`: the author was erased, because the round's retention time is over.
    """

    id: int
    at: datetime
    person_id: int | None
    name: str | None
    what: str
    way: str
    unit_id: int | None
    round_id: int | None
    report_id: int | None
    indicator: str | None
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    erased: bool = False


_INSERT = prepared(sa.insert(history))
_ERASED = sa.exists().where(
    maskings.c.history_id == history.c.id,
    maskings.c.person_id.is_(None),
)
_ENTRIES = sa.select(
    history.c.id,
    history.c.at,
    history.c.person_id,
    people.c.name,
    history.c.what,
    history.c.way,
    history.c.unit_id,
    history.c.round_id,
    history.c.report_id,
    history.c.indicator,
    history.c.old,
    history.c.new,
    _ERASED,
).select_from(history.outerjoin(people, people.c.id == history.c.person_id))
_OF_UNIT = (
    _ENTRIES.where(history.c.unit_id == bindparam("of_unit"), history.c.id < bindparam("before"))
    .order_by(history.c.id.desc())
    .limit(bindparam("most"))
)
# The office's own changes, and those of the commune as a whole.
_OF_OFFICE = (
    _ENTRIES.where(
        sa.or_(
            history.c.unit_id == bindparam("of_unit"),
            sa.and_(history.c.commune_id == bindparam("of_commune"), history.c.unit_id.is_(None)),
        ),
        history.c.id < bindparam("before"),
    )
    .order_by(history.c.id.desc())
    .limit(bindparam("most"))
)
_OF_ROUND = _ENTRIES.where(history.c.round_id == bindparam("of_round")).order_by(history.c.id)
_NEWEST = 1 << 62  # above every id


class ChangeSubject(TypedDict, total=False):
    """What a change is about. Without `person_id` the program or the command line made it."""

    person_id: int | None
    commune_id: int | None
    round_id: int | None
    unit_id: int | None
    report_id: int | None
    indicator: str | None
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None


def record(
    tx: Connection, what: str, way: str, now: datetime, **about: Unpack[ChangeSubject]
) -> None:
    """Store one change."""
    tx.execute(_INSERT, change(what, way, now, **about))


def record_all(tx: Connection, changes: list[dict[str, Any]]) -> None:
    """Store many changes, each made by `change`, in one statement."""
    if changes:
        tx.execute(_INSERT, changes)


def change(what: str, way: str, now: datetime, **about: Unpack[ChangeSubject]) -> dict[str, Any]:
    """Return the row of one change."""
    return {
        "at": now,
        "what": what,
        "way": way,
        "person_id": about.get("person_id"),
        "commune_id": about.get("commune_id"),
        "round_id": about.get("round_id"),
        "unit_id": about.get("unit_id"),
        "report_id": about.get("report_id"),
        "indicator": about.get("indicator"),
        "old": pack(about.get("old")),
        "new": pack(about.get("new")),
    }


def pack(value: Mapping[str, Any] | None) -> str | None:
    """Return the versioned JSON of a value; telephone numbers in people's texts are masked."""
    if value is None:
        return None
    # Only free texts are masked, because the program itself writes all other fields.
    kept = {
        name: without_phones(one) if name in FREE and isinstance(one, str) else one
        for name, one in value.items()
    }
    return json.dumps({"v": VERSION, **kept}, ensure_ascii=False)


def unpack(text: str | None) -> dict[str, Any] | None:
    """Return the value that `pack` wrote."""
    if text is None:
        return None
    value: dict[str, Any] = json.loads(text)
    return value


def history_of_unit(
    tx: Connection, unit_id: int, *, limit: int = 100, before: int | None = None
) -> list[HistoryEntry]:
    """Return the newest changes of an area or office, newest first; `before` is an entry's id."""
    given = {"of_unit": unit_id, "most": limit, "before": before or _NEWEST}
    return [_entry(row) for row in tx.execute(_OF_UNIT, given)]


def history_of_office(
    tx: Connection, commune_id: int, unit_id: int, *, limit: int = 100, before: int | None = None
) -> list[HistoryEntry]:
    """Return the newest changes of the office and of the commune as a whole, newest first."""
    given = {
        "of_unit": unit_id,
        "of_commune": commune_id,
        "most": limit,
        "before": before or _NEWEST,
    }
    return [_entry(row) for row in tx.execute(_OF_OFFICE, given)]


def history_of_round(tx: Connection, round_id: int) -> list[HistoryEntry]:
    """Return every change of a round, oldest first."""
    return [_entry(row) for row in tx.execute(_OF_ROUND, {"of_round": round_id})]


def _entry(row: Row) -> HistoryEntry:
    fields: tuple[Any, ...] = tuple(row)
    *same, old, new, erased = fields
    return HistoryEntry(*[*same, unpack(old), unpack(new), bool(erased)])
