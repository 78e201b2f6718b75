"""The calls of each worker to Telegram, shared so that together they respect its limits.

PostgreSQL only. Times are those of the database server, since the workers' clocks may differ.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam
from sqlalchemy.dialects.postgresql import insert

from storage.tables import worker_calls

_SECOND = 1_000_000  # instants are microseconds
_FRESH = 2 * _SECOND  # older reports of a worker do not count
_KEPT = 3600 * _SECOND

_NOW = sa.cast(sa.extract("epoch", sa.func.clock_timestamp()) * _SECOND, sa.BigInteger)
# PostgreSQL's INSERT … ON CONFLICT: one row per worker, replaced each second.
_REPORT = insert(worker_calls).values(
    worker=bindparam("name"),
    calls=bindparam("number"),
    said_at=_NOW,
    paused_until=_NOW + bindparam("pause", type_=sa.BigInteger),
)
_PUBLISH = _REPORT.on_conflict_do_update(
    index_elements=[worker_calls.c.worker],
    set_={name: _REPORT.excluded[name] for name in ("calls", "said_at", "paused_until")},
)
_AT = sa.type_coerce(worker_calls.c.said_at, sa.BigInteger)
_UNTIL = sa.type_coerce(worker_calls.c.paused_until, sa.BigInteger)
_OTHERS = sa.select(
    sa.func.coalesce(sa.func.sum(worker_calls.c.calls).filter(_AT > _NOW - _FRESH), 0),
    sa.func.coalesce(sa.func.max(_UNTIL) - _NOW, 0),
).where(worker_calls.c.worker != bindparam("name"))
_DELETE_OLD = sa.delete(worker_calls).where(_AT < _NOW - _KEPT)


@dataclass(frozen=True, slots=True)
class OtherWorkers:
    """The other workers' calls in a second, and the seconds for which they must pause."""

    calls: int
    pause: float


def publish(tx: Connection, worker: str, calls: int, pause: float) -> None:
    """Store a worker's calls of the last second, and the seconds for which it must pause."""
    tx.execute(_PUBLISH, {"name": worker, "number": calls, "pause": round(pause * _SECOND)})


def other_workers(tx: Connection, worker: str) -> OtherWorkers:
    """Return the sum of the other workers' calls, and their longest pause in seconds."""
    calls, pause = tx.execute(_OTHERS, {"name": worker}).one()
    return OtherWorkers(int(calls), max(pause / _SECOND, 0.0))


def delete_old(tx: Connection) -> None:
    """Delete the rows of workers that ended more than an hour ago."""
    tx.execute(_DELETE_OLD)
