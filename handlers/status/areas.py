"""By area: who has sent what, and the values of one area."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from criteria.answers import Ratio, Value
from criteria.definition import Indicator
from criteria.percent import percent_text
from criteria.scoring import by_weight
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import PAGE, Page, button
from handlers.flow.rights import READER
from handlers.flow.routes import argument, page
from handlers.report.wording import value_text
from handlers.status.access import OfRound, OnPage, unit_of_status
from handlers.status.lines import STATE_MARKS, to_overview
from handlers.status.view import Standing, StatusView, listed
from handlers.texts import Html, Texts
from storage import reports
from storage.evidence import evidence_counts
from storage.reports import Answer, Report
from storage.unchanged import unchanged

_STATES = ("sent", "accepted", "returned", "draft", "none")
_NAMES_LENGTH = 500
_NO_ANSWERS: Mapping[str, Answer] = MappingProxyType({})


class _Area(OfRound):
    unit: int = argument(unit_of_status)


@page("s.areas", OnPage, right=READER)
def all_areas(context: Context, at: OnPage) -> Screen:
    """All areas by the state of their report, and a page of them to open."""
    status, texts = at.status, context.texts
    made = Page(context).say("status.areas.title", round=status.round_title(texts)).line()
    for state in _STATES:
        units = [unit for unit in status.areas if status.state_of(unit) == state]
        if units:
            made.say(
                "status.areas.state",
                mark=STATE_MARKS[state],
                state=texts.say(f"status.state.{state}"),
                count=len(units),
                names=listed((status.name(u, texts) for u in units), texts, most=_NAMES_LENGTH),
            )
    made.line().say("status.areas.tap")
    made.listed(_units(status), lambda unit: _to_area(status, unit, texts), all_areas, at)
    return made.row(to_overview(status, texts)).screen()


@page("s.late", OnPage, right=READER)
def missing_areas(context: Context, at: OnPage) -> Screen:
    """All areas that have not sent, those first whose reports can change most."""
    status, texts = at.status, context.texts
    found = by_weight(status.result, status.areas_missing)
    made = Page(context)
    made.say("status.late.title" if found else "status.all_in", count=len(found))
    made.listed(found, lambda unit: _to_area(status, unit, texts), missing_areas, at)
    return made.row(to_overview(status, texts)).screen()


def same_name_screen(status: Standing, units: Sequence[int], texts: Texts) -> Screen:
    """The areas that a typed name may mean, to choose one."""
    rows = tuple((_to_area(status, unit, texts),) for unit in units[:PAGE])
    return Screen(texts.say("status.areas.same"), (*rows, (to_overview(status, texts),)))


def _units(status: StatusView) -> list[int]:
    return list(status.facts.units)


def _to_area(status: Standing, unit: int, texts: Texts) -> Button:
    label = f"{STATE_MARKS[status.state_of(unit)]} {status.name(unit, texts)}"
    return Button(label, one_area.data(status.round_id, unit))


@page("s.area", _Area, right=READER)
def one_area(context: Context, at: _Area) -> Screen:
    """One unit's answers that count, and the ways on to its report for who may go there."""
    status, unit, texts = at.status, at.unit, context.texts
    report = reports.report_of(context.tx, status.round_id, unit)
    answers = reports.answers_of(context.tx, report.id) if report is not None else {}
    made = Page(context).line(*area_lines(status, unit, texts, answers))
    if notes := area_notes(context, status, unit, report, answers):
        made.line(*notes)
    made.row(*_beside(context, at, report)).row(*_to_report(context, at, report))
    here = _units(status).index(unit) // PAGE
    areas = all_areas.button(texts, "status.button.areas", status.round_id, here)
    return made.row(areas, to_overview(status, texts)).screen()


def area_notes(
    context: Context, status: StatusView, unit: int, report: Report | None,
    answers: Mapping[str, Answer],
) -> list[Html]:  # fmt: skip
    """What the office entered for the unit, and how much was kept as it was."""
    texts, asked = context.texts, asked_of(status, unit)
    notes: list[Html] = []
    entered = (one for one in asked if one.code in answers and answers[one.code].office is not None)
    if names := ", ".join(one.text(texts.language).short for one in entered):
        notes.append(texts.say("review.behalf.entered", names=names))
    if report is not None and (same := len(unchanged(context.tx, report.id))):
        notes.append(texts.say("table.unchanged", same=same, count=len(asked)))
    return notes


def _beside(context: Context, at: _Area, report: Report | None) -> tuple[Button, ...]:
    """The history and the evidence, for who leads or runs the commune."""
    texts = context.texts
    if at.status.commune_id not in context.communes_read:
        return ()
    history = button(texts, "status.button.history", "h.area", at.unit)
    if report is None or not report.sends:
        return (history,)
    count = sum(count for count, _ in evidence_counts(context.tx, report.id).values())
    evidence = button(texts, "review.button.evidence", "v.evid", report.id, count=count)
    return (history, evidence) if count else (history,)


def _to_report(context: Context, at: _Area, report: Report | None) -> tuple[Button, ...]:
    """The area's report for its officer, or the way to enter it on the area's behalf."""
    status, texts = at.status, context.texts
    officer = status.commune_id in context.office_communes
    if not officer or at.unit == status.facts.office or status.closed:
        return ()
    if report is not None and status.is_in(at.unit):
        return (button(texts, "review.button.look", "v.one", report.id),)
    return (button(texts, "review.button.behalf_here", "v.open", status.round_id, at.unit),)


def area_lines(
    status: StatusView, unit: int, texts: Texts, answers: Mapping[str, Answer] = _NO_ANSWERS
) -> list[str]:
    """The unit's name, its report's state, and a line for each thing it is asked.

    What is missing is a dash, never a zero. Where the commune's own total differs from the unit's,
    the result over it stands below, until the officer settles it.
    """
    lines = [*area_head(status, unit, texts), ""]
    for one in asked_of(status, unit):
        value = status.facts.counted.get((unit, one.code))
        said = value_text(value, texts, one) if value is not None else Html("—")
        short = one.text(texts.language, office=unit == status.facts.office).short
        lines.append(texts.say("status.area.value", short=short, value=said))
        pending = over_total(value, answers.get(one.code), one, texts)
        lines += [pending] if pending is not None else []
    return lines


def area_head(status: StatusView, unit: int, texts: Texts) -> list[str]:
    """The unit's name and the state of its report."""
    state = status.state_of(unit)
    key = "status.area.late" if unit in status.late else "status.area.state"
    return [
        texts.say(
            "status.area.title", unit=status.name(unit, texts), round=status.round_title(texts)
        ),
        texts.say(key, mark=STATE_MARKS[state], state=texts.say(f"status.state.{state}")),
    ]


def asked_of(status: StatusView, unit: int) -> tuple[Indicator, ...]:
    """What the unit is asked."""
    return status.criteria.asked_of(office=unit == status.facts.office)


def over_total(
    value: Value | None, answer: Answer | None, indicator: Indicator, texts: Texts
) -> Html | None:
    """The result over the commune's own total, until the officer settles which one stands."""
    total = answer.commune_total if answer is not None else None
    if not isinstance(value, Ratio) or total is None:
        return None
    if value.numerator > total:
        return texts.say("status.area.pending_less", total=total)
    percent = percent_text(value.numerator, total, indicator.threshold, texts.language)
    return texts.say("status.area.pending", total=total, percent=percent)
