"""The list of all columns with free text, and the masking of a person's name in them.

Only this module and `retention` change history entries. They first record each change in
`maskings`, because the database's triggers refuse any other change.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.engine.rows import insert
from storage.masking import FREE
from storage.tables import (
    asks,
    confirmations,
    deadline_results,
    difficulties,
    evidence,
    history,
    invitations,
    maskings,
    memberships,
    notices,
    outbox,
    remains,
    reports,
    rounds,
    units,
    word_drafts,
)

Mask = Callable[[str], str]
_TYPED_KEY = "said"  # the key in an ask's JSON for text that was typed on earlier screens


@dataclass(frozen=True, slots=True)
class FreeTextColumn:
    """A column with free text, how to find its commune, and its author."""

    column: "sa.Column[Any]"
    commune: "sa.ColumnElement[Any]"
    through: "tuple[sa.Table, ...]" = ()  # the tables to join to reach the commune
    writer: "sa.Column[Any] | None" = None
    json: bool = False


_ROUND = (rounds,)
_REPORT = (reports, rounds)
TEXTS = (
    FreeTextColumn(difficulties.c.text, difficulties.c.commune_id, writer=difficulties.c.raised_by),
    FreeTextColumn(
        difficulties.c.answer, difficulties.c.commune_id, writer=difficulties.c.answered_by
    ),
    FreeTextColumn(notices.c.text, notices.c.commune_id, writer=notices.c.written_by),
    FreeTextColumn(
        confirmations.c.reason, rounds.c.commune_id, _ROUND, writer=confirmations.c.given_by
    ),
    FreeTextColumn(rounds.c.reason, rounds.c.commune_id),
    FreeTextColumn(reports.c.return_note, rounds.c.commune_id, _ROUND),
    FreeTextColumn(evidence.c.original_name, rounds.c.commune_id, _REPORT),
    FreeTextColumn(memberships.c.label, memberships.c.commune_id),
    FreeTextColumn(invitations.c.label, invitations.c.commune_id),
    FreeTextColumn(remains.c.text, remains.c.commune_id),
    FreeTextColumn(word_drafts.c.document, rounds.c.commune_id, _ROUND),
    FreeTextColumn(deadline_results.c.result, rounds.c.commune_id, _ROUND, json=True),
)


def mask_own(tx: Connection, person_id: int, mask: Mask) -> None:
    """Mask the texts that a person wrote, in all communes."""
    for one in TEXTS:
        if one.writer is not None:
            _mask(tx, one, one.writer == person_id, mask)
    own = sa.select(notices.c.id).where(notices.c.written_by == person_id)
    _mask_waiting(tx, outbox.c.notice_id.in_(own), mask)


def mask_of_commune(
    tx: Connection, commune_id: int, person_id: int, mask: Mask, now: datetime
) -> set[str]:
    """Mask all texts of the commune, including its history and its waiting messages.

    Return the texts after the masking.
    """
    found: set[str] = set()

    def masked(text: str) -> str:
        after = mask(text)
        found.add(after)
        return after

    for one in TEXTS:
        _mask(tx, one, one.commune == commune_id, masked)
    _mask_history(tx, commune_id, person_id, masked, now)
    members = sa.select(memberships.c.person_id).where(memberships.c.commune_id == commune_id)
    _mask_waiting(tx, outbox.c.person_id.in_(members), mask)
    _mask_asks(tx, asks.c.person_id.in_(members), mask)
    return found


def _mask(
    tx: Connection, text: FreeTextColumn, where: "sa.ColumnElement[bool]", mask: Mask
) -> None:
    table = text.column.table
    assert isinstance(table, sa.Table)
    keys = list(table.primary_key.columns)
    joined: sa.FromClause = table
    for other in text.through:
        joined = joined.join(other)
    found = sa.select(*keys, text.column).select_from(joined)
    # Row by row, because the masking needs Python's Unicode rules, which SQL does not have.
    for *key, written in tx.execute(found.where(where, text.column.is_not(None))).all():
        masked = masked_json(written, mask) if text.json else mask(written)
        if masked != written:
            same_row = (column == value for column, value in zip(keys, key, strict=True))
            tx.execute(sa.update(table).where(*same_row).values({text.column: masked}))


def _mask_waiting(tx: Connection, where: "sa.ColumnElement[bool]", mask: Mask) -> None:
    waiting = sa.select(outbox.c.id, outbox.c.payload).where(where, outbox.c.state == "waiting")
    for number, payload in tx.execute(waiting).all():
        masked = mask(payload)
        if masked != payload:
            tx.execute(sa.update(outbox).where(outbox.c.id == number).values(payload=masked))


def _mask_asks(tx: Connection, where: "sa.ColumnElement[bool]", mask: Mask) -> None:
    """Mask typed texts that are stored with a screen until the person confirms them."""
    typed = sa.select(asks.c.id, asks.c.content).where(
        where, asks.c.content.contains(f'"{_TYPED_KEY}":')
    )
    for number, content in tx.execute(typed).all():
        masked = masked_json(content, mask, frozenset({_TYPED_KEY}))
        if masked != content:
            tx.execute(sa.update(asks).where(asks.c.id == number).values(content=masked))


def _mask_history(
    tx: Connection, commune_id: int, person_id: int, mask: Mask, now: datetime
) -> None:
    """Mask history entries; the triggers require that `maskings` records each change first."""
    of_rounds = sa.select(rounds.c.id).where(rounds.c.commune_id == commune_id)
    of_units = sa.select(units.c.id).where(units.c.commune_id == commune_id)
    free = [column.contains(f'"{name}":') for column in (history.c.old, history.c.new)
            for name in sorted(FREE)]  # fmt: skip
    found = sa.select(history.c.id, history.c.old, history.c.new).where(
        sa.or_(
            history.c.commune_id == commune_id,
            history.c.round_id.in_(of_rounds),
            history.c.unit_id.in_(of_units),
        ),
        sa.or_(*free),
    )
    for number, old, new in tx.execute(found).all():
        masked = masked_json(old, mask), masked_json(new, mask)
        if masked != (old, new):
            # The trigger allows the update only for an entry with an open row in `maskings`.
            insert(tx, maskings, history_id=number, person_id=person_id, at=now, done=False)
            changed = {"old": masked[0], "new": masked[1]}
            tx.execute(sa.update(history).where(history.c.id == number).values(changed))


def masked_json(text: str | None, mask: Mask, free: frozenset[str] = FREE) -> str | None:
    """Mask the strings under the keys `free`, the only ones that people write; None stays None."""
    if text is None:
        return None
    value = json.loads(text)
    masked = _masked_value(value, mask, free)
    return text if masked == value else json.dumps(masked, ensure_ascii=False)


def _masked_value(value: Any, mask: Mask, free: frozenset[str], name: str | None = None) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {key: _masked_value(one, mask, free, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_masked_value(one, mask, free, name) for one in value]
    return mask(value) if isinstance(value, str) and name in free else value
