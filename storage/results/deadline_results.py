"""The result of a round at its deadline; the current result may change until the close."""

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage.rounds.rounds import Round, rounds_by_ids
from storage.tables import deadline_results, rounds

_OF_ROUND = sa.select(deadline_results.c.deadline, deadline_results.c.result).where(
    deadline_results.c.round_id == bindparam("of_round")
)
_DUE = (
    sa.select(rounds.c.id)
    .outerjoin(
        deadline_results,
        sa.and_(
            deadline_results.c.round_id == rounds.c.id,
            deadline_results.c.deadline == rounds.c.deadline,
        ),
    )
    .where(
        rounds.c.state == "open",
        rounds.c.deadline <= bindparam("now", type_=rounds.c.deadline.type),
        deadline_results.c.round_id.is_(None),
    )
)


def rounds_at_deadline(tx: Connection, now: datetime) -> list[Round]:
    """Return open rounds after their deadline whose result at the deadline is not stored yet."""
    return rounds_by_ids(tx, list(tx.scalars(_DUE, {"now": now})))


def store(tx: Connection, round_: Round, result: dict[str, Any]) -> None:
    """Store the result at the round's deadline; it replaces one of an earlier deadline."""
    tx.execute(sa.delete(deadline_results).where(deadline_results.c.round_id == round_.id))
    values = {
        "round_id": round_.id,
        "deadline": round_.deadline,
        "result": json.dumps(result, ensure_ascii=False),
    }
    tx.execute(sa.insert(deadline_results), values)


def stored(tx: Connection, round_: Round) -> dict[str, Any] | None:
    """Return the result at the round's deadline; None before the deadline or if not stored yet."""
    row = tx.execute(_OF_ROUND, {"of_round": round_.id}).first()
    # A result of an earlier deadline is no longer valid after the deadline was moved.
    if row is None or row.deadline != round_.deadline:
        return None
    result: dict[str, Any] = json.loads(row.result)
    return result
