"""The status by area: the states of reports, the values of one area, a reporter's own areas."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated

from criteria.answers import Ratio, Value
from criteria.definition import Indicator
from criteria.percent import percent_text
from criteria.scoring import by_weight
from handlers.flow.arguments import one_among
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import PAGE, ScreenBuilder, button, page_of, turning
from handlers.flow.rights import EVERYBODY, READER, REPORTER
from handlers.flow.routes import page
from handlers.report.wording import value_text
from handlers.status.communes import all_communes, one_commune
from handlers.status.lines import STATE_MARKS, deadline_line, to_overview
from handlers.status.loading import RoundStatus, answered_in, load_status, rounds_shown
from handlers.status.view import RoundProgress, StatusView
from handlers.texts import Html, Texts
from storage.evidence.evidence import evidence_counts
from storage.places import places
from storage.reports import reports
from storage.reports.reports import Answer, Report
from storage.results.unchanged import unchanged

_STATES = ("sent", "accepted", "returned", "draft", "none")
_NAMES_LENGTH = 500
_NO_ANSWERS: Mapping[str, Answer] = MappingProxyType({})
_ROUNDS = 3  # a page
_MOST_AREAS = 3
_OWN_NAMES_LENGTH = 240
_Answered = Mapping[int, frozenset[str]]  # by unit, the indicators that are answered

UnitOfRound = Annotated[int, one_among(lambda it: it.before["status"].units)]


@page("s.areas", right=READER)
def all_areas(context: Context, status: RoundStatus) -> Screen:
    """Show all areas by the state of their report, and a page of them to open."""
    texts = context.texts
    body = ScreenBuilder(context).say("status.areas.title", round=status.round_title(texts)).line()
    for state in _STATES:
        units = [unit for unit in status.areas if status.state_of(unit) == state]
        if units:
            body.say(
                "status.areas.state",
                mark=STATE_MARKS[state],
                state=texts.say(f"status.state.{state}"),
                count=len(units),
                names=texts.listed((status.name(u, texts) for u in units), most=_NAMES_LENGTH),
            )
    body.line().say("status.areas.tap")
    units = list(status.facts.units)
    body.listed(units, lambda unit: _to_area(status, unit, texts), all_areas, status)
    return body.row(to_overview(status, texts)).screen()


@page("s.late", right=READER)
def missing_areas(context: Context, status: RoundStatus) -> Screen:
    """Show all areas whose reports are missing; those that can change most come first."""
    texts = context.texts
    found = by_weight(status.result, status.areas_missing)
    body = ScreenBuilder(context)
    body.say("status.late.title" if found else "status.all_in", count=len(found))
    body.listed(found, lambda unit: _to_area(status, unit, texts), missing_areas, status)
    return body.row(to_overview(status, texts)).screen()


def same_name_screen(status: RoundProgress, units: Sequence[int], texts: Texts) -> Screen:
    """Ask which of the areas with the typed name is meant."""
    rows = tuple((_to_area(status, unit, texts),) for unit in units[:PAGE])
    return Screen(texts.say("status.areas.same"), (*rows, (to_overview(status, texts),)))


def _to_area(status: RoundProgress, unit: int, texts: Texts) -> Button:
    label = f"{STATE_MARKS[status.state_of(unit)]} {status.name(unit, texts)}"
    return Button(label, one_area.data(status.id, unit))


@page("s.area", right=READER)
def one_area(context: Context, status: RoundStatus, unit: UnitOfRound) -> Screen:
    """Show one unit's answers that count, and buttons to its report for those who may open it."""
    texts = context.texts
    report = reports.report_of(context.tx, status.id, unit)
    answers = reports.answers_of(context.tx, report.id) if report is not None else {}
    body = ScreenBuilder(context).line(*area_lines(status, unit, texts, answers))
    if notes := area_notes(context, status, unit, report, answers):
        body.line(*notes)
    body.row(*_history_and_evidence(context, status, unit, report))
    body.row(*_to_report(context, status, unit, report))
    here = list(status.facts.units).index(unit) // PAGE
    areas = all_areas.button(texts, "status.button.areas", status.id, page=here)
    return body.row(areas, to_overview(status, texts)).screen()


def area_notes(
    context: Context, status: StatusView, unit: int, report: Report | None,
    answers: Mapping[str, Answer],
) -> list[Html]:  # fmt: skip
    """Return the sentences on answers that the office entered and on unchanged answers."""
    texts, asked = context.texts, status.asked_of(unit)
    notes: list[Html] = []
    entered = (one for one in asked if one.code in answers and answers[one.code].office is not None)
    if names := ", ".join(texts.short(one) for one in entered):
        notes.append(texts.say("review.behalf.entered", names=names))
    if report is not None and (same := len(unchanged(context.tx, report.id))):
        notes.append(texts.say("table.unchanged", same=same, count=len(asked)))
    return notes


def _history_and_evidence(
    context: Context, status: StatusView, unit: int, report: Report | None
) -> tuple[Button, ...]:
    """Return the buttons to the history and the evidence, for officers and leaders."""
    texts = context.texts
    if status.commune.id not in context.communes_read:
        return ()
    history = button(texts, "status.button.history", "h.area", unit)
    if report is None or not report.sends:
        return (history,)
    count = sum(count for count, _ in evidence_counts(context.tx, report.id).values())
    evidence = button(texts, "review.button.evidence", "v.evid", report.id, count=count)
    return (history, evidence) if count else (history,)


def _to_report(
    context: Context, status: StatusView, unit: int, report: Report | None
) -> tuple[Button, ...]:
    """Return an officer's button to the area's report, or to enter it on behalf."""
    texts = context.texts
    officer = status.commune.id in context.office_communes
    if not officer or unit == status.facts.office or status.closed:
        return ()
    if report is not None and status.is_in(unit):
        return (button(texts, "review.button.look", "v.one", report.id),)
    return (button(texts, "review.button.behalf_here", "v.open", status.id, unit),)


def area_lines(
    status: StatusView, unit: int, texts: Texts, answers: Mapping[str, Answer] = _NO_ANSWERS
) -> list[str]:
    """Return the unit's name, its report's state, and a line for each of its indicators.

    A missing value is a dash, never a zero. If the commune's own total differs from the unit's, the
    share of that total is on the next line, until an officer settles it.
    """
    lines = [*area_head(status, unit, texts), ""]
    for one in status.asked_of(unit):
        value = status.facts.counted.get((unit, one.code))
        text = value_text(value, texts, one) if value is not None else Html("—")
        short = one.text(texts.language, office=unit == status.facts.office).short
        lines.append(texts.say("status.area.value", short=short, value=text))
        pending = over_total(value, answers.get(one.code), one, texts)
        lines += [pending] if pending is not None else []
    return lines


def area_head(status: StatusView, unit: int, texts: Texts) -> list[str]:
    """Return the unit's name and the state of its report."""
    state = status.state_of(unit)
    key = "status.area.late" if unit in status.late else "status.area.state"
    return [
        texts.say(
            "status.area.title", unit=status.name(unit, texts), round=status.round_title(texts)
        ),
        texts.say(key, mark=STATE_MARKS[state], state=texts.say(f"status.state.{state}")),
    ]


def over_total(
    value: Value | None, answer: Answer | None, indicator: Indicator, texts: Texts
) -> Html | None:
    """Return the share of the commune's own total while it differs from the unit's, else None."""
    total = answer.commune_total if answer is not None else None
    if not isinstance(value, Ratio) or total is None:
        return None
    if value.numerator > total:
        return texts.say("status.area.pending_less", total=total)
    percent = percent_text(value.numerator, total, indicator.threshold, texts.language)
    return texts.say("status.area.pending", total=total, percent=percent)


@page("s.home", right=EVERYBODY, also=("st",), edits=False)
def own_status(context: Context) -> Screen | None:
    """Show the communes, the one commune, or the person's areas, by the present roles.

    It is a new message, so that the message with its button (a receipt) remains.
    """
    if context.operator or len(context.communes_read) > 1:
        return all_communes(context)
    if context.communes_read:
        commune = places.commune(context.tx, context.communes_read[0])
        return one_commune(context, commune)
    if context.areas:
        return own_areas(context)
    return ScreenBuilder(context).say("status.nothing_to_see").home().screen()


@page("s.own", right=REPORTER)
def own_areas(context: Context) -> Screen:
    """Show the person's areas in every shown round of their communes, three rounds a page."""
    found, here, pages = page_of(_own_rounds(context), context.page, _ROUNDS)
    if not found:
        communes = {places.unit(context.tx, one).commune_id for one in context.areas}
        shown = any(rounds_shown(context.tx, one, context.now) for one in communes)
        key = "status.own.not_asked" if shown else "status.no_round"
        return ScreenBuilder(context).say(key).home().screen()
    texts, zone = context.texts, context.deployment.zone
    lines: list[str] = []
    room = _MOST_AREAS
    several = len({status.commune.id for status, _ in found}) > 1
    for status, answered in found:
        units = list(answered)
        if several:
            lines.append(texts.say("status.own.where", commune=status.commune.name))
        for unit in units[:room]:
            lines += [*_unit_lines(status, unit, answered[unit], texts), ""]
        if further := units[room:]:
            marks = (f"{STATE_MARKS[status.state_of(u)]} {status.name(u, texts)}" for u in further)
            names = texts.listed(marks, most=_OWN_NAMES_LENGTH)
            lines.append(texts.say("status.own.further", names=names))
        room = max(0, room - len(units))
        commune = texts.say(
            "status.own.commune", met=status.result.met, total=status.result.total,
            done=status.areas_in, areas=len(status.areas),
        )  # fmt: skip
        lines += [deadline_line(status, texts, zone), commune, ""]
    body = ScreenBuilder(context).line("\n".join(lines).strip())
    if any(not status.closed for status, _ in found):
        body.row(button(texts, "button.report", "rep"))
    return body.rows(turning(here, pages, lambda n: own_areas.data(page=n), texts)).home().screen()


def _own_rounds(context: Context) -> list[tuple[StatusView, _Answered]]:
    by_commune: dict[int, list[int]] = {}
    for unit_id in context.areas:
        by_commune.setdefault(places.unit(context.tx, unit_id).commune_id, []).append(unit_id)
    found: list[tuple[StatusView, _Answered]] = []
    for commune_id, units in by_commune.items():
        for round_ in rounds_shown(context.tx, commune_id, context.now):
            status = load_status(context.tx, round_, context.now)
            mine = {
                unit: answered_in(context.tx, round_.id, unit)
                for unit in units
                if unit in status.units
            }
            if mine:
                found.append((status, mine))
    return found


def _unit_lines(status: StatusView, unit: int, answered: frozenset[str], texts: Texts) -> list[str]:
    """Return the sent and missing answers; before the report is sent, its progress."""
    asked = status.asked_of(unit)
    if status.is_in(unit):
        missing = [one for one in asked if (unit, one.code) not in status.facts.counted]
        lines = area_lines(status, unit, texts)
        key = "status.own.missing"
    else:
        missing = [one for one in asked if one.code not in answered]
        lines = area_head(status, unit, texts)
        key = "status.own.progress"
    names = texts.listed((texts.short(one) for one in missing), most=_OWN_NAMES_LENGTH)
    if missing:
        done, total = len(asked) - len(missing), len(asked)
        lines.append(texts.say(key, count=len(missing), done=done, total=total, names=names))
    elif not status.is_in(unit):
        lines.append(texts.say("status.own.answered", total=len(asked)))
    return lines
