"""What is read for one claim, so that several messages of a round read it once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from sqlalchemy import Connection

from criteria.reminders import Plan
from criteria.scoring import Facts, Result, score
from handlers.flow.deployment import Deployment
from handlers.rounds.criteria_sets import set_of
from handlers.status.view import StatusView
from storage.messages import notices
from storage.messages.notices import Notice
from storage.messages.outbox import Outgoing
from storage.people import people
from storage.people.people import Membership
from storage.places import places
from storage.places.places import Unit
from storage.reminders import reminder_plans
from storage.reminders.reminder_plans import Task
from storage.reports import reports
from storage.reports.reports import Answer, Report
from storage.results import current_facts
from storage.rounds import rounds
from storage.rounds.rounds import Round

_About = TypeVar("_About", bound=int | Round)
_Read = TypeVar("_Read")


def _once(read: Callable[["ClaimCache", _About], _Read]) -> Callable[["ClaimCache", _About], _Read]:
    """Read it when it is first asked for, and keep it for this claim."""

    @wraps(read)
    def kept(cache: "ClaimCache", about: _About) -> _Read:
        key = read.__name__, about if isinstance(about, int) else about.id
        if key not in cache.kept:
            cache.kept[key] = read(cache, about)
        value: _Read = cache.kept[key]
        return value

    return kept


@dataclass(slots=True)
class ClaimCache:
    """One claim: its moment, and what was read for it.

    `left` are its messages that come after the one that is being worded. `full`: what is left is
    put back, because enough was read in this transaction.
    """

    tx: Connection
    now: datetime
    deployment: Deployment
    left: dict[int, Outgoing]
    full: bool = False
    kept: dict[tuple[str, int], Any] = field(default_factory=dict)
    person_ids: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        self.person_ids = tuple({row.person_id for row in self.left.values()})

    @_once
    def round(self, round_id: int) -> Round | None:
        """The round."""
        return rounds.round_by_id(self.tx, round_id)

    @_once
    def open_rounds(self, commune_id: int) -> list[Round]:
        """The rounds of the commune that are open now."""
        return rounds.open_rounds(self.tx, commune_id, self.now)

    @_once
    def notice(self, notice_id: int) -> Notice | None:
        """What an officer or an operator wrote to many."""
        return notices.notice(self.tx, notice_id)

    @_once
    def plan(self, round_id: int) -> Plan:
        """When the round reminds."""
        return reminder_plans.plan_of(self.tx, round_id)

    @_once
    def units(self, round_id: int) -> dict[int, Unit]:
        """The areas of the round and the office."""
        return {one.id: one for one in rounds.units_of_round(self.tx, round_id)}

    @_once
    def open_units(self, round_: Round) -> frozenset[int]:
        """The units that can report in the round now."""
        return rounds.open_units(self.tx, round_, self.now)

    @_once
    def reports(self, round_id: int) -> dict[int, Report]:
        """The reports of the round by unit."""
        return reports.reports_of_round(self.tx, round_id)

    @_once
    def answers(self, round_id: int) -> dict[int, dict[str, Answer]]:
        """The answers of the round by report."""
        return reports.answers_of_round(self.tx, round_id)

    def answered(self, round_id: int, unit_id: int) -> int:
        """How many questions are answered in a unit's report and are not asked again."""
        report = self.reports(round_id).get(unit_id)
        held = self.answers(round_id).get(report.id, {}) if report is not None else {}
        return sum(one.value is not None and not one.returned for one in held.values())

    @_once
    def facts(self, round_: Round) -> Facts:
        """All that the round's score is computed from."""
        units = list(self.units(round_.id).values())
        return current_facts.round_facts(self.tx, round_, set_of(round_), units=units)

    @_once
    def result(self, round_: Round) -> Result:
        """The round's score."""
        return score(set_of(round_), self.facts(round_))

    @_once
    def status(self, round_: Round) -> StatusView:
        """How the round stands, without what only the status screens say of it."""
        return StatusView(
            commune=places.commune(self.tx, round_.commune_id),
            round=round_,
            facts=self.facts(round_),
            result=self.result(round_),
            units=self.units(round_.id),
            reports={unit: one.state for unit, one in self.reports(round_.id).items()},
            as_of=self.now,
        )

    @_once
    def all_tasks(self, round_id: int) -> list[Task]:
        """The reports of the round that are the business of those who get these messages."""
        return reminder_plans.tasks_of_people(self.tx, round_id, self.person_ids)

    def tasks(self, round_id: int, person_id: int) -> list[Task]:
        """The reports of the round that are this person's business."""
        return [task for task in self.all_tasks(round_id) if task.person_id == person_id]

    def tasks_changed(self, round_id: int) -> None:
        """Read them anew when they are next asked for."""
        self.kept.pop(("all_tasks", round_id), None)

    def roles(self, person_id: int) -> list[Membership]:
        """The roles that the person holds now."""
        if ("roles", person_id) not in self.kept:
            found = people.roles_of(self.tx, self.person_ids)
            self.kept |= {("roles", one): held for one, held in found.items()}
        held: list[Membership] = self.kept["roles", person_id]
        return held
