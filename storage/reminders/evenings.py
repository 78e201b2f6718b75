"""People who chose one question an evening, and the last round whose end was announced to them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage.tables import evenings

_CHOSEN = sa.select(evenings.c.chosen_at).where(evenings.c.person_id == bindparam("of_person"))
# Only forwards: the end of an older round must not replace that of a newer one.
_TOLD = (
    sa.update(evenings)
    .where(
        evenings.c.person_id == bindparam("of_person"),
        sa.func.coalesce(evenings.c.told_round_id, 0) < bindparam("of_round"),
    )
    .values(told_round_id=bindparam("of_round"))
)


def chosen_at(tx: Connection, person_id: int) -> datetime | None:
    """Return when the person chose one question an evening; None if they have not."""
    found: datetime | None = tx.scalar(_CHOSEN, {"of_person": person_id})
    return found


def choose(tx: Connection, person_id: int, now: datetime) -> None:
    """Ask this person one question an evening from now on."""
    if chosen_at(tx, person_id) is None:
        tx.execute(sa.insert(evenings), {"person_id": person_id, "chosen_at": now})


def stop(tx: Connection, person_id: int) -> bool:
    """Stop the evening questions of this person; return whether they had chosen them."""
    gone = tx.execute(sa.delete(evenings).where(evenings.c.person_id == person_id))
    return bool(gone.rowcount)


def mark_end_announced(tx: Connection, person_id: int, round_id: int) -> None:
    """Store that the person knows that no more evening questions come in this round."""
    tx.execute(_TOLD, {"of_person": person_id, "of_round": round_id})
