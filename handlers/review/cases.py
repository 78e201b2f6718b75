"""A report under review: loaded for an officer of its commune, with marks at odd answers."""

from collections.abc import Callable
from typing import Annotated
from zlib import crc32

from criteria.conversation import Place, Question
from criteria.kinds import kind_of
from handlers.flow.arguments import by_id
from handlers.flow.channel import Button
from handlers.flow.context import Context
from handlers.flow.press import pack
from handlers.flow.routes import GONE, Loading, Resolver
from handlers.officer.access import of_office
from handlers.report.report_access import view_at
from handlers.report.view import ReportView, load_views
from storage.places import places
from storage.places.places import Unit
from storage.reports import reports
from storage.rounds import rounds
from storage.rounds.rounds import Round

# The marks that exclude a report from "accept all", in the order of their signs.
MARKS = {"missing": "⚠️", "wrong": "🙅", "changed": "❗", "total": "⚖️", "evidence": "🖼"}


def sent_report(may: Callable[[Context, Unit], bool]) -> Resolver:
    """Return the resolver of the sent report of a unit that the person `may` see."""
    report_by_id = by_id(
        reports.report_by_id,
        lambda context, one: one.sends > 0 and may(context, places.unit(context.tx, one.unit_id)),
    )

    def load(loading: Loading) -> object:
        report = report_by_id(loading)
        return view_at(loading.context, report, Place("summary")) if report is not GONE else GONE

    return load


def under_review(context: Context, round_: Round) -> bool:
    """Return whether it is a round of the officer's commune that can still be changed."""
    if not of_office(context, round_):
        return False
    still_open = rounds.open_rounds(context.tx, round_.commune_id, context.now)
    return any(one.id == round_.id for one in still_open)


Reviewed = Annotated[
    ReportView, sent_report(lambda context, unit: not unit.office and of_office(context, unit))
]
Asked = Annotated[Question, lambda it: it.before["view"].question(it.text) or GONE]
RoundUnderReview = Annotated[Round, by_id(rounds.round_by_id, under_review)]


def review_row(context: Context, *communes: int) -> tuple[Button, ...]:
    """Return the button to the reports that wait for review, with their count; () for none."""
    counts = rounds.waiting_for_review(context.tx, communes, context.now) if communes else {}
    if not counts:
        return ()
    address = pack("v.list", *counts) if len(counts) == 1 else pack("v.which")
    count = sum(counts.values())
    return (Button(context.texts.say("review.button_count", count=count), address),)


def waiting(context: Context, round_: Round) -> list[ReportView]:
    """Return the sent reports that wait for the office, the oldest first."""
    units = {unit.id: unit for unit in rounds.units_of_round(context.tx, round_.id)}
    found = [
        report
        for report in reports.reports_of_round(context.tx, round_.id).values()
        if report.state == "sent" and report.unit_id in units and not units[report.unit_id].office
    ]
    found.sort(key=lambda report: (report.sent_at or context.now, report.id))
    return load_views(context.tx, round_, found, context.person.id, context.now)


def marks_of(view: ReportView, question: Question) -> tuple[str, ...]:
    """Return the marks of one answer."""
    answer = view.answers.get(question.code)
    found: list[str] = []
    if question.answer is None:
        found.append("missing")
    elif _changed(question):
        found.append("changed")
    if answer is not None and answer.office == "wrong":
        found.append("wrong")
    if answer is not None and answer.commune_total is not None:
        found.append("total")
    if view.lacks_evidence(question.code):
        found.append("evidence")
    return tuple(found)


def _changed(question: Question) -> bool:
    if question.last is None:  # there is no earlier answer
        return False
    return kind_of(question.kind).changed(question.answer, question.expected, question.last)


def marks_of_report(view: ReportView) -> tuple[str, ...]:
    """Return the marks of a report's answers, each once."""
    there = {mark for question in view.questions for mark in marks_of(view, question)}
    return tuple(mark for mark in MARKS if mark in there)


def mask_of_marks(view: ReportView) -> int:
    """Return the questions with a mark, as bits by their order."""
    return sum(1 << i for i, q in enumerate(view.questions) if marks_of(view, q))


def checksum(view: ReportView) -> int:
    """Return a checksum of the answers, so that a button accepts only what was shown."""
    answers = sorted((a.indicator, str(a.value), a.given_at) for a in view.answers.values())
    return crc32(repr(answers).encode())


def signs(marks: tuple[str, ...]) -> str:
    """Return the signs of the marks."""
    return "".join(MARKS[mark] for mark in marks)
