"""Changes of roles (given, moved, handed over, ended), each with its history entry."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage import history
from storage.people.people import (
    Member,
    add_membership,
    end_membership,
    members_where,
    memberships_of,
)
from storage.people.reporters import continue_role
from storage.tables import memberships, people

_JOINED = (
    sa.select(people.c.name, memberships.c.began_at, memberships.c.ended_at)
    .join_from(memberships, people)
    .where(memberships.c.invitation_id == bindparam("of_invitation"))
    .order_by(memberships.c.id)
)


@dataclass(frozen=True, slots=True)
class Joined:
    """A person who joined with an invitation; the name is None after they are forgotten."""

    name: str | None
    began_at: datetime
    ended_at: datetime | None


def member(tx: Connection, membership_id: int) -> Member | None:
    """Return the person with this membership; None if it has ended."""
    found = members_where(tx, memberships.c.id == membership_id)
    return found[0] if found else None


def joined_by(tx: Connection, invitation_id: int) -> list[Joined]:
    """Return the people who joined with an invitation, in the order of joining."""
    return [Joined(*row) for row in tx.execute(_JOINED, {"of_invitation": invitation_id})]


def last_officer(tx: Connection, held: Member) -> bool:
    """Return whether this is the commune's last officer."""
    role = held.membership
    if role.role != "officer":
        return False
    others = members_where(
        tx, memberships.c.commune_id == role.commune_id, memberships.c.role == "officer"
    )
    return len({one.person.id for one in others} - {held.person.id}) == 0


def give_area(
    tx: Connection,
    person_id: int,
    unit_id: int,
    commune_id: int,
    *,
    by: int,
    now: datetime,
    way: str = "button",
) -> None:
    """Give an existing person the reporter role for one more area."""
    add_membership(tx, person_id, "reporter", now=now, unit_id=unit_id, commune_id=commune_id)
    _record(tx, by, commune_id, unit_id, now, None, _role_of("reporter", person_id), way)


def end_role(
    tx: Connection, held: Member, *, by: int, now: datetime, why: str, way: str = "button"
) -> bool:
    """End a role, by an officer or by the person; return False if it had ended before."""
    role = held.membership
    if not end_membership(tx, role.id, now):
        return False
    old = _role_of(role.role, held.person.id)
    _record(tx, by, role.commune_id, role.unit_id, now, old, {"state": why}, way)
    return True


def move_role(
    tx: Connection, held: Member, unit_id: int, *, by: int, now: datetime, way: str = "button"
) -> None:
    """Move a role to another area; the label stays.

    After a move to a successor of the area, the person continues to report for the area itself in
    its own round.
    """
    role = held.membership
    end_membership(tx, role.id, now)
    given = add_membership(
        tx,
        held.person.id,
        role.role,
        now=now,
        unit_id=unit_id,
        commune_id=role.commune_id,
        label=role.label,
    )
    continue_role(tx, role.id, given.id)
    who = _role_of(role.role, held.person.id)
    moved = {"state": "moved", "to": unit_id}
    _record(tx, by, role.commune_id, role.unit_id, now, who, moved, way)
    _record(tx, by, role.commune_id, unit_id, now, None, who, way)


def hand_over(
    tx: Connection, held: Member, person_id: int, *, by: int, now: datetime, way: str = "button"
) -> None:
    """Give this role to another person; drafts stay with the area."""
    role = held.membership
    end_membership(tx, role.id, now)
    add_membership(
        tx,
        person_id,
        role.role,
        now=now,
        unit_id=role.unit_id,
        commune_id=role.commune_id,
        label=role.label,
    )
    old, new = _role_of(role.role, held.person.id), _role_of(role.role, person_id)
    _record(tx, by, role.commune_id, role.unit_id, now, old, new, way)


def replace_person(
    tx: Connection, old_id: int, commune_id: int, new_id: int, now: datetime, way: str = "button"
) -> bool:
    """Hand over all roles of a person in a commune to their replacement; return whether any."""
    found = [
        one
        for one in members_where(tx, memberships.c.person_id == old_id)
        if one.membership.commune_id == commune_id and old_id != new_id
    ]
    for held in found:
        hand_over(tx, held, new_id, by=new_id, now=now, way=way)
    return bool(found)


def holds(tx: Connection, person_id: int, role: str, unit_id: int) -> bool:
    """Return whether the person has this role for this unit now."""
    return any((m.role, m.unit_id) == (role, unit_id) for m in memberships_of(tx, person_id))


def _role_of(role: str, person_id: int) -> dict[str, Any]:
    return {"role": role, "person": person_id}


def _record(
    tx: Connection,
    by: int,
    commune_id: int | None,
    unit_id: int | None,
    now: datetime,
    old: dict[str, Any] | None,
    new: dict[str, Any],
    way: str,
) -> None:
    history.record(
        tx,
        "role",
        way,
        now,
        person_id=by,
        commune_id=commune_id,
        unit_id=unit_id,
        old=old,
        new=new,
    )
