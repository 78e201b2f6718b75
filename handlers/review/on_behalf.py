"""Entering a report that an area gave by telephone: which area, then the same conversation."""

from dataclasses import replace

from handlers.flow.channel import Button, Reply, Screen
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import page_of, to
from handlers.flow.press import Press, pack
from handlers.report.rights import may_write
from handlers.report.use_cases import begin_report
from handlers.report.wording import unit_text
from handlers.review.cases import open_round
from handlers.review.screens import onward_row
from storage import reports, rounds
from storage.places import Unit
from storage.rounds import Round

_PAGE = 5
_MARKS = {"draft": "✍️", "returned": "↩️"}


def _which_area(context: Context, press: Press, said: Said) -> Screen | None:
    """The areas whose report isn't in."""
    round_ = open_round(context, press.number(0))
    if round_ is None:
        return None
    texts, here = context.texts, round_.id
    areas = _areas(context, round_)
    key = "review.behalf.which" if areas else "review.behalf.all_in"
    shown, page, pages = page_of(areas, press.number(1) or 0, _PAGE)
    rows: list[tuple[Button, ...]] = [
        (
            Button(
                f"{_MARKS.get(state, '▫️')} {unit_text(unit, texts)}",
                pack("v.open", here, unit.id),
            ),
        )
        for unit, state in shown
    ]
    rows += onward_row(pages, page, lambda n: pack("v.help", here, n), texts)
    rows.append((Button(texts.say("button.back"), pack("v.list", here)),))
    return Screen(texts.say(key, round=round_.name), tuple(rows))


def _areas(context: Context, round_: Round) -> list[tuple[Unit, str]]:
    begun = reports.reports_of_round(context.tx, round_.id)
    open_ = rounds.open_units(context.tx, round_, context.now)
    found = [
        (unit, begun[unit.id].state if unit.id in begun else "none")
        for unit in rounds.units_of_round(context.tx, round_.id)
        if not unit.office and unit.id in open_
    ]
    return [(unit, state) for unit, state in found if state not in {"sent", "accepted"}]


def _open(context: Context, press: Press, said: Said) -> Next | Reply | None:
    """Lay the area's report open before the officer, at its first open question."""
    round_ = open_round(context, press.number(0))
    if round_ is None:
        return None
    units = [unit for unit, _ in _areas(context, round_) if unit.id == press.number(1)]
    if not units:
        report = reports.report_of(context.tx, round_.id, press.number(1) or 0)
        if report is None:
            return None
        return Next(to("v.one", report.id), context.texts.say("review.behalf.is_in"))
    reply = begin_report(context, round_.id, units[0].id)
    if may_write(context, units[0].id):  # their own area: nothing on anybody's behalf
        return reply
    begun = context.texts.say("review.behalf.begun", unit=unit_text(units[0], context.texts))
    last = reply.shown[-1]
    screen = replace(last.screen, text=f"{begun}\n\n{last.screen.text}")
    return replace(reply, shown=(*reply.shown[:-1], replace(last, screen=screen)))


STEPS = Steps(views={"v.help": _which_area}, deeds={"v.open": _open})
