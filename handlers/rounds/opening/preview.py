"""The preview of a round that is to be opened, and the opening, for one commune or for many."""

from datetime import date

from handlers.flow.arguments import day, optional_day, optional_number
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.next import Next
from handlers.flow.page import Page, to
from handlers.flow.rights import OFFICER_OR_OPERATOR
from handlers.flow.routes import Loading, action, argument, screen
from handlers.officer import access
from handlers.rounds.criteria_sets import free_name
from handlers.rounds.opening.questions import ask_day, ask_name, left
from handlers.rounds.opening.target import FLOW, OfOpening, way_in, with_way_out
from handlers.rounds.wording import (
    CLOSE_AFTER,
    checksum,
    dates_text,
    end_of,
    full_day,
    refused_day,
)
from handlers.status.view import listed as listed_names
from handlers.texts import Html
from storage import rounds
from storage.places import Commune
from storage.rounds import Round

_NAMES_LENGTH = 200


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
        return with_way_out(page, at.target).screen()
    _say_what_is_opened(context, page, at, name)
    many = texts.say("operating.button.open", count=len(at.opening.free))
    yes = texts.say("period.button.open_yes") if at.target.id else many
    page.row(Button(yes, open_.data(at, name=checksum(name))))
    page.row(
        ask_day.button(texts, "period.button.deadline", at.target, at.opening),
        ask_day.button(texts, "period.button.closes", at, key="p.cday"),
    )
    return page.back(ask_name.at(at)).screen()


preview.cancel(left)


def _say_what_is_opened(context: Context, page: Page, at: _WithDays, name: str) -> None:
    free, today = at.opening.free, full_day(context, access.today(context))
    if at.target.id:
        page.say("period.open_ask", name=name, commune=free[0].name)
    else:
        page.say("operating.preview", name=name, count=len(free))
    page.line()
    if len(context.deployment.sets) > 1:
        page.say("period.set", title=at.opening.criteria.file.title(context.texts.language))
    page.line(dates_text(context, at.deadline, at.closes))
    if at.target.id:
        areas = len(access.areas_now(context, at.target.id))
        criteria = at.opening.criteria.file.criteria
        page.say(criteria.of_asked("period.open_facts"), areas=areas, day=today)
    else:
        page.say("operating.open_facts", day=today)
    _say_left_alone(context, page, at)


def _say_left_alone(context: Context, page: Page, at: _WithDays) -> None:
    if at.opening.standing:
        page.line().line(_left_alone(context, at))


def _left_alone(context: Context, at: _WithDays) -> Html:
    """The communes in which a round of the set is open already."""
    held = [one.name for one in at.target.communes if one.id in at.opening.standing]
    names = listed_names(held, context.texts, most=_NAMES_LENGTH)
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
    if at.target.id:
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
        end_of(context, at.deadline), end_of(context, at.closes), context.now,
        on=today, by=context.person.id, way=context.way,
    )  # fmt: skip


def _opened(at: _Shown, made: list[Round], done: Html) -> Next:
    return Next(to("m.round", made[0].id) if at.target.id else to("o.home"), done)


def _refused(context: Context, at: _WithDays) -> Html | None:
    refused = refused_day(context, at.deadline, not_before=access.today(context))
    return refused or refused_day(context, at.closes, not_before=at.deadline)
