"""What officers are told of reports: the late and repeated ones, gathered, and when all are in."""

from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection

from criteria.reminders import waking
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.press import pack
from handlers.flow.screen_json import to_json
from handlers.reminders.checking import ClaimCache
from handlers.report.wording import unit_text
from handlers.status.lines import reports_lines, totals_line
from handlers.status.view import StatusView
from handlers.texts import Html, Texts, texts_of
from storage import outbox, people, places, reports, rounds
from storage.outbox import Outgoing
from storage.reports import Report
from storage.rounds import Round

LATE, ALL_IN = "late_reports", "all_in"
KINDS = frozenset({LATE, ALL_IN})
_PRIORITY = -1
_MOST_LISTED = 20


class _Gathered(BaseModel):
    """The late and repeated reports of a round that were sent from `since` until `until`."""

    model_config = ConfigDict(frozen=True)

    v: Literal[1] = 1
    since: datetime
    until: datetime


def report_sent(context: Context, round_: Round, report: Report) -> None:
    """Have the officers told, if the report is late or came again, or was the last one missing."""
    officers = [
        one.person.id
        for one in people.people_of_commune(context.tx, round_.commune_id, "officer")
        if one.person.address and one.person.id != context.person.id
    ]
    if report.late or report.sends > 1:
        _gather(context, round_, officers)
    unit = places.unit(context.tx, report.unit_id)
    if not unit.office and _all_areas_in(context.tx, round_):
        _put_in(context, officers, ALL_IN, "", context.now, round_, f"{ALL_IN}:{round_.id}")


def worded(tx: Connection, row: Outgoing, cache: ClaimCache) -> str | None:
    """The notice's screen as JSON; None when it no longer holds."""
    round_ = cache.round(tx, row.round_id or 0)
    held = people.memberships_of(tx, row.person_id)
    if round_ is None or not any(
        one.role == "officer" and one.commune_id == round_.commune_id for one in held
    ):
        outbox.finish(tx, row.id, "dropped", cache.now, "left")
        return None
    texts = texts_of(row.language)
    if row.kind == LATE:
        return _late_screen(tx, row, round_, texts, cache)
    status = cache.status(tx, round_)
    if status.areas_in < len(status.areas):
        outbox.finish(tx, row.id, "dropped", cache.now, "returned")
        return None
    return to_json(_all_in_screen(status, texts))


def _gather(context: Context, round_: Round, officers: list[int]) -> None:
    """At the next full hour (or in the morning), together with whatever comes until then."""
    hour = context.now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    until = waking(hour, context.deployment.zone)
    payload = _Gathered(since=context.said_at, until=until).model_dump_json()
    _put_in(
        context, officers, LATE, payload, until, round_, f"{LATE}:{round_.id}:{until.isoformat()}"
    )


def _put_in(
    context: Context, officers: list[int], kind: str, payload: str, when: datetime, round_: Round,
    key: str,
) -> None:  # fmt: skip
    keys = {person_id: f"{key}:{person_id}" for person_id in officers}
    there = outbox.placed(context.tx, keys.values())
    drafts = [
        outbox.Draft(person_id, kind, payload, when, _PRIORITY, own, round_.id)
        for person_id, own in keys.items()
        if own not in there
    ]
    outbox.enqueue_all(context.tx, drafts, context.now)


def _all_areas_in(tx: Connection, round_: Round) -> bool:
    sent = {
        unit
        for unit, report in reports.reports_of_round(tx, round_.id).items()
        if report.state in {"sent", "accepted"}
    }
    return all(one.office or one.id in sent for one in rounds.units_of_round(tx, round_.id))


def _late_screen(
    tx: Connection, row: Outgoing, round_: Round, texts: Texts, cache: ClaimCache
) -> str | None:
    held = _Gathered.model_validate_json(row.payload)
    units = {one.id: one for one in rounds.units_of_round(tx, round_.id)}
    found = [
        report
        for report in reports.reports_of_round(tx, round_.id).values()
        if report.sent_at is not None and held.since <= report.sent_at < held.until
        and (report.late or report.sends > 1)
    ]  # fmt: skip
    if not found:
        outbox.finish(tx, row.id, "dropped", cache.now, "nothing_new")
        return None
    found.sort(key=lambda report: report.sent_at or held.since)
    lines: list[str] = [texts.say("late.title", round=round_.name, count=len(found)), ""]
    for report in found[:_MOST_LISTED]:
        key = "late.again" if report.sends > 1 else "late.line"
        when = Html(texts.time(report.sent_at or held.since, cache.deployment.zone))
        unit = unit_text(units[report.unit_id], texts)
        lines.append(texts.say(key, unit=unit, when=when, number=report.sends))
    if len(found) > _MOST_LISTED:
        lines.append(texts.say("late.more", count=len(found) - _MOST_LISTED))
    rows = ((Button(texts.say("review.button"), pack("v.list", round_.id)),),)
    return to_json(Screen("\n".join(lines), rows))


def _all_in_screen(status: StatusView, texts: Texts) -> Screen:
    lines = [
        texts.say("all_in.title", round=status.round, count=len(status.areas)),
        "",
        *reports_lines(status, texts),
        totals_line(status, texts),
    ]
    rows = (
        (Button(texts.say("button.status"), pack("s.full", status.round_id)),),
        (Button(texts.say("review.button"), pack("v.list", status.round_id)),),
    )
    return Screen("\n".join(lines), rows)
