"""Entering a report that an area gave by telephone: the area, then the usual questions."""

from dataclasses import replace

from handlers.flow.arguments import Number
from handlers.flow.channel import Button, Reply, Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Next, action, screen
from handlers.report.paper_sheet import sheets_of
from handlers.report.report_access import may_write
from handlers.report.use_cases import begin_report
from handlers.review.cases import RoundUnderReview
from handlers.review.screens import one_report, waiting_list
from handlers.rounds.criteria_sets import round_text
from storage.places.places import Unit
from storage.reports import reports
from storage.rounds import rounds
from storage.rounds.rounds import Round

_MARKS = {"draft": "✍️", "returned": "↩️"}


@screen("v.help", right=OFFICER)
def which_area(context: Context, round: RoundUnderReview) -> Screen:
    """Show the areas whose report is missing."""
    texts = context.texts
    areas = _areas(context, round)
    key = "review.behalf.which" if areas else "review.behalf.all_in"
    page = ScreenBuilder(context).say(key, round=round_text(round, context.texts))

    def enter(area: tuple[Unit, str]) -> Button:
        unit, state = area
        label = f"{_MARKS.get(state, '▫️')} {texts.unit(unit)}"
        return Button(label, enter_report.data(round, unit))

    return page.listed(areas, enter, which_area, round).back(waiting_list.at(round)).screen()


def _areas(context: Context, round_: Round) -> list[tuple[Unit, str]]:
    begun = reports.reports_of_round(context.tx, round_.id)
    open_ = rounds.open_units(context.tx, round_, context.now)
    return [
        (unit, begun[unit.id].state if unit.id in begun else "none")
        for unit in rounds.units_of_round(context.tx, round_.id)
        if not unit.office and unit.id in open_
        if unit.id not in begun or not begun[unit.id].is_in
    ]


@action("v.open", right=OFFICER)
def enter_report(context: Context, round: RoundUnderReview, unit_id: Number) -> Next | Reply | None:
    """Open the area's report for the officer, at its first open question."""
    unit = next((one for one, _ in _areas(context, round) if one.id == unit_id), None)
    if unit is None:
        report = reports.report_of(context.tx, round.id, unit_id)
        is_in = context.texts.say("review.behalf.is_in")
        return Next(one_report.at(report), is_in) if report is not None else None
    reply = begin_report(context, round.id, unit.id)
    if may_write(context, unit.id):  # the officer's own area, not on behalf
        return reply
    begun = context.texts.say("review.behalf.begun", unit=context.texts.unit(unit))
    last = reply.shown[-1]
    screen = replace(last.screen, text=f"{begun}\n\n{last.screen.text}")
    report = reports.report_of(context.tx, round.id, unit.id)
    sheets = sheets_of(context, report, unit) if report is not None else ()
    placed = replace(last, screen=screen, enclosures=(*sheets, *last.enclosures))
    if sheets:  # a new message below the photos
        placed = replace(placed, edit=None)
    return replace(reply, shown=(*reply.shown[:-1], placed))
