"""The day's messages of a round: whoever is to be written to gets one row, worded when claimed.

The row holds the reasons: why somebody is written to.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection

from criteria.evenings import evening_of, evenings_over
from criteria.reminders import (
    USUAL_HOUR,
    Anchor,
    Dates,
    Due,
    Entry,
    due_from,
    end_messages,
    end_of_day,
    leader_summaries,
    local_day,
    next_daytime,
    report_reminders,
)
from criteria.scoring import Result, decides, undecided_for
from handlers.flow.deployment import Deployment
from handlers.messages.keys import DedupeKey, key_of_day, standing
from handlers.rounds.jobs import Work
from handlers.status.loading import result_of
from storage.messages import outbox
from storage.people import people
from storage.reminders import reminder_plans
from storage.rounds import rounds
from storage.rounds.rounds import Round

KIND = "reminder"  # as it is stored
# By the plan: a reporter's or an officer's report, a leader's summary, the end of the round.
# Asked for: by oneself ("nhắc lại tối nay"), by a leader ("⏰ Nhắc").
# Chosen: the question of an evening, and once that from now on it is the whole list.
Part = Literal["report", "summary", "end", "asked", "nudge", "evening", "whole"]
STILL_NEWS = timedelta(days=7)  # a round that closed longer ago is told of no more
# Bulk messages come after everything that somebody has just asked for.
FIRST, SECOND, THIRD = -1, -2, -3
_LATE_NEWS = frozenset({Anchor.OPENING, Anchor.END})  # not dropped: said on the next day


class Reason(BaseModel):
    """One thing to say: about which round, and the plan's entry that it stands for."""

    model_config = ConfigDict(frozen=True)

    round: int
    part: Part
    anchor: Anchor | None = None
    days: int = 0
    at: datetime | None = None

    @property
    def due(self) -> Due | None:
        """The entry of the plan; None for what somebody asked for."""
        if self.anchor is None or self.at is None:
            return None
        return Due(self.at, Entry(self.anchor, self.days))


class Reasons(BaseModel):
    """The payload of a reminder: all that one message says."""

    model_config = ConfigDict(frozen=True)

    v: Literal[1] = 1
    reasons: tuple[Reason, ...]

    def joined(self, more: Iterable[Reason]) -> "Reasons":
        """These and more, each once."""
        return Reasons(reasons=tuple(dict.fromkeys((*self.reasons, *more))))


def by_plan(round_id: int, part: Part, due: Due) -> Reason:
    """The reason that an entry of the plan gives."""
    at = due.at.astimezone(UTC)
    return Reason(round=round_id, part=part, anchor=due.entry.anchor, days=due.entry.days, at=at)


def of_evening(round_id: int, at: datetime) -> Reason:
    """The reason to ask the question of an evening."""
    return Reason(round=round_id, part="evening", at=at.astimezone(UTC))


@dataclass(frozen=True, slots=True)
class ScheduledMessage:
    """Somebody is to be told something at a time."""

    person_id: int
    when: datetime
    reason: Reason
    priority: int


def reminders_work(tx: Connection, now: datetime, deployment: Deployment) -> list[Work]:
    """The rounds whose day has to be planned, each a transaction of its own."""
    return [
        partial(plan_round, round_id=round_id, now=now, deployment=deployment)
        for round_id in reminder_plans.rounds_to_plan(tx, now)
    ]


def plan_round(tx: Connection, *, round_id: int, now: datetime, deployment: Deployment) -> None:
    """Put in what the round says today, and keep that it is dealt with."""
    since, round_ = reminder_plans.since(tx, round_id), rounds.round_by_id(tx, round_id)
    if round_ is None or since is None or since > now:
        return
    if round_.state == "open":
        sayings = [
            *_reports(tx, round_, since, now, deployment),
            *_evenings(tx, round_, now, deployment),
            *_summaries(tx, round_, since, now, deployment),
        ]
        schedule(tx, sayings, now, deployment)
        reminder_plans.planned_until(tx, round_id, end_of_day(now, deployment.zone))
    elif round_.state == "closed":
        _end(tx, round_, since, now, deployment)
    else:
        reminder_plans.planned_until(tx, round_id, None)


def dates_of(round_: Round, deployment: Deployment) -> Dates:
    """The round's instants in the communes' zone."""
    return Dates(round_.opens_at, round_.deadline, round_.closes_at, deployment.zone)


def schedule(
    tx: Connection, sayings: Iterable[ScheduledMessage], now: datetime, deployment: Deployment
) -> None:
    """Give each person one message a day: a reason more is folded into the one that waits.

    Where the day's message has gone out already only an opening and an end are said on the next.
    """
    by_day: dict[DedupeKey, list[ScheduledMessage]] = {}
    zone = deployment.zone
    for one in sayings:
        key = key_of_day(one.person_id, local_day(one.when, zone))
        by_day.setdefault(key, []).append(one)
    there = standing(tx, by_day)
    drafts: list[outbox.Draft] = []
    folded: list[outbox.KeyedMessage] = []
    tomorrow: list[ScheduledMessage] = []
    for key, some in by_day.items():
        before = there.get(key)
        if before is None:
            drafts.append(_draft(key, some))
        elif before.state == "waiting":
            folded.append(_folded(before, some))
        else:
            tomorrow += [
                replace(one, when=next_daytime(end_of_day(one.when, zone), zone, USUAL_HOUR))
                for one in some
                if one.reason.anchor in _LATE_NEWS
            ]
    outbox.replace_waiting(tx, folded)
    outbox.enqueue_all(tx, drafts, now)
    if tomorrow:
        schedule(tx, tomorrow, now, deployment)


def _draft(key: DedupeKey, some: list[ScheduledMessage]) -> outbox.Draft:
    first = min(some, key=lambda one: one.when)
    reasons = Reasons(reasons=tuple(dict.fromkeys(one.reason for one in some)))
    return outbox.Draft(
        first.person_id, KIND, reasons.model_dump_json(), first.when,
        max(one.priority for one in some), str(key), first.reason.round,
    )  # fmt: skip


def _folded(before: outbox.KeyedMessage, some: list[ScheduledMessage]) -> outbox.KeyedMessage:
    held = Reasons.model_validate_json(before.payload).joined(one.reason for one in some)
    when = min(before.not_before, *(one.when for one in some))
    priority = max(before.priority, *(one.priority for one in some))
    return replace(before, payload=held.model_dump_json(), not_before=when, priority=priority)


def _reports(
    tx: Connection, round_: Round, since: datetime, now: datetime, deployment: Deployment
) -> list[ScheduledMessage]:
    """Those whose reports are not in; whose report can still change a verdict comes first.

    Who is asked a question that evening isn't reminded in the morning, but hears of an opening.
    """
    dates = dates_of(round_, deployment)
    course = report_reminders(reminder_plans.plan_of(tx, round_.id), dates)
    found = due_from(course, since, now, deployment.zone)
    if found is None:
        return []
    when, due = found
    reason = by_plan(round_.id, "report", due)
    result = result_of(tx, round_)
    asked = due.entry.anchor is not Anchor.OPENING and evening_of(when, dates) is not None
    return [
        ScheduledMessage(task.person_id, when, reason, _priority(result, task.unit_id))
        for task in reminder_plans.tasks_of_round(tx, round_.id)
        if not (task.is_in or task.muted or (asked and task.by_evening))
    ]


def _evenings(
    tx: Connection, round_: Round, now: datetime, deployment: Deployment
) -> list[ScheduledMessage]:
    """Who chose it: today's question, or once that from now on it is the whole list."""
    dates = dates_of(round_, deployment)
    evening, hour = evening_of(now, dates), reminder_plans.plan_of(tx, round_.id).at
    over = evenings_over(now, dates) and now <= round_.deadline
    if evening is None and not over:
        return []
    day = local_day(now, deployment.zone)
    at = evening or datetime.combine(day, hour, tzinfo=deployment.zone)
    when = next_daytime(max(at, now), deployment.zone)
    if local_day(when, deployment.zone) != day:
        return []
    whole = Reason(round=round_.id, part="whole")
    reason = of_evening(round_.id, evening) if evening is not None else whole
    return [
        ScheduledMessage(task.person_id, when, reason, SECOND)
        for task in reminder_plans.tasks_of_round(tx, round_.id)
        if task.by_evening and not (task.is_in or task.muted or (over and task.told))
    ]


def _summaries(
    tx: Connection, round_: Round, since: datetime, now: datetime, deployment: Deployment
) -> list[ScheduledMessage]:
    found = due_from(leader_summaries(dates_of(round_, deployment)), since, now, deployment.zone)
    if found is None:
        return []
    when, due = found
    reason = by_plan(round_.id, "summary", due)
    leaders = people.people_of_commune(tx, round_.commune_id, "leader")
    return [
        ScheduledMessage(one.person.id, when, reason, FIRST)
        for one in leaders
        if one.person.address
    ]


def _end(
    tx: Connection, round_: Round, since: datetime, now: datetime, deployment: Deployment
) -> None:
    """Tell everybody of the commune what came of the round, unless that is old by now."""
    course = end_messages(dates_of(round_, deployment))
    found = due_from(course, since, now, deployment.zone)
    night = end_of_day(now, deployment.zone)
    if found is not None and now - round_.closes_at < STILL_NEWS:
        when, due = found
        reason = by_plan(round_.id, "end", due)
        schedule(
            tx,
            [ScheduledMessage(one, when, reason, SECOND) for one in _everybody(tx, round_)],
            now,
            deployment,
        )
    is_over = all(due.at < night for due in course)
    reminder_plans.planned_until(tx, round_.id, None if is_over else night)


def _everybody(tx: Connection, round_: Round) -> list[int]:
    """Who reports in the round, and who leads the commune."""
    told = [task.person_id for task in reminder_plans.tasks_of_round(tx, round_.id)]
    leaders = people.people_of_commune(tx, round_.commune_id, "leader")
    told += [one.person.id for one in leaders if one.person.address]
    return list(dict.fromkeys(told))


def _priority(result: Result, unit: int) -> int:
    if decides(result, unit):
        return FIRST
    return SECOND if undecided_for(result, unit) else THIRD
