"""The material of an export: one round of a commune, with earlier rounds and difficulties."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from criteria.definition import Indicator
from criteria.scoring import IndicatorResult, Result, score
from handlers.exports.names import slug
from handlers.history.sentences import HistoryReader, change_text, impersonal, way_of
from handlers.rounds.criteria_sets import set_of
from handlers.status.loading import load_status
from handlers.status.view import StatusView
from handlers.texts import Texts, without_tags
from storage import history
from storage.difficulties import difficulties
from storage.evidence import evidence
from storage.evidence.evidence import Evidence
from storage.history import HistoryEntry
from storage.places import area_names
from storage.places.places import Unit
from storage.reports.reports import IN, Report
from storage.results import current_facts, word_drafts
from storage.rounds import rounds
from storage.rounds.rounds import Round

MOST_PERIODS = 8
_MOST_CHANGES = 5000


@dataclass(frozen=True, slots=True)
class RoundPeriod:
    """One of the rounds that are compared."""

    name: str
    result: Result
    areas_in: int
    areas: int

    def result_of(self, indicator: Indicator) -> IndicatorResult | None:
        """Return the indicator's result; None if the round had none of this code and kind."""
        found = (one for one in self.result.indicators if one.code == indicator.code)
        return next((one for one in found if one.kind is indicator.kind), None)


@dataclass(frozen=True, slots=True)
class RoundChange:
    """One change of the round as text, without names of people."""

    at: datetime
    unit: int | None
    what: str
    way: str


@dataclass(frozen=True, slots=True)
class OpenDifficulty:
    """An open difficulty as it was typed, about an indicator (its code) or a general one.

    The unit need not be one of the round; None if the difficulty is the whole commune's.
    """

    unit: Unit | None
    indicator: str | None
    text: str
    state: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class Material:
    """All data that any export needs; `course` ends with this round.

    `status.as_of` is the time of the newest change of the round, not the present, so that the same
    figures always give the same file.
    """

    status: StatusView
    zone: ZoneInfo
    reports: Mapping[int, Report]
    course: tuple[RoundPeriod, ...]
    evidence: tuple[Evidence, ...]  # of reports that were sent
    difficulties: tuple[OpenDifficulty, ...]
    changes: tuple[RoundChange, ...]
    document: str = ""  # the document that the Word report refers to

    @property
    def stem(self) -> str:
        """The commune and the round, for the names of files."""
        status = self.status
        commune = slug(status.commune.code)
        if status.round.beside_another:  # the other set's round can have the same name
            commune += f"_{status.round.criteria_id}"
        month = status.round.name.partition(" · ")[0]  # without the set's name
        return f"{commune}_{slug(month)}"

    def evidence_of(self, code: str) -> int:
        """Return the number of pieces of evidence of an indicator."""
        return sum(piece.indicator == code for piece in self.evidence)

    def unit_of(self, piece: Evidence) -> int:
        """Return the unit commune report has a piece of evidence."""
        return next(u for u, report in self.reports.items() if report.id == piece.report_id)

    def day(self, moment: datetime) -> date:
        """Return the day of a time in the time zone."""
        return moment.astimezone(self.zone).date()

    def reports_by_day(self) -> tuple[tuple[date, int], ...]:
        """Return how many areas had sent their report by the end of each day.

        The days go from the opening to the newest figure; a second sending does not count.
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
    """Load a round that has begun; its changes are texts in the language of `texts`."""
    changes = [
        one
        for one in history.history_of_round(tx, round_.id)
        if one.what != "difficulty" or one.at <= round_.closes_at  # it goes on
    ]
    newest = max((one.at for one in changes), default=round_.opens_at)
    status = load_status(tx, round_, newest)
    # The time after which nothing belongs to the round's documents.
    ended = max(round_.closes_at, newest) if round_.state == "closed" else None
    units = area_names.units_with_names(tx, round_.commune_id, ended)
    status = replace(status, units={one: units[one] for one in status.units})
    reader = HistoryReader(tx, texts, zone)
    reader.rounds[round_.id] = round_
    reports = current_facts.report_states(tx, round_.id)
    sent = {report.id for report in reports.values() if report.sends}
    areas_in = sum(status.is_in(unit) for unit in status.areas)
    now = RoundPeriod(round_.name, status.result, areas_in, len(status.areas))
    return Material(
        status=status,
        zone=zone,
        reports=reports,
        course=(*earlier_periods(tx, round_), now),
        evidence=tuple(
            one for one in evidence.evidence_of_round(tx, round_.id) if one.report_id in sent
        ),
        difficulties=_open_difficulties(tx, round_, ended, units),
        document=word_drafts.draft_of(tx, round_.id).document or "",
        changes=tuple(_round_change(reader, one) for one in changes[-_MOST_CHANGES:]),
    )


def _open_difficulties(
    tx: Connection, round_: Round, ended: datetime | None, units: Mapping[int, Unit]
) -> tuple[OpenDifficulty, ...]:
    """Return the commune's open difficulties; for a closed round those open at its end."""
    if ended is None:
        found = difficulties.open_difficulties(tx, round_.commune_id)
    else:
        found = difficulties.open_difficulties_at(tx, round_.commune_id, ended)
    return tuple(
        OpenDifficulty(units.get(one.unit_id or 0), one.indicator, one.text, one.state, one.answer)
        for one in found
    )


def earlier_periods(tx: Connection, round_: Round) -> list[RoundPeriod]:
    """Return the earlier rounds of the same set, the oldest first, at most MOST_PERIODS - 1."""
    found: list[RoundPeriod] = []
    before = rounds.round_before(tx, round_)
    while before is not None and len(found) < MOST_PERIODS - 1:
        facts = current_facts.round_facts(tx, before, set_of(before))
        states = current_facts.report_states(tx, before.id)
        areas_in = sum(states[unit].state in IN for unit in facts.areas if unit in states)
        result = score(set_of(before), facts)
        found.insert(0, RoundPeriod(before.name, result, areas_in, len(facts.areas)))
        before = rounds.round_before(tx, before)
    return found


def _round_change(reader: HistoryReader, entry: HistoryEntry) -> RoundChange:
    shown = impersonal(entry)
    text = without_tags(change_text(reader, shown))
    return RoundChange(entry.at, entry.unit_id, text, way_of(reader, shown))
