"""What is read for one claim, so that several messages of a round read it once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection

from criteria.reminders import Plan
from criteria.scoring import Facts, Result, score
from handlers.flow.deployment import Deployment
from handlers.rounds.criteria_sets import set_of
from handlers.status.view import StatusView
from storage import people, places, reminder_plans, reports, results, rounds
from storage.outbox import Outgoing
from storage.people import Membership
from storage.places import Unit
from storage.reminder_plans import Task
from storage.reports import Report
from storage.rounds import Round

_Read = TypeVar("_Read")


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
    person_ids: tuple[int, ...] = ()
    _kept: dict[tuple[str, int], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.person_ids = tuple({row.person_id for row in self.left.values()})

    def once(self, name: str, number: int, read: Callable[[], _Read]) -> _Read:
        """What `read` gave for this name and number when it was first asked for."""
        if (name, number) not in self._kept:
            self._kept[name, number] = read()
        value: _Read = self._kept[name, number]
        return value

    def forget(self, name: str, number: int) -> None:
        """It has changed."""
        self._kept.pop((name, number), None)

    def round(self, round_id: int) -> Round | None:
        """The round."""
        return self.once("round", round_id, lambda: rounds.round_by_id(self.tx, round_id))

    def open_rounds(self, commune_id: int) -> list[Round]:
        """The rounds of the commune that are open now."""
        return self.once(
            "open rounds", commune_id, lambda: rounds.open_rounds(self.tx, commune_id, self.now)
        )

    def plan(self, round_: Round) -> Plan:
        """When the round reminds."""
        return self.once("plan", round_.id, lambda: reminder_plans.plan_of(self.tx, round_.id))

    def result(self, round_: Round) -> Result:
        """The round's score."""
        return self.once("result", round_.id, lambda: score(set_of(round_), self._facts(round_)))

    def status(self, round_: Round) -> StatusView:
        """How the round stands, without what only the status screens say of it."""
        return self.once("status", round_.id, lambda: self._status(round_))

    def _status(self, round_: Round) -> StatusView:
        return StatusView(
            commune_id=round_.commune_id,
            commune=places.commune(self.tx, round_.commune_id).name,
            round_id=round_.id,
            round=round_.name,
            state=round_.state,
            deadline=round_.deadline,
            closes_at=round_.closes_at,
            data_date=round_.data_date,
            criteria=set_of(round_),
            facts=self._facts(round_),
            result=self.result(round_),
            units=self.units(round_.id),
            reports={unit: one.state for unit, one in self.reports(round_.id).items()},
            as_of=self.now,
        )

    def _facts(self, round_: Round) -> Facts:
        units = list(self.units(round_.id).values())
        return self.once(
            "facts",
            round_.id,
            lambda: results.round_facts(self.tx, round_, set_of(round_), units=units),
        )

    def units(self, round_id: int) -> dict[int, Unit]:
        """The areas of the round and the office."""
        found = self.once("units", round_id, lambda: rounds.units_of_round(self.tx, round_id))
        return {one.id: one for one in found}

    def open_units(self, round_: Round) -> frozenset[int]:
        """The units that can report in the round now."""
        return self.once("open", round_.id, lambda: rounds.open_units(self.tx, round_, self.now))

    def reports(self, round_id: int) -> dict[int, Report]:
        """The reports of the round by unit."""
        return self.once("reports", round_id, lambda: reports.reports_of_round(self.tx, round_id))

    def answered(self, round_id: int, unit_id: int) -> int:
        """How many questions are answered in a unit's report and are not asked again."""
        report = self.reports(round_id).get(unit_id)
        answers = self.once(
            "answers", round_id, lambda: reports.answers_of_round(self.tx, round_id)
        )
        held = answers.get(report.id, {}) if report is not None else {}
        return sum(one.value is not None and not one.returned for one in held.values())

    def tasks(self, round_id: int, person_id: int) -> list[Task]:
        """The reports of the round that are this person's business."""
        found = self.once(
            "tasks",
            round_id,
            lambda: reminder_plans.tasks_of_people(self.tx, round_id, self.person_ids),
        )
        return [task for task in found if task.person_id == person_id]

    def roles(self, person_id: int) -> list[Membership]:
        """The roles that the person holds now."""
        return self.once("roles", 0, lambda: people.roles_of(self.tx, self.person_ids))[person_id]
