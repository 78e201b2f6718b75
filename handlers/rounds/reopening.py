"""Cancelling a round, and reopening a closed one: a reason, an end, a preview."""

from typing import Annotated, Literal

from criteria.dates import read_date
from handlers.flow.arguments import Checksum, OptionalDay, one_among
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Next, action, screen
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

CancellableRound = Annotated[Round, round_in("planned", "open", "closed")]


@screen("m.rcan", right=OFFICER, asks=True)
def ask_cancel(context: Context, round: CancellableRound) -> Screen:
    """Ask why the round is to be cancelled."""
    page = ScreenBuilder(context).say("period.cancel_why", name=round_text(round, context.texts))
    return page.back(to("m.round", round.id)).screen()


@ask_cancel.text
def take_cancel(context: Context, text: str, round: CancellableRound) -> Next | None:
    """Show the preview with the typed reason."""
    reason = cut_reason(text)
    return Next(preview_cancel.at(round), typed=(reason,)) if reason else None


@screen("m.rcanp", right=OFFICER)
def preview_cancel(context: Context, round: CancellableRound) -> Screen | None:
    """Show the consequences of cancelling, with the reason that people will read."""
    if not context.typed:
        return ask_cancel(context, round)
    page = (
        ScreenBuilder(context)
        .say("period.cancel_ask", name=round_text(round, context.texts))
        .line()
    )
    page.say("period.reason", reason=context.typed[0]).say("period.cancel_means")
    page.say("period.told", count=len(changes.recipients(context.tx, round, by=context.person.id)))
    page.button("period.button.cancel_yes", cancel.at(round, checksum(context.typed[0])))
    return page.back(to("m.round", round.id)).screen()


@action("m.rcany", right=OFFICER)
def cancel(context: Context, round: CancellableRound, reason: Checksum) -> Next:
    """Cancel the round, and tell its reporters."""
    typed = context.typed
    if not typed or reason != checksum(typed[0]):
        return Next(ask_cancel.at(round))
    changes.cancel(
        context.tx, round, typed[0], context.now, context.deployment.zone,
        by=context.person.id, way=context.way,
    )  # fmt: skip
    return Next(to("m.round", round.id), context.texts.say("period.was_cancelled"))


# --- reopening ----------------------------------------------------------------------------------

Whole = Literal[0]  # instead of a unit: the whole round

ClosedRound = Annotated[Round, round_in("closed")]
Reopened = Annotated[
    Unit | Whole,
    one_among(lambda it: [0, *rounds.units_of_round(it.context.tx, it.before["round"].id)]),
]


@screen("m.rarea", right=OFFICER)
def choose_area(context: Context, round: ClosedRound) -> Screen:
    """Ask which area is to report once more."""
    units = access.narrowed(context, rounds.units_of_round(context.tx, round.id))

    def label(one: Unit) -> Button:
        return Button(context.texts.unit(one), ask_why.data(round, one))

    page = (
        ScreenBuilder(context).say("period.reopen_which").listed(units, label, choose_area, round)
    )
    return page.back(to("m.round", round.id)).screen()


@choose_area.text
def take_area(context: Context, text: str, round: ClosedRound) -> Next | None:
    """Ask for the reason for the area with the typed name."""
    units = rounds.units_of_round(context.tx, round.id)
    return access.by_name(context, units, text, lambda one: ask_why.at(round, one))


@screen("m.rwhy", right=OFFICER, asks=True)
def ask_why(context: Context, round: ClosedRound, unit: Reopened) -> Screen:
    """Ask for the reason; refuse the whole round while another one of its set is open."""
    page = ScreenBuilder(context)
    other = _other_open(context, round, unit)
    if other is not None:
        page.say("period.one_open", name=other.name)
    else:
        page.say("period.reopen_why", what=_name(context, round, unit))
        if not unit and _closed_by_wrong_clock(context, round):
            page.button("period.button.wrong_clock", as_it_was.at(round))
    return page.back(to("m.round", round.id)).screen()


@action("m.rclock", right=OFFICER)
def as_it_was(context: Context, round: ClosedRound) -> Next | None:
    """Show the preview for a round that a wrong clock closed, with that reason and its old end."""
    if not _closed_by_wrong_clock(context, round):
        return None
    end = day_of(context, round.closes_at)
    reason = str(context.texts.say("period.wrong_clock"))
    return Next(preview.at(round, 0, end), typed=(reason,))


def _closed_by_wrong_clock(context: Context, of: Round) -> bool:
    """Return True for a closed round with a future end: closing by hand moves the end to now."""
    return of.state == "closed" and of.closes_at > context.now


@ask_why.text
def take_why(context: Context, text: str, round: ClosedRound, unit: Reopened) -> Next | None:
    """Ask for the end, with the typed reason."""
    reason = cut_reason(text)
    return Next(ask_end.at(round, unit), typed=(reason,)) if reason else None


@screen("m.rend", right=OFFICER, asks=True)
def ask_end(context: Context, round: ClosedRound, unit: Reopened) -> Screen | None:
    """Ask until when the round is to be open."""
    if not context.typed:
        return ask_why(context, round, unit)
    page = ScreenBuilder(context).say("period.reopen_until", what=_name(context, round, unit))
    page.rows(suggested(context, access.today(context), lambda day: preview.at(round, unit, day)))
    return page.back(ask_why.at(round, unit)).screen()


@ask_end.text
def take_end(context: Context, text: str, round: ClosedRound, unit: Reopened) -> Next | None:
    """Show the preview with the typed day as the end."""
    if not context.typed:
        return None
    today = access.today(context)
    return on_day(context, text, lambda day: preview.at(round, unit, day), not_before=today)


@screen("m.rre", right=OFFICER)
def preview(
    context: Context, round: ClosedRound, unit: Reopened, day: OptionalDay
) -> Screen | None:
    """Show what is reopened, until when and why."""
    if not context.typed or day is None:
        return ask_why(context, round, unit)
    reason, page = context.typed[0], ScreenBuilder(context)
    refused = refused_day(context, day, not_before=access.today(context))
    if refused is not None:
        return page.line(refused).back(to("m.round", round.id)).screen()
    page.say("period.reopen_ask", what=_name(context, round, unit)).line()
    page.say("period.reopen_end", day=full_day(context, day))
    page.say("period.reason", reason=reason)
    people = changes.recipients(context.tx, round, unit or None, by=context.person.id)
    page.say("period.told", count=len(people))
    page.button("period.button.reopen_yes", reopen.at(round, unit, day, checksum(reason)))
    return page.back(to("m.round", round.id)).screen()


@preview.text
def take_other_end(context: Context, text: str, round: ClosedRound, unit: Reopened) -> Next | None:
    """Take another end; any other text is left to the buttons."""
    if read_date(text, access.today(context)).day is None:
        return None
    return take_end(context, text, round, unit)


@action("m.rrey", right=OFFICER)
def reopen(
    context: Context, round: ClosedRound, unit: Reopened, day: OptionalDay, reason: Checksum
) -> Next | None:
    """Reopen the round, and tell its reporters."""
    typed = context.typed
    if day is None:
        return None
    if not typed and unit and rounds.is_open(context.tx, round, unit.id, context.now):
        return Next(to("m.round", round.id))  # pressed twice
    if (
        not typed
        or reason != checksum(typed[0])
        or refused_day(context, day, not_before=access.today(context)) is not None
        or _other_open(context, round, unit) is not None
    ):
        return Next(ask_why.at(round, unit))
    until = end_of(context, day)
    changes.reopen(
        context.tx, round, unit or None, typed[0], until, context.now, context.deployment.zone,
        by=context.person.id, way=context.way,
    )  # fmt: skip
    done = context.texts.say("period.was_reopened", what=_name(context, round, unit))
    return Next(to("m.round", round.id), done)


def _other_open(context: Context, round: Round, unit: Unit | Whole) -> Round | None:
    """Return another open round of the same set, which prevents reopening the whole round."""
    if unit:
        return None
    here = round.commune_id
    return rounds.open_of_set(context.tx, [here], round.criteria_id, context.now).get(here)


def _name(context: Context, round: Round, unit: Unit | Whole) -> str:
    name = round_text(round, context.texts)
    return f"{name}, {context.texts.unit(unit)}" if unit else name
