"""Withdrawing consent and forgetting a person (Law 91/2025: the rights to withdraw and delete).

A person who withdraws is treated as unknown at once and forgotten after 30 days, unless they come
back. Only the internal id of a forgotten person stays, so that reports and history stay complete.
"""

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import PurePath

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage import history
from storage.engine import erasing
from storage.engine.rows import Row
from storage.masking import possible_mentions, without, without_name, without_phones
from storage.people import board_sessions
from storage.people.people import end_membership, memberships_of
from storage.personal_data import free_texts, unmasked_texts
from storage.places import workbooks
from storage.tables import (
    addresses,
    asks,
    conversations,
    evenings,
    evidence,
    inbox,
    memberships,
    mutes,
    nudges,
    outbox,
    people,
    shown_messages,
    written,
)
from storage.tables import workbooks as sent_workbooks

KEPT_AFTER_WITHDRAWAL = timedelta(days=30)
_FORGOTTEN_AT_ONCE = 1  # for each, every table of texts is searched


def withdraw(tx: Connection, person_id: int, now: datetime, way: str = "button") -> None:
    """End consent: roles and messages end at once, personal data is erased after 30 days."""
    _end_everything(tx, person_id, now, way)
    tx.execute(sa.update(people).where(people.c.id == person_id).values(withdrawn_at=now))
    history.record(tx, "person", way, now, person_id=person_id, new={"state": "withdrawn"})


def withdrawn(tx: Connection, bot: str, address: str) -> bool:
    """Return whether a person with this address has withdrawn and is not forgotten yet."""
    found = (
        sa.select(people.c.id)
        .join_from(addresses, people)
        .where(
            addresses.c.bot == bot,
            addresses.c.chat == address,
            people.c.withdrawn_at.is_not(None),
        )
    )
    return tx.scalar(found) is not None


def forget(tx: Connection, person_id: int, now: datetime, way: str = "button") -> list[int]:
    """Erase all personal data of a person; the id stays.

    Return the communes whose texts may still name the person (table `remains`).
    """
    known = tx.execute(
        sa.delete(addresses)
        .where(addresses.c.person_id == person_id)
        .returning(
            addresses.c.bot, addresses.c.chat, addresses.c.handle, addresses.c.account_name,
            sa.select(people.c.name).where(people.c.id == person_id).scalar_subquery(),
        )
    ).all()  # fmt: skip
    # If the person's account was linked to another person, that one has the address now, and
    # nothing was deleted above. Texts may still contain the name, so it is read separately.
    own_name = sa.select(people.c.name).where(people.c.id == person_id)
    name = known[0][-1] if known else tx.scalar(own_name)
    _end_everything(tx, person_id, now, way)
    # Withdrawing does not delete these, so that a person who comes back has their choices again.
    for table in (mutes, nudges, evenings):
        tx.execute(sa.delete(table).where(table.c.person_id == person_id))
    communes = _mask_texts(tx, person_id, name, known, now)
    _rename_own_files(tx, person_id)
    for one in known:  # failed updates contain the person's messages
        tx.execute(
            sa.update(inbox)
            .where(inbox.c.bot == one.bot, inbox.c.chat == one.chat, inbox.c.state != "waiting")
            .values(payload=None, chat="")
        )
    tx.execute(
        sa.update(people)
        .where(people.c.id == person_id)
        .values(
            name=None,
            phone=None,
            consent_version=None,
            consent_at=None,
            withdrawn_at=None,
        )
    )
    history.record(tx, "person", way, now, person_id=person_id, new={"state": "forgotten"})
    erasing.mark(tx)
    return communes


def due_to_be_forgotten(tx: Connection, now: datetime) -> list[int]:
    """Return some people who withdrew 30 days ago and did not return; it reads the whole table."""
    return list(tx.scalars(_withdrawn_long_ago(now).limit(_FORGOTTEN_AT_ONCE)))


def still_withdrawn(tx: Connection, person_ids: Sequence[int], now: datetime) -> list[int]:
    """Return those of these people who have not come back in the meantime."""
    return list(tx.scalars(_withdrawn_long_ago(now).where(people.c.id.in_(person_ids))))


def _withdrawn_long_ago(now: datetime) -> "sa.Select[int]":
    return sa.select(people.c.id).where(people.c.withdrawn_at < now - KEPT_AFTER_WITHDRAWAL)


def _end_everything(tx: Connection, person_id: int, now: datetime, way: str) -> None:
    for held in memberships_of(tx, person_id):
        end_membership(tx, held.id, now)
        history.record(
            tx,
            "role",
            way,
            now,
            person_id=person_id,
            commune_id=held.commune_id,
            unit_id=held.unit_id,
            old={"role": held.role},
        )
    board_sessions.end_all(tx, person_id)
    for table in (shown_messages, asks, written, conversations, sent_workbooks):
        tx.execute(sa.delete(table).where(table.c.person_id == person_id))
    # A waiting message may quote the person's data, so its payload is erased too.
    tx.execute(
        sa.update(outbox)
        .where(outbox.c.person_id == person_id, outbox.c.state == "waiting")
        .values(state="dropped", reason="left", payload="", finished_at=now)
    )


def _mask_texts(
    tx: Connection, person_id: int, own_name: str | None, known: Sequence[Row], now: datetime
) -> list[int]:
    """Mask the person's name and addresses in texts.

    In their own texts both are masked. In other people's texts of their communes the name is masked
    if it certainly means this person. Return the communes where other texts may still name them.
    """
    accounts = [one for row in known for one in (row.handle, row.chat, row.account_name)]
    words = (own_name, *accounts)
    name: str = own_name or next((row.account_name for row in known if row.account_name), "")

    free_texts.mask_own(tx, person_id, lambda text: without(without_name(text, name), words))
    own = sa.select(memberships.c.commune_id).where(
        memberships.c.person_id == person_id, memberships.c.commune_id.is_not(None)
    )
    communes = list(tx.scalars(own.distinct())) if name else []
    workbooks.drop_naming(tx, name)
    return [one for one in communes if _mask_commune(tx, one, person_id, name, now)]


def _mask_commune(
    tx: Connection, commune_id: int, person_id: int, name: str, now: datetime
) -> bool:
    """Mask the name in the commune's texts; return whether some may still name the person.

    An officer decides about each of these texts (see `unmasked_texts`).
    """
    texts = free_texts.mask_of_commune(
        tx, commune_id, person_id, lambda text: without_name(text, name), now
    )
    found = {}
    for text in sorted(texts):
        composed = without_phones(unicodedata.normalize("NFC", text))
        spans = possible_mentions(composed, name)
        # The spans are positions in `composed`; they are right only for a text that is equal to it.
        if spans and composed == text:
            found[text] = spans
    unmasked_texts.add(tx, commune_id, person_id, found, now)
    return bool(found)


def _rename_own_files(tx: Connection, person_id: int) -> None:
    """Replace the names of the person's files; the file extensions stay."""
    named = sa.select(evidence.c.id, evidence.c.original_name).where(
        evidence.c.given_by == person_id, evidence.c.original_name.is_not(None)
    )
    neutral = [
        {"of_id": number, "neutral": f"file{PurePath(name).suffix}"}
        for number, name in tx.execute(named)
    ]
    if neutral:
        change = sa.update(evidence).where(evidence.c.id == bindparam("of_id"))
        tx.execute(change.values(original_name=bindparam("neutral")), neutral)
