"""The commune's rounds, and changing a round's deadline and close."""

from datetime import date
from typing import Annotated

from handlers.flow.arguments import Day, optional_day
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, button, to
from handlers.flow.press import Press
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Loading, Next, action, screen
from handlers.officer.access import (
    CurrentRound,
    OfficeCommune,
    OfficeRound,
    OpenRound,
    state_now,
    today,
)
from handlers.rounds import changes
from handlers.rounds.criteria_sets import round_names, round_text
from handlers.rounds.opening.target import first_step
from handlers.rounds.reminder_plan import round_buttons
from handlers.rounds.wording import (
    dates_text,
    day_of,
    end_of,
    full_day,
    on_day,
    refused_day,
    suggested,
)
from handlers.texts import plain
from storage.reports import reports
from storage.rounds import rounds
from storage.rounds.rounds import Round

_PAGE = 4
_MARKS = {"open": "🟢", "planned": "🕒", "closed": "🔒", "cancelled": "✖️"}
_NAMES_LENGTH = 300


def _close_day(loading: Loading) -> date:
    """Return the day of the close; if none was chosen, it moves together with the deadline."""
    of, deadline = loading.before["round"], loading.before["deadline"]
    apart = day_of(loading.context, of.closes_at) - day_of(loading.context, of.deadline)
    return optional_day(loading) or deadline + apart


CloseDay = Annotated[date, _close_day]


@screen("m.rounds", right=OFFICER)
def all_rounds(context: Context, commune: OfficeCommune) -> Screen:
    """Show the rounds of a commune, each with its state."""
    found = rounds.list_rounds(context.tx, commune.id)
    names = round_names(found, context.texts.language)

    def label(one: Round) -> Button:
        return Button(f"{_MARKS[state_now(context, one)]} {names[one.id]}", one_round.data(one))

    page = ScreenBuilder(context)
    page.say("period.title" if found else "period.title_none", commune=commune.name)
    page.listed(found, label, all_rounds, commune, size=_PAGE)
    page.row(
        Button(context.texts.say("period.button.new"), first_step(context, commune.id).data),
        button(context.texts, "period.button.schedule", "m.sched", commune.id),
    )
    return page.back(to("m.hub", commune.id)).screen()


@all_rounds.text
def take_round(context: Context, text: str, commune: OfficeCommune) -> Next | None:
    """Open the round with the typed name."""
    found = rounds.list_rounds(context.tx, commune.id)
    names = round_names(found, context.texts.language)
    same = [one for one in found if plain(text) == plain(names[one.id])]
    return Next(one_round.at(same[0])) if len(same) == 1 else None


@screen("m.round", right=OFFICER)
def one_round(context: Context, round: OfficeRound) -> Screen:
    """Show a round's state and dates, how many reports are in, and the possible actions."""
    texts, state = context.texts, state_now(context, round)
    page = ScreenBuilder(context)
    page.say(
        "period.one",
        mark=_MARKS[state],
        name=round_text(round, context.texts),
        state=texts.say(f"period.{state}"),
    )
    page.line()
    if state in {"open", "planned"}:
        page.line(dates_text(context, round.deadline, round.closes_at))
    else:
        key = "period.dates_cancelled" if state == "cancelled" else "period.dates_closed"
        closes = full_day(context, round.closes_at)
        page.say(key, deadline=full_day(context, round.deadline), closes=closes)
    if state in {"open", "closed"}:
        count = len(rounds.units_of_round(context.tx, round.id))
        page.say("period.reports", done=count - len(_missing(context, round)), count=count)
    if state == "closed":
        for unit, until in rounds.reopened_units(context.tx, round.id, context.now):
            name = texts.unit(unit)
            page.say("period.area_open", unit=name, until=full_day(context, until))
    if round.reason:
        page.say("period.reason", reason=round.reason)
    _add_actions(context, page, round, state)
    return page.back(all_rounds.at(round.commune_id)).screen()


def _add_actions(context: Context, page: ScreenBuilder, of: Round, state: str) -> None:
    """Add the buttons for a round in this state."""
    texts, others = context.texts, round_buttons(context, of)
    cancel = button(texts, "period.button.cancel", "m.rcan", of.id)
    if state in {"open", "planned"}:
        page.row(
            ask_day.button(texts, "period.button.deadline", of),
            ask_day.button(texts, "period.button.closes", of, key="m.rcl"),
        )
    if state == "open":
        page.row(*others)
        page.row(ask_to_close.button(texts, "period.button.close", of), cancel)
    elif state == "planned":
        page.row(cancel)
    elif state == "closed":
        page.row(
            button(texts, "period.button.reopen", "m.rwhy", of.id, 0),
            button(texts, "period.button.reopen_area", "m.rarea", of.id),
        )
        page.row(cancel, *others)


# --- the dates ----------------------------------------------------------------------------------


@screen("m.rdl", right=OFFICER, also=("m.rcl",), asks=True)
def ask_day(context: Context, round: CurrentRound) -> Screen:
    """Ask for another day of the deadline, or of the close."""
    closing = context.here.action == "m.rcl"
    present = full_day(context, round.closes_at if closing else round.deadline)
    page = ScreenBuilder(context)
    page.say(
        f"period.{'closes' if closing else 'deadline'}_ask",
        name=round_text(round, context.texts),
        day=present,
    )
    after = max(today(context), day_of(context, round.deadline))
    page.rows(suggested(context, after, lambda day: _preview(context, round, day)))
    return page.back(one_round.at(round)).screen()


@ask_day.text
def take_day(context: Context, text: str, round: CurrentRound) -> Next:
    """Show the preview with the typed day."""
    closing = context.here.action == "m.rcl"
    earliest = day_of(context, round.deadline) if closing else today(context)
    return on_day(context, text, lambda day: _preview(context, round, day), not_before=earliest)


def _preview(context: Context, round: Round, day: date) -> Press:
    """Return the preview's address with this day as the deadline, or as the close."""
    if context.here.action == "m.rcl":
        return preview.at(round, day_of(context, round.deadline), day)
    return preview.at(round, day)


@screen("m.rmove", right=OFFICER)
def preview(context: Context, round: CurrentRound, deadline: Day, closes: CloseDay) -> Screen:
    """Show the dates before and after."""
    page = ScreenBuilder(context)
    refused = refused_day(context, closes, not_before=deadline)
    if deadline != day_of(context, round.deadline):
        refused = refused_day(context, deadline, not_before=today(context)) or refused
    if refused is not None:
        return page.line(refused).back(one_round.at(round)).screen()
    page.say("period.move_ask", name=round_text(round, context.texts)).line()
    page.say("period.before", dates=dates_text(context, round.deadline, round.closes_at))
    page.say("period.after", dates=dates_text(context, deadline, closes)).line()
    page.say("period.told", count=len(changes.recipients(context.tx, round, by=context.person.id)))
    page.button("button.right", move.at(round, deadline, closes))
    return page.back(one_round.at(round)).screen()


@action("m.rmovey", right=OFFICER)
def move(context: Context, round: CurrentRound, deadline: Day, closes: CloseDay) -> Next | None:
    """Move the dates, and tell the reporters."""
    due_at = end_of(context, deadline, round.deadline)
    closes_at = end_of(context, closes, round.closes_at)
    if closes_at < due_at or closes_at <= context.now:
        return None
    if due_at <= context.now and due_at != round.deadline:
        return None
    changes.move(
        context.tx, round, context.now, context.deployment.zone, deadline=due_at,
        closes_at=closes_at, by=context.person.id, way=context.way,
    )  # fmt: skip
    return Next(one_round.at(round), context.texts.say("period.moved"))


# --- the close ----------------------------------------------------------------------------------


@screen("m.rclose", right=OFFICER)
def ask_to_close(context: Context, round: OpenRound) -> Screen:
    """Show the missing reports and the consequences of the close, before it is done."""
    page = (
        ScreenBuilder(context).say("period.close_ask", name=round_text(round, context.texts)).line()
    )
    missing = _missing(context, round)
    if missing:
        names = context.texts.listed(missing, most=_NAMES_LENGTH)
        page.say("period.close_missing", count=len(missing), names=names)
    page.say("period.close_means").button("period.button.close_yes", close.at(round))
    return page.back(one_round.at(round)).screen()


@action("m.rclosey", right=OFFICER)
def close(context: Context, round: OpenRound) -> Next:
    """Close the round now."""
    rounds.close_round(context.tx, round.id, **context.authorship)
    return Next(one_round.at(round), context.texts.say("period.was_closed"))


def _missing(context: Context, of: Round) -> list[str]:
    """Return the names of the units whose report is missing."""
    found = reports.reports_of_round(context.tx, of.id)
    done = {unit for unit, report in found.items() if report.is_in}
    return [
        context.texts.unit(one)
        for one in rounds.units_of_round(context.tx, of.id)
        if one.id not in done
    ]
