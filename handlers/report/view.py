"""One report as one person sees it: the round, the questions with their answers, the place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from criteria.answers import Value
from criteria.conversation import Place, Question
from criteria.definition import CriteriaSet, Figure, Indicator
from criteria.kinds import kind_of_value
from handlers.rounds.criteria_sets import set_of
from handlers.texts import Texts, plain
from storage.conversations import reports_in_rounds
from storage.conversations.reports_in_rounds import ReportInRound
from storage.evidence import evidence as pieces
from storage.people.people import Membership
from storage.places import places
from storage.places.places import Unit
from storage.reports import reports
from storage.reports.reports import Answer, Report
from storage.results import current_facts
from storage.rounds import rounds
from storage.rounds.rounds import Round, Window


@dataclass(frozen=True, slots=True)
class ReportView:
    """All data for the screens of one report."""

    round: Round
    unit: Unit
    report: Report
    criteria: CriteriaSet
    indicators: tuple[Indicator, ...]
    questions: tuple[Question, ...]
    answers: Mapping[str, Answer]
    evidence: Mapping[str, tuple[int, int]]  # pieces of an indicator, and how many are late
    place: Place
    revision: int
    window: Window
    writable: bool
    commune: str | None = None  # where this person reports for areas of several communes
    elsewhere: frozenset[str] = frozenset()  # names of communes of the person's other areas only

    def unit_name(self, texts: Texts) -> str:
        """Return the unit's name, with its commune if this person has areas in several."""
        name = texts.unit(self.unit)
        return name if self.commune is None else f"{name} · {self.commune}"

    @property
    def id(self) -> int:
        """The report's id, which addresses contain."""
        return self.report.id

    @property
    def without_method(self) -> list[str]:
        """The questions answered with a number whose counting method isn't known."""
        counted = [
            one.code
            for one in self.questions
            if one.answer is not None and kind_of_value(one.answer).total(one.answer)
        ]
        return [code for code in counted if self.answers[code].how is None]

    def question(self, code: str | None) -> Question | None:
        """Return the question with this code; None without one."""
        return next((q for q in self.questions if q.code == code), None)

    def indicator(self, code: str) -> Indicator:
        """Return the indicator with this code."""
        return self.criteria.indicator(code)

    def number_of(self, code: str | None) -> int:
        """Return the question's number as people see it, from 1; 0 for an unknown code."""
        return next((i for i, q in enumerate(self.questions, 1) if q.code == code), 0)

    def pieces(self, code: str) -> int:
        """Return the number of pieces of evidence of an indicator."""
        return self.evidence.get(code, (0, 0))[0]

    def late_pieces(self, code: str) -> int:
        """Return how many of them could not be fetched yet, and may never be."""
        return self.evidence.get(code, (0, 0))[1]

    def lacks_evidence(self, code: str) -> bool:
        """Return whether required evidence is missing; late pieces don't count."""
        required = self.indicator(code).evidence == "required"
        return required and self.pieces(code) == self.late_pieces(code)


def load_view(
    tx: Connection, report: Report, person_id: int, roles: Sequence[Membership], place: Place,
    revision: int, at: datetime,
) -> ReportView:  # fmt: skip
    """Return the view of a report for a person, with the present answers.

    It is writable if the unit could report at the time `at`, when the person wrote.
    """
    found = reports_in_rounds.report_in_round(tx, report.id)
    if found is None:
        raise KeyError(report.id)
    return view_of(tx, found, person_id, roles, place, revision, at)


def view_of(
    tx: Connection, found: ReportInRound, person_id: int, roles: Sequence[Membership],
    place: Place, revision: int, at: datetime,
) -> ReportView:  # fmt: skip
    """Return the same view for a report that was read before."""
    unit, report, round_ = found.unit, found.report, found.round
    view = _view(
        tx, found.window, unit, report, person_id, place, revision,
        answers=reports.answers_of(tx, report.id),
        figures=places.figures_of(tx, unit.id),
        earlier=current_facts.earlier_counted(tx, round_, (unit.id,), successors=found.successor),
        evidence=pieces.evidence_counts(tx, report.id),
        writable=found.window.was_open(at),
    )  # fmt: skip
    areas = [one.unit_id for one in roles if one.unit_id]
    return view if unit.office or len(areas) <= 1 else _among(tx, view, areas)


def _among(tx: Connection, view: ReportView, areas: Sequence[int]) -> ReportView:
    """Return the view for a person with all these areas, which may have equal names."""
    own = view.unit
    others = [one for one in places.units_by_ids(tx, areas) if one.id != own.id]
    ids = {own.commune_id, *(one.commune_id for one in others)}
    communes = {one: places.commune(tx, one).name for one in ids}

    def names(unit: Unit) -> set[str]:
        found = (communes[unit.commune_id], unit.old_commune or "")
        return {plain(name).removeprefix("xa ").removeprefix("phuong ") for name in found if name}

    elsewhere = {name for one in others for name in names(one)} - names(own)
    commune = communes[own.commune_id] if len(ids) > 1 else None
    return replace(view, commune=commune, elsewhere=frozenset(elsewhere))


def load_views(
    tx: Connection, round_: Round, found: Sequence[Report], person_id: int, now: datetime
) -> list[ReportView]:
    """Return the views of many reports of one round, each at its summary; read together."""
    units = {unit.id: unit for unit in rounds.units_of_round(tx, round_.id)}
    answers = reports.answers_of_round(tx, round_.id)
    figures: dict[int, dict[str, int]] = {}
    for (unit_id, kind), value in current_facts.figures_now(tx, round_.id).items():
        figures.setdefault(unit_id, {})[kind] = value
    earlier = current_facts.earlier_counted(tx, round_, [one.unit_id for one in found])
    evidence = pieces.evidence_counts_of_round(tx, round_.id)
    windows = rounds.windows(tx, round_)

    return [
        _view(
            tx, windows[report.unit_id], units[report.unit_id], report, person_id,
            Place("summary"), 0,
            answers=answers.get(report.id, {}),
            figures=figures.get(report.unit_id, {}),
            earlier=earlier,
            evidence=evidence.get(report.id, {}),
            writable=windows[report.unit_id].is_open(now),
        )
        for report in found
    ]  # fmt: skip


def _view(
    tx: Connection, window: Window, unit: Unit, report: Report, person_id: int, place: Place,
    revision: int, *, answers: Mapping[str, Answer], figures: Mapping[str, int],
    earlier: Mapping[tuple[int, str], Value], evidence: Mapping[str, tuple[int, int]],
    writable: bool,
) -> ReportView:  # fmt: skip
    criteria, named = set_of(window.round), reports.named_by_return(tx, report)
    indicators = criteria.asked_of(office=unit.office)
    questions = tuple(
        asked_of(one, unit, figures, earlier, named, answers.get(one.code), person_id)
        for one in indicators
    )
    return ReportView(
        window.round, unit, report, criteria, indicators, questions, answers, evidence, place,
        revision, window, writable,
    )  # fmt: skip


def reload_view(
    tx: Connection,
    view: ReportView,
    person_id: int,
    place: Place,
    revision: int,
    *,
    answers: Mapping[str, Answer] | None,
    pieces_too: bool,
) -> ReportView:
    """Return the view after a change; only data that can have changed is read again.

    `answers`: the present ones; None: they are read again.
    """
    report = view.report
    if report.state == "accepted":  # a correction changes its state
        report = reports.report_by_id(tx, report.id) or report
    if answers is None:
        answers = reports.answers_of(tx, report.id)

    def again(question: Question) -> Question:
        answer = answers.get(question.code)
        if answer == view.answers.get(question.code):
            return question
        return replace(question, **_answer_fields(answer, question.named, person_id))

    return replace(
        view,
        report=report,
        answers=answers,
        questions=tuple(again(question) for question in view.questions),
        evidence=pieces.evidence_counts(tx, report.id) if pieces_too else view.evidence,
        place=place,
        revision=revision,
    )


def asked_of(
    indicator: Indicator,
    unit: Unit,
    figures: Mapping[str, int],
    earlier: Mapping[tuple[int, str], Value],
    named: frozenset[str] | None = None,
    answer: Answer | None = None,
    person_id: int | None = None,
) -> Question:
    """Return a unit's question about an indicator, with its total and its earlier value.

    `answer`: the present one; `person_id`: the person who is asked.
    """
    kind = indicator.figure_of(office=unit.office)
    figure = figures.get(kind)
    last = earlier.get((unit.id, indicator.code))
    expected = figure
    # If no figure is the total (dossiers of a period), an earlier total has no meaning.
    if expected is None and kind is not Figure.NONE and last is not None:
        expected = kind_of_value(last).total(last)
    by_return = None if named is None else indicator.code in named
    return Question(
        code=indicator.code,
        kind=indicator.kind.value,
        expected=expected,
        commune_total=figure,
        last=last,
        wants_evidence=indicator.evidence != "none",
        named=by_return,
        **_answer_fields(answer, by_return, person_id),
    )


def _answer_fields(
    answer: Answer | None, by_return: bool | None, person_id: int | None
) -> dict[str, Any]:
    """Return the fields of a question that depend on its present answer."""
    own_total = None
    if answer is not None and answer.commune_total is not None and answer.value is not None:
        own_total = kind_of_value(answer.value).total(answer.value)
    return {
        "own_total": own_total,
        "answer": answer.value if answer else None,
        "unknown": answer is not None and answer.value is None,
        "returned": answer.returned if answer is not None else by_return is True,
        "by_other": answer is not None and answer.given_by not in {None, person_id},
    }
