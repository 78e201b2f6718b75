"""Reports of units and their answers, every change with its history, and undo."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from criteria.answers import Value
from storage import answer_values, history
from storage.receipt_codes import new_code
from storage.rows import Row, insert
from storage.tables import answers, reports
from storage.tables import history as history_table


@dataclass(frozen=True, slots=True)
class Report:
    """A unit's report of a round: draft, sent, accepted or returned."""

    id: int
    round_id: int
    unit_id: int
    state: str
    code: str | None
    sends: int
    first_sent_at: datetime | None
    sent_at: datetime | None
    late: bool
    return_note: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A present answer; `value` None is "chưa biết".

    `returned`: it is to be answered again. `held`: it doesn't count until the report is sent
    again. `office`: the office gave it on the area's behalf ("entered"), and the area found it
    "right" or "wrong"; None for the area's own.
    """

    indicator: str
    value: Value | None
    commune_total: int | None
    returned: bool
    held: bool
    given_by: int | None
    given_at: datetime
    office: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A change of an answer that can be undone. `first`: there was no answer before it."""

    id: int
    indicator: str
    old: Value | None
    new: Value | None
    first: bool


_REPORT = (
    reports.c.id,
    reports.c.round_id,
    reports.c.unit_id,
    reports.c.state,
    reports.c.code,
    reports.c.sends,
    reports.c.first_sent_at,
    reports.c.sent_at,
    reports.c.late,
    reports.c.return_note,
)
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
)
_BY_ID = sa.select(*_REPORT).where(reports.c.id == bindparam("of_id"))
_OF_UNIT = sa.select(*_REPORT).where(
    reports.c.round_id == bindparam("of_round"), reports.c.unit_id == bindparam("of_unit")
)
_OF_ROUND = sa.select(*_REPORT).where(reports.c.round_id == bindparam("of_round"))
_ANSWERS = sa.select(*_ANSWER).where(answers.c.report_id == bindparam("of_report"))
_ONE_ANSWER = _ANSWERS.where(answers.c.indicator == bindparam("of_indicator"))
_THIS = sa.and_(
    answers.c.report_id == bindparam("of_report"), answers.c.indicator == bindparam("of_indicator")
)
_INSERT = sa.insert(answers)
_UPDATE = (
    sa.update(answers)
    .where(_THIS)
    .values(
        {
            name: bindparam(f"new_{name}", type_=answers.c[name].type)
            for name in (
                "state",
                "numerator",
                "denominator",
                "yes",
                "commune_total",
                "returned",
                "held",
                "given_by",
                "given_at",
                "office",
            )
        }
    )
)
_DELETE = sa.delete(answers).where(_THIS)
_UNACCEPT = (
    sa.update(reports)
    .where(reports.c.id == bindparam("of_id"), reports.c.state == "accepted")
    .values(state="sent")
)
_CHANGES = (
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
_STATES = (
    sa.select(history_table.c.new)
    .where(history_table.c.report_id == bindparam("of_report"), history_table.c.what == "report")
    .order_by(history_table.c.id.desc())
)


def report_of(tx: Connection, round_id: int, unit_id: int) -> Report | None:
    """The unit's report in a round; None when none was begun."""
    row = tx.execute(_OF_UNIT, {"of_round": round_id, "of_unit": unit_id}).first()
    return _report(row) if row else None


def report_by_id(tx: Connection, report_id: int) -> Report | None:
    """The report with this id."""
    row = tx.execute(_BY_ID, {"of_id": report_id}).first()
    return _report(row) if row else None


def reports_of_round(tx: Connection, round_id: int) -> dict[int, Report]:
    """The reports of a round by unit; a unit that has begun none is missing."""
    made = [_report(row) for row in tx.execute(_OF_ROUND, {"of_round": round_id})]
    return {report.unit_id: report for report in made}


def start_report(tx: Connection, round_id: int, unit_id: int, now: datetime) -> Report:
    """The unit's report, as a draft when there was none."""
    found = report_of(tx, round_id, unit_id)
    if found is not None:
        return found
    made = insert(tx, reports, round_id=round_id, unit_id=unit_id, state="draft")
    report = Report(made, round_id, unit_id, "draft", None, 0, None, None, False, None)
    _record(tx, report, "start", None, now, old=None, new={"state": "draft"})
    return report


def answers_of(tx: Connection, report_id: int) -> dict[str, Answer]:
    """The present answers by indicator; one that wasn't answered is missing."""
    made = [_answer(row) for row in tx.execute(_ANSWERS, {"of_report": report_id})]
    return {answer.indicator: answer for answer in made}


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
) -> bool:
    """Keep an answer with its history; None is "chưa biết". False when it stood so already.

    A correction after sending counts at once and sets an accepted report back to sent. An answer
    that a return named is held until the report is sent again, unless the office corrects it.
    """
    before = _standing(tx, report.id, indicator)
    same = before is not None and (before.value, before.commune_total) == (value, commune_total)
    held = way != "office" and _held(tx, report, indicator, before)
    office = "entered" if way == "office" else None
    if same and before is not None:
        office = before.office if way == "office" else None
        if not before.returned and (before.held, before.office) == (held, office):
            return False
    _store(tx, report, indicator, value, commune_total, (False, held), by, now, before, office)
    if same:
        return False
    new = _kept(value, commune_total, office)
    _record_answer(
        tx,
        report,
        indicator,
        way,
        by,
        now,
        before,
        new if reason is None else {**new, "reason": reason},
    )
    return True


def clear_answer(
    tx: Connection, report: Report, indicator: str, *, by: int | None, way: str, now: datetime
) -> bool:
    """Take an answer away as if it had never been given; False when there was none."""
    before = _standing(tx, report.id, indicator)
    if before is None:
        return False
    tx.execute(_DELETE, {"of_report": report.id, "of_indicator": indicator})
    tx.execute(_UNACCEPT, {"of_id": report.id})
    _record_answer(tx, report, indicator, way, by, now, before, {"state": "none"})
    return True


def last_change(tx: Connection, report_id: int, person_id: int) -> Change | None:
    """The newest change by this person that stands and can be undone."""
    found = _last(tx, report_id, person_id)
    return found[0] if found else None


def undo(tx: Connection, report: Report, *, by: int, now: datetime) -> Change | None:
    """Undo it; a second undo goes one further back. Gives what was undone."""
    found = _last(tx, report.id, by)
    if found is None:
        return None
    change, old = found
    before = _standing(tx, report.id, change.indicator)
    if before is None:
        return None
    if change.first:
        tx.execute(_DELETE, {"of_report": report.id, "of_indicator": change.indicator})
        tx.execute(_UNACCEPT, {"of_id": report.id})
        new: dict[str, Any] = {"state": "none"}
    else:
        total = old.get("commune_total")
        # What a return had named is asked again when the new answer is taken back.
        flags = (before.held, before.held)
        office = old.get("office")
        _store(tx, report, change.indicator, change.old, total, flags, by, now, before, office)
        new = _kept(change.old, total, office)
    _record_answer(
        tx, report, change.indicator, "undo", by, now, before, {**new, "undoes": change.id}
    )
    return change


def send_report(
    tx: Connection,
    report: Report,
    *,
    by: int | None,
    now: datetime,
    deadline: datetime,
    way: str = "button",
) -> Report:
    """Send a draft or a returned report; one that is sent stays as it is.

    The code is given by the first sending and stays; late is a flag of the first sending.
    """
    if report.state in {"sent", "accepted"}:
        return report
    first = report.first_sent_at is None
    sent = replace(
        report,
        state="sent",
        code=report.code or new_code(tx, report.unit_id),
        sends=report.sends + 1,
        first_sent_at=report.first_sent_at or now,
        sent_at=now,
        late=now > deadline if first else report.late,
        return_note=None,
    )
    tx.execute(
        sa.update(answers)
        .where(answers.c.report_id == report.id)
        .values(returned=False, held=False)
    )
    new = {"state": "sent", "late": sent.late, "code": sent.code, "sends": sent.sends}
    return _change(tx, report, sent, way, by, now, new)


def accept_report(
    tx: Connection, report: Report, *, by: int | None, now: datetime, way: str = "button"
) -> Report:
    """Accept a sent report; nothing is locked by it and no figure changes."""
    if report.state != "sent":
        return report
    return _change(
        tx, report, replace(report, state="accepted"), way, by, now, {"state": "accepted"}
    )


def return_report(
    tx: Connection,
    report: Report,
    indicators: list[str],
    note: str,
    *,
    by: int | None,
    now: datetime,
    way: str = "button",
) -> Report:
    """Return a report that was sent: the indicators named are asked again, and held till then."""
    if report.state not in {"sent", "accepted"}:
        return report
    tx.execute(
        sa.update(answers)
        .where(answers.c.report_id == report.id, answers.c.indicator.in_(indicators))
        .values(returned=True, held=True)
    )
    new = {"state": "returned", "indicators": sorted(indicators), "note": note}
    returned = replace(report, state="returned", return_note=note)
    return _change(tx, report, returned, way, by, now, new)


def named_by_return(tx: Connection, report: Report) -> frozenset[str] | None:
    """What the return that stands asks again; None when the report isn't a returned one."""
    if report.state != "returned":
        return None
    for (new,) in tx.execute(_STATES, {"of_report": report.id}):
        kept = history.unpack(new) or {}
        if kept.get("state") == "returned":
            return frozenset(kept["indicators"])
    return frozenset()


def _standing(tx: Connection, report_id: int, indicator: str) -> Answer | None:
    row = tx.execute(_ONE_ANSWER, {"of_report": report_id, "of_indicator": indicator}).first()
    return _answer(row) if row else None


def _held(tx: Connection, report: Report, indicator: str, before: Answer | None) -> bool:
    """Whether a return named it, so that it counts only when the report is sent again."""
    if before is not None:
        return before.held
    return indicator in (named_by_return(tx, report) or ())


def _store(
    tx: Connection,
    report: Report,
    indicator: str,
    value: Value | None,
    commune_total: int | None,
    flags: tuple[bool, bool],
    by: int | None,
    now: datetime,
    before: Answer | None,
    office: str | None,
) -> None:
    values = {
        **answer_values.columns(value),
        "commune_total": commune_total,
        "returned": flags[0],
        "held": flags[1],
        "given_by": by,
        "given_at": now,
        "office": office,
    }
    if before is None:
        tx.execute(_INSERT, {"report_id": report.id, "indicator": indicator, **values})
    else:
        given = {f"new_{name}": one for name, one in values.items()}
        tx.execute(_UPDATE, {"of_report": report.id, "of_indicator": indicator, **given})
    tx.execute(_UNACCEPT, {"of_id": report.id})


def _last(tx: Connection, report_id: int, person_id: int) -> tuple[Change, dict[str, Any]] | None:
    undone: set[int] = set()
    for row in tx.execute(_CHANGES, {"of_report": report_id, "of_person": person_id}):
        new = history.unpack(row.new) or {}
        if row.way == "undo":
            undone.add(new["undoes"])
            continue
        if row.id in undone or new["state"] == "none":
            continue
        standing = _standing(tx, report_id, row.indicator)
        value = answer_values.from_json(new)
        if standing is None or (standing.value, standing.commune_total) != (
            value,
            new.get("commune_total"),
        ):
            continue  # somebody else's answer stands there now
        old = history.unpack(row.old) or {"state": "none"}
        first = old["state"] == "none"
        change = Change(row.id, row.indicator, answer_values.from_json(old), value, first)
        return change, old
    return None


def _change(
    tx: Connection,
    before: Report,
    after: Report,
    way: str,
    by: int | None,
    now: datetime,
    new: dict[str, Any],
) -> Report:
    names = ("state", "code", "sends", "first_sent_at", "sent_at", "late", "return_note")
    values = {name: getattr(after, name) for name in names}
    tx.execute(sa.update(reports).where(reports.c.id == before.id).values(values))
    _record(tx, before, way, by, now, old={"state": before.state}, new=new)
    return after


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
    old = _kept(before.value, before.commune_total, before.office) if before else None
    _record(tx, report, way, by, now, old=old, new=new, what="answer", indicator=indicator)


def _record(
    tx: Connection,
    report: Report,
    way: str,
    by: int | None,
    now: datetime,
    *,
    old: dict[str, Any] | None,
    new: dict[str, Any],
    what: str = "report",
    indicator: str | None = None,
) -> None:
    history.record(
        tx,
        what,
        way,
        now,
        person_id=by,
        round_id=report.round_id,
        unit_id=report.unit_id,
        report_id=report.id,
        indicator=indicator,
        old=old,
        new=new,
    )


def _report(row: Row) -> Report:
    return Report(*tuple(row))


def _answer(row: Row) -> Answer:
    indicator, state, numerator, denominator, yes, *rest = row
    return Answer(indicator, answer_values.value(state, numerator, denominator, yes), *rest)


def _kept(value: Value | None, commune_total: int | None, office: str | None) -> dict[str, Any]:
    kept = answer_values.as_json(value, commune_total)
    return kept if office is None else {**kept, "office": office}
