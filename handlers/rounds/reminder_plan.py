"""A round's reminders: on which days and at what hour, and what became of those that went out."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date, time

from criteria.reminders import (
    EVENING,
    MORNING,
    USUAL,
    Dates,
    Plan,
    course_of_reports,
    local_day,
)
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import back, button, to
from handlers.flow.press import Press, pack
from handlers.officer import access
from handlers.rounds.plan_wording import entry_words
from handlers.texts import Html
from storage import outbox, reminder_plans
from storage.notices import Fate, fate
from storage.rounds import Round

_ROW = 2
_DAYS_SHOWN = 7
_HOUR = re.compile(
    r"^\s*(?:lúc|luc|at)?\s*(\d{1,2})\s*(?:giờ|gio|h|:|g)?\s*(\d{2})?\s*$", re.IGNORECASE
)
_FATES: tuple[Fate, ...] = ("delivered", "waiting", "unreachable", "uncertain")


def _show(context: Context, press: Press, said: Said) -> Screen | None:
    """The days on which this round reminds; each can be put off and on."""
    round_ = _round(context, press)
    if round_ is None:
        return None
    texts, zone = context.texts, context.deployment.zone
    plan = reminder_plans.plan_of(context.tx, round_.id)
    course = course_of_reports(
        plan, Dates(round_.opens_at, round_.deadline, round_.closes_at, zone)
    )
    to_come = [one for one in course if one.at > context.now]
    lines: list[str] = [texts.say("plan.title", round=round_.name), ""]
    lines += [texts.say("plan.line", when=Html(texts.time(one.at, zone)),
                        what=entry_words(texts, one.entry)) for one in to_come]  # fmt: skip
    if not to_come:
        lines.append(texts.say("plan.nothing"))
    lines += ["", texts.say("plan.hint", hour=f"{plan.at:%H:%M}")]
    switches = [
        Button(
            f"{'☑' if one in plan.entries else '▫️'} {entry_words(texts, one)}",
            pack("m.rtog", round_.id, number),
        )
        for number, one in enumerate(USUAL.entries)
    ]
    rows = tuple(tuple(switches[i : i + _ROW]) for i in range(0, len(switches), _ROW))
    return Screen("\n".join(lines), (*rows, back(texts, "m.round", round_.id)))


def _switch(context: Context, press: Press, said: Said) -> Next | None:
    round_, number = _round(context, press), press.number(1)
    if round_ is None or number is None or number >= len(USUAL.entries):
        return None
    plan, entry = reminder_plans.plan_of(context.tx, round_.id), USUAL.entries[number]
    if entry in plan.entries:
        entries = tuple(one for one in plan.entries if one != entry)
    else:
        entries = (*plan.entries, entry)
    _keep(context, round_, replace(plan, entries=entries))
    return Next(to("m.rplan", round_.id))


def _take_hour(context: Context, press: Press, said: Said, text: str) -> Next | None:
    """An hour that is typed: "18 giờ", "7:30"."""
    round_, found = _round(context, press), _HOUR.match(text)
    if round_ is None or found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    allowed = minute < 60 and MORNING.hour <= hour < EVENING.hour
    if not allowed:
        return Next(press, context.texts.say("plan.no_hour"))
    _keep(
        context,
        round_,
        replace(reminder_plans.plan_of(context.tx, round_.id), at=time(hour, minute)),
    )
    return Next(press, context.texts.say("plan.hour_set", hour=f"{hour:02}:{minute:02}"))


def _keep(context: Context, round_: Round, plan: Plan) -> None:
    reminder_plans.set_plan(
        context.tx, round_.id, plan, context.now, by=context.person.id, way="button"
    )


def _fates(context: Context, press: Press, said: Said) -> Screen | None:
    """What became of the round's reminders, day by day, the newest first."""
    round_ = access.round_(context, press.number(0))
    if round_ is None:
        return None
    texts, zone = context.texts, context.deployment.zone
    days: dict[date, Counter[Fate]] = {}
    for when, state, reason in outbox.sent_for_round(context.tx, round_.id, context.now):
        days.setdefault(local_day(when, zone), Counter())[fate(state, reason)] += 1
    newest = sorted(days, reverse=True)[:_DAYS_SHOWN]
    lines: list[str] = [texts.say("plan.fates", round=round_.name)]
    for day in newest:
        counts = [texts.say(f"plan.fate_{one}", count=days[day][one])
                  for one in _FATES if days[day][one]]  # fmt: skip
        lines += ["", texts.say("plan.day", day=Html(texts.day(day, zone)))]
        lines += counts or [texts.say("plan.fate_none")]
    if not newest:
        lines += ["", texts.say("plan.no_fates")]
    rows = (
        (button(texts, "plan.button.unreachable", "m.gone", round_.commune_id),),
        back(texts, "m.round", round_.id),
    )
    return Screen("\n".join(lines), rows)


def _round(context: Context, press: Press) -> Round | None:
    """A round of the officer's that still reminds."""
    found = access.round_(context, press.number(0))
    if found is None or found.state not in {"open", "planned"} or context.now >= found.closes_at:
        return None
    return found


def round_buttons(context: Context, round_: Round) -> tuple[Button, ...]:
    """The buttons on a round's screen that lead here."""
    texts, found = context.texts, [button(context.texts, "plan.button.fates", "m.rmsg", round_.id)]
    if round_.state == "open" and context.now < round_.closes_at:
        found.insert(0, button(texts, "plan.button.plan", "m.rplan", round_.id))
    return tuple(found)


STEPS = Steps(
    views={"m.rplan": _show, "m.rmsg": _fates},
    deeds={"m.rtog": _switch},
    takes={"m.rplan": _take_hour},
    asking=frozenset({"m.rplan"}),
)
