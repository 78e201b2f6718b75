"""One person on two messengers: the code that links two chats, the result, and undoing it.

A linking begins with a code that a person gets in one chat and types in another. Both chats belong
to one person only after both have agreed. If the other chat belongs to a known person, their roles
become the first person's. Their own row, and all history that names it, stays.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import history
from storage.people import addresses as where
from storage.people.code_expiry import not_expired
from storage.people.people import Membership, add_membership, end_membership, memberships_of
from storage.people.reporters import continue_role
from storage.tables import addresses, asks, linkings, shown_messages, written

CODE_LASTS = timedelta(minutes=10)
# for two known people; a chat without a known person can be removed later too
UNDONE_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Linking:
    """A linking: the person with the code, and the chat where it was typed.

    `other_id` is the known person of that chat, if there is one. `agreed_at`: when the other chat
    agreed. `joined_at`: when both had agreed and became one person. `moved`: JSON of the moved
    chats and roles.
    """

    id: int
    person_id: int
    expires_at: datetime
    other_id: int | None
    bot: str | None
    chat: str | None
    account_name: str | None
    handle: str | None
    agreed_at: datetime | None
    joined_at: datetime | None
    moved: str | None


_LINKING = (
    linkings.c.id,
    linkings.c.person_id,
    linkings.c.expires_at,
    linkings.c.other_id,
    linkings.c.bot,
    linkings.c.chat,
    linkings.c.account_name,
    linkings.c.handle,
    linkings.c.agreed_at,
    linkings.c.joined_at,
    linkings.c.moved,
)
_PENDING = linkings.c.joined_at.is_(None)


def _not_expired(now: datetime) -> sa.ColumnElement[bool]:
    return not_expired(linkings.c.expires_at, CODE_LASTS, now)


def begin(tx: Connection, person_id: int, code_hash: str, now: datetime) -> None:
    """Begin a linking with the hash of its code; an earlier code of the person becomes invalid."""
    tx.execute(sa.delete(linkings).where(linkings.c.person_id == person_id, _PENDING))
    values = {"person_id": person_id, "code_hash": code_hash, "expires_at": now + CODE_LASTS}
    tx.execute(sa.insert(linkings).values(values))


def by_code(tx: Connection, code_hash: str, now: datetime) -> Linking | None:
    """Return the valid linking of a code to which nobody has agreed yet, or None."""
    return _find(
        tx, linkings.c.code_hash == code_hash, linkings.c.agreed_at.is_(None), _PENDING,
        _not_expired(now),
    )  # fmt: skip


def pending(tx: Connection, person_id: int, now: datetime) -> Linking | None:
    """Return the linking that the person has begun and that is not over; None if there is none."""
    return _find(tx, linkings.c.person_id == person_id, _PENDING, _not_expired(now))


def claim(tx: Connection, linking_id: int, other_id: int) -> None:
    """Store that a known person has typed the code."""
    this = linkings.c.id == linking_id
    tx.execute(sa.update(linkings).where(this).values(other_id=other_id))


def claimed(tx: Connection, linking_id: int, other_id: int, now: datetime) -> Linking | None:
    """Return the linking whose code this known person has typed and not yet confirmed, or None."""
    return _find(
        tx, linkings.c.id == linking_id, linkings.c.other_id == other_id, _PENDING,
        linkings.c.agreed_at.is_(None), _not_expired(now),
    )  # fmt: skip


def agree(
    tx: Connection,
    linking: Linking,
    bot: str,
    chat: str,
    account_name: str | None,
    handle: str | None,
    now: datetime,
) -> None:
    """Store the chat that has agreed, until the person with the code has confirmed it."""
    tx.execute(
        sa.update(linkings)
        .where(linkings.c.id == linking.id)
        .values(bot=bot, chat=chat, account_name=account_name, handle=handle, agreed_at=now)
    )


def agreed_by(tx: Connection, bot: str, chat: str, now: datetime) -> Linking | None:
    """Return the linking to which this chat agreed, but not yet the person with the code."""
    return _find(
        tx, linkings.c.bot == bot, linkings.c.chat == chat, linkings.c.agreed_at.is_not(None),
        _PENDING, linkings.c.expires_at > now,
    )  # fmt: skip


def drop(tx: Connection, linking_id: int) -> None:
    """Delete a linking that was not completed."""
    tx.execute(sa.delete(linkings).where(linkings.c.id == linking_id, _PENDING))


def drop_expired(tx: Connection, now: datetime) -> None:
    """Delete the linkings whose code has expired, with the chats that had agreed."""
    tx.execute(sa.delete(linkings).where(_PENDING, sa.not_(_not_expired(now))))


# --- completing and undoing a linking -------------------------------------------------------------


def join(tx: Connection, linking: Linking, here: tuple[str, str], now: datetime) -> bool:
    """Make both chats one person's; `here` is where the person with the code confirmed it.

    Return False without a change if the other chat belongs to another person now than when it
    agreed, or if the person has a chat with that bot already.
    """
    bot, chat = linking.bot or "", linking.chat or ""
    owner = tx.scalar(
        sa.select(addresses.c.person_id).where(addresses.c.bot == bot, addresses.c.chat == chat)
    )
    bots = _bots_of(tx, linking.other_id, bot)
    if owner != linking.other_id or share_a_bot(tx, linking.person_id, linking.other_id, bot):
        return False
    roles: list[tuple[int, int, bool]] = []
    if linking.other_id is None:
        where.add(
            tx, linking.person_id, bot, chat, now,
            account_name=linking.account_name, handle=linking.handle,
        )  # fmt: skip
    else:
        _give_chats(tx, linking.other_id, linking.person_id, bots)
        roles = _give_roles(tx, linking.other_id, linking.person_id, now)
    where.use(tx, linking.person_id, *here, now)
    tx.execute(
        sa.update(linkings)
        .where(linkings.c.id == linking.id)
        .values(
            code_hash=None, chat=None, account_name=None, handle=None, joined_at=now,
            moved=json.dumps({"v": 1, "bots": bots, "roles": roles}),
        )
    )  # fmt: skip
    _record(tx, linking, "linked", now)
    return True


def share_a_bot(tx: Connection, person_id: int, other_id: int | None, bot: str) -> bool:
    """Return whether both sides have a chat with the same bot; the other one has `bot` at least."""
    held = {one.bot for one in where.addresses_of(tx, person_id)}
    return not held.isdisjoint(_bots_of(tx, other_id, bot))


def _bots_of(tx: Connection, other_id: int | None, bot: str) -> list[str]:
    theirs = where.addresses_of(tx, other_id) if other_id is not None else []
    return [one.bot for one in theirs] or [bot]


def newest_to_undo(tx: Connection, person_id: int, now: datetime) -> Linking | None:
    """Return the newest completed linking that can be undone now; None if there is none."""
    within = sa.or_(linkings.c.other_id.is_(None), linkings.c.joined_at > now - UNDONE_WITHIN)
    return _find(
        tx, linkings.c.person_id == person_id, linkings.c.joined_at.is_not(None), within
    )  # fmt: skip


def undo(tx: Connection, linking: Linking, now: datetime) -> None:
    """Undo a linking: give the other person's chats back, and the roles that have not ended."""
    moved = json.loads(linking.moved or "{}")
    bots = moved.get("bots", [])
    if linking.other_id is None:
        mine = addresses.c.person_id == linking.person_id
        tx.execute(sa.delete(addresses).where(mine, addresses.c.bot.in_(bots)))
    else:
        _give_chats(tx, linking.person_id, linking.other_id, bots)
        _take_one_into_use(tx, linking.other_id)
        _give_roles_back(tx, linking, moved.get("roles", []), now)
    _take_one_into_use(tx, linking.person_id)
    tx.execute(sa.delete(linkings).where(linkings.c.id == linking.id))
    _record(tx, linking, "parted", now)


def people_merged_into(tx: Connection, person_id: int) -> list[int]:
    """Return the people who became this one, directly or not: their data is this person's."""
    found: list[int] = []
    waiting = [person_id]
    while waiting:
        rows = tx.scalars(
            sa.select(linkings.c.other_id).where(
                linkings.c.person_id.in_(waiting),
                linkings.c.other_id.is_not(None),
                linkings.c.joined_at.is_not(None),
            )
        )
        waiting = [one for one in rows if one not in found]
        found += waiting
    return found


def has_any(tx: Connection, person_id: int) -> bool:
    """Return whether the person has begun or completed any linking, or typed a code."""
    theirs = sa.or_(linkings.c.person_id == person_id, linkings.c.other_id == person_id)
    return tx.scalar(sa.select(linkings.c.id).where(theirs).limit(1)) is not None


def forget(tx: Connection, person_ids: Sequence[int]) -> None:
    """Delete all linkings of these people."""
    theirs = sa.or_(linkings.c.person_id.in_(person_ids), linkings.c.other_id.in_(person_ids))
    tx.execute(sa.delete(linkings).where(theirs))


def _give_chats(tx: Connection, old_id: int, new_id: int, bots: Sequence[str]) -> None:
    """Give chats to another person, with their stored messages, so that replies to these work."""
    tx.execute(
        sa.update(addresses)
        .where(addresses.c.person_id == old_id, addresses.c.bot.in_(bots))
        .values(person_id=new_id, in_use=False)
    )
    for table in (asks, written, shown_messages):
        there = sa.and_(table.c.person_id == old_id, table.c.bot.in_(bots))
        tx.execute(sa.update(table).where(there).values(person_id=new_id))


def _take_one_into_use(tx: Connection, person_id: int) -> None:
    """Put the chat used last into use if no chat of the person is in use."""
    held = where.addresses_of(tx, person_id)
    if held and not any(one.in_use for one in held):
        where.use(tx, person_id, held[0].bot, held[0].chat, held[0].last_written_at)


def _give_roles(
    tx: Connection, old_id: int, new_id: int, now: datetime
) -> list[tuple[int, int, bool]]:
    """Give all roles to another person.

    Return for each the ended role's id, the other role's id, and whether the other one is new.
    """
    held = {one.id for one in memberships_of(tx, new_id)}
    moved = []
    for role in memberships_of(tx, old_id):
        given = _give_role(tx, role, old_id, new_id, now)
        continue_role(tx, role.id, given.id)
        moved.append((role.id, given.id, given.id not in held))
    return moved


def _give_roles_back(
    tx: Connection, linking: Linking, moved: Sequence[tuple[int, int, bool]], now: datetime
) -> None:
    """Give back the roles that came with the linking, except those that have ended since."""
    assert linking.other_id is not None
    held = {one.id: one for one in memberships_of(tx, linking.person_id)}
    for _, given_id, new in moved:
        role = held.get(given_id)
        if role is None:
            continue
        if new:
            _give_role(tx, role, linking.person_id, linking.other_id, now)
        else:  # both people had the role
            _add(tx, role, linking.other_id, now)
            _record_role(tx, role, None, linking.other_id, linking.person_id, now)


def _give_role(
    tx: Connection, role: Membership, old_id: int, new_id: int, now: datetime
) -> Membership:
    end_membership(tx, role.id, now)
    given = _add(tx, role, new_id, now)
    _record_role(tx, role, old_id, new_id, new_id, now)
    return given


def _add(tx: Connection, role: Membership, person_id: int, now: datetime) -> Membership:
    return add_membership(
        tx, person_id, role.role, now=now, unit_id=role.unit_id, commune_id=role.commune_id,
        group_name=role.group_name, label=role.label,
    )  # fmt: skip


def _record_role(
    tx: Connection, role: Membership, old_id: int | None, new_id: int, by: int, now: datetime
) -> None:
    old = {"role": role.role, "person": old_id} if old_id is not None else None
    history.record(
        tx, "role", "button", now, person_id=by, commune_id=role.commune_id, unit_id=role.unit_id,
        old=old, new={"role": role.role, "person": new_id},
    )  # fmt: skip


def _record(tx: Connection, linking: Linking, state: str, now: datetime) -> None:
    new: dict[str, object] = {"state": state, "bot": linking.bot}
    if linking.other_id is not None:
        new["person"] = linking.other_id
    history.record(tx, "person", "button", now, person_id=linking.person_id, new=new)


def _find(tx: Connection, *conditions: sa.ColumnElement[bool]) -> Linking | None:
    row = tx.execute(
        sa.select(*_LINKING).where(*conditions).order_by(linkings.c.id.desc()).limit(1)
    ).first()
    return Linking(*row) if row else None
