"""People and their roles. All personal data is in the tables `people` and `addresses`."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage import history
from storage.engine.prepared import prepared
from storage.engine.rows import Row, insert
from storage.people import addresses as where
from storage.people import board_sessions
from storage.people.addresses import CHAT, WITH_ADDRESS
from storage.tables import addresses, invitations, memberships, people, units


@dataclass(frozen=True, slots=True)
class Person:
    """A person who has consented; all personal fields are None after they are forgotten.

    `address` is the chat of the `bot` where they write, with the names that they have there. It
    becomes None as soon as they withdraw, so that nothing is sent there. A person found by an
    address has that address, even if it is not `in_use`.
    """

    id: int
    bot: str | None
    address: str | None
    name: str | None
    handle: str | None
    language: str
    consent_version: str | None
    unreachable_since: datetime | None
    account_name: str | None = None
    in_use: bool = True


@dataclass(frozen=True, slots=True)
class Membership:
    """A role that a person has now."""

    id: int
    role: str
    unit_id: int | None
    commune_id: int | None
    group_name: str | None
    label: str | None


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a role."""

    person: Person
    membership: Membership

    @property
    def id(self) -> int:
        """The id of the role."""
        return self.membership.id


_PERSON = (
    people.c.id,
    addresses.c.bot,
    CHAT,
    people.c.name,
    addresses.c.handle,
    people.c.language,
    people.c.consent_version,
    addresses.c.blocked_at,
    addresses.c.account_name,
)
_MEMBERSHIP = (
    memberships.c.id,
    memberships.c.role,
    memberships.c.unit_id,
    memberships.c.commune_id,
    memberships.c.group_name,
    memberships.c.label,
)
_WRITES_THERE = sa.and_(
    addresses.c.bot == bindparam("of_bot"),
    addresses.c.chat == bindparam("of_chat"),
    people.c.withdrawn_at.is_(None),
)
_FIND = prepared(
    sa.select(*_PERSON, addresses.c.in_use).select_from(addresses.join(people)).where(_WRITES_THERE)
)
_FIND_WITH_ROLES = prepared(
    sa.select(*_PERSON, addresses.c.in_use, *_MEMBERSHIP)
    .select_from(
        addresses.join(people).outerjoin(
            memberships,
            sa.and_(memberships.c.person_id == people.c.id, memberships.c.ended_at.is_(None)),
        )
    )
    .where(_WRITES_THERE)
    .order_by(memberships.c.id)
)
_OF_PERSON = sa.select(*_PERSON).select_from(WITH_ADDRESS)
_BY_ID = prepared(_OF_PERSON.where(people.c.id == bindparam("of_id")))
_BY_IDS = _OF_PERSON.where(people.c.id.in_(bindparam("of_ids", expanding=True))).order_by(
    people.c.id
)
_ROLES = prepared(
    sa.select(*_MEMBERSHIP)
    .where(memberships.c.person_id == bindparam("of_id"), memberships.c.ended_at.is_(None))
    .order_by(memberships.c.id)
)
_ROLES_OF = (
    sa.select(memberships.c.person_id, *_MEMBERSHIP)
    .where(
        memberships.c.person_id.in_(bindparam("of_ids", expanding=True)),
        memberships.c.ended_at.is_(None),
    )
    .order_by(memberships.c.id)
)
_EVER = (
    sa.select(*_PERSON, *_MEMBERSHIP)
    .select_from(memberships.join(people).outerjoin(addresses, where.IN_USE))
    .order_by(memberships.c.id)
)
_MEMBERS = _EVER.where(memberships.c.ended_at.is_(None))
_OF_UNIT = _MEMBERS.where(memberships.c.unit_id == bindparam("of_unit"))
_OF_COMMUNE = prepared(_MEMBERS.where(memberships.c.commune_id == bindparam("of_commune")))
_OF_COMMUNE_ROLE = _OF_COMMUNE.where(memberships.c.role == bindparam("of_role"))
_UNREACHABLE_BY_COMMUNE = (
    sa.select(memberships.c.commune_id, sa.func.count(memberships.c.person_id.distinct()))
    .select_from(memberships.join(people).outerjoin(addresses, where.IN_USE))
    .where(
        memberships.c.commune_id.in_(bindparam("of_communes", expanding=True)),
        memberships.c.ended_at.is_(None),
        addresses.c.blocked_at.is_not(None),
    )
    .group_by(memberships.c.commune_id)
)


def find_person(tx: Connection, bot: str, address: str) -> Person | None:
    """Return the person with this address; None without consent or after a withdrawal."""
    row = tx.execute(_FIND, {"of_bot": bot, "of_chat": address}).first()
    return Person(*row) if row else None  # type: ignore[call-arg]


def find_with_roles(
    tx: Connection, bot: str, address: str
) -> tuple[Person, tuple[Membership, ...]] | None:
    """Return the same as `find_person`, with the roles that the person has now."""
    rows = tx.execute(_FIND_WITH_ROLES, {"of_bot": bot, "of_chat": address}).all()
    if not rows:
        return None
    width = len(_PERSON) + len(("in_use",))
    roles = tuple(Membership(*row[width:]) for row in rows if row[width] is not None)
    return Person(*rows[0][:width]), roles


def person(tx: Connection, person_id: int) -> Person | None:
    """Return the person with this id; None if there is none."""
    row = tx.execute(_BY_ID, {"of_id": person_id}).first()
    return Person(*row) if row else None


def people_by_ids(tx: Connection, person_ids: Sequence[int]) -> list[Person]:
    """Return the people with these ids, ordered by id."""
    if not person_ids:
        return []
    return [Person(*row) for row in tx.execute(_BY_IDS, {"of_ids": list(person_ids)})]


def add_person(
    tx: Connection,
    *,
    bot: str,
    address: str,
    name: str | None,
    handle: str | None,
    language: str,
    consent_version: str,
    now: datetime,
    way: str = "button",
) -> Person:
    """Store a person who has just consented; a person who had withdrawn gets their row again."""
    values = {
        "language": language,
        "consent_version": consent_version,
        "consent_at": now,
        "withdrawn_at": None,
    }
    this = sa.and_(addresses.c.bot == bot, addresses.c.chat == address)
    known = tx.scalar(sa.select(addresses.c.person_id).where(this))
    if known is None:
        known = insert(tx, people, name=name, created_at=now, **values)
        where.add(tx, known, bot, address, now, account_name=name, handle=handle)
    else:
        own = sa.func.coalesce(people.c.name, name)  # a name that they corrected stays
        tx.execute(sa.update(people).where(people.c.id == known).values(name=own, **values))
        where.use(tx, known, bot, address, now)
        account = {"account_name": name, "handle": handle, "blocked_at": None}
        tx.execute(sa.update(addresses).where(this).values(account))
        history.record(tx, "person", way, now, person_id=known, new={"state": "returned"})
    return _existing(tx, known)


def follow_account(tx: Connection, known: Person, name: str | None, handle: str | None) -> Person:
    """Store the account's present name and handle; a name that the person corrected stays."""
    if (known.account_name, known.handle) == (name, handle):
        return known
    own = known.name if known.name != known.account_name or name is None else name
    account = {"account_name": name, "handle": handle}
    this = sa.and_(addresses.c.bot == known.bot, addresses.c.chat == known.address)
    tx.execute(sa.update(addresses).where(this).values(account))
    if own != known.name:
        tx.execute(sa.update(people).where(people.c.id == known.id).values(name=own))
    return replace(known, account_name=name, handle=handle, name=own)


def set_name(tx: Connection, person_id: int, name: str, now: datetime, way: str = "button") -> None:
    """Store the corrected name; the history records only that it was changed."""
    tx.execute(sa.update(people).where(people.c.id == person_id).values(name=name))
    history.record(tx, "person", way, now, person_id=person_id, new={"state": "renamed"})


def set_language(tx: Connection, person_id: int, language: str) -> None:
    """Store the person's language."""
    tx.execute(sa.update(people).where(people.c.id == person_id).values(language=language))


def unreachable_of_commune(tx: Connection, commune_id: int) -> list[Member]:
    """Return the commune's people at whom messages do not arrive, ordered by area."""
    rows = tx.execute(
        _OF_COMMUNE.where(addresses.c.blocked_at.is_not(None))
        .order_by(None)
        .order_by(memberships.c.unit_id, memberships.c.id),
        {"of_commune": commune_id},
    )
    return [_member(row) for row in rows]


def memberships_of(tx: Connection, person_id: int) -> list[Membership]:
    """Return the roles that the person has now."""
    return [Membership(*row) for row in tx.execute(_ROLES, {"of_id": person_id})]


def roles_of(tx: Connection, person_ids: Sequence[int]) -> dict[int, list[Membership]]:
    """Return the roles that each of these people has now."""
    found: dict[int, list[Membership]] = {one: [] for one in person_ids}
    if not person_ids:
        return found
    for person_id, *row in tx.execute(_ROLES_OF, {"of_ids": list(person_ids)}):
        found[person_id].append(Membership(*row))
    return found


def in_several_communes(tx: Connection, person_ids: Sequence[int]) -> set[int]:
    """Return those of these people who have roles in several communes."""
    found = roles_of(tx, person_ids)
    return {one for one, held in found.items() if len(communes_of(held)) > 1}


def communes_of(held: Iterable[Membership]) -> set[int]:
    """Return the communes in which a person has these roles."""
    return {one.commune_id for one in held if one.commune_id is not None}


def add_membership(
    tx: Connection,
    person_id: int,
    role: str,
    *,
    now: datetime,
    unit_id: int | None = None,
    commune_id: int | None = None,
    group_name: str | None = None,
    label: str | None = None,
    invitation_id: int | None = None,
) -> Membership:
    """Add a role; return the existing membership if the person has the role already."""
    if unit_id is not None and commune_id is None:
        commune_id = tx.scalar(sa.select(units.c.commune_id).where(units.c.id == unit_id))
    # A link that is opened twice must not give the role twice.
    for held in memberships_of(tx, person_id):
        same = (held.role, held.unit_id, held.commune_id, held.group_name)
        if same == (role, unit_id, commune_id, group_name):
            return held
    if label is None and invitation_id is not None:
        label = tx.scalar(sa.select(invitations.c.label).where(invitations.c.id == invitation_id))
    made = insert(
        tx,
        memberships,
        person_id=person_id,
        role=role,
        unit_id=unit_id,
        commune_id=commune_id,
        group_name=group_name,
        label=label,
        invitation_id=invitation_id,
        began_at=now,
    )
    return Membership(made, role, unit_id, commune_id, group_name, label)


def end_membership(tx: Connection, membership_id: int, now: datetime) -> bool:
    """End a role and its sessions of the board; return False if the role had ended before."""
    ended = bool(
        tx.execute(
            sa.update(memberships)
            .where(memberships.c.id == membership_id, memberships.c.ended_at.is_(None))
            .values(ended_at=now)
        ).rowcount
    )
    if ended:
        board_sessions.end_by_role(tx, membership_id)
    return ended


def members_of_unit(tx: Connection, unit_id: int) -> list[Member]:
    """Return the people who belong to this unit now."""
    return [_member(row) for row in tx.execute(_OF_UNIT, {"of_unit": unit_id})]


def members_where(tx: Connection, *conditions: sa.ColumnElement[bool]) -> list[Member]:
    """Return the people with a current role that matches conditions on `memberships`."""
    return [_member(row) for row in tx.execute(_MEMBERS.where(*conditions))]


def members_ever(tx: Connection, *conditions: sa.ColumnElement[bool]) -> list[Member]:
    """Return the people with a current or ended role that matches conditions on `memberships`."""
    return [_member(row) for row in tx.execute(_EVER.where(*conditions))]


def people_of_commune(tx: Connection, commune_id: int, role: str | None = None) -> list[Member]:
    """Return the people with this role (or any) in the commune."""
    if role is None:
        rows = tx.execute(_OF_COMMUNE, {"of_commune": commune_id})
    else:
        rows = tx.execute(_OF_COMMUNE_ROLE, {"of_commune": commune_id, "of_role": role})
    return [_member(row) for row in rows]


def people_with_role(tx: Connection, roles: Iterable[str]) -> list[Member]:
    """Return the people with one of these roles in any place."""
    return members_where(tx, memberships.c.role.in_(list(roles)))


def officers_by_commune(tx: Connection, commune_ids: Iterable[int]) -> Counter[int]:
    """Return the number of officers of each commune."""
    rows = tx.execute(
        sa.select(memberships.c.commune_id, sa.func.count())
        .where(
            memberships.c.commune_id.in_(list(commune_ids)),
            memberships.c.role == "officer",
            memberships.c.ended_at.is_(None),
        )
        .group_by(memberships.c.commune_id)
    )
    return Counter({row[0]: row[1] for row in rows})


def unreachable_by_commune(tx: Connection, commune_ids: Iterable[int]) -> Counter[int]:
    """Return the number of each commune's people at whom messages do not arrive."""
    rows = tx.execute(_UNREACHABLE_BY_COMMUNE, {"of_communes": list(commune_ids)})
    return Counter({row[0]: row[1] for row in rows})


def _existing(tx: Connection, person_id: int) -> Person:
    found = person(tx, person_id)
    if found is None:
        raise KeyError(person_id)
    return found


def _member(row: Row) -> Member:
    return Member(Person(*row[: len(_PERSON)]), Membership(*row[len(_PERSON) :]))
