"""What workers tell each other, so that together they keep to Telegram's limits.

PostgreSQL only, and by the database's own clock: machines needn't agree about the time.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam
from sqlalchemy.dialects.postgresql import insert

from storage.tables import worker_calls

_SECOND = 1_000_000  # instants are microseconds
_FRESH = 2 * _SECOND  # what a worker said longer ago is over
_KEPT = 3600 * _SECOND

_NOW = sa.cast(sa.extract("epoch", sa.func.clock_timestamp()) * _SECOND, sa.BigInteger)
_GIVEN = insert(worker_calls).values(
    worker=bindparam("name"),
    calls=bindparam("number"),
    said_at=_NOW,
    paused_until=_NOW + bindparam("pause", type_=sa.BigInteger),
)
_SAY = _GIVEN.on_conflict_do_update(
    index_elements=[worker_calls.c.worker],
    set_={name: _GIVEN.excluded[name] for name in ("calls", "said_at", "paused_until")},
)
_AT = sa.type_coerce(worker_calls.c.said_at, sa.BigInteger)
_UNTIL = sa.type_coerce(worker_calls.c.paused_until, sa.BigInteger)
_HEAR = sa.select(
    sa.func.coalesce(sa.func.sum(worker_calls.c.calls).filter(_AT > _NOW - _FRESH), 0),
    sa.func.coalesce(sa.func.max(_UNTIL) - _NOW, 0),
).where(worker_calls.c.worker != bindparam("name"))
_SWEEP = sa.delete(worker_calls).where(_AT < _NOW - _KEPT)


@dataclass(frozen=True, slots=True)
class Heard:
    """The other workers' replies in a second, and for how long they were told to wait."""

    calls: int
    pause: float


def say(tx: Connection, worker: str, calls: int, pause: float) -> None:
    """Tell the others: calls of the last second, and seconds that Telegram asked to wait."""
    tx.execute(_SAY, {"name": worker, "number": calls, "pause": round(pause * _SECOND)})


def hear(tx: Connection, worker: str) -> Heard:
    """What the others said."""
    calls, pause = tx.execute(_HEAR, {"name": worker}).one()
    return Heard(int(calls), max(pause / _SECOND, 0.0))


def sweep(tx: Connection) -> None:
    """Drop what workers said that are long gone."""
    tx.execute(_SWEEP)
