"""Confirmations: the office's final answer to a yes/no indicator of the commune."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage import history
from storage.rounds.rounds import Round
from storage.tables import confirmations


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The office's answer for the whole commune, with its reason."""

    indicator: str
    answer: bool
    reason: str
    given_by: int | None
    given_at: datetime


_OF_ROUNDS = sa.select(
    confirmations.c.round_id,
    confirmations.c.indicator,
    confirmations.c.answer,
    confirmations.c.reason,
    confirmations.c.given_by,
    confirmations.c.given_at,
).where(confirmations.c.round_id.in_(bindparam("of_rounds", expanding=True)))


def confirmations_of(tx: Connection, round_id: int) -> dict[str, Confirmation]:
    """Return the confirmations of a round, by indicator."""
    return confirmations_of_rounds(tx, [round_id])[round_id]


def confirmations_of_rounds(
    tx: Connection, round_ids: Sequence[int]
) -> dict[int, dict[str, Confirmation]]:
    """Return the confirmations of each of these rounds, by round and indicator."""
    found: dict[int, dict[str, Confirmation]] = {one: {} for one in round_ids}
    for round_id, *row in tx.execute(_OF_ROUNDS, {"of_rounds": round_ids}):
        made = Confirmation(*row)
        found[round_id][made.indicator] = made
    return found


def confirm(
    tx: Connection,
    round_: Round,
    indicator: str,
    *,
    answer: bool,
    reason: str,
    by: int | None,
    now: datetime,
    way: str = "button",
) -> None:
    """Store the confirmation of an indicator; it replaces an earlier one."""
    before = confirmations_of(tx, round_.id).get(indicator)
    values = {"answer": answer, "reason": reason, "given_by": by, "given_at": now}
    if before is None:
        tx.execute(
            sa.insert(confirmations).values(round_id=round_.id, indicator=indicator, **values)
        )
    else:
        tx.execute(sa.update(confirmations).where(_this(round_.id, indicator)).values(**values))
    new = {"answer": answer, "reason": reason}
    _record(tx, round_, indicator, way, by, now, before, new)


def revoke(
    tx: Connection,
    round_: Round,
    indicator: str,
    *,
    by: int | None,
    now: datetime,
    way: str = "button",
) -> bool:
    """Delete the confirmation, so that the areas' answers decide; False if there was none."""
    before = confirmations_of(tx, round_.id).get(indicator)
    if before is None:
        return False
    tx.execute(sa.delete(confirmations).where(_this(round_.id, indicator)))
    _record(tx, round_, indicator, way, by, now, before, None)
    return True


def _this(round_id: int, indicator: str) -> sa.ColumnElement[bool]:
    return sa.and_(confirmations.c.round_id == round_id, confirmations.c.indicator == indicator)


def _record(
    tx: Connection,
    round_: Round,
    indicator: str,
    way: str,
    by: int | None,
    now: datetime,
    before: Confirmation | None,
    new: dict[str, Any] | None,
) -> None:
    history.record(
        tx,
        "confirmation",
        way,
        now,
        person_id=by,
        commune_id=round_.commune_id,
        round_id=round_.id,
        indicator=indicator,
        old={"answer": before.answer, "reason": before.reason} if before else None,
        new=new,
    )
