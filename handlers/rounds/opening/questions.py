"""What is asked before a round is opened: which criteria set, its name, its deadline and close."""

from datetime import date, timedelta

from handlers.flow.arguments import number, one_of, optional_day, optional_number
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.next import Next
from handlers.flow.page import Page, to
from handlers.flow.press import Press, pack
from handlers.flow.rights import OFFICER_OR_OPERATOR
from handlers.flow.routes import Arguments, action, argument, screen
from handlers.officer import access
from handlers.rounds.criteria_sets import free_name
from handlers.rounds.opening.target import (
    FLOW,
    OfferedSet,
    OfOpening,
    OfTarget,
    offered_sets,
    with_way_out,
)
from handlers.rounds.wording import said_day, suggested
from handlers.texts import Html
from storage import rounds

_LONGEST_NAME = 60
_MONTHS_OF_QUARTER = 3


class _OfferedName(OfOpening):
    kind: str = argument(one_of("m", "q"))
    period: int = argument(number)
    year: int = argument(number)


class _OfDay(OfOpening):
    deadline: date | None = argument(optional_day)


@screen("p.new", OfTarget, right=OFFICER_OR_OPERATOR, flow=FLOW)
def ask_set(context: Context, at: OfTarget) -> Screen:
    """Which criteria set the round is to have."""
    page = Page(context).say("period.set_ask")

    def label(one: OfferedSet) -> Button:
        return Button(one.file.title(context.texts.language), ask_name.data(at.target, one))

    page.listed(offered_sets(context), label, ask_set, at)
    return with_way_out(page, at.target).screen()


@screen("p.name", OfOpening, right=OFFICER_OR_OPERATOR, asks=True, flow=FLOW)
def ask_name(context: Context, at: OfOpening) -> Screen:
    """How the round is called; for an officer first whether one of the set is open already."""
    page = Page(context)
    if _is_open(at):
        standing = at.opening.standing[at.target.id]
        page.say("period.one_open", name=standing.name)
        page.row(Button(standing.name, pack("m.round", standing.id)))
    else:
        page.say("period.name_ask").rows(tuple((one,) for one in _offered_names(context, at)))
    return with_way_out(page, at.target).screen()


def _is_open(at: OfOpening) -> bool:
    """Whether the officer's commune has an open round of this set."""
    return bool(at.target.id) and not at.opening.free


def _offered_names(context: Context, at: OfOpening) -> list[Button]:
    """The month, the next, and the quarter, without those that a round is called already."""
    today = access.today(context)
    after = today.replace(day=28) + timedelta(days=4)
    quarter = -(-today.month // _MONTHS_OF_QUARTER)
    every = rounds.list_rounds(context.tx, at.target.id) if at.target.id else ()
    taken = {
        one.name
        for one in every
        if one.state != "cancelled" and one.criteria_id == at.opening.criteria.file.id
    }
    buttons = [
        Button(_name(context, *one), choose_name.data(at.target, at.opening, *one))
        for one in (
            ("m", today.month, today.year),
            ("m", after.month, after.year),
            ("q", quarter, today.year),
        )
    ]
    return [one for one in buttons if one.label not in taken]


def _name(context: Context, kind: str, number: int, year: int) -> Html:
    key = "period.month" if kind == "m" else "period.quarter"
    return context.texts.say(key, number=str(number), year=str(year))


@action("p.month", _OfferedName, right=OFFICER_OR_OPERATOR, flow=FLOW)
def choose_name(context: Context, at: _OfferedName) -> Next:
    """One of the names offered."""
    return _with_name(context, at, _name(context, at.kind, at.period, at.year))


@ask_name.text
def take_name(context: Context, at: OfOpening, text: str) -> Next:
    """Any other name."""
    return _named(context, at, text)


def _named(context: Context, at: OfOpening, text: str) -> Next:
    name = " ".join(text.split())
    if _is_open(at) or not any(c.isalpha() for c in name):  # a figure is no name
        return Next(context.here)
    if len(name) > _LONGEST_NAME:
        return Next(context.here, context.texts.say("period.name_long"))
    return _with_name(context, at, name)


def _with_name(context: Context, at: OfOpening, name: str) -> Next:
    """On to the days, with the name as the round will have it."""
    if at.target.id:
        criteria, today = at.opening.criteria.file, access.today(context)
        name = free_name(context.tx, at.target.id, name, criteria, today)
    return Next(ask_day.at(at), said=(name,))


# --- the days -----------------------------------------------------------------------------------


@screen("p.day", _OfDay, right=OFFICER_OR_OPERATOR, also=("p.cday",), asks=True, flow=FLOW)
def ask_day(context: Context, at: _OfDay) -> Screen | None:
    """Until when reports are due; with a deadline another close than the usual."""
    if not context.said:
        return ask_name(context, at)
    page, deadline = Page(context), at.deadline
    if deadline is None:
        page.say("period.day_ask", name=context.said[0])
    else:
        day = context.texts.day(deadline, context.deployment.zone)
        page.say("period.close_day_ask", name=context.said[0], day=day)
    after = deadline or access.today(context)
    page.rows(suggested(context, after, lambda day: _preview(at, day)))
    return page.back(_preview(at) if deadline else ask_name.at(at)).screen()


@ask_day.text
def take_day(context: Context, at: _OfDay, text: str) -> Next:
    """The day as people write days."""
    if not context.said:
        return _named(context, at, text)
    day, refused = said_day(context, text, not_before=at.deadline or access.today(context))
    if day is None:
        return Next(context.here, refused, context.said)
    return Next(_preview(at, day), said=context.said)


def _preview(at: _OfDay, *more: date) -> Press:
    days = (*([at.deadline] if at.deadline else ()), *more)
    return to("p.prev", at.target.id, at.opening.id, *(one.toordinal() for one in days))


# --- out ------------------------------------------------------------------------------------------


class _Left(Arguments):
    commune_id: int | None = argument(optional_number)


@action("p.left", _Left, right=OFFICER_OR_OPERATOR, flow=FLOW)
def leave(context: Context, at: _Left) -> Next:
    """Open nothing."""
    there = to("m.rounds", at.commune_id) if at.commune_id else to("o.home")
    return Next(there, context.texts.say("period.left"))


@ask_set.cancel
@ask_name.cancel
@ask_day.cancel
def left(step: Press) -> Press:
    """Where "huỷ" leads from every step."""
    return Press("p.left", step.arguments[:1])
