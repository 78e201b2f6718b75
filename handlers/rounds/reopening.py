"""Cancelling a round, and opening a closed one again: a reason, an end, a preview."""

from datetime import date
from typing import Literal

from handlers.flow.arguments import one_among, optional_day, optional_number
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import Page, to
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Arguments, Next, action, argument, screen
from handlers.officer import access
from handlers.officer.access import round_in
from handlers.rounds import changes
from handlers.rounds.criteria_sets import round_text
from handlers.rounds.wording import (
    checksum,
    cut_reason,
    day_of,
    end_of,
    full_day,
    on_day,
    refused_day,
    suggested,
)
from storage.places.places import Unit
from storage.rounds import rounds
from storage.rounds.rounds import Round

# --- cancelling ---------------------------------------------------------------------------------


class _Cancellable(Arguments):
    round: Round = argument(round_in("planned", "open", "closed"))


class _Cancelled(_Cancellable):
    reason: int | None = argument(optional_number)  # the checksum of the reason that was shown


@screen("m.rcan", _Cancellable, right=OFFICER, asks=True)
def ask_cancel(context: Context, at: _Cancellable) -> Screen:
    """Why the round is to be cancelled."""
    page = Page(context).say("period.cancel_why", name=round_text(at.round, context.texts))
    return page.back(to("m.round", at.round.id)).screen()


@ask_cancel.text
def take_cancel(context: Context, at: _Cancellable, text: str) -> Next | None:
    """The reason."""
    reason = cut_reason(text)
    return Next(preview_cancel.at(at), said=(reason,)) if reason else None


@screen("m.rcanp", _Cancellable, right=OFFICER)
def preview_cancel(context: Context, at: _Cancellable) -> Screen | None:
    """What cancelling means, with the reason that is told."""
    if not context.said:
        return ask_cancel(context, at)
    page = Page(context).say("period.cancel_ask", name=round_text(at.round, context.texts)).line()
    page.say("period.reason", reason=context.said[0]).say("period.cancel_means")
    told = changes.told_of(context.tx, at.round, by=context.person.id)
    page.say("period.told", count=len(told))
    page.button("period.button.cancel_yes", cancel.at(at, reason=checksum(context.said[0])))
    return page.back(to("m.round", at.round.id)).screen()


@action("m.rcany", _Cancelled, right=OFFICER)
def cancel(context: Context, at: _Cancelled) -> Next:
    """The round is cancelled, and those who report are told."""
    of, said = at.round, context.said
    if not said or at.reason != checksum(said[0]):
        return Next(ask_cancel.at(at))
    changes.cancel(
        context.tx, of, said[0], context.now, context.deployment.zone,
        by=context.person.id, way=context.way,
    )  # fmt: skip
    return Next(to("m.round", of.id), context.texts.say("period.was_cancelled"))


# --- opening again ------------------------------------------------------------------------------

Whole = Literal[0]  # in the place of a unit: the whole round


class _Closed(Arguments):
    round: Round = argument(round_in("closed"))


class _Reopening(_Closed):
    unit: Unit | Whole = argument(
        one_among(lambda it: [0, *rounds.units_of_round(it.context.tx, it.before["round"].id)])
    )


class _Until(_Reopening):
    day: date | None = argument(optional_day)


class _Reopened(_Until):
    reason: int | None = argument(optional_number)  # the checksum of the reason that was shown


@screen("m.rarea", _Closed, right=OFFICER)
def choose_area(context: Context, at: _Closed) -> Screen:
    """Which area is to report once more."""
    units = access.narrowed(context, rounds.units_of_round(context.tx, at.round.id))

    def label(one: Unit) -> Button:
        return Button(context.texts.unit(one), ask_why.data(at.round, one))

    page = Page(context).say("period.reopen_which").listed(units, label, choose_area, at)
    return page.back(to("m.round", at.round.id)).screen()


@choose_area.text
def take_area(context: Context, at: _Closed, text: str) -> Next | None:
    """The area by its name."""
    units = rounds.units_of_round(context.tx, at.round.id)
    return access.by_name(context, units, text, lambda one: ask_why.at(at.round, one))


@screen("m.rwhy", _Reopening, right=OFFICER, asks=True)
def ask_why(context: Context, at: _Reopening) -> Screen:
    """Why it is opened again; the whole round only where no other one of its set is open."""
    page = Page(context)
    standing = _in_the_way(context, at)
    if standing is not None:
        page.say("period.one_open", name=standing.name)
    else:
        page.say("period.reopen_why", what=_what(context, at))
        if not at.unit and _closed_by_wrong_clock(context, at.round):
            page.button("period.button.wrong_clock", as_it_was.at(at))
    return page.back(to("m.round", at.round.id)).screen()


@action("m.rclock", _Closed, right=OFFICER)
def as_it_was(context: Context, at: _Closed) -> Next | None:
    """A round that a wrong clock closed: the reason is known, and so is the end it had."""
    if not _closed_by_wrong_clock(context, at.round):
        return None
    end = day_of(context, at.round.closes_at)
    reason = str(context.texts.say("period.wrong_clock"))
    return Next(preview.at(at.round, 0, end), said=(reason,))


def _closed_by_wrong_clock(context: Context, of: Round) -> bool:
    """Whoever closes a round early brings its end forward; only a clock that is ahead doesn't."""
    return of.state == "closed" and of.closes_at > context.now


@ask_why.text
def take_why(context: Context, at: _Reopening, text: str) -> Next | None:
    """The reason."""
    reason = cut_reason(text)
    return Next(ask_end.at(at), said=(reason,)) if reason else None


@screen("m.rend", _Reopening, right=OFFICER, asks=True)
def ask_end(context: Context, at: _Reopening) -> Screen | None:
    """Until when it is to be open."""
    if not context.said:
        return ask_why(context, at)
    page = Page(context).say("period.reopen_until", what=_what(context, at))
    page.rows(suggested(context, access.today(context), lambda day: preview.at(at, day=day)))
    return page.back(ask_why.at(at)).screen()


@ask_end.text
def take_end(context: Context, at: _Reopening, text: str) -> Next | None:
    """The end as people write days."""
    if not context.said:
        return None
    return on_day(
        context, text, lambda day: preview.at(at, day=day), not_before=access.today(context)
    )


@screen("m.rre", _Until, right=OFFICER)
def preview(context: Context, at: _Until) -> Screen | None:
    """What is opened again, until when and why, before it is done."""
    if not context.said or at.day is None:
        return ask_why(context, at)
    reason, page = context.said[0], Page(context)
    refused = refused_day(context, at.day, not_before=access.today(context))
    if refused is not None:
        return page.line(refused).back(to("m.round", at.round.id)).screen()
    page.say("period.reopen_ask", what=_what(context, at)).line()
    page.say("period.reopen_end", day=full_day(context, at.day))
    page.say("period.reason", reason=reason)
    told = changes.told_of(context.tx, at.round, at.unit or None, by=context.person.id)
    page.say("period.told", count=len(told))
    page.button("period.button.reopen_yes", reopen.at(at, reason=checksum(reason)))
    return page.back(to("m.round", at.round.id)).screen()


@action("m.rrey", _Reopened, right=OFFICER)
def reopen(context: Context, at: _Reopened) -> Next | None:
    """It is open again, and those who report are told."""
    of, unit, said = at.round, at.unit, context.said
    if at.day is None:
        return None
    if not said and unit and rounds.is_open(context.tx, of, unit.id, context.now):
        return Next(to("m.round", of.id))  # pressed twice
    if (
        not said
        or at.reason != checksum(said[0])
        or refused_day(context, at.day, not_before=access.today(context)) is not None
        or _in_the_way(context, at) is not None
    ):
        return Next(ask_why.at(at))
    until = end_of(context, at.day)
    changes.reopen(
        context.tx, of, unit or None, said[0], until, context.now, context.deployment.zone,
        by=context.person.id, way=context.way,
    )  # fmt: skip
    done = context.texts.say("period.was_reopened", what=_what(context, at))
    return Next(to("m.round", of.id), done)


def _in_the_way(context: Context, at: _Reopening) -> Round | None:
    """Another open round of the same set, where the whole round is meant: there is only one."""
    if at.unit:
        return None
    here = at.round.commune_id
    return rounds.open_of_set(context.tx, [here], at.round.criteria_id, context.now).get(here)


def _what(context: Context, at: _Reopening) -> str:
    name = round_text(at.round, context.texts)
    return f"{name}, {context.texts.unit(at.unit)}" if at.unit else name
