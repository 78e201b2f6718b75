"""Checks whether a reminder's reasons are still valid when it is sent, and returns its parts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from criteria.evenings import evening_of, evenings_over, next_evening
from criteria.reminders import (
    Anchor,
    Due,
    end_messages,
    end_of_day,
    leader_summaries,
    report_reminders,
    still_due,
)
from criteria.scoring import Result
from handlers.messages.claim_cache import ClaimCache
from handlers.reminders.planning import ReminderReason
from handlers.status.view import StatusView
from storage.reminders.reminder_plans import ResponsiblePerson
from storage.rounds.rounds import Round

# What a reminder tells about the evening questions: that they can be chosen, that they begin, that
# they go on, or (once) that they are over.
OfEvenings = Literal["offered", "begin", "go_on", "over"]


@dataclass(frozen=True, slots=True)
class ToReport:
    """Missing reports of a round by this person; `opening`: due by the plan's opening entry."""

    round: Round
    units: tuple[int, ...]
    result: Result
    opening: bool = False
    nudged: bool = False
    evenings: OfEvenings | None = None


@dataclass(frozen=True, slots=True)
class Evening:
    """The question of an evening, about one of the areas whose reports are missing."""

    round: Round
    units: tuple[int, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Summary:
    """The state of a round, for the commune's leaders."""

    status: StatusView


@dataclass(frozen=True, slots=True)
class Ended:
    """The result of a round, for its reporters (`units`), leaders and officers."""

    status: StatusView
    units: tuple[int, ...]
    leads: bool


MessageSection = ToReport | Evening | Summary | Ended
WhyNot = str  # the reason code why the part is left out


def checked(person_id: int, reason: ReminderReason, cache: ClaimCache) -> MessageSection | WhyNot:
    """Return the part of the message for this reason, or the code why there is none."""
    round_ = cache.round(reason.round)
    if round_ is None or round_.state == "cancelled":
        return "cancelled"
    if reason.part == "end":
        return _ended(person_id, round_, reason, cache)
    if not round_.takes_reports(cache.now):
        return "closed"
    match reason.part:
        case "summary":
            return _summary(person_id, round_, reason, cache)
        case "evening":
            return _evening(person_id, round_, reason, cache)
        case "report" | "asked" | "nudge" | "whole":
            # All four list the missing reports; only "report" has an entry of the plan.
            return _to_report(person_id, round_, reason, cache)


def _to_report(
    person_id: int, round_: Round, reason: ReminderReason, cache: ClaimCache
) -> MessageSection | WhyNot:
    due, dates = reason.due, round_.dates(cache.deployment.zone)
    if due is not None:
        course = report_reminders(cache.plan(round_.id), dates)
        if not _still_due(course, reason, cache):
            return "moved"
    tasks = cache.tasks(round_.id, person_id)
    if not tasks:
        return "left"
    waiting = [task for task in tasks if not task.is_in]
    if not waiting:
        return "reported"
    if tasks[0].muted and reason.part != "asked":
        return "muted"
    opening = due is not None and due.entry.anchor is Anchor.OPENING
    by_plan = due is not None and not opening
    if by_plan and evening_of(cache.now, dates) and all(task.by_evening for task in waiting):
        return "evening"
    return ToReport(
        round_,
        _units(waiting),
        cache.result(round_),
        opening,
        nudged=reason.part == "nudge",
        evenings=_of_evenings(waiting, round_, cache, opening=opening),
    )


def _of_evenings(
    waiting: list[ResponsiblePerson], round_: Round, cache: ClaimCache, *, opening: bool
) -> OfEvenings | None:
    dates = round_.dates(cache.deployment.zone)
    tomorrow = next_evening(end_of_day(cache.now, cache.deployment.zone), dates)
    areas = [task for task in waiting if not task.office]
    if not areas:
        return None
    if not areas[0].evenings:
        return "offered" if tomorrow is not None else None
    if evenings_over(cache.now, dates):
        return None if areas[0].told else "over"
    return "begin" if opening and tomorrow is not None else None


def _evening(
    person_id: int, round_: Round, reason: ReminderReason, cache: ClaimCache
) -> MessageSection | WhyNot:
    at = evening_of(cache.now, round_.dates(cache.deployment.zone))
    if at is None or at != reason.at:
        return "moved"
    tasks = [task for task in cache.tasks(round_.id, person_id) if not task.office]
    if not tasks:
        return "left"
    if not tasks[0].evenings:
        return "not_chosen"
    if tasks[0].muted:
        return "muted"
    waiting = [task for task in tasks if not task.is_in]
    return Evening(round_, _units(waiting), at) if waiting else "reported"


def _units(tasks: list[ResponsiblePerson]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(task.unit_id for task in tasks))


def _summary(
    person_id: int, round_: Round, reason: ReminderReason, cache: ClaimCache
) -> MessageSection | WhyNot:
    if not _still_due(leader_summaries(round_.dates(cache.deployment.zone)), reason, cache):
        return "moved"
    if not _leads(person_id, round_, ("leader",), cache):
        return "left"
    return Summary(cache.status(round_))


def _ended(
    person_id: int, round_: Round, reason: ReminderReason, cache: ClaimCache
) -> MessageSection | WhyNot:
    if round_.state == "open":
        return "reopened"
    course = end_messages(round_.dates(cache.deployment.zone))
    if reason.due not in course:
        return "moved"
    tasks = cache.tasks(round_.id, person_id)
    leads = _leads(person_id, round_, ("leader", "officer"), cache)
    if not tasks and not leads:
        return "left"
    units = tuple(
        unit
        for unit in dict.fromkeys(task.unit_id for task in tasks)
        if unit not in cache.open_units(round_)  # reopened: not over yet
    )
    if not units and not leads:
        return "reopened"
    return Ended(cache.status(round_), units, leads)


def _still_due(course: tuple[Due, ...], reason: ReminderReason, cache: ClaimCache) -> bool:
    due = reason.due
    return due is not None and still_due(course, due, cache.now, cache.deployment.zone)


def _leads(person_id: int, round_: Round, roles: tuple[str, ...], cache: ClaimCache) -> bool:
    return any(
        one.role in roles and one.commune_id == round_.commune_id for one in cache.roles(person_id)
    )
