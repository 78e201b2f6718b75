"""The addresses of people: chats of bots. A person has one or several; one of them is in use.

Messages go to the address in use: where the person last wrote, or, if it is blocked, another one.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.tables import addresses, people

IN_USE = sa.and_(addresses.c.person_id == people.c.id, addresses.c.in_use)
WITH_ADDRESS = people.outerjoin(addresses, IN_USE)
# No address for a person who has withdrawn, so that no query can send to them by mistake.
CHAT = sa.case((people.c.withdrawn_at.is_(None), addresses.c.chat)).label("chat")


@dataclass(frozen=True, slots=True)
class Address:
    """A chat with a bot. `blocked_at`: since then messages do not arrive."""

    bot: str
    chat: str
    person_id: int
    in_use: bool
    last_written_at: datetime
    blocked_at: datetime | None


_ADDRESS = (
    addresses.c.bot,
    addresses.c.chat,
    addresses.c.person_id,
    addresses.c.in_use,
    addresses.c.last_written_at,
    addresses.c.blocked_at,
)


def addresses_of(tx: Connection, person_id: int) -> list[Address]:
    """Return all addresses of a person: first the one in use, then those used last."""
    rows = tx.execute(
        sa.select(*_ADDRESS)
        .where(addresses.c.person_id == person_id)
        .order_by(addresses.c.in_use.desc(), addresses.c.last_written_at.desc(), addresses.c.bot)
    )
    return [Address(*row) for row in rows]


def add(
    tx: Connection,
    person_id: int,
    bot: str,
    chat: str,
    now: datetime,
    *,
    account_name: str | None = None,
    handle: str | None = None,
) -> None:
    """Add an address, which is in use from now on; it must not belong to anybody yet."""
    _put_out_of_use(tx, person_id)
    tx.execute(
        sa.insert(addresses).values(
            bot=bot, chat=chat, person_id=person_id, account_name=account_name, handle=handle,
            in_use=True, last_written_at=now,
        )
    )  # fmt: skip


def use(tx: Connection, person_id: int, bot: str, chat: str, now: datetime) -> None:
    """Use this address of the person for messages from now on, because they wrote there."""
    _put_out_of_use(tx, person_id)
    change = sa.update(addresses).where(_this(bot, chat), addresses.c.person_id == person_id)
    tx.execute(change.values(in_use=True, last_written_at=now))


def set_reachable(tx: Connection, bot: str, chat: str, *, reachable: bool, now: datetime) -> None:
    """Store whether messages arrive at an address; the time of the first refusal stays.

    While the address in use is blocked, the person's messages go to another one, if there is one.
    """
    change = sa.update(addresses).where(_this(bot, chat))
    if reachable:
        tx.execute(change.values(blocked_at=None))
        return
    tx.execute(change.where(addresses.c.blocked_at.is_(None)).values(blocked_at=now))
    owner = sa.select(addresses.c.person_id).where(_this(bot, chat), addresses.c.in_use)
    person_id = tx.scalar(owner)
    others = addresses_of(tx, person_id) if person_id is not None else []
    other = next((one for one in others if one.blocked_at is None), None)
    if other is not None and not other.in_use:
        _put_out_of_use(tx, other.person_id)
        tx.execute(sa.update(addresses).where(_this(other.bot, other.chat)).values(in_use=True))


def people_at(tx: Connection, bot: str) -> int:
    """Return the number of people who have an address at a bot."""
    return tx.scalar(sa.select(sa.func.count()).where(addresses.c.bot == bot)) or 0


def _this(bot: str, chat: str) -> sa.ColumnElement[bool]:
    return sa.and_(addresses.c.bot == bot, addresses.c.chat == chat)


def _put_out_of_use(tx: Connection, person_id: int) -> None:
    change = sa.update(addresses).where(addresses.c.person_id == person_id, addresses.c.in_use)
    tx.execute(change.values(in_use=False))
