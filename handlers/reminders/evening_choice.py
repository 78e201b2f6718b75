"""The choice of one question an evening, and its end."""

from dataclasses import replace
from datetime import datetime, timedelta

from criteria.conversation import Place
from criteria.evenings import ENDS_BEFORE, next_evening
from criteria.reminders import Anchor, end_of_day, local_day
from handlers.flow import navigation
from handlers.flow.channel import Reply
from handlers.flow.commands import is_phrase, phrase
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.rights import EVERYBODY, REPORTER
from handlers.flow.routes import action
from handlers.messages.keys import key_of_day
from handlers.reminders.planning import (
    SECOND,
    Reasons,
    ScheduledMessage,
    of_evening,
    schedule,
)
from handlers.report.changes import moved
from handlers.report.report_access import open_view
from handlers.report.screens.screen import show_report
from handlers.rounds.criteria_sets import round_text
from handlers.texts import Html
from storage.messages import outbox
from storage.places import places
from storage.reminders import evenings, reminder_plans
from storage.rounds import rounds
from storage.rounds.rounds import Round


@action("e.on", right=REPORTER)
def begin(context: Context) -> Reply:
    """Send one question an evening, from the next evening on."""
    evenings.choose(context.tx, context.person.id, context.now)
    waiting, page = _waiting_rounds(context), ScreenBuilder(context).say("evening.chosen")
    for round_ in waiting:
        page.line(_first_and_last(context, round_))
    if waiting:
        page.button("button.report", to("rep"))
    else:
        page.say("evening.from_next_round")
    return context.shows(page.button("evening.button.off", end.at()).screen())


def _first_and_last(context: Context, round_: Round) -> Html:
    """Return the sentence on the round's first and last evening; unmute the round."""
    texts, zone = context.texts, context.deployment.zone
    reminder_plans.unmute(context.tx, context.person.id, round_.id)
    first = _schedule_first(context, round_)
    if first is None:
        evenings.mark_end_announced(context.tx, context.person.id, round_.id)
        return texts.say("evening.too_late", round=round_text(round_, texts))
    tonight = local_day(first, zone) == local_day(context.now, zone)
    key = "evening.from_tonight" if tonight else "evening.from_tomorrow"
    last = round_.deadline - ENDS_BEFORE - timedelta(days=1)
    return texts.say(key, round=round_text(round_, texts), last=Html(texts.day(last, zone)))


def _schedule_first(context: Context, round_: Round) -> datetime | None:
    """Schedule tonight's question unless the day's message is sent; return the first evening."""
    dates = round_.dates(context.deployment.zone)
    first = next_evening(context.now, dates)
    today = local_day(context.now, context.deployment.zone)
    if first is None or local_day(first, context.deployment.zone) != today:
        return first
    key = str(key_of_day(context.person.id, today))
    placed = outbox.messages_by_key(context.tx, [key]).get(key)
    if placed is not None and not _can_become_question(placed):
        return next_evening(end_of_day(context.now, context.deployment.zone), dates)
    message = ScheduledMessage(context.person.id, first, of_evening(round_.id, first), SECOND)
    schedule(context.tx, [message], context.now, context.deployment)
    return first


def _can_become_question(placed: outbox.KeyedMessage) -> bool:
    """Return whether the day's message can still become the evening's question."""
    if placed.state != "waiting":
        return placed.state == "dropped"
    reasons = Reasons.model_validate_json(placed.payload).reasons
    by_plan = {"report", "evening"}
    return all(one.part in by_plan and one.anchor is not Anchor.OPENING for one in reasons)


@action("e.off", right=EVERYBODY)
def end(context: Context) -> Reply | None:
    """End the evening questions; the open question becomes one of the report."""
    chosen = evenings.stop(context.tx, context.person.id)
    view = open_view(context)
    if view is not None and view.place.alone:
        resting = view.place.screen == "rest"
        place = Place("summary") if resting else replace(view.place, alone=False)
        view = moved(context, view, place)
        if view.writable and not resting:
            return show_report(context, view, above=context.texts.say("evening.stopped"))
    if not chosen and not context.areas:
        return None
    page = ScreenBuilder(context).say("evening.stopped")
    if _waiting_rounds(context):
        page.button("button.report", to("rep"))
    if context.areas:
        page.button("evening.button.on", begin.at())
    return context.shows(page.screen())


@phrase()
def typed(context: Context, text: str) -> Reply | None:
    """Do the same for a typed phrase."""
    found = (one for one in (begin, end) if is_phrase(context, text, f"remind.words.{one.keys[0]}"))
    route = next(found, None)
    return navigation.press(context, route.at()) if route is not None else None


def _waiting_rounds(context: Context) -> list[Round]:
    """Return the open rounds in which an area of this person has not sent its report."""
    tx, who = context.tx, context.person.id
    communes = {one.commune_id for one in places.units_by_ids(tx, list(context.areas))}
    found = rounds.open_rounds_of(tx, list(communes), context.now)

    def waits(one: Round) -> bool:
        tasks = reminder_plans.tasks_of_person(tx, one.id, who)
        return any(not (task.is_in or task.office) for task in tasks)

    return sorted(filter(waits, found), key=lambda one: one.commune_id)
