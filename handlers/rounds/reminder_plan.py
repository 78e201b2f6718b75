"""A round's reminders: their days and hour, and the delivery of those that were sent."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date, time
from typing import Annotated

from criteria.reminders import EVENING, MORNING, USUAL, local_day, report_reminders
from handlers.flow.arguments import one_among
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Next, action, screen
from handlers.officer.access import CurrentRound, OfficeRound
from handlers.rounds.criteria_sets import round_text
from handlers.rounds.wording import entry_words
from storage.messages import outcomes
from storage.messages.notices import DeliveryState, delivery_state
from storage.reminders import reminder_plans
from storage.rounds.rounds import Round

_ROW = 2
_DAYS_SHOWN = 7
_HOUR = re.compile(
    r"^\s*(?:lúc|luc|at)?\s*(\d{1,2})\s*(?:giờ|gio|h|:|g)?\s*(\d{2})?\s*$", re.IGNORECASE
)
_FATES: tuple[DeliveryState, ...] = ("delivered", "waiting", "unreachable", "uncertain")

UsualEntry = Annotated[int, one_among(lambda _: range(len(USUAL.entries)))]


@screen("m.rplan", right=OFFICER, asks=True)
def show_plan(context: Context, round: CurrentRound) -> Screen:
    """Show the days of the round's reminders; each can be switched off and on."""
    texts, zone = context.texts, context.deployment.zone
    plan = reminder_plans.plan_of(context.tx, round.id)
    course = report_reminders(plan, round.dates(zone))
    to_come = [one for one in course if one.at > context.now]
    page = ScreenBuilder(context).say("plan.title", round=round_text(round, context.texts)).line()
    for one in to_come:
        page.say("plan.line", when=texts.time(one.at, zone), what=entry_words(texts, one.entry))
    if not to_come:
        page.say("plan.nothing")
    page.line().say("plan.hint", hour=f"{plan.at:%H:%M}")
    switches = [
        Button(
            f"{'☑' if one in plan.entries else '▫️'} {entry_words(texts, one)}",
            switch.data(round, number),
        )
        for number, one in enumerate(USUAL.entries)
    ]
    return page.grid(switches, _ROW).back(to("m.round", round.id)).screen()


@action("m.rtog", right=OFFICER)
def switch(context: Context, round: CurrentRound, entry: UsualEntry) -> Next:
    """Switch one of the usual reminders on or off."""
    plan, switched = reminder_plans.plan_of(context.tx, round.id), USUAL.entries[entry]
    others = tuple(one for one in plan.entries if one != switched)
    entries = others if switched in plan.entries else (*others, switched)
    changed = replace(plan, entries=entries)
    reminder_plans.set_plan(context.tx, round.id, changed, **context.authorship)
    return Next(show_plan.at(round))


@show_plan.text
def take_hour(context: Context, text: str, round: CurrentRound) -> Next | None:
    """Store a typed hour: "18 giờ", "7:30"."""
    found = _HOUR.match(text)
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if minute >= 60 or not MORNING.hour <= hour < EVENING.hour:
        return Next(context.here, context.texts.say("plan.no_hour"))
    changed = replace(reminder_plans.plan_of(context.tx, round.id), at=time(hour, minute))
    reminder_plans.set_plan(context.tx, round.id, changed, **context.authorship)
    return Next(context.here, context.texts.say("plan.hour_set", hour=f"{hour:02}:{minute:02}"))


@screen("m.rmsg", right=OFFICER)
def show_fates(context: Context, round: OfficeRound) -> Screen:
    """Show how many of the round's reminders were delivered, day by day, the newest first."""
    texts, zone = context.texts, context.deployment.zone
    days: dict[date, Counter[DeliveryState]] = {}
    for when, state, reason in outcomes.sent_for_round(context.tx, round.id, context.now):
        days.setdefault(local_day(when, zone), Counter())[delivery_state(state, reason)] += 1
    newest = sorted(days, reverse=True)[:_DAYS_SHOWN]
    page = ScreenBuilder(context).say("plan.fates", round=round_text(round, context.texts))
    for day in newest:
        page.line().say("plan.day", day=texts.day(day, zone))
        counts = [texts.say(f"plan.fate_{one}", count=days[day][one])
                  for one in _FATES if days[day][one]]  # fmt: skip
        page.line(*counts or [texts.say("plan.fate_none")])
    if not newest:
        page.line().say("plan.no_fates")
    page.button("plan.button.unreachable", to("m.gone", round.commune_id))
    return page.back(to("m.round", round.id)).screen()


def round_buttons(context: Context, of: Round) -> tuple[Button, ...]:
    """Return the buttons for a round's screen that open these screens."""
    fates = show_fates.button(context.texts, "plan.button.fates", of)
    if of.takes_reports(context.now):
        return show_plan.button(context.texts, "plan.button.plan", of), fates
    return (fates,)
