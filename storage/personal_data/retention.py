"""Erases what identifies people in rounds that closed long ago.

Answers, figures, results and dates stay, so that a commune's progress over the years stays known.
Each function does a small part, so that no answer waits. The history is changed as `maskings`
records it. The caller empties the write-ahead log once, after all parts are done.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage.difficulties import difficulty_photos
from storage.evidence import evidence as pieces
from storage.masking import FREE, MASK
from storage.personal_data.free_texts import masked_json
from storage.tables import (
    answers,
    confirmations,
    count_taps,
    count_visits,
    deadline_results,
    difficulties,
    evidence,
    history,
    maskings,
    mutes,
    notices,
    reports,
    round_units,
    rounds,
    shown_messages,
    word_drafts,
)

_ENTRIES = 200  # of the history, in one transaction
_PIECES = 100  # of evidence
_TAPS = 500
_ROUNDS = 20
RECEIPT = "receipt:{}"  # the purpose of a report's receipt among the shown messages


def rounds_past(tx: Connection, closed_before: datetime) -> list[int]:
    """Return some rounds that ended before then and are not erased yet."""
    return list(
        tx.scalars(_ended_before(rounds.c.id, closed_before).order_by(rounds.c.id).limit(_ROUNDS))
    )


def counts(tx: Connection, closed_before: datetime) -> tuple[int, int]:
    """Return how many rounds are erased, and how many that ended before then are not yet."""
    erased = sa.select(sa.func.count()).where(rounds.c.erased_at.is_not(None))
    return tx.scalar(erased) or 0, tx.scalar(_ended_before(sa.func.count(), closed_before)) or 0


def erase_some(tx: Connection, round_id: int, now: datetime) -> bool:
    """Erase a part of a round; return whether that was the last part."""
    of_reports = sa.select(reports.c.id).where(reports.c.round_id == round_id)
    if (
        _erase_evidence(tx, round_id, now)
        or _erase_entries(tx, history.c.round_id == round_id, now)
        or _erase_counting(tx, of_reports)
    ):
        return False
    _erase_rows(tx, round_id, of_reports)
    _erase_difficulties(tx, difficulties.c.round_id == round_id)
    tx.execute(sa.update(rounds).where(rounds.c.id == round_id).values(reason=None, erased_at=now))
    return True


def communes_past(tx: Connection, before: datetime) -> list[int]:
    """Return the communes with notices, or with difficulties of no round, from before then.

    The number 0 means notices to several communes.
    """
    written = sa.select(notices.c.commune_id).where(_old_notices(before))
    raised = sa.select(difficulties.c.commune_id).where(_old_difficulties(before))
    return sorted(number or 0 for number in tx.scalars(sa.union(written, raised)))


def erase_some_of_commune(tx: Connection, commune_id: int, before: datetime, now: datetime) -> None:
    """Erase a part of what `communes_past` finds in one of its communes."""
    number = commune_id or None
    of_no_round = sa.and_(
        history.c.commune_id == number if number else history.c.commune_id.is_(None),
        history.c.round_id.is_(None),
        history.c.what.in_(("notice", "difficulty")),
        history.c.at < before,
    )
    if _erase_entries(tx, of_no_round, now):
        return
    tx.execute(
        sa.update(notices)
        .where(
            notices.c.commune_id == number if number else notices.c.commune_id.is_(None),
            _old_notices(before),
        )
        .values(text=MASK, written_by=None)
    )
    if number:
        _erase_difficulties(
            tx, sa.and_(difficulties.c.commune_id == number, _old_difficulties(before))
        )


def _ended_before(what: "sa.ColumnElement[Any]", closed_before: datetime) -> "sa.Select[Any]":
    reopened = sa.exists().where(
        round_units.c.round_id == rounds.c.id, round_units.c.open_until >= closed_before
    )
    return sa.select(what).where(
        rounds.c.state.in_(("closed", "cancelled")),
        rounds.c.closes_at < closed_before,
        rounds.c.erased_at.is_(None),
        ~reopened,
    )


def _old_notices(before: datetime) -> "sa.ColumnElement[bool]":
    not_erased = sa.or_(notices.c.text != MASK, notices.c.written_by.is_not(None))
    return sa.and_(notices.c.written_at < before, not_erased)


def _old_difficulties(before: datetime) -> "sa.ColumnElement[bool]":
    not_erased = sa.or_(difficulties.c.text != MASK, difficulties.c.raised_by.is_not(None))
    return sa.and_(difficulties.c.round_id.is_(None), difficulties.c.raised_at < before, not_erased)


def _erase_evidence(tx: Connection, round_id: int, now: datetime) -> bool:
    """Remove some pieces of evidence; their files are deleted after the commit."""
    found = (
        sa.select(evidence.c.id)
        .join_from(evidence, reports)
        .where(reports.c.round_id == round_id, evidence.c.removed_at.is_(None))
    )
    some = list(tx.scalars(found.order_by(evidence.c.id).limit(_PIECES)))
    if some:
        pieces.remove_all(tx, some, by=None, now=now, way="clock")
    return bool(some)


def _erase_entries(tx: Connection, where: "sa.ColumnElement[bool]", now: datetime) -> bool:
    """Erase people and texts from some entries of the history."""
    done = sa.exists().where(maskings.c.history_id == history.c.id, maskings.c.person_id.is_(None))
    free = [column.contains(f'"{name}":') for column in (history.c.old, history.c.new)
            for name in sorted(FREE)]  # fmt: skip
    found = (
        sa.select(history.c.id, history.c.old, history.c.new)
        .where(where, sa.or_(history.c.person_id.is_not(None), *free), ~done)
        .order_by(history.c.id)
        .limit(_ENTRIES)
    )
    entries = tx.execute(found).all()
    if not entries:
        return False
    noted = [{"history_id": one.id, "person_id": None, "at": now, "done": False} for one in entries]
    tx.execute(sa.insert(maskings), noted)
    erased = [
        {"of_id": one.id, "old_erased": _erased(one.old), "new_erased": _erased(one.new)}
        for one in entries
    ]
    change = sa.update(history).where(history.c.id == bindparam("of_id"))
    erase: dict[str, Any] = {
        "person_id": None,
        "old": bindparam("old_erased"),
        "new": bindparam("new_erased"),
    }
    tx.execute(change.values(erase), erased)
    return True


def _erased(text: str | None) -> str | None:
    return masked_json(text, lambda one: MASK if one else one)


def _erase_counting(tx: Connection, of_reports: "sa.Select[int]") -> bool:
    """Delete some taps of counting from house to house, newest first; then the visits."""
    found = sa.select(count_taps.c.id).where(count_taps.c.report_id.in_(of_reports))
    some = list(tx.scalars(found.order_by(count_taps.c.id.desc()).limit(_TAPS)))
    if some:
        tx.execute(sa.delete(count_taps).where(count_taps.c.id.in_(some)))
    else:
        tx.execute(sa.delete(count_visits).where(count_visits.c.report_id.in_(of_reports)))
    return bool(some)


def _erase_rows(tx: Connection, round_id: int, of_reports: "sa.Select[int]") -> None:
    """Erase authors and written texts from the round's reports."""
    for table in (answers, evidence):
        given = sa.and_(table.c.report_id.in_(of_reports), table.c.given_by.is_not(None))
        tx.execute(sa.update(table).where(given).values(given_by=None))
    for table, values in (
        (reports, {"return_note": None}),
        (confirmations, {"reason": MASK, "given_by": None}),
        (word_drafts, {"document": ""}),
    ):
        tx.execute(sa.update(table).where(table.c.round_id == round_id).values(values))
    of_round = deadline_results.c.round_id == round_id
    result = tx.scalar(sa.select(deadline_results.c.result).where(of_round))
    if result is not None:
        tx.execute(sa.update(deadline_results).where(of_round).values(result=_erased(result)))
    tx.execute(sa.delete(mutes).where(mutes.c.round_id == round_id))
    _forget_receipts(tx, list(tx.scalars(of_reports)))


def _forget_receipts(tx: Connection, report_ids: Sequence[int]) -> None:
    receipts = [RECEIPT.format(number) for number in report_ids]
    tx.execute(sa.delete(shown_messages).where(shown_messages.c.purpose.in_(receipts)))


def _erase_difficulties(tx: Connection, where: "sa.ColumnElement[bool]") -> None:
    tx.execute(
        sa.update(difficulties)
        .where(where)
        .values(
            text=MASK,
            answer=sa.case((difficulties.c.answer.is_not(None), MASK)),
            photo=difficulty_photos.WITHOUT,
            raised_by=None,
            passed_up_by=None,
            answered_by=None,
        )
    )
