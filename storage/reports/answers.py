"""The answers of a report. The history records each change, so that it can be undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from criteria.answers import CountingMethod, Value
from criteria.kinds import kind_of_value
from storage import history
from storage.engine.prepared import prepared
from storage.engine.rows import Row
from storage.reports import answer_values
from storage.reports.report import Report, named_by_return, record
from storage.tables import answers, reports
from storage.tables import history as history_table


@dataclass(frozen=True, slots=True)
class Answer:
    """A current answer; a `value` of None means "chưa biết" (not known).

    `returned`: the office has asked for it again. `held`: it does not count until the report is
    sent again. `office` is None for the area's own answer. If the office entered it on the area's
    behalf, it is "entered", then "right" or "wrong" as the area confirms it. `how`: the counting
    method, None if it is unknown.
    """

    indicator: str
    value: Value | None
    commune_total: int | None
    returned: bool
    held: bool
    given_by: int | None
    given_at: datetime
    office: str | None = None
    how: CountingMethod | None = None


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """A change of an answer. `first`: there was no answer before it.

    `overtaken`: the answer was changed again since, so this change cannot be undone.
    """

    id: int
    indicator: str
    old: Value | None
    new: Value | None
    first: bool
    overtaken: bool = False


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """An answer to store, and the way by which it was given; a value of None means "chưa biết"."""

    indicator: str
    value: Value | None
    way: str
    commune_total: int | None = None
    how: CountingMethod | None = None


_ANSWER = (
    answers.c.indicator,
    answers.c.state,
    answers.c.numerator,
    answers.c.denominator,
    answers.c.yes,
    answers.c.commune_total,
    answers.c.returned,
    answers.c.held,
    answers.c.given_by,
    answers.c.given_at,
    answers.c.office,
    answers.c.how,
)
_ANSWERS = prepared(sa.select(*_ANSWER).where(answers.c.report_id == bindparam("of_report")))
_OF_ROUND = (
    sa.select(answers.c.report_id, *_ANSWER)
    .join_from(answers, reports)
    .where(reports.c.round_id == bindparam("of_round"))
)
_ONE_ANSWER = prepared(_ANSWERS.where(answers.c.indicator == bindparam("of_indicator")))
_THIS = sa.and_(
    answers.c.report_id == bindparam("of_report"), answers.c.indicator == bindparam("of_indicator")
)
_INSERT = prepared(sa.insert(answers))
_UPDATE = prepared(
    sa.update(answers)
    .where(_THIS)
    .values(
        {
            column.name: bindparam(f"new_{column.name}", type_=column.type)
            for column in _ANSWER
            if column is not answers.c.indicator
        }
    )
)
_SET_HOW = prepared(sa.update(answers).where(_THIS).values(how=bindparam("new_how")))
_DELETE = prepared(sa.delete(answers).where(_THIS))
# An accepted report that changes must be reviewed again.
_UNACCEPT = prepared(
    sa.update(reports)
    .where(reports.c.id == bindparam("of_id"), reports.c.state == "accepted")
    .values(state="sent")
)

_CHANGES = prepared(
    sa.select(
        history_table.c.id,
        history_table.c.way,
        history_table.c.indicator,
        history_table.c.old,
        history_table.c.new,
    )
    .where(
        history_table.c.report_id == bindparam("of_report"),
        history_table.c.person_id == bindparam("of_person"),
        history_table.c.what == "answer",
    )
    .order_by(history_table.c.id.desc())
)


def answers_of(tx: Connection, report_id: int) -> dict[str, Answer]:
    """Return the current answers by indicator; indicators without an answer are missing."""
    made = [_answer(row) for row in tx.execute(_ANSWERS, {"of_report": report_id})]
    return {answer.indicator: answer for answer in made}


def answers_of_round(tx: Connection, round_id: int) -> dict[int, dict[str, Answer]]:
    """Return the current answers of a round's reports, by report and indicator."""
    found: dict[int, dict[str, Answer]] = {}
    for report_id, *row in tx.execute(_OF_ROUND, {"of_round": round_id}):
        answer = _answer(row)
        found.setdefault(report_id, {})[answer.indicator] = answer
    return found


def answer_of(tx: Connection, report_id: int, indicator: str) -> Answer | None:
    """Return the current answer to one indicator; None if there is none."""
    row = tx.execute(_ONE_ANSWER, {"of_report": report_id, "of_indicator": indicator}).first()
    return _answer(row) if row else None


def put_answer(
    tx: Connection,
    report: Report,
    indicator: str,
    value: Value | None,
    *,
    by: int | None,
    way: str,
    now: datetime,
    commune_total: int | None = None,
    reason: str | None = None,
    how: CountingMethod | None = None,
) -> bool:
    """Store an answer and its history entry; return False if nothing changes.

    A value of None means "chưa biết". An unchanged value keeps its counting method. A correction
    after sending counts at once and sets an accepted report back to sent. An answer that a return
    asks for does not count (`held`) until the report is sent again, unless the office corrects it.
    """
    new = NewAnswer(indicator, value, way, commune_total, how)
    before = answer_of(tx, report.id, indicator)
    _, changed = _put(tx, report, new, before, by=by, now=now, reason=reason)
    return changed


def put_answers(
    tx: Connection,
    report: Report,
    given: Sequence[NewAnswer],
    present: Mapping[str, Answer],
    *,
    by: int | None,
    now: datetime,
) -> dict[str, Answer]:
    """Store several answers, each with its history entry, by the rules of `put_answer`.

    `present` has the report's answers as this transaction has read them. Return all answers as
    they are stored afterwards.
    """
    after = dict(present)
    for one in given:
        before = after.get(one.indicator)
        after[one.indicator], _ = _put(tx, report, one, before, by=by, now=now)
    return after


def set_counting_method(
    tx: Connection,
    report: Report,
    indicator: str,
    how: CountingMethod | None,
    *,
    by: int | None,
    way: str,
    now: datetime,
) -> bool:
    """Set the counting method of a stored number; return False if nothing changes.

    No figure changes, so an accepted report stays accepted.
    """
    before = answer_of(tx, report.id, indicator)
    if before is None or before.value is None or before.how == how:
        return False
    if not kind_of_value(before.value).has_total:
        return False
    params = {"of_report": report.id, "of_indicator": indicator, "new_how": how}
    tx.execute(_SET_HOW, params)
    record(
        tx, report, way, by, now,
        old={"how": before.how}, new={"how": how}, what="how", indicator=indicator,
    )  # fmt: skip
    return True


def clear_answer(
    tx: Connection, report: Report, indicator: str, *, by: int | None, way: str, now: datetime
) -> bool:
    """Delete an answer, so that its question is open again; return False if there was none."""
    before = answer_of(tx, report.id, indicator)
    if before is None:
        return False
    tx.execute(_DELETE, {"of_report": report.id, "of_indicator": indicator})
    tx.execute(_UNACCEPT, {"of_id": report.id})
    _record_answer(tx, report, indicator, way, by, now, before, {"state": "none"})
    return True


def last_change(tx: Connection, report_id: int, person_id: int) -> AnswerChange | None:
    """Return the newest change by this person that is not undone yet; None if there is none."""
    found = _last(tx, report_id, person_id)
    return found[0] if found else None


def undo(tx: Connection, report: Report, *, by: int, now: datetime) -> AnswerChange | None:
    """Undo the person's newest change and return it; a further call undoes the one before.

    Return None if there is nothing to undo, or if the answer was changed again since.
    """
    found = _last(tx, report.id, by)
    if found is None or found[0].overtaken:
        return None
    change, old = found
    before = answer_of(tx, report.id, change.indicator)
    if before is None:
        return None
    if change.first:
        tx.execute(_DELETE, {"of_report": report.id, "of_indicator": change.indicator})
        tx.execute(_UNACCEPT, {"of_id": report.id})
        new: dict[str, Any] = {"state": "none"}
    else:
        # After a return, undoing the new answer makes the old one "asked again".
        restored = Answer(
            change.indicator, change.old, old.get("commune_total"),
            returned=before.held, held=before.held, given_by=by, given_at=now,
            office=old.get("office"), how=old.get("how"),
        )  # fmt: skip
        _store(tx, report, restored, before)
        new = _as_json(restored)
    _record_answer(
        tx, report, change.indicator, "undo", by, now, before, {**new, "undoes": change.id}
    )
    return change


def _put(
    tx: Connection,
    report: Report,
    given: NewAnswer,
    before: Answer | None,
    *,
    by: int | None,
    now: datetime,
    reason: str | None = None,
) -> tuple[Answer, bool]:
    """Store one answer; return the answer as it is stored, and whether anything changed.

    The same value again can set the counting method, answer a return (`returned` ends), or become
    the area's own answer (`office`). Such a change gets an entry in the history only if the method
    changes, or if the answer counts now (`held` ends).
    """
    indicator, value, way = given.indicator, given.value, given.way
    commune_total, how = given.commune_total, given.how
    same = before is not None and (before.value, before.commune_total) == (value, commune_total)
    # What the office enters counts at once, also while a return asks for it.
    held = way != "office" and _held(tx, report, indicator, before)
    office = "entered" if way == "office" else None
    if same and before is not None:
        changed = bool(how) and set_counting_method(
            tx, report, indicator, how, by=by, way=way, now=now
        )
        # The office repeats the value: the area's own answer, or its verdict, remains.
        office = before.office if way == "office" else None
        if not before.returned and (before.held, before.office) == (held, office):
            return (replace(before, how=how) if changed else before), changed
        how = how or before.how  # an unchanged value keeps its counting method
    after = Answer(
        indicator, value, commune_total, returned=False, held=held,
        given_by=by, given_at=now, office=office, how=how,
    )  # fmt: skip
    _store(tx, report, after, before)
    if same and before is not None and before.held == held:
        return after, False  # only flags changed, and the history records values
    new = _as_json(after)
    new |= {"reason": reason} if reason is not None else {}
    _record_answer(tx, report, indicator, way, by, now, before, new)
    return after, True


def _held(tx: Connection, report: Report, indicator: str, before: Answer | None) -> bool:
    """Return whether a return asks for it, so that it counts only after the next sending."""
    if before is not None:
        return before.held
    return indicator in (named_by_return(tx, report) or ())


def _store(tx: Connection, report: Report, after: Answer, before: Answer | None) -> None:
    values = {
        **answer_values.columns(after.value),
        "commune_total": after.commune_total,
        "returned": after.returned,
        "held": after.held,
        "given_by": after.given_by,
        "given_at": after.given_at,
        "office": after.office,
        "how": after.how,
    }
    if before is None:
        tx.execute(_INSERT, {"report_id": report.id, "indicator": after.indicator, **values})
    else:
        params = {f"new_{name}": one for name, one in values.items()}
        tx.execute(_UPDATE, {"of_report": report.id, "of_indicator": after.indicator, **params})
    if report.state == "accepted":
        tx.execute(_UNACCEPT, {"of_id": report.id})


def _last(
    tx: Connection, report_id: int, person_id: int
) -> tuple[AnswerChange, dict[str, Any]] | None:
    undone: set[int] = set()
    rows = tx.execute(_CHANGES, {"of_report": report_id, "of_person": person_id})
    for number, way, indicator, was, became in rows:
        new = history.unpack(became) or {}
        if way == "undo":
            undone.add(new["undoes"])
            continue
        if number in undone or new["state"] == "none":
            continue
        # Another member, or the office, may have changed the answer since.
        present = answer_of(tx, report_id, indicator)
        value = answer_values.from_json(new)
        if present is None or (present.value, present.commune_total) != (
            value,
            new.get("commune_total"),
        ):
            return AnswerChange(number, indicator, None, value, first=False, overtaken=True), {}
        old = history.unpack(was) or {"state": "none"}
        first = old["state"] == "none"
        change = AnswerChange(number, indicator, answer_values.from_json(old), value, first)
        return change, old
    return None


def _record_answer(
    tx: Connection,
    report: Report,
    indicator: str,
    way: str,
    by: int | None,
    now: datetime,
    before: Answer | None,
    new: dict[str, Any],
) -> None:
    old = _as_json(before) if before is not None else None
    record(tx, report, way, by, now, old=old, new=new, what="answer", indicator=indicator)


def _answer(row: Row | Sequence[Any]) -> Answer:
    indicator, state, numerator, denominator, yes, *rest = row
    return Answer(indicator, answer_values.value(state, numerator, denominator, yes), *rest)


def _as_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as the history records it."""
    more = {"office": answer.office, "how": answer.how}
    recorded = {name: one for name, one in more.items() if one is not None}
    return {**answer_values.as_json(answer.value, answer.commune_total), **recorded}
