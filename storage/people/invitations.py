"""Invitations. The random code is shown once, and only its hash is stored."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage import history
from storage.engine.rows import insert
from storage.tables import invitations

_CODE_BYTES = 16  # 128 bits


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a code grants: a role in a place, to a number of people, until a time."""

    id: int
    role: str
    commune_id: int | None
    unit_id: int | None
    group_name: str | None
    label: str | None
    uses: int
    used: int
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    created_by: int | None = None
    replaces_id: int | None = None  # the person whose roles the new one takes over

    def valid(self, now: datetime) -> bool:
        """Return whether a person can still join with it."""
        return self.revoked_at is None and self.used < self.uses and now < self.expires_at


@dataclass(frozen=True, slots=True)
class InvitationRequest:
    """An invitation to create."""

    role: str
    commune_id: int | None = None
    unit_id: int | None = None
    group_name: str | None = None
    label: str | None = None
    uses: int = 1


_COLUMNS = (
    invitations.c.id,
    invitations.c.role,
    invitations.c.commune_id,
    invitations.c.unit_id,
    invitations.c.group_name,
    invitations.c.label,
    invitations.c.uses,
    invitations.c.used,
    invitations.c.created_at,
    invitations.c.expires_at,
    invitations.c.revoked_at,
    invitations.c.created_by,
    invitations.c.replaces_id,
)
_BY_HASH = sa.select(invitations.c.code_hash, *_COLUMNS).where(
    invitations.c.code_hash == bindparam("hashed")
)
_BY_SHORT_CODE = sa.select(invitations.c.short_code_hash, *_COLUMNS).where(
    invitations.c.short_code_hash == bindparam("hashed")
)
_NUMBERS = sa.select(invitations.c.code_hash, invitations.c.id).where(
    invitations.c.code_hash.in_(bindparam("hashes", expanding=True))
)
_BY_ID = sa.select(*_COLUMNS).where(invitations.c.id == bindparam("of_id"))
_USE = (
    sa.update(invitations)
    .where(
        invitations.c.id == bindparam("of_id"),
        invitations.c.used < invitations.c.uses,
        invitations.c.revoked_at.is_(None),
    )
    .values(used=invitations.c.used + 1)
)


def create_invitation(
    tx: Connection,
    role: str,
    *,
    now: datetime,
    expires_at: datetime,
    uses: int = 1,
    commune_id: int | None = None,
    unit_id: int | None = None,
    group_name: str | None = None,
    label: str | None = None,
    created_by: int | None = None,
    replaces_id: int | None = None,
    way: str = "command",
) -> tuple[Invitation, str]:
    """Create an invitation; return it with its code, which cannot be read again later."""
    code = secrets.token_urlsafe(_CODE_BYTES)
    made = insert(
        tx,
        invitations,
        code_hash=_hash(code),
        role=role,
        commune_id=commune_id,
        unit_id=unit_id,
        group_name=group_name,
        label=label,
        uses=uses,
        created_at=now,
        expires_at=expires_at,
        created_by=created_by,
        replaces_id=replaces_id,
    )
    fields = (role, commune_id, unit_id, group_name, label, uses, 0, now, expires_at, None)
    invitation = Invitation(made, *fields, created_by, replaces_id)
    _record(tx, invitation, "created", created_by, way, now)
    return invitation, code


def create_invitations(
    tx: Connection,
    wanted: Sequence[InvitationRequest],
    *,
    now: datetime,
    expires_at: datetime,
    created_by: int | None = None,
    way: str = "command",
) -> list[tuple[Invitation, str]]:
    """Create many invitations in a few statements; return each with its code, in order."""
    if not wanted:
        return []
    codes = [secrets.token_urlsafe(_CODE_BYTES) for _ in wanted]
    hashes = [_hash(code) for code in codes]
    shared = {"created_at": now, "expires_at": expires_at, "created_by": created_by}
    rows = [
        {"code_hash": hashed, **asdict(one), **shared}
        for one, hashed in zip(wanted, hashes, strict=True)
    ]
    # With RETURNING in this order SQLite would need a statement for each row.
    tx.execute(sa.insert(invitations), rows)
    numbers = dict(tuple(row) for row in tx.execute(_NUMBERS, {"hashes": hashes}))
    made = [
        Invitation(
            numbers[hashed], one.role, one.commune_id, one.unit_id, one.group_name, one.label,
            one.uses, 0, now, expires_at, None, created_by,
        )
        for hashed, one in zip(hashes, wanted, strict=True)
    ]  # fmt: skip
    history.record_all(tx, [_change(one, "created", created_by, way, now) for one in made])
    return list(zip(made, codes, strict=True))


def find_invitation(tx: Connection, code: str) -> Invitation | None:
    """Return the invitation of a code, valid or not; None for an unknown code."""
    return _found(tx, _BY_HASH, _hash(code))


def by_short_code(tx: Connection, hashed: str) -> Invitation | None:
    """Return the invitation of a short code's keyed hash, valid or not; None if it is unknown."""
    return _found(tx, _BY_SHORT_CODE, hashed)


def invitation_by_id(tx: Connection, invitation_id: int) -> Invitation | None:
    """Return the invitation with this id; None if there is none."""
    row = tx.execute(_BY_ID, {"of_id": invitation_id}).first()
    return Invitation(*row) if row else None


def use_invitation(tx: Connection, invitation_id: int) -> bool:
    """Count one use; return False if no use is left or the invitation was revoked."""
    return tx.execute(_USE, {"of_id": invitation_id}).rowcount == 1


def revoke_invitation(
    tx: Connection,
    invitation_id: int,
    now: datetime,
    *,
    by: int | None = None,
    way: str = "command",
) -> bool:
    """Revoke an invitation; return False if there is none or it was revoked before."""
    row = tx.execute(sa.select(*_COLUMNS).where(invitations.c.id == invitation_id)).first()
    if row is None or row.revoked_at is not None:
        return False
    tx.execute(
        sa.update(invitations).where(invitations.c.id == invitation_id).values(revoked_at=now)
    )
    _record(tx, Invitation(*tuple(row)), "revoked", by, way, now)
    return True


def list_invitations(tx: Connection, commune_id: int | None = None) -> list[Invitation]:
    """Return all invitations, or those of a commune, newest first."""
    statement = sa.select(*_COLUMNS).order_by(invitations.c.id.desc())
    if commune_id is not None:
        statement = statement.where(invitations.c.commune_id == commune_id)
    return [Invitation(*tuple(row)) for row in tx.execute(statement)]


def _found(tx: Connection, statement: sa.Select[Any], hashed: str) -> Invitation | None:
    row = tx.execute(statement, {"hashed": hashed}).first()
    # In constant time, so that the delay does not reveal anything about stored hashes.
    if row is None or not hmac.compare_digest(row[0], hashed):
        return None
    return Invitation(*tuple(row)[1:])


def _hash(code: str) -> str:
    # A fast hash is enough, because the code is 128 random bits and no password.
    return hashlib.sha256(code.encode()).hexdigest()


def _record(
    tx: Connection, invitation: Invitation, state: str, by: int | None, way: str, now: datetime
) -> None:
    history.record_all(tx, [_change(invitation, state, by, way, now)])


def _change(
    invitation: Invitation, state: str, by: int | None, way: str, now: datetime
) -> dict[str, Any]:
    return history.change(
        "invitation",
        way,
        now,
        person_id=by,
        commune_id=invitation.commune_id,
        unit_id=invitation.unit_id,
        new={"id": invitation.id, "role": invitation.role, "state": state, "uses": invitation.uses},
    )
