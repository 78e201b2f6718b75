"""Evidence: photos, files and links for an indicator. The files themselves are in DATA_DIR."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage import history
from storage.engine.prepared import prepared
from storage.engine.rows import insert
from storage.fetching import FetchQueue
from storage.reports.reports import Report
from storage.tables import evidence, reports, rounds

WHOLE_REPORT = ""  # the "indicator" of evidence for a report as a whole: its paper sheet


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence; `path` is None until its file is fetched, and for links."""

    id: int
    report_id: int
    indicator: str
    kind: str
    link: str | None
    path: str | None
    original_name: str | None
    media_type: str | None
    size: int | None
    given_by: int | None
    given_at: datetime
    channel_reference: str | None = None  # the messenger's file id, until it is fetched
    fetch_tries: int = 0  # failed attempts


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file in DATA_DIR, as the database has it.

    `checksum` is SHA-256 in hex, None for the oldest files. `wanted` is False if the file is to be
    deleted.
    """

    path: str
    size: int | None
    checksum: str | None
    wanted: bool


_COLUMNS = (
    evidence.c.id,
    evidence.c.report_id,
    evidence.c.indicator,
    evidence.c.kind,
    evidence.c.link,
    evidence.c.path,
    evidence.c.original_name,
    evidence.c.media_type,
    evidence.c.size,
    evidence.c.given_by,
    evidence.c.given_at,
    evidence.c.channel_reference,
    evidence.c.fetch_tries,
)
_OF_REPORT = (
    sa.select(*_COLUMNS)
    .where(evidence.c.report_id == bindparam("of_report"), evidence.c.removed_at.is_(None))
    .order_by(evidence.c.id)
)
WAITING = sa.and_(  # the condition for files that are still to be fetched
    evidence.c.channel_reference.is_not(None),
    evidence.c.path.is_(None),
    evidence.c.removed_at.is_(None),
)
TO_FETCH = FetchQueue(
    evidence.c.id,
    evidence.c.channel_reference,
    evidence.c.given_at,
    evidence.c.fetch_tries,
    evidence.c.fetch_after,
    evidence.c.openings,
    WAITING,
)
_LATE = sa.and_(WAITING, evidence.c.fetch_tries > 0)
_PIECES = (sa.func.count(), sa.func.sum(sa.case((_LATE, 1), else_=0)))
_COUNTS = prepared(
    sa.select(evidence.c.indicator, *_PIECES)
    .where(evidence.c.report_id == bindparam("of_report"), evidence.c.removed_at.is_(None))
    .group_by(evidence.c.indicator)
)

_COUNTS_OF_ROUND = (
    sa.select(evidence.c.report_id, evidence.c.indicator, *_PIECES)
    .join_from(evidence, reports)
    .where(reports.c.round_id == bindparam("of_round"), evidence.c.removed_at.is_(None))
    .group_by(evidence.c.report_id, evidence.c.indicator)
)


def add_attachment(
    tx: Connection,
    report: Report,
    indicator: str,
    *,
    kind: str,
    reference: str,
    name: str | None,
    media_type: str | None,
    size: int | None,
    by: int | None,
    now: datetime,
    way: str = "text",
) -> int:
    """Store a photo or file by the messenger's file id; return its id.

    The file itself is fetched after the commit.
    """
    values: dict[str, object] = {
        "kind": kind,
        "channel_reference": reference,
        "original_name": name,
        "media_type": media_type,
        "size": size,
    }
    return _add(tx, report, indicator, values, by, now, way)


def add_link(
    tx: Connection,
    report: Report,
    indicator: str,
    link: str,
    *,
    by: int | None,
    now: datetime,
    way: str = "text",
) -> int:
    """Store a link; return its id."""
    return _add(tx, report, indicator, {"kind": "link", "link": link}, by, now, way)


def evidence_of(tx: Connection, report_id: int) -> list[Evidence]:
    """Return the evidence of a report, oldest first."""
    return [Evidence(*row) for row in tx.execute(_OF_REPORT, {"of_report": report_id})]


def piece(tx: Connection, evidence_id: int) -> Evidence | None:
    """Return the piece with this id; None if it was removed."""
    row = tx.execute(
        sa.select(*_COLUMNS).where(evidence.c.id == evidence_id, evidence.c.removed_at.is_(None))
    ).first()
    return Evidence(*row) if row else None


def gave_any(tx: Connection, person_id: int) -> bool:
    """Return whether the person ever gave a photo or file."""
    given = sa.select(evidence.c.id).where(
        evidence.c.given_by == person_id, evidence.c.kind != "link"
    )
    return tx.scalar(given.limit(1)) is not None


def evidence_of_round(tx: Connection, round_id: int) -> list[Evidence]:
    """Return the evidence of all reports of a round, ordered by indicator and unit."""
    rows = tx.execute(
        sa.select(*_COLUMNS)
        .join_from(evidence, reports)
        .where(reports.c.round_id == round_id, evidence.c.removed_at.is_(None))
        .order_by(evidence.c.indicator, reports.c.unit_id, evidence.c.id)
    )
    return [Evidence(*row) for row in rows]


def evidence_counts_of_round(
    tx: Connection, round_id: int
) -> dict[int, dict[str, tuple[int, int]]]:
    """Return the same as `evidence_counts` for all reports of a round, by report id."""
    found: dict[int, dict[str, tuple[int, int]]] = {}
    for report_id, indicator, count, late in tx.execute(_COUNTS_OF_ROUND, {"of_round": round_id}):
        found.setdefault(report_id, {})[indicator] = (count, int(late))
    return found


def evidence_counts(tx: Connection, report_id: int) -> dict[str, tuple[int, int]]:
    """Return the number of pieces of each indicator of a report, and how many of them are late.

    A late piece could not be fetched so far, so it cannot be shown yet.
    """
    rows = tx.execute(_COUNTS, {"of_report": report_id})
    return {row[0]: (row[1], int(row[2])) for row in rows}


def past_retention(tx: Connection, closed_before: datetime, limit: int = 100) -> list[int]:
    """Return some pieces that are to be deleted, because their round closed before then."""
    found = (
        sa.select(evidence.c.id)
        .join_from(evidence, reports)
        .join(rounds, rounds.c.id == reports.c.round_id)
        .where(
            evidence.c.removed_at.is_(None),
            rounds.c.state.in_(("closed", "cancelled")),
            rounds.c.closes_at < closed_before,
        )
        .order_by(evidence.c.id)
    )
    return list(tx.scalars(found.limit(limit)))


def remove(
    tx: Connection, evidence_id: int, *, by: int | None, now: datetime, way: str = "button"
) -> str | None:
    """Mark a piece as removed; return the path of its file to delete, None if there is none."""
    taken = piece(tx, evidence_id)
    if taken is not None:
        remove_all(tx, [evidence_id], by=by, now=now, way=way)
    return taken.path if taken is not None else None


def remove_all(
    tx: Connection, evidence_ids: Sequence[int], *, by: int | None, now: datetime, way: str
) -> None:
    """Mark several pieces as removed, in a few statements; already removed ones do not change."""
    not_removed = sa.and_(evidence.c.id.in_(evidence_ids), evidence.c.removed_at.is_(None))
    taken = tx.execute(
        sa.select(
            evidence.c.id,
            evidence.c.kind,
            evidence.c.indicator,
            evidence.c.report_id,
            reports.c.round_id,
            reports.c.unit_id,
        )
        .join_from(evidence, reports)
        .where(not_removed)
        .order_by(evidence.c.id)
    ).all()
    # The path stays until the file is deleted (files_to_delete), so that a crash orphans no file.
    tx.execute(
        sa.update(evidence)
        .where(not_removed)
        .values(removed_at=now, channel_reference=None, original_name=None, link=None)
    )
    history.record_all(
        tx,
        [
            history.change(
                "evidence", way, now, person_id=by, round_id=one.round_id, unit_id=one.unit_id,
                report_id=one.report_id, indicator=one.indicator or None,
                old={"id": one.id, "kind": one.kind},
            )
            for one in taken
        ],
    )  # fmt: skip


def fetched(
    tx: Connection,
    evidence_id: int,
    path: str,
    size: int,
    media_type: str | None = None,
    name: str | None = None,
    checksum: str | None = None,
) -> bool:
    """Store that the file is in DATA_DIR, and delete the messenger's file id.

    Return False if another worker has fetched it in the meantime.
    """
    values = {"path": path, "size": size, "channel_reference": None, "openings": 0}
    if checksum is not None:
        values["checksum"] = checksum
    if media_type is not None:
        values["media_type"] = media_type
    if name is not None:
        values["original_name"] = name
    missing = sa.and_(evidence.c.id == evidence_id, evidence.c.path.is_(None))
    return bool(tx.execute(sa.update(evidence).where(missing).values(values)).rowcount)


def files(tx: Connection) -> list[EvidenceFile]:
    """Return all files that DATA_DIR should have, and those that are still to be deleted there."""
    rows = tx.execute(
        sa.select(
            evidence.c.path, evidence.c.size, evidence.c.checksum, evidence.c.removed_at.is_(None)
        )
        .where(evidence.c.path.is_not(None))
        .order_by(evidence.c.path)
    )
    return [EvidenceFile(*row) for row in rows]


def named(tx: Connection, paths: Sequence[str]) -> set[str]:
    """Return those of the paths that are in the database."""
    return set(tx.scalars(sa.select(evidence.c.path).where(evidence.c.path.in_(paths))))


def files_to_delete(tx: Connection, limit: int = 500) -> list[tuple[int, str]]:
    """Return removed evidence (id, path) whose file is still in DATA_DIR."""
    rows = tx.execute(
        sa.select(evidence.c.id, evidence.c.path)
        .where(evidence.c.removed_at.is_not(None), evidence.c.path.is_not(None))
        .order_by(evidence.c.id)
        .limit(limit)
    )
    return [(number, path) for number, path in rows]


def file_deleted(tx: Connection, evidence_id: int) -> None:
    """Store that the file is deleted."""
    tx.execute(sa.update(evidence).where(evidence.c.id == evidence_id).values(path=None))


def _add(
    tx: Connection,
    report: Report,
    indicator: str,
    values: dict[str, object],
    by: int | None,
    now: datetime,
    way: str,
) -> int:
    made = insert(
        tx, evidence, report_id=report.id, indicator=indicator, given_by=by, given_at=now, **values
    )
    history.record(
        tx,
        "evidence",
        way,
        now,
        person_id=by,
        round_id=report.round_id,
        unit_id=report.unit_id,
        report_id=report.id,
        indicator=indicator or None,
        new={"id": made, "kind": values["kind"]},
    )
    return made
