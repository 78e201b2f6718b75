"""Difficulties that areas report in their own words, and their answers.

States: open → answered → settled; or open → passed up to the operator → answered → settled.
A settled difficulty can be opened again, in the state that it had before.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage import history
from storage.difficulties.difficulty_photos import photo_values, replaceable, shown_photo
from storage.engine.rows import Row, insert
from storage.tables import difficulties

State = Literal["open", "passed_up", "answered", "settled"]


@dataclass(frozen=True, slots=True)
class Difficulty:
    """One difficulty, of an indicator or in general; `photo`: see `difficulty_photos`."""

    id: int
    commune_id: int
    round_id: int | None
    unit_id: int | None
    indicator: str | None
    text: str
    photo: str | None
    raised_by: int | None
    raised_at: datetime
    passed_up_by: int | None
    passed_up_at: datetime | None
    answer: str | None
    answered_by: int | None
    answered_at: datetime | None
    settled_at: datetime | None

    @property
    def state(self) -> State:
        """The present state. Passing a difficulty up deletes its earlier answer."""
        if self.settled_at is not None:
            return "settled"
        if self.answered_at is not None:
            return "answered"
        return "passed_up" if self.passed_up_at is not None else "open"


_COLUMNS = (
    difficulties.c.id,
    difficulties.c.commune_id,
    difficulties.c.round_id,
    difficulties.c.unit_id,
    difficulties.c.indicator,
    difficulties.c.text,
    difficulties.c.photo,
    difficulties.c.raised_by,
    difficulties.c.raised_at,
    difficulties.c.passed_up_by,
    difficulties.c.passed_up_at,
    difficulties.c.answer,
    difficulties.c.answered_by,
    difficulties.c.answered_at,
    difficulties.c.settled_at,
)
_BY_ID = sa.select(*_COLUMNS).where(difficulties.c.id == bindparam("of_id"))
_UNSETTLED = (
    sa.select(*_COLUMNS).where(difficulties.c.settled_at.is_(None)).order_by(difficulties.c.id)
)
_OF_COMMUNE = _UNSETTLED.where(difficulties.c.commune_id == bindparam("of_commune"))
_BY_COMMUNE = (
    sa.select(difficulties.c.commune_id, sa.func.count())
    .where(
        difficulties.c.commune_id.in_(bindparam("of_communes", expanding=True)),
        difficulties.c.settled_at.is_(None),
    )
    .group_by(difficulties.c.commune_id)
)
_AT = bindparam("at", type_=difficulties.c.raised_at.type)
_OPEN_AT = (
    sa.select(*_COLUMNS)
    .where(
        difficulties.c.commune_id == bindparam("of_commune"),
        difficulties.c.raised_at <= _AT,
        sa.or_(difficulties.c.settled_at.is_(None), difficulties.c.settled_at > _AT),
    )
    .order_by(difficulties.c.id)
)
_PASSED_UP = _UNSETTLED.where(
    difficulties.c.commune_id.in_(bindparam("of_communes", expanding=True)),
    difficulties.c.passed_up_at.is_not(None),
    difficulties.c.answered_at.is_(None),
)


def raise_difficulty(
    tx: Connection,
    *,
    commune_id: int,
    text: str,
    by: int | None,
    now: datetime,
    round_id: int | None = None,
    unit_id: int | None = None,
    indicator: str | None = None,
    photo: str | None = None,
    way: str = "text",
) -> int:
    """Store a new difficulty; return its id."""
    made = insert(
        tx,
        difficulties,
        commune_id=commune_id,
        round_id=round_id,
        unit_id=unit_id,
        indicator=indicator,
        text=text,
        raised_by=by,
        raised_at=now,
        **(photo_values(photo, now) if photo is not None else {}),
    )
    _record(tx, _existing(tx, made), {"state": "open"}, None, way, by, now)
    return made


def difficulty_by_id(tx: Connection, difficulty_id: int) -> Difficulty | None:
    """Return the difficulty with this id; None if there is none."""
    row = tx.execute(_BY_ID, {"of_id": difficulty_id}).first()
    return _difficulty(row) if row else None


def open_difficulties(tx: Connection, commune_id: int) -> list[Difficulty]:
    """Return the commune's unsettled difficulties, oldest first."""
    return [_difficulty(row) for row in tx.execute(_OF_COMMUNE, {"of_commune": commune_id})]


def unsettled_by_commune(tx: Connection, commune_ids: Iterable[int]) -> Counter[int]:
    """Return the number of unsettled difficulties of each commune."""
    rows = tx.execute(_BY_COMMUNE, {"of_communes": list(commune_ids)})
    return Counter({row[0]: row[1] for row in rows})


def open_difficulties_at(tx: Connection, commune_id: int, at: datetime) -> list[Difficulty]:
    """Return the difficulties unsettled at that instant, in their state then, oldest first."""
    given = {"of_commune": commune_id, "at": at}
    return [_as_of(_difficulty(row), at) for row in tx.execute(_OPEN_AT, given)]


def _as_of(one: Difficulty, at: datetime) -> Difficulty:
    """Return a difficulty without later changes. An answer that was replaced since is lost."""
    if one.answered_at is not None and one.answered_at > at:
        one = replace(one, answer=None, answered_by=None, answered_at=None)
    if one.passed_up_at is not None and one.passed_up_at > at:
        one = replace(one, passed_up_by=None, passed_up_at=None)
    return replace(one, settled_at=None)


def passed_up(tx: Connection, commune_ids: Iterable[int]) -> list[Difficulty]:
    """Return the difficulties that wait for the operator of these communes, oldest first."""
    return [_difficulty(row) for row in tx.execute(_PASSED_UP, {"of_communes": list(commune_ids)})]


def add_photo(
    tx: Connection, one: Difficulty, photo: str, *, by: int, now: datetime, way: str = "button"
) -> Difficulty:
    """Add a photo; it replaces an earlier one that is not yet a file below DATA_DIR."""
    this = sa.and_(difficulties.c.id == one.id, replaceable())
    tx.execute(sa.update(difficulties).where(this).values(photo_values(photo, now)))
    _record(tx, one, {"photo": True}, {"state": one.state}, way, by, now)
    return _existing(tx, one.id)


def answer(
    tx: Connection, one: Difficulty, text: str, *, by: int, now: datetime, way: str = "text"
) -> Difficulty:
    """Store the office's or the operator's answer; it replaces an earlier one."""
    new = {"state": "answered"}
    return _change(tx, one, new, way, by, now, answer=text, answered_by=by, answered_at=now)


def pass_up(
    tx: Connection, one: Difficulty, *, by: int, now: datetime, way: str = "button"
) -> Difficulty:
    """Pass the difficulty up to the operator; this deletes an earlier answer."""
    # With the office's answer it would look answered while it waits for the operator.
    return _change(
        tx,
        one,
        {"state": "passed_up"},
        way,
        by,
        now,
        passed_up_by=by,
        passed_up_at=now,
        answer=None,
        answered_by=None,
        answered_at=None,
    )


def settle(
    tx: Connection, difficulty_id: int, now: datetime, *, by: int | None = None, way: str = "button"
) -> bool:
    """Mark the difficulty as settled; return False if it was settled before."""
    one = difficulty_by_id(tx, difficulty_id)
    if one is None or one.settled_at is not None:
        return False
    _change(tx, one, {"state": "settled"}, way, by, now, settled_at=now)
    return True


def reopen(
    tx: Connection, one: Difficulty, *, by: int, now: datetime, way: str = "button"
) -> Difficulty:
    """Mark a settled difficulty as not settled; it has its earlier state and answer again."""
    return _change(tx, one, {"state": "reopened"}, way, by, now, settled_at=None)


def _change(
    tx: Connection,
    one: Difficulty,
    new: dict[str, Any],
    way: str,
    by: int | None,
    now: datetime,
    **values: Any,  # noqa: ANN401 - columns of several types
) -> Difficulty:
    tx.execute(sa.update(difficulties).where(difficulties.c.id == one.id).values(values))
    _record(tx, one, new, {"state": one.state}, way, by, now)
    return replace(one, **values)


def _record(
    tx: Connection,
    one: Difficulty,
    new: dict[str, Any],
    old: dict[str, Any] | None,
    way: str,
    by: int | None,
    now: datetime,
) -> None:
    history.record(
        tx,
        "difficulty",
        way,
        now,
        person_id=by,
        commune_id=one.commune_id,
        round_id=one.round_id,
        unit_id=one.unit_id,
        indicator=one.indicator,
        old=old,
        new={"id": one.id, **new},
    )


def _existing(tx: Connection, difficulty_id: int) -> Difficulty:
    found = difficulty_by_id(tx, difficulty_id)
    if found is None:
        raise KeyError(difficulty_id)
    return found


def _difficulty(row: Row) -> Difficulty:
    found = Difficulty(*tuple(row))
    return replace(found, photo=shown_photo(found.photo)) if found.photo is not None else found
