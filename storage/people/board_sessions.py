"""The board in a browser: tickets for signing in, and the open sessions of people.

Links, codes and cookies are stored as keyed hashes only (`ShortCodes.board_hash`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage.engine.rows import insert
from storage.people.code_expiry import CLOCKS_DIFFER, not_expired
from storage.tables import board_sessions, board_tickets, memberships

TICKET_LASTS = timedelta(minutes=10)
SESSION_LASTS = timedelta(hours=12)
MOST_SESSIONS = 5  # of one person; opening one more ends the oldest


@dataclass(frozen=True, slots=True)
class Session:
    """An open session; `browser` is a few words such as "Chrome, Windows"."""

    id: int
    person_id: int
    browser: str
    opened_at: datetime
    expires_at: datetime


_SESSION = (
    board_sessions.c.id,
    board_sessions.c.person_id,
    board_sessions.c.browser,
    board_sessions.c.opened_at,
    board_sessions.c.expires_at,
)
_BY_COOKIE = sa.select(*_SESSION).where(board_sessions.c.cookie_hash == bindparam("hashed"))
_OF_PERSON = (
    sa.select(*_SESSION)
    .where(
        board_sessions.c.person_id == bindparam("of_person"),
        board_sessions.c.expires_at > bindparam("at", type_=board_sessions.c.expires_at.type),
    )
    .order_by(board_sessions.c.id)
)


def add_ticket(
    tx: Connection, person_id: int, link_hash: str, code_hash: str, now: datetime
) -> bool:
    """Store a link and a code with which the person can sign in; earlier ones become invalid.

    Return False if another person's code has the same digits.
    """
    tx.execute(
        sa.delete(board_tickets).where(
            sa.or_(board_tickets.c.person_id == person_id, board_tickets.c.expires_at <= now)
        )
    )
    taken = sa.select(board_tickets.c.id).where(board_tickets.c.code_hash == code_hash)
    if tx.scalar(taken) is not None:
        return False
    tx.execute(
        sa.insert(board_tickets).values(
            person_id=person_id, link_hash=link_hash, code_hash=code_hash,
            expires_at=now + TICKET_LASTS,
        )
    )  # fmt: skip
    return True


def redeem_link(tx: Connection, link_hash: str, now: datetime) -> int | None:
    """Return whose valid link this is, or None; the link and its code become invalid."""
    return _redeem(tx, board_tickets.c.link_hash == link_hash, now)


def redeem_code(tx: Connection, code_hash: str, now: datetime) -> int | None:
    """Return whose valid code this is, or None; the code and its link become invalid."""
    return _redeem(tx, board_tickets.c.code_hash == code_hash, now)


def _redeem(tx: Connection, which: "sa.ColumnElement[bool]", now: datetime) -> int | None:
    valid = not_expired(board_tickets.c.expires_at, TICKET_LASTS, now)
    redeemed = sa.delete(board_tickets).where(which, valid)
    return tx.scalar(redeemed.returning(board_tickets.c.person_id))


def open_session(
    tx: Connection, person_id: int, cookie_hash: str, browser: str, now: datetime
) -> int:
    """Open a session and return its id; end the person's oldest sessions above MOST_SESSIONS."""
    kept = open_sessions(tx, person_id, now)
    end(tx, [one.id for one in kept[: max(0, len(kept) + 1 - MOST_SESSIONS)]])
    return insert(
        tx, board_sessions, person_id=person_id, cookie_hash=cookie_hash, browser=browser,
        opened_at=now, expires_at=now + SESSION_LASTS,
    )  # fmt: skip


def session(tx: Connection, cookie_hash: str, now: datetime) -> Session | None:
    """Return the open session with this cookie; None if it is unknown or over."""
    row = tx.execute(_BY_COOKIE, {"hashed": cookie_hash}).first()
    found = Session(*row) if row is not None else None
    if found is None or not found.opened_at - CLOCKS_DIFFER <= now < found.expires_at:
        return None
    return found


def open_sessions(tx: Connection, person_id: int, now: datetime) -> list[Session]:
    """Return the person's open sessions, oldest first."""
    given = {"of_person": person_id, "at": now}
    return [Session(*row) for row in tx.execute(_OF_PERSON, given)]


def end(tx: Connection, session_ids: Sequence[int]) -> None:
    """End these sessions."""
    if session_ids:
        tx.execute(sa.delete(board_sessions).where(board_sessions.c.id.in_(session_ids)))


def end_all(tx: Connection, person_id: int) -> None:
    """End all sessions of a person, and make their links and codes invalid."""
    for table in (board_sessions, board_tickets):
        tx.execute(sa.delete(table).where(table.c.person_id == person_id))


def end_by_role(tx: Connection, membership_id: int) -> None:
    """End the sessions of the person who had this role; getting the role again restores none."""
    holder = sa.select(memberships.c.person_id).where(memberships.c.id == membership_id)
    for table in (board_sessions, board_tickets):
        tx.execute(sa.delete(table).where(table.c.person_id == holder.scalar_subquery()))


def drop_expired(tx: Connection, now: datetime) -> None:
    """Delete expired tickets and sessions."""
    for table, lasts in ((board_tickets, TICKET_LASTS), (board_sessions, SESSION_LASTS)):
        tx.execute(sa.delete(table).where(sa.not_(not_expired(table.c.expires_at, lasts, now))))
