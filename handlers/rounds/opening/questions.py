"""What is asked before a round is opened: which criteria set, its name, its deadline and close."""

from datetime import date, timedelta

from handlers.flow.arguments import day, number, one_of, optional_day, optional_number
from handlers.flow.channel import Button, Reply, Screen
from handlers.flow.context import Context
from handlers.flow.page import Page, to
from handlers.flow.press import Press, pack
from handlers.flow.rights import OFFICER_OR_OPERATOR
from handlers.flow.routes import Arguments, Loading, Next, action, argument, screen
from handlers.officer import access
from handlers.operator.communes import with_group
from handlers.rounds.criteria_sets import free_name
from handlers.rounds.opening.target import (
    FLOW,
    OfferedSet,
    OfOpening,
    OfTarget,
    offered_sets,
    way_in,
    with_way_out,
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
    return with_way_out(context, page, at.target).screen()


@screen("p.name", OfOpening, right=OFFICER_OR_OPERATOR, asks=True, flow=FLOW)
def ask_name(context: Context, at: OfOpening) -> Screen:
    """How the round is called; for an officer first whether one of the set is open already."""
    page = Page(context)
    if has_open_round(at):
        standing = at.opening.standing[at.target.communes[0].id]
        page.say("period.one_open", name=standing.name)
        page.row(Button(standing.name, pack("m.round", standing.id)))
    else:
        page.say("period.name_ask").rows(tuple((one,) for one in _offered_names(context, at)))
    return with_way_out(context, page, at.target).screen()


def has_open_round(at: OfOpening) -> bool:
    """Whether the officer's commune has an open round of this set."""
    return at.target.of_office and not at.opening.free


def _offered_names(context: Context, at: OfOpening) -> list[Button]:
    """The month, the next, and the quarter, without those that a round is called already."""
    today = access.today(context)
    after = today.replace(day=28) + timedelta(days=4)
    quarter = -(-today.month // _MONTHS_OF_QUARTER)
    every = rounds.list_rounds(context.tx, at.target.id) if isinstance(at.target.id, int) else ()
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
    name = " ".join(text.split())
    if has_open_round(at) or not any(c.isalpha() for c in name):  # a figure is no name
        return Next(context.here)
    if len(name) > _LONGEST_NAME:
        return Next(context.here, context.texts.say("period.name_long"))
    return _with_name(context, at, name)


def _with_name(context: Context, at: OfOpening, name: str) -> Next:
    """On to the days, with the name as the round will have it."""
    if isinstance(at.target.id, int):
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
def take_day(context: Context, at: _OfDay, text: str) -> Next | Reply | None:
    """The day as people write days."""
    if not context.said:
        return take_name(context, at, text)
    earliest = at.deadline or access.today(context)
    return on_day(context, text, lambda day: _preview(at, day), not_before=earliest)


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


def _close_day(loading: Loading) -> date:
    """The day of the close; the usual one after the deadline where none was chosen."""
    return optional_day(loading) or loading.before["deadline"] + CLOSE_AFTER


class _WithDays(OfOpening):
    deadline: date = argument(day)
    closes: date = argument(_close_day)


class _Shown(_WithDays):
    name: int | None = argument(optional_number)  # the checksum of the name that was shown


@screen("p.prev", _WithDays, right=OFFICER_OR_OPERATOR, flow=FLOW)
def preview(context: Context, at: _WithDays) -> Screen | None:
    """Show what would be opened, for whom and until when."""
    if not context.said:
        return ask_name(context, at)
    name, texts, page = context.said[0], context.texts, Page(context)
    refused = _refused(context, at)
    if refused is not None:
        return page.line(refused).back(ask_day.at(at)).screen()
    if not at.opening.free:
        page.say("operating.preview_none")
        _say_left_alone(context, page, at)
        return with_way_out(context, page, at.target).screen()
    _say_what_is_opened(context, page, at, name)
    many = texts.say("operating.button.open", count=len(at.opening.free))
    yes = texts.say("period.button.open_yes") if at.target.of_office else many
    page.row(Button(yes, open_.data(at, name=checksum(name))))
    page.row(
        ask_day.button(texts, "period.button.deadline", at.target, at.opening),
        ask_day.button(texts, "period.button.closes", at, key="p.cday"),
    )
    return page.back(ask_name.at(at)).screen()


preview.cancel(left)


def _say_what_is_opened(context: Context, page: Page, at: _WithDays, name: str) -> None:
    free, today = at.opening.free, full_day(context, access.today(context))
    if at.target.of_office:
        page.say("period.open_ask", name=name, commune=free[0].name)
    else:
        group, count = at.target.group, len(free)
        page.line(with_group(context.texts, "operating.preview", group, name=name, count=count))
    page.line()
    if len(context.deployment.sets) > 1:
        page.say("period.set", title=at.opening.criteria.file.title(context.texts.language))
    page.line(dates_text(context, at.deadline, at.closes))
    if at.target.of_office:
        areas = len(access.areas_now(context, free[0].id))
        criteria = at.opening.criteria.file.criteria
        page.say(criteria.text_key("period.open_facts"), areas=areas, day=today)
    else:
        page.say("operating.open_facts", day=today)
    _say_left_alone(context, page, at)


def _say_left_alone(context: Context, page: Page, at: _WithDays) -> None:
    if at.opening.standing:
        page.line().line(_left_alone(context, at))


def _left_alone(context: Context, at: _WithDays) -> Html:
    """The communes in which a round of the set is open already."""
    held = [one.name for one in at.target.communes if one.id in at.opening.standing]
    names = context.texts.listed(held, most=_NAMES_LENGTH)
    return context.texts.say("operating.left_alone", count=len(held), names=names)


@action("p.open", _Shown, right=OFFICER_OR_OPERATOR, flow=FLOW)
def open_(context: Context, at: _Shown) -> Next:
    """Open it where none of the set is open; the other communes are left alone."""
    texts, said, opening = context.texts, context.said, at.opening
    standing = list(opening.standing.values())
    if standing and not opening.free and all(checksum(one.name) == at.name for one in standing):
        return _opened(at, standing, texts.say("period.opened"))  # pressed twice
    again = way_in(context, at.target.id)
    if not said or at.name != checksum(said[0]):
        return Next(again, texts.say("period.begin_again"))
    if _refused(context, at) is not None or not opening.free:
        return Next(again)
    made = [_open_one(context, at, one, said[0]) for one in opening.free]
    if at.target.of_office:
        return _opened(at, made, texts.say("period.opened"))
    deadline = full_day(context, at.deadline)
    done = texts.say("operating.opened", count=len(made), name=said[0], deadline=deadline)
    if standing:
        done = Html(f"{done}\n{_left_alone(context, at)}")
    return _opened(at, made, done)


def _open_one(context: Context, at: _Shown, commune: Commune, name: str) -> Round:
    criteria, today = at.opening.criteria.file, access.today(context)
    name = free_name(context.tx, commune.id, name, criteria, today)
    return rounds.open_round(
        context.tx, commune.id, name, criteria.id, criteria.text, today, context.now,
        end_of(context, at.deadline), end_of(context, at.closes), on=today, **context.authorship,
    )  # fmt: skip


def _opened(at: _Shown, made: list[Round], done: Html) -> Next:
    return Next(to("m.round", made[0].id) if at.target.of_office else to("o.home"), done)


def _refused(context: Context, at: _WithDays) -> Html | None:
    refused = refused_day(context, at.deadline, not_before=access.today(context))
    return refused or refused_day(context, at.closes, not_before=at.deadline)
