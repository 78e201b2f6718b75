"""The screens before a round is opened: its criteria set, name, deadline and close."""

from datetime import date, timedelta
from typing import Annotated

from handlers.flow.arguments import (
    Checksum,
    Day,
    Number,
    OptionalDay,
    OptionalNumber,
    one_of,
    optional_day,
)
from handlers.flow.channel import Button, Reply, Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.press import Press, pack
from handlers.flow.rights import OFFICER_OR_OPERATOR
from handlers.flow.routes import Next, action, screen
from handlers.officer import access
from handlers.operator.communes import with_group
from handlers.rounds.criteria_sets import free_name
from handlers.rounds.opening.target import (
    FLOW,
    ForWhom,
    OfferedSet,
    OfSet,
    Opening,
    Target,
    add_way_out,
    first_step,
    offered_sets,
)
from handlers.rounds.wording import (
    CLOSE_AFTER,
    checksum,
    dates_text,
    end_of,
    full_day,
    on_day,
    refused_day,
    suggested,
)
from handlers.texts import Html
from storage.places.places import Commune
from storage.rounds import rounds
from storage.rounds.rounds import Round

_LONGEST_NAME = 60
_MONTHS_OF_QUARTER = 3
_NAMES_LENGTH = 200

PeriodKind = Annotated[str, one_of("m", "q")]


@screen("p.new", right=OFFICER_OR_OPERATOR, flow=FLOW)
def ask_set(context: Context, target: ForWhom) -> Screen:
    """Ask for the criteria set of the round."""
    page = ScreenBuilder(context).say("period.set_ask")

    def label(one: OfferedSet) -> Button:
        return Button(one.file.title(context.texts.language), ask_name.data(target, one))

    page.listed(offered_sets(context), label, ask_set, target)
    return add_way_out(context, page, target).screen()


@screen("p.name", right=OFFICER_OR_OPERATOR, asks=True, flow=FLOW)
def ask_name(context: Context, target: ForWhom, opening: OfSet) -> Screen:
    """Ask for the round's name, unless the officer's commune has an open round of the set."""
    page = ScreenBuilder(context)
    if has_open_round(opening):
        open_rounds = opening.open_rounds[target.communes[0].id]
        page.say("period.one_open", name=open_rounds.name)
        page.row(Button(open_rounds.name, pack("m.round", open_rounds.id)))
    else:
        page.say("period.name_ask").grid(_offered_names(context, target, opening), 1)
    return add_way_out(context, page, target).screen()


def has_open_round(opening: Opening) -> bool:
    """Return whether the officer's commune has an open round of this set."""
    return opening.target.of_office and not opening.free


def _offered_names(context: Context, target: Target, opening: Opening) -> list[Button]:
    """Return buttons for this month, the next and the quarter, without names in use."""
    today = access.today(context)
    after = today.replace(day=28) + timedelta(days=4)
    quarter = -(-today.month // _MONTHS_OF_QUARTER)
    every = rounds.list_rounds(context.tx, target.id) if isinstance(target.id, int) else ()
    taken = {
        one.name
        for one in every
        if one.state != "cancelled" and one.criteria_id == opening.criteria.file.id
    }
    buttons = [
        Button(_name(context, *one), choose_name.data(target, opening, *one))
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


@action("p.month", right=OFFICER_OR_OPERATOR, flow=FLOW)
def choose_name(
    context: Context, target: ForWhom, opening: OfSet, kind: PeriodKind, period: Number,
    year: Number,
) -> Next:  # fmt: skip
    """Ask for the deadline, with one of the offered names."""
    return _with_name(context, opening, _name(context, kind, period, year))


@ask_name.text
def take_name(context: Context, text: str, target: ForWhom, opening: OfSet) -> Next:
    """Ask for the deadline, with a typed name."""
    name = " ".join(text.split())
    if has_open_round(opening) or not any(c.isalpha() for c in name):  # a figure is no name
        return Next(context.here)
    if len(name) > _LONGEST_NAME:
        return Next(context.here, context.texts.say("period.name_long"))
    return _with_name(context, opening, name)


def _with_name(context: Context, opening: Opening, name: str) -> Next:
    """Ask for the deadline, with the final name of the round."""
    commune = opening.target.id
    if isinstance(commune, int):
        criteria, today = opening.criteria.file, access.today(context)
        name = free_name(context.tx, commune, name, criteria, today)
    return Next(ask_day.at(opening.target, opening), typed=(name,))


# --- the days -----------------------------------------------------------------------------------


@screen("p.day", right=OFFICER_OR_OPERATOR, also=("p.cday",), asks=True, flow=FLOW)
def ask_day(
    context: Context, target: ForWhom, opening: OfSet, deadline: OptionalDay
) -> Screen | None:
    """Ask for the deadline; with a deadline, ask for another close than the usual one."""
    if not context.typed:
        return ask_name(context, target, opening)
    page = ScreenBuilder(context)
    if deadline is None:
        page.say("period.day_ask", name=context.typed[0])
    else:
        day = context.texts.day(deadline, context.deployment.zone)
        page.say("period.close_day_ask", name=context.typed[0], day=day)
    after = deadline or access.today(context)
    page.rows(suggested(context, after, lambda day: _preview(opening, deadline, day)))
    before = _preview(opening, deadline) if deadline else ask_name.at(target, opening)
    return page.back(before).screen()


@ask_day.text
def take_day(
    context: Context, text: str, target: ForWhom, opening: OfSet, deadline: OptionalDay
) -> Next | Reply | None:
    """Show the preview with the typed day."""
    if not context.typed:
        return take_name(context, text, target, opening)
    earliest = deadline or access.today(context)
    return on_day(context, text, lambda day: _preview(opening, deadline, day), not_before=earliest)


def _preview(opening: Opening, deadline: date | None, *more: date) -> Press:
    days = (*([deadline] if deadline else ()), *more)
    return preview.at(opening.target, opening, *days)


# --- leaving, preview and opening -----------------------------------------------------------------


@action("p.left", right=OFFICER_OR_OPERATOR, flow=FLOW)
def leave(context: Context, commune_id: OptionalNumber) -> Next:
    """Leave without opening a round."""
    there = to("m.rounds", commune_id) if commune_id else to("o.home")
    return Next(there, context.texts.say("period.left"))


@ask_set.cancel
@ask_name.cancel
@ask_day.cancel
def leaving_address(step: Press) -> Press:
    """Return the address that "huỷ" opens from every step."""
    return Press("p.left", step.arguments[:1])


# The day of the close; if none was chosen, the usual one after the deadline.
CloseDay = Annotated[date, lambda it: optional_day(it) or it.before["deadline"] + CLOSE_AFTER]


@screen("p.prev", right=OFFICER_OR_OPERATOR, flow=FLOW)
def preview(
    context: Context, target: ForWhom, opening: OfSet, deadline: Day, closes: CloseDay
) -> Screen | None:
    """Show the round before it is opened, its communes and dates."""
    if not context.typed:
        return ask_name(context, target, opening)
    name, texts, page = context.typed[0], context.texts, ScreenBuilder(context)
    refused = _refused(context, deadline, closes)
    if refused is not None:
        return page.line(refused).back(ask_day.at(target, opening, deadline)).screen()
    if not opening.free:
        page.say("operating.preview_none")
        _add_left_out(context, page, opening)
        return add_way_out(context, page, target).screen()
    _add_opening(context, page, opening, name, dates_text(context, deadline, closes))
    many = texts.say("operating.button.open", count=len(opening.free))
    yes = texts.say("period.button.open_yes") if target.of_office else many
    page.row(Button(yes, open_.data(target, opening, deadline, closes, checksum(name))))
    page.row(
        ask_day.button(texts, "period.button.deadline", target, opening),
        ask_day.button(texts, "period.button.closes", target, opening, deadline, key="p.cday"),
    )
    return page.back(ask_name.at(target, opening)).screen()


preview.cancel(leaving_address)


def _add_opening(
    context: Context, page: ScreenBuilder, opening: Opening, name: str, dates: Html
) -> None:
    target, free, today = opening.target, opening.free, full_day(context, access.today(context))
    if target.of_office:
        page.say("period.open_ask", name=name, commune=free[0].name)
    else:
        parameters = {"name": name, "count": len(free)}
        page.line(with_group(context.texts, "operating.preview", target.group, **parameters))
    page.line()
    if len(context.deployment.sets) > 1:
        page.say("period.set", title=opening.criteria.file.title(context.texts.language))
    page.line(dates)
    if target.of_office:
        areas = len(access.areas_now(context, free[0].id))
        criteria = opening.criteria.file.criteria
        page.say(criteria.text_key("period.open_facts"), areas=areas, day=today)
    else:
        page.say("operating.open_facts", day=today)
    _add_left_out(context, page, opening)


def _add_left_out(context: Context, page: ScreenBuilder, opening: Opening) -> None:
    if opening.open_rounds:
        page.line().line(_left_out(context, opening))


def _left_out(context: Context, opening: Opening) -> Html:
    """Return a sentence on the communes that have an open round of the set already."""
    communes = [one.name for one in opening.target.communes if one.id in opening.open_rounds]
    names = context.texts.listed(communes, most=_NAMES_LENGTH)
    return context.texts.say("operating.left_alone", count=len(communes), names=names)


@action("p.open", right=OFFICER_OR_OPERATOR, flow=FLOW)
def open_(
    context: Context, target: ForWhom, opening: OfSet, deadline: Day, closes: CloseDay,
    name: Checksum,
) -> Next:  # fmt: skip
    """Open the round in the communes without an open round of the set."""
    texts, typed = context.texts, context.typed
    open_rounds = list(opening.open_rounds.values())
    if open_rounds and not opening.free and all(checksum(one.name) == name for one in open_rounds):
        return _opened(target, open_rounds, texts.say("period.opened"))  # pressed twice
    again = first_step(context, target.id)
    if not typed or name != checksum(typed[0]):
        return Next(again, texts.say("period.begin_again"))
    if _refused(context, deadline, closes) is not None or not opening.free:
        return Next(again)
    opened = [_open_one(context, opening, deadline, closes, one, typed[0]) for one in opening.free]
    if target.of_office:
        return _opened(target, opened, texts.say("period.opened"))
    due = full_day(context, deadline)
    done = texts.say("operating.opened", count=len(opened), name=typed[0], deadline=due)
    if open_rounds:
        done = Html(f"{done}\n{_left_out(context, opening)}")
    return _opened(target, opened, done)


def _open_one(
    context: Context, opening: Opening, deadline: date, closes: date, commune: Commune, name: str
) -> Round:
    criteria, today = opening.criteria.file, access.today(context)
    name = free_name(context.tx, commune.id, name, criteria, today)
    return rounds.open_round(
        context.tx, commune.id, name, criteria.id, criteria.text, today, context.now,
        end_of(context, deadline), end_of(context, closes), on=today, **context.authorship,
    )  # fmt: skip


def _opened(target: Target, opened: list[Round], done: Html) -> Next:
    return Next(to("m.round", opened[0].id) if target.of_office else to("o.home"), done)


def _refused(context: Context, deadline: date, closes: date) -> Html | None:
    refused = refused_day(context, deadline, not_before=access.today(context))
    return refused or refused_day(context, closes, not_before=deadline)
