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
from handlers.channel import Button, Screen
from handlers.managing import office
from handlers.plan_words import entry_words
from handlers.presses import Press, pack
from handlers.steps import Next, Said, Steps, back, button, to
from handlers.texts import Html
from handlers.turn import Turn
from storage import outbox, reminder_plans
from storage.notices import Fate, fate
from storage.rounds import Round

_ROW = 2
_DAYS_SHOWN = 7
_HOUR = re.compile(
    r"^\s*(?:lúc|luc|at)?\s*(\d{1,2})\s*(?:giờ|gio|h|:|g)?\s*(\d{2})?\s*$", re.IGNORECASE
)
_FATES: tuple[Fate, ...] = ("delivered", "waiting", "unreachable", "uncertain")


def _show(turn: Turn, press: Press, said: Said) -> Screen | None:
    """The days on which this round reminds; each can be put off and on."""
    round_ = _round(turn, press)
    if round_ is None:
        return None
    texts, zone = turn.texts, turn.house.zone
    plan = reminder_plans.plan_of(turn.tx, round_.id)
    course = course_of_reports(
        plan, Dates(round_.opens_at, round_.deadline, round_.closes_at, zone)
    )
    to_come = [one for one in course if one.at > turn.now]
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


def _switch(turn: Turn, press: Press, said: Said) -> Next | None:
    round_, number = _round(turn, press), press.number(1)
    if round_ is None or number is None or number >= len(USUAL.entries):
        return None
    plan, entry = reminder_plans.plan_of(turn.tx, round_.id), USUAL.entries[number]
    if entry in plan.entries:
        entries = tuple(one for one in plan.entries if one != entry)
    else:
        entries = (*plan.entries, entry)
    _keep(turn, round_, replace(plan, entries=entries))
    return Next(to("m.rplan", round_.id))


def _take_hour(turn: Turn, press: Press, said: Said, text: str) -> Next | None:
    """An hour that is typed: "18 giờ", "7:30"."""
    round_, found = _round(turn, press), _HOUR.match(text)
    if round_ is None or found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    allowed = minute < 60 and MORNING.hour <= hour < EVENING.hour
    if not allowed:
        return Next(press, turn.texts.say("plan.no_hour"))
    _keep(turn, round_, replace(reminder_plans.plan_of(turn.tx, round_.id), at=time(hour, minute)))
    return Next(press, turn.texts.say("plan.hour_set", hour=f"{hour:02}:{minute:02}"))


def _keep(turn: Turn, round_: Round, plan: Plan) -> None:
    reminder_plans.set_plan(turn.tx, round_.id, plan, turn.now, by=turn.person.id, way="button")


def _fates(turn: Turn, press: Press, said: Said) -> Screen | None:
    """What became of the round's reminders, day by day, the newest first."""
    round_ = office.round_(turn, press.number(0))
    if round_ is None:
        return None
    texts, zone = turn.texts, turn.house.zone
    days: dict[date, Counter[Fate]] = {}
    for when, state, reason in outbox.sent_for_round(turn.tx, round_.id, turn.now):
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


def _round(turn: Turn, press: Press) -> Round | None:
    """A round of the officer's that still reminds."""
    found = office.round_(turn, press.number(0))
    if found is None or found.state not in {"open", "planned"} or turn.now >= found.closes_at:
        return None
    return found


def round_buttons(turn: Turn, round_: Round) -> tuple[Button, ...]:
    """The buttons on a round's screen that lead here."""
    texts, found = turn.texts, [button(turn.texts, "plan.button.fates", "m.rmsg", round_.id)]
    if round_.state == "open" and turn.now < round_.closes_at:
        found.insert(0, button(texts, "plan.button.plan", "m.rplan", round_.id))
    return tuple(found)


STEPS = Steps(
    views={"m.rplan": _show, "m.rmsg": _fates},
    deeds={"m.rtog": _switch},
    takes={"m.rplan": _take_hour},
    asking=frozenset({"m.rplan"}),
)
