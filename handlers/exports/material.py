"""What an export is made from: one round of one commune, with what was before and beside it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from criteria.definition import Indicator
from criteria.scoring import IndicatorResult, Result, score
from handlers.exports.names import slug
from handlers.history.sentences import Reader, impersonal, way_of, what
from handlers.rounds.criteria_sets import set_of
from handlers.status.loading import load_status
from handlers.status.view import StatusView
from handlers.texts import Texts, without_tags
from storage import history
from storage.difficulties import difficulties
from storage.evidence import evidence
from storage.evidence.evidence import Evidence
from storage.history import Entry
from storage.places import area_names
from storage.places.places import Unit
from storage.reports.reports import IN, Report
from storage.results import current_facts, word_drafts
from storage.rounds import rounds
from storage.rounds.rounds import Round

MOST_PERIODS = 8
_MOST_HAPPENINGS = 5000


@dataclass(frozen=True, slots=True)
class Period:
    """One round in the course of the rounds."""

    name: str
    result: Result
    areas_in: int
    areas: int

    def result_of(self, indicator: Indicator) -> IndicatorResult | None:
        """The indicator's result; None where the set had none of this code and kind then."""
        found = (one for one in self.result.indicators if one.code == indicator.code)
        return next((one for one in found if one.kind is indicator.kind), None)


@dataclass(frozen=True, slots=True)
class Happening:
    """One change of the round in words; names of people are left out of files."""

    at: datetime
    unit: int | None
    what: str
    way: str


@dataclass(frozen=True, slots=True)
class Obstacle:
    """An open difficulty as it was said, to an indicator (by its code) or in general.

    The unit needn't be one of the round; there is none where the difficulty is the commune's.
    """

    unit: Unit | None
    indicator: str | None
    text: str
    state: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class Material:
    """All that any export needs; `course` ends with this round.

    `status.as_of` is the time of the newest change of the round, not the present: so the same
    figures give the same file, whoever asks and whenever.
    """

    status: StatusView
    zone: ZoneInfo
    reports: Mapping[int, Report]
    course: tuple[Period, ...]
    evidence: tuple[Evidence, ...]  # of reports that were sent
    obstacles: tuple[Obstacle, ...]
    happenings: tuple[Happening, ...]
    document: str = ""  # what the Word report carries out

    @property
    def stem(self) -> str:
        """The commune and the round, for the names of files."""
        status = self.status
        whose = slug(status.commune.code)
        if status.round.beside_another:  # the other set's round can have the same name
            whose += f"_{status.round.criteria_id}"
        month = status.round.name.partition(" · ")[0]  # without the set, named before it
        return f"{whose}_{slug(month)}"

    def evidence_of(self, code: str) -> int:
        """How many pieces of evidence stand with an indicator."""
        return sum(piece.indicator == code for piece in self.evidence)

    def unit_of(self, piece: Evidence) -> int:
        """The unit whose report a piece of evidence belongs to."""
        return next(u for u, report in self.reports.items() if report.id == piece.report_id)

    def day(self, moment: datetime) -> date:
        """The day of the calendar there."""
        return moment.astimezone(self.zone).date()

    def reports_by_day(self) -> tuple[tuple[date, int], ...]:
        """How many areas had sent their report (for the first time) by the end of each day.

        From the opening to the newest figure.
        """
        areas = set(self.status.areas)
        sent = Counter(
            self.day(report.first_sent_at)
            for unit, report in self.reports.items()
            if unit in areas and report.first_sent_at is not None
        )
        last = max(self.day(self.status.as_of), *sent, self.day(self.status.round.opens_at))
        day, total, found = self.day(self.status.round.opens_at), 0, []
        while day <= last:
            total += sent[day]
            found.append((day, total))
            day += timedelta(days=1)
        return tuple(found)


def material_of(tx: Connection, round_: Round, texts: Texts, zone: ZoneInfo) -> Material:
    """All of a round that has begun; its changes and difficulties in the words of `texts`."""
    changes = [
        one
        for one in history.history_of_round(tx, round_.id)
        if one.what != "difficulty" or one.at <= round_.closes_at  # its course goes on
    ]
    newest = max((one.at for one in changes), default=round_.opens_at)
    status = load_status(tx, round_, newest)
    # The instant from which on nothing belongs to the round's documents.
    ended = max(round_.closes_at, newest) if round_.state == "closed" else None
    units = area_names.units_with_names(tx, round_.commune_id, ended)
    status = replace(status, units={one: units[one] for one in status.units})
    told = Reader(tx, texts, zone)
    told.rounds[round_.id] = round_
    reports = current_facts.report_states(tx, round_.id)
    sent = {report.id for report in reports.values() if report.sends}
    areas_in = sum(status.is_in(unit) for unit in status.areas)
    now = Period(round_.name, status.result, areas_in, len(status.areas))
    return Material(
        status=status,
        zone=zone,
        reports=reports,
        course=(*earlier_periods(tx, round_), now),
        evidence=tuple(
            one for one in evidence.evidence_of_round(tx, round_.id) if one.report_id in sent
        ),
        obstacles=_obstacles(tx, round_, ended, units),
        document=word_drafts.draft_of(tx, round_.id).document or "",
        happenings=tuple(_happening(told, one) for one in changes[-_MOST_HAPPENINGS:]),
    )


def _obstacles(
    tx: Connection, round_: Round, ended: datetime | None, units: Mapping[int, Unit]
) -> tuple[Obstacle, ...]:
    """The commune's open difficulties; of a round that has ended those of then."""
    if ended is None:
        found = difficulties.open_difficulties(tx, round_.commune_id)
    else:
        found = difficulties.open_difficulties_at(tx, round_.commune_id, ended)
    return tuple(
        Obstacle(units.get(one.unit_id or 0), one.indicator, one.text, one.state, one.answer)
        for one in found
    )


def earlier_periods(tx: Connection, round_: Round) -> list[Period]:
    """The rounds of the same set before this one, the oldest first."""
    found: list[Period] = []
    before = rounds.round_before(tx, round_)
    while before is not None and len(found) < MOST_PERIODS - 1:
        facts = current_facts.round_facts(tx, before, set_of(before))
        states = current_facts.report_states(tx, before.id)
        areas_in = sum(states[unit].state in IN for unit in facts.areas if unit in states)
        result = score(set_of(before), facts)
        found.insert(0, Period(before.name, result, areas_in, len(facts.areas)))
        before = rounds.round_before(tx, before)
    return found


def _happening(told: Reader, entry: Entry) -> Happening:
    nobody = impersonal(entry)
    return Happening(
        entry.at, entry.unit_id, without_tags(what(told, nobody)), way_of(told, nobody)
    )
