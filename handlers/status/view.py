"""One round of one commune, as the status screens need it."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import datetime
from typing import Any

from criteria.answers import CountingMethod
from criteria.definition import CriteriaSet, Indicator
from criteria.kinds import kind_of_value
from criteria.scoring import Facts, IndicatorResult, Result, by_weight, result_fields
from handlers.rounds.criteria_sets import round_text, set_of
from handlers.texts import Texts, texts_of
from storage.places.places import Commune, Unit
from storage.reports.reports import IN
from storage.rounds.rounds import Round

MOST_NAMED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundProgress:
    """The progress of a round at `as_of` without its result; it is enough for the buttons.

    `reports`: the states of the existing reports by unit.
    """

    commune: Commune
    round: Round
    units: Mapping[int, Unit]
    reports: Mapping[int, str]
    as_of: datetime
    difficulties: int = 0

    @property
    def id(self) -> int:
        """The round's id, which addresses contain."""
        return self.round.id

    def round_title(self, texts: Texts) -> str:
        """Return the round's name, with its set's name if a round of another set runs too."""
        return round_text(self.round, texts)

    @property
    def areas(self) -> tuple[int, ...]:
        """The areas in their order."""
        return tuple(one.id for one in self.units.values() if not one.office)

    @property
    def office(self) -> int | None:
        """The id of the commune's office; None if the set doesn't ask it."""
        return next((one.id for one in self.units.values() if one.office), None)

    @property
    def closed(self) -> bool:
        """Whether the round takes no more reports."""
        return not self.round.takes_reports(self.as_of)

    def state_of(self, unit: int) -> str:
        """Return the state of a unit's report; "none" without a report."""
        return self.reports.get(unit, "none")

    def is_in(self, unit: int) -> bool:
        """Return whether the unit's report is sent and not returned."""
        return self.state_of(unit) in IN

    @property
    def areas_in(self) -> int:
        """How many areas have sent their report."""
        return sum(self.is_in(area) for area in self.areas)

    @property
    def areas_missing(self) -> tuple[int, ...]:
        """The areas that never sent a report, in area order."""
        return tuple(
            area
            for area in self.areas
            if not self.is_in(area) and self.state_of(area) != "returned"
        )

    @property
    def areas_returned(self) -> tuple[int, ...]:
        """The areas whose report was returned, in area order."""
        return tuple(area for area in self.areas if self.state_of(area) == "returned")

    def name(self, unit: int, texts: Texts) -> str:
        """Return the unit's name, with the old commune's if two areas have the same label."""
        return texts.unit(self.units[unit])


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusView(RoundProgress):
    """All data of the status screens, read in one transaction.

    `unjoined`: areas without reporters. `last`: the result of the previous round of the same set,
    if there was one. `at_deadline`: the fields of `status --json` at the deadline, after it.
    """

    facts: Facts
    result: Result
    late: frozenset[int] = frozenset()
    unjoined: tuple[int, ...] = ()
    last: Result | None = None
    at_deadline: Mapping[str, Any] | None = None
    counting_methods: Mapping[tuple[int, str], CountingMethod] = field(default_factory=dict)
    word_outdated: datetime | None = None  # when the Word draft was made, if figures changed since

    @property
    def criteria(self) -> CriteriaSet:
        """The round's set."""
        return set_of(self.round)

    def figures_checksum(self) -> str:
        """Return a checksum of the counted answers and the confirmations."""
        facts = self.facts
        counted = ((key, type(one).__name__, astuple(one)) for key, one in facts.counted.items())
        confirmed = ((key, astuple(one)) for key, one in facts.confirmations.items())
        figures = repr((sorted(counted), sorted(confirmed)))
        return hashlib.sha256(figures.encode()).hexdigest()[:16]

    def asked_of(self, unit: int) -> tuple[Indicator, ...]:
        """Return the indicators that a unit is asked."""
        return self.criteria.asked_of(office=unit == self.facts.office)

    def short(self, code: str, texts: Texts) -> str:
        """Return an indicator's short name."""
        return texts.short(self.criteria.indicator(code))

    def last_of(self, one: IndicatorResult) -> IndicatorResult | None:
        """Return the same indicator's result in the previous round; None without one."""
        earlier = self.last.indicators if self.last else ()
        return next((o for o in earlier if o.code == one.code and o.kind is one.kind), None)


def totals_by_method(status: StatusView, code: str) -> dict[CountingMethod | None, int]:
    """Return the sum of an indicator's denominators by counting method; None: not given."""
    found: Counter[CountingMethod | None] = Counter()
    for (unit, indicator), value in status.facts.counted.items():
        if indicator == code and (total := kind_of_value(value).total(value)) is not None:
            found[status.counting_methods.get((unit, code))] += total
    return dict(found)


def awaited(status: StatusView) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Return the areas that the commune waits for, by the key of their sentence."""
    both = (("status.missing", status.areas_missing), ("status.returned", status.areas_returned))
    return tuple((key, units) for key, units in both if units)


def names_of(status: StatusView, units: Sequence[int], texts: Texts) -> str:
    """Return the names of these units, at most the twelve with most weight: "… và 3 khu nữa"."""
    left = len(units) - MOST_NAMED
    named = by_weight(status.result, units)[:MOST_NAMED] if left > 0 else units
    text = ", ".join(status.name(unit, texts) for unit in named)
    return text + texts.say("status.areas_more", count=left) if left > 0 else text


def status_fields(status: StatusView) -> dict[str, Any]:
    """Return the fields of `status --json`; areas by their names, the office as "office".

    The set's id is included if a round of another set runs too.
    """
    fields = result_fields(status.result)
    for indicator in fields["indicators"]:
        indicator["deciding"] = [plain_name(status, unit) for unit in indicator["deciding"]]
    units, office = status.facts.units, status.office
    missing = [unit for unit in units if not status.is_in(unit)]
    return {
        "commune": status.commune.name,
        "round": status.round.name,
        **({"criteria": status.criteria.id} if status.round.beside_another else {}),
        "as_of": status.as_of.isoformat(),
        "reports": {
            "in": len(units) - len(missing),
            "expected": len(units),
            "missing": [plain_name(status, unit) for unit in missing],
            "office": status.state_of(office) if office is not None else None,
        },
        **fields,
    }


def plain_name(status: StatusView, unit: int) -> str:
    """Return a unit's name for other programs."""
    return "office" if unit == status.facts.office else status.name(unit, texts_of("vi"))
