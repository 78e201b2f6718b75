"""What officers are told of reports: the late and repeated ones, gathered, and when all are in."""

from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection

from criteria.reminders import waking
from handlers.channel import Button, Screen
from handlers.presses import pack
from handlers.reminding.checking import Looked
from handlers.reporting.wording import unit_text
from handlers.screen_json import to_json
from handlers.status.lines import reports_lines, totals_line
from handlers.status.picture import Picture
from handlers.texts import Html, Texts, texts_of
from handlers.turn import Turn
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


def report_sent(turn: Turn, round_: Round, report: Report) -> None:
    """Have the officers told, if the report is late or came again, or was the last one missing."""
    officers = [
        one.person.id
        for one in people.people_of_commune(turn.tx, round_.commune_id, "officer")
        if one.person.address and one.person.id != turn.person.id
    ]
    if report.late or report.sends > 1:
        _gather(turn, round_, officers)
    unit = places.unit(turn.tx, report.unit_id)
    if not unit.office and _all_areas_in(turn.tx, round_):
        _put_in(turn, officers, ALL_IN, "", turn.now, round_, f"{ALL_IN}:{round_.id}")


def worded(tx: Connection, row: Outgoing, looked: Looked) -> str | None:
    """The notice's screen as JSON; None when it no longer holds."""
    round_ = looked.round(tx, row.round_id or 0)
    held = people.memberships_of(tx, row.person_id)
    if round_ is None or not any(
        one.role == "officer" and one.commune_id == round_.commune_id for one in held
    ):
        outbox.finish(tx, row.id, "dropped", looked.now, "left")
        return None
    texts = texts_of(row.language)
    if row.kind == LATE:
        return _late_screen(tx, row, round_, texts, looked)
    picture = looked.picture(tx, round_)
    if picture.areas_in < len(picture.areas):
        outbox.finish(tx, row.id, "dropped", looked.now, "returned")
        return None
    return to_json(_all_in_screen(picture, texts))


def _gather(turn: Turn, round_: Round, officers: list[int]) -> None:
    """At the next full hour (or in the morning), together with whatever comes until then."""
    hour = turn.now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    until = waking(hour, turn.house.zone)
    payload = _Gathered(since=turn.said_at, until=until).model_dump_json()
    _put_in(turn, officers, LATE, payload, until, round_, f"{LATE}:{round_.id}:{until.isoformat()}")


def _put_in(
    turn: Turn, officers: list[int], kind: str, payload: str, when: datetime, round_: Round,
    key: str,
) -> None:  # fmt: skip
    keys = {person_id: f"{key}:{person_id}" for person_id in officers}
    there = outbox.placed(turn.tx, keys.values())
    drafts = [
        outbox.Draft(person_id, kind, payload, when, _PRIORITY, own, round_.id)
        for person_id, own in keys.items()
        if own not in there
    ]
    outbox.enqueue_all(turn.tx, drafts, turn.now)


def _all_areas_in(tx: Connection, round_: Round) -> bool:
    sent = {
        unit
        for unit, report in reports.reports_of_round(tx, round_.id).items()
        if report.state in {"sent", "accepted"}
    }
    return all(one.office or one.id in sent for one in rounds.units_of_round(tx, round_.id))


def _late_screen(
    tx: Connection, row: Outgoing, round_: Round, texts: Texts, looked: Looked
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
        outbox.finish(tx, row.id, "dropped", looked.now, "nothing_new")
        return None
    found.sort(key=lambda report: report.sent_at or held.since)
    lines: list[str] = [texts.say("late.title", round=round_.name, count=len(found)), ""]
    for report in found[:_MOST_LISTED]:
        key = "late.again" if report.sends > 1 else "late.line"
        when = Html(texts.time(report.sent_at or held.since, looked.house.zone))
        unit = unit_text(units[report.unit_id], texts)
        lines.append(texts.say(key, unit=unit, when=when, number=report.sends))
    if len(found) > _MOST_LISTED:
        lines.append(texts.say("late.more", count=len(found) - _MOST_LISTED))
    rows = ((Button(texts.say("review.button"), pack("v.list", round_.id)),),)
    return to_json(Screen("\n".join(lines), rows))


def _all_in_screen(picture: Picture, texts: Texts) -> Screen:
    lines = [
        texts.say("all_in.title", round=picture.round, count=len(picture.areas)),
        "",
        *reports_lines(picture, texts),
        totals_line(picture, texts),
    ]
    rows = (
        (Button(texts.say("button.status"), pack("s.full", picture.round_id)),),
        (Button(texts.say("review.button"), pack("v.list", picture.round_id)),),
    )
    return Screen("\n".join(lines), rows)
