"""The people who report for an area: its members, and members moved to its successor.

A merger or split moves members. They continue to report for the old area in its own round, until a
day after the close.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage.engine.prepared import prepared
from storage.people.people import Member, members_ever
from storage.tables import (
    continued_roles,
    memberships,
    round_units,
    rounds,
    unit_successors,
    units,
)

_LATER = memberships.alias("later")
_CONTINUED = sa.exists().where(
    continued_roles.c.membership_id == memberships.c.id,
    continued_roles.c.by_id == _LATER.c.id,
    _LATER.c.ended_at.is_(None),
)
# The condition for roles that report for an area: current ones and continued ones.
REPORTS = sa.or_(memberships.c.ended_at.is_(None), _CONTINUED)
GRACE = timedelta(days=1)  # after the close: answers written in time may still be sent
_SINCE = bindparam("since", type_=rounds.c.closes_at.type)
_AREAS_UNTIL_CLOSE = prepared(
    sa.select(memberships.c.unit_id)
    .where(
        memberships.c.person_id == bindparam("of_id"),
        memberships.c.ended_at.is_not(None),
        _CONTINUED,
        sa.exists().where(
            round_units.c.unit_id == memberships.c.unit_id,
            round_units.c.round_id == rounds.c.id,
            rounds.c.state.in_(("open", "closed")),
            sa.or_(rounds.c.closes_at > _SINCE, round_units.c.open_until > _SINCE),
        ),
    )
    .order_by(memberships.c.id)
)


def areas_until_close(tx: Connection, person_id: int, now: datetime) -> tuple[int, ...]:
    """Return the areas for which the person continues to report in the areas' own round.

    A merger or split moved the person to a successor, to which they still belong. It ends a day
    after the close.
    """
    given = {"of_id": person_id, "since": now - GRACE}
    return tuple(dict.fromkeys(row[0] for row in tx.execute(_AREAS_UNTIL_CLOSE, given)))


def continue_role(tx: Connection, ended_id: int, by_id: int) -> None:
    """Store that a role in an area's successor replaced one in the area.

    Nothing is stored if the new area is no successor of the old one: then the first role is over.
    """
    old, new = memberships.alias(), memberships.alias()
    reached = (
        sa.select(unit_successors.c.successor_id)
        .where(unit_successors.c.unit_id == old.c.unit_id, old.c.id == ended_id)
        .cte(recursive=True)
    )
    reached = reached.union(
        sa.select(unit_successors.c.successor_id).where(
            unit_successors.c.unit_id == reached.c.successor_id
        )
    )
    area = sa.select(new.c.unit_id).where(new.c.id == by_id).scalar_subquery()
    if tx.scalar(sa.select(reached.c.successor_id).where(reached.c.successor_id == area)) is None:
        return
    earlier = continued_roles.c.by_id == ended_id
    tx.execute(sa.update(continued_roles).where(earlier).values(by_id=by_id))
    tx.execute(sa.insert(continued_roles).values(membership_id=ended_id, by_id=by_id))


def reporters_of_unit(tx: Connection, unit_id: int) -> list[Member]:
    """Return the people who report for this unit, including those moved to its successor."""
    return members_ever(tx, REPORTS, memberships.c.unit_id == unit_id)


def units_without_members(tx: Connection, round_id: int) -> list[int]:
    """Return the areas of a round that nobody has joined, in area order."""
    current = sa.select(memberships.c.unit_id).where(
        memberships.c.unit_id == round_units.c.unit_id, REPORTS
    )
    rows = tx.scalars(
        sa.select(round_units.c.unit_id)
        .join(units, units.c.id == round_units.c.unit_id)
        .where(
            round_units.c.round_id == round_id,
            units.c.kind == "area",
            ~sa.exists(current.correlate(round_units)),
        )
        .order_by(round_units.c.position)
    )
    return list(rows)
