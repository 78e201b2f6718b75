"""A cache for one claim, so that several messages of a round read their data once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from sqlalchemy import Connection

from criteria.reminders import ReminderPlan
from criteria.scoring import Facts, Result, score
from handlers.flow.deployment import Deployment
from handlers.rounds.criteria_sets import set_of
from handlers.status.view import StatusView
from handlers.texts import Texts
from storage.messages import notices
from storage.messages.notices import Notice
from storage.messages.outbox import Outgoing
from storage.people import people
from storage.people.people import Membership
from storage.places import places
from storage.places.places import Unit
from storage.reminders import reminder_plans
from storage.reminders.reminder_plans import ResponsiblePerson
from storage.reports import reports
from storage.reports.reports import Answer, Report
from storage.results import current_facts
from storage.rounds import rounds
from storage.rounds.rounds import Round

_Key = TypeVar("_Key", bound=int | Round)
_Read = TypeVar("_Read")


def _once(read: Callable[["ClaimCache", _Key], _Read]) -> Callable[["ClaimCache", _Key], _Read]:
    """Cache the result of a method for this claim."""

    @wraps(read)
    def cached(cache: "ClaimCache", key: _Key) -> _Read:
        entry = read.__name__, key if isinstance(key, int) else key.id
        if entry not in cache.cached:
            cache.cached[entry] = read(cache, key)
        value: _Read = cache.cached[entry]
        return value

    return cached


@dataclass(slots=True)
class ClaimCache:
    """One claim: its time, and the data read for it.

    `left`: its messages that come after the present one. `full`: the messages left are put back,
    because this transaction has read enough.
    """

    tx: Connection
    now: datetime
    deployment: Deployment
    left: dict[int, Outgoing]
    full: bool = False
    cached: dict[tuple[str, int], Any] = field(default_factory=dict)
    person_ids: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        self.person_ids = tuple({row.person_id for row in self.left.values()})

    @_once
    def round(self, round_id: int) -> Round | None:
        """Return the round; None when it doesn't exist."""
        return rounds.round_by_id(self.tx, round_id)

    @_once
    def open_rounds(self, commune_id: int) -> list[Round]:
        """Return the rounds of the commune that are open now."""
        return rounds.open_rounds(self.tx, commune_id, self.now)

    @_once
    def notice(self, notice_id: int) -> Notice | None:
        """Return the notice that an officer or operator wrote; None when it doesn't exist."""
        return notices.notice(self.tx, notice_id)

    @_once
    def plan(self, round_id: int) -> ReminderPlan:
        """Return the round's plan of reminders."""
        return reminder_plans.plan_of(self.tx, round_id)

    @_once
    def units(self, round_id: int) -> dict[int, Unit]:
        """Return the areas of the round and the office by id."""
        return {one.id: one for one in rounds.units_of_round(self.tx, round_id)}

    @_once
    def open_units(self, round_: Round) -> frozenset[int]:
        """Return the units that can report in the round now."""
        return rounds.open_units(self.tx, round_, self.now)

    @_once
    def reports(self, round_id: int) -> dict[int, Report]:
        """Return the reports of the round by unit."""
        return reports.reports_of_round(self.tx, round_id)

    @_once
    def answers(self, round_id: int) -> dict[int, dict[str, Answer]]:
        """Return the answers of the round by report."""
        return reports.answers_of_round(self.tx, round_id)

    def answered(self, round_id: int, unit_id: int) -> int:
        """Return how many questions of a unit's report are answered and not returned."""
        report = self.reports(round_id).get(unit_id)
        answers = self.answers(round_id).get(report.id, {}) if report is not None else {}
        return sum(one.value is not None and not one.returned for one in answers.values())

    @_once
    def facts(self, round_: Round) -> Facts:
        """Return the facts that the round's score is computed from."""
        units = list(self.units(round_.id).values())
        return current_facts.round_facts(self.tx, round_, set_of(round_), units=units)

    @_once
    def result(self, round_: Round) -> Result:
        """Return the round's score."""
        return score(set_of(round_), self.facts(round_))

    @_once
    def status(self, round_: Round) -> StatusView:
        """Return the round's status, without the data that only the status screens need."""
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
    def all_tasks(self, round_id: int) -> list[ResponsiblePerson]:
        """Return the reports of the round that recipients of these messages are responsible for."""
        return reminder_plans.tasks_of_people(self.tx, round_id, self.person_ids)

    def tasks(self, round_id: int, person_id: int) -> list[ResponsiblePerson]:
        """Return the reports of the round that this person is responsible for."""
        return [task for task in self.all_tasks(round_id) if task.person_id == person_id]

    def tasks_changed(self, round_id: int) -> None:
        """Forget the cached tasks of the round."""
        self.cached.pop(("all_tasks", round_id), None)

    def roles(self, person_id: int) -> list[Membership]:
        """Return the present roles of the person."""
        if ("roles", person_id) not in self.cached:
            found = people.roles_of(self.tx, self.person_ids)
            self.cached |= {("roles", one): roles for one, roles in found.items()}
        roles: list[Membership] = self.cached["roles", person_id]
        return roles

    @_once
    def commune_name(self, commune_id: int) -> str:
        """Return the commune's name."""
        return places.commune(self.tx, commune_id).name

    def unit_name(self, person_id: int, unit: Unit, texts: Texts) -> str:
        """Return the unit's name for a person: with the commune if they have several."""
        name = texts.unit(unit)
        if len(people.communes_of(self.roles(person_id))) <= 1:
            return name
        return f"{name} · {self.commune_name(unit.commune_id)}"
