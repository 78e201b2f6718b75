"""Plans the day's messages of a round: each person gets one row, whose text is made at its claim.

The row's payload is the list of reasons for the message.
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
    Due,
    PlanEntry,
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
from handlers.messages.keys import DedupeKey, key_of_day, undropped
from handlers.rounds.jobs import Work
from handlers.status.loading import result_of
from storage.messages import outbox
from storage.people import people
from storage.reminders import reminder_plans
from storage.rounds import rounds
from storage.rounds.rounds import Round

KIND = "reminder"  # the stored kind
# By the plan: a reporter's or an officer's report, a leader's summary, the end of the round.
# On request: by the person ("nhắc lại tối nay"), by a leader ("⏰ Nhắc").
# By choice: the question of an evening; and once, that the whole list follows from now on.
ReasonType = Literal["report", "summary", "end", "asked", "nudge", "evening", "whole"]
STILL_NEWS = timedelta(days=7)  # no message about a round that closed longer ago
# Bulk messages are sent after everything that somebody has just asked for.
FIRST, SECOND, THIRD = -1, -2, -3
_LATE_NEWS = frozenset({Anchor.OPENING, Anchor.END})  # not dropped: sent on the next day


class ReminderReason(BaseModel):
    """One reason for a message: the round, the part, and the plan's entry if there is one."""

    model_config = ConfigDict(frozen=True)

    round: int
    part: ReasonType
    anchor: Anchor | None = None
    days: int = 0
    at: datetime | None = None

    @property
    def due(self) -> Due | None:
        """The due entry of the plan; None for a request or a choice."""
        if self.anchor is None or self.at is None:
            return None
        return Due(self.at, PlanEntry(self.anchor, self.days))


class Reasons(BaseModel):
    """The payload of a reminder: the reasons of one message."""

    model_config = ConfigDict(frozen=True)

    v: Literal[1] = 1
    reasons: tuple[ReminderReason, ...]

    def merged(self, more: Iterable[ReminderReason]) -> "Reasons":
        """Return these reasons and more, each once."""
        return Reasons(reasons=tuple(dict.fromkeys((*self.reasons, *more))))


def by_plan(round_id: int, part: ReasonType, due: Due) -> ReminderReason:
    """Return the reason for a due entry of the plan."""
    at = due.at.astimezone(UTC)
    return ReminderReason(
        round=round_id, part=part, anchor=due.entry.anchor, days=due.entry.days, at=at
    )


def of_evening(round_id: int, at: datetime) -> ReminderReason:
    """Return the reason for the question of an evening."""
    return ReminderReason(round=round_id, part="evening", at=at.astimezone(UTC))


@dataclass(frozen=True, slots=True)
class ScheduledMessage:
    """A reason to write to a person at a time."""

    person_id: int
    when: datetime
    reason: ReminderReason
    priority: int


def reminders_work(tx: Connection, now: datetime, deployment: Deployment) -> list[Work]:
    """Return the work to plan the day of each due round, each in its own transaction."""
    return [
        partial(plan_round, round_id=round_id, now=now, deployment=deployment)
        for round_id in reminder_plans.rounds_to_plan(tx, now)
    ]


def plan_round(tx: Connection, *, round_id: int, now: datetime, deployment: Deployment) -> None:
    """Schedule the round's messages of today, and store until when it is planned."""
    since, round_ = reminder_plans.planned_until(tx, round_id), rounds.round_by_id(tx, round_id)
    if round_ is None or since is None or since > now:
        return
    if round_.state == "open":
        messages = [
            *_reports(tx, round_, since, now, deployment),
            *_evenings(tx, round_, now, deployment),
            *_summaries(tx, round_, since, now, deployment),
        ]
        schedule(tx, messages, now, deployment)
        reminder_plans.set_planned_until(tx, round_id, end_of_day(now, deployment.zone))
    elif round_.state == "closed":
        _end(tx, round_, since, now, deployment)
    else:
        reminder_plans.set_planned_until(tx, round_id, None)


def schedule(
    tx: Connection, messages: Iterable[ScheduledMessage], now: datetime, deployment: Deployment
) -> None:
    """Put one message a person and day into the outbox; merge further reasons into a waiting one.

    If the day's message is already sent, an opening or an end is sent on the next day; others drop.
    """
    by_day: dict[DedupeKey, list[ScheduledMessage]] = {}
    zone = deployment.zone
    for one in messages:
        key = key_of_day(one.person_id, local_day(one.when, zone))
        by_day.setdefault(key, []).append(one)
    there = undropped(tx, by_day)
    drafts: list[outbox.Draft] = []
    merged: list[outbox.KeyedMessage] = []
    tomorrow: list[ScheduledMessage] = []
    for key, some in by_day.items():
        before = there.get(key)
        if before is None:
            drafts.append(_draft(key, some))
        elif before.state == "waiting":
            merged.append(_merged(before, some))
        else:
            tomorrow += [
                replace(one, when=next_daytime(end_of_day(one.when, zone), zone, USUAL_HOUR))
                for one in some
                if one.reason.anchor in _LATE_NEWS
            ]
    outbox.replace_waiting(tx, merged)
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


def _merged(before: outbox.KeyedMessage, some: list[ScheduledMessage]) -> outbox.KeyedMessage:
    reasons = Reasons.model_validate_json(before.payload).merged(one.reason for one in some)
    when = min(before.not_before, *(one.when for one in some))
    priority = max(before.priority, *(one.priority for one in some))
    return replace(before, payload=reasons.model_dump_json(), not_before=when, priority=priority)


def _reports(
    tx: Connection, round_: Round, since: datetime, now: datetime, deployment: Deployment
) -> list[ScheduledMessage]:
    """Return the messages on missing reports; those that can change a verdict get priority.

    A person who gets a question that evening isn't reminded in the morning, except of an opening.
    """
    dates = round_.dates(deployment.zone)
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
    """Return today's questions of an evening, or once the message that the whole list follows."""
    dates = round_.dates(deployment.zone)
    evening, hour = evening_of(now, dates), reminder_plans.plan_of(tx, round_.id).at
    over = evenings_over(now, dates) and now <= round_.deadline
    if evening is None and not over:
        return []
    day = local_day(now, deployment.zone)
    at = evening or datetime.combine(day, hour, tzinfo=deployment.zone)
    when = next_daytime(max(at, now), deployment.zone)
    if local_day(when, deployment.zone) != day:
        return []
    whole = ReminderReason(round=round_.id, part="whole")
    reason = of_evening(round_.id, evening) if evening is not None else whole
    return [
        ScheduledMessage(task.person_id, when, reason, SECOND)
        for task in reminder_plans.tasks_of_round(tx, round_.id)
        if task.by_evening and not (task.is_in or task.muted or (over and task.told))
    ]


def _summaries(
    tx: Connection, round_: Round, since: datetime, now: datetime, deployment: Deployment
) -> list[ScheduledMessage]:
    found = due_from(leader_summaries(round_.dates(deployment.zone)), since, now, deployment.zone)
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
    """Schedule the messages on the result of the round, unless it closed too long ago."""
    course = end_messages(round_.dates(deployment.zone))
    found = due_from(course, since, now, deployment.zone)
    night = end_of_day(now, deployment.zone)
    if found is not None and now - round_.closes_at < STILL_NEWS:
        when, due = found
        reason = by_plan(round_.id, "end", due)
        everybody = _everybody(tx, round_)
        messages = [ScheduledMessage(one, when, reason, SECOND) for one in everybody]
        schedule(tx, messages, now, deployment)
    is_over = all(due.at < night for due in course)
    reminder_plans.set_planned_until(tx, round_.id, None if is_over else night)


def _everybody(tx: Connection, round_: Round) -> list[int]:
    """Return the ids of the round's reporters and of the commune's leaders."""
    ids = [task.person_id for task in reminder_plans.tasks_of_round(tx, round_.id)]
    leaders = people.people_of_commune(tx, round_.commune_id, "leader")
    ids += [one.person.id for one in leaders if one.person.address]
    return list(dict.fromkeys(ids))


def _priority(result: Result, unit: int) -> int:
    if decides(result, unit):
        return FIRST
    return SECOND if undecided_for(result, unit) else THIRD
