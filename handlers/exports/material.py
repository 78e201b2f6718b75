"""What an export is made from: one round of one commune, with what was before and beside it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from criteria.definition import Indicator
from criteria.scoring import IndicatorResult, Result
from handlers.status.view import StatusView
from storage.evidence import Evidence
from storage.places import Unit
from storage.reports import Report


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
