"""Rounds that open by themselves: every month or quarter, on which day, due on which day."""

from dataclasses import dataclass
from datetime import date, timedelta

from criteria.schedule import LATEST_OPENING, MONTH_END, Every, Period, Schedule, periods
from criteria.set_file import SetFile
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import back, button, listed, to
from handlers.flow.press import Press, pack
from handlers.officer import access
from handlers.rounds.jobs import period_name
from handlers.rounds.plan_wording import schedule_words
from handlers.rounds.wording import tag
from handlers.texts import Html
from storage import schedules
from storage.places import Commune
from storage.schedules import Kept

_OPENINGS = (1, 5, 10, 15, 20, 25)
_DAYS_TO_REPORT = (5, 7, 10, 14)
_ROW = 3


@dataclass(frozen=True, slots=True)
class _About:
    """The commune and the set whose rounds are to open by themselves."""

    commune: Commune
    criteria: SetFile

    @property
    def here(self) -> tuple[int, int]:
        """The two in an address."""
        return self.commune.id, tag(self.criteria.id)


def _show(context: Context, press: Press, said: Said) -> Screen | None:
    """The commune's schedule; with several sets first which one."""
    commune = access.commune(context, press.number(0))
    if commune is None:
        return None
    texts, sets = context.texts, context.deployment.sets
    if len(sets) == 1:
        return _one(context, _About(commune, sets[0]), "m.rounds")
    rows = listed(
        texts,
        sets,
        press.number(1),
        lambda one: Button(one.title(texts.language), pack("m.sone", commune.id, tag(one.id))),
        lambda page: pack("m.sched", commune.id, page),
    )
    text = texts.say("schedule.which", commune=commune.name)
    return Screen(text, (*rows, back(texts, "m.rounds", commune.id)))


def _show_one(context: Context, press: Press, said: Said) -> Screen | None:
    about = _about(context, press)
    return _one(context, about, "m.sched") if about is not None else None


def _one(context: Context, about: _About, way_back: str) -> Screen:
    texts = context.texts
    kept = _kept(context, about)
    lines: list[str] = [texts.say("schedule.title", commune=about.commune.name)]
    if len(context.deployment.sets) > 1:
        lines.append(texts.say("period.set", title=about.criteria.title(texts.language)))
    lines.append("")
    if kept is None:
        lines.append(texts.say("schedule.none"))
    else:
        lines.append(schedule_words(context.texts, kept.schedule))
        lines.append(_next_in_words(context, next(periods(kept.schedule, kept.next_on))))
    rows: list[tuple[Button, ...]] = [
        (
            button(texts, "schedule.button.month", "m.sopen", *about.here, Every.MONTH.value),
            button(texts, "schedule.button.quarter", "m.sopen", *about.here, Every.QUARTER.value),
        )
    ]
    if kept is not None:
        rows.append((button(texts, "schedule.button.off", "m.soff", *about.here),))
    return Screen("\n".join(lines), (*rows, back(texts, way_back, about.commune.id)))


def _ask_opening(context: Context, press: Press, said: Said) -> Screen | None:
    about, every = _about(context, press), _every(press)
    if about is None or every is None:
        return None
    here = (*about.here, every.value)
    days = [Button(str(day), pack("m.sdue", *here, day)) for day in _OPENINGS]
    text = context.texts.say(f"schedule.ask_opening_{every.value}", latest=LATEST_OPENING)
    return Screen(text, (*_rows(days), back(context.texts, "m.sone", *about.here)))


def _take_opening(context: Context, press: Press, said: Said, text: str) -> Next | None:
    about, every = _about(context, press), _every(press)
    if about is None or every is None:
        return None
    day = _day(text, LATEST_OPENING)
    if day is None:
        return Next(press, context.texts.say("schedule.not_a_day", latest=LATEST_OPENING))
    return Next(to("m.sdue", *about.here, every.value, day))


def _ask_deadline(context: Context, press: Press, said: Said) -> Screen | None:
    about, every = _about(context, press), _every(press)
    opens = _within(press.number(3), LATEST_OPENING)
    if about is None or every is None or opens is None:
        return None
    here = (*about.here, every.value, opens)
    likely = dict.fromkeys((opens + more - 1) % LATEST_OPENING + 1 for more in _DAYS_TO_REPORT)
    days = [Button(str(day), pack("m.sprev", *here, day)) for day in likely]
    days.append(button(context.texts, "schedule.button.month_end", "m.sprev", *here, MONTH_END))
    text = context.texts.say("schedule.ask_deadline", day=str(opens))
    return Screen(text, (*_rows(days), back(context.texts, "m.sopen", *about.here, every.value)))


def _take_deadline(context: Context, press: Press, said: Said, text: str) -> Next | None:
    about, every = _about(context, press), _every(press)
    opens = _within(press.number(3), LATEST_OPENING)
    if about is None or every is None or opens is None:
        return None
    day = _day(text, MONTH_END)
    if day is None:
        return Next(press, context.texts.say("schedule.not_a_day", latest=MONTH_END))
    return Next(to("m.sprev", *about.here, every.value, opens, day))


def _preview(context: Context, press: Press, said: Said) -> Screen | None:
    about, schedule = _about(context, press), _schedule(press)
    if about is None or schedule is None:
        return None
    texts = context.texts
    lines = [
        texts.say("schedule.set_ask"),
        "",
        schedule_words(context.texts, schedule),
        _next_in_words(context, _first(context, schedule)),
    ]
    here = (*about.here, schedule.every.value, schedule.opens_on)
    yes = (button(texts, "button.right", "m.sset", *here, schedule.deadline_on),)
    return Screen("\n".join(lines), (yes, back(texts, "m.sdue", *here)))


def _set(context: Context, press: Press, said: Said) -> Next | None:
    about, schedule = _about(context, press), _schedule(press)
    if about is None or schedule is None:
        return None
    schedules.set_schedule(
        context.tx, about.commune.id, about.criteria.id, schedule, _first(context, schedule).opens,
        context.now, by=context.person.id, way="button",
    )  # fmt: skip
    return Next(to("m.sone", *about.here), context.texts.say("schedule.was_set"))


def _off(context: Context, press: Press, said: Said) -> Next | None:
    about = _about(context, press)
    if about is None:
        return None
    schedules.set_schedule(
        context.tx, about.commune.id, about.criteria.id, None, None, context.now,
        by=context.person.id, way="button",
    )  # fmt: skip
    return Next(to("m.sone", *about.here), context.texts.say("schedule.was_put_off"))


def _about(context: Context, press: Press) -> _About | None:
    commune, number = access.commune(context, press.number(0)), press.number(1)
    criteria = next((one for one in context.deployment.sets if tag(one.id) == number), None)
    return _About(commune, criteria) if commune is not None and criteria is not None else None


def _kept(context: Context, about: _About) -> Kept | None:
    found = schedules.schedules_of(context.tx, about.commune.id)
    return next((one for one in found if one.criteria_id == about.criteria.id), None)


def _every(press: Press) -> Every | None:
    return Every(press.text(2)) if press.text(2) in set(Every) else None


def _schedule(press: Press) -> Schedule | None:
    every = _every(press)
    opens = _within(press.number(3), LATEST_OPENING)
    deadline = _within(press.number(4), MONTH_END)
    if every is None or opens is None or deadline is None:
        return None
    return Schedule(every, opens, deadline)


def _first(context: Context, schedule: Schedule) -> Period:
    """The first round it opens: tomorrow or later, since today one opens by hand."""
    return next(periods(schedule, access.today(context) + timedelta(days=1)))


def _next_in_words(context: Context, period: Period) -> Html:
    def shown(day: date) -> Html:
        return Html(context.texts.full_day(day, context.deployment.zone))

    return context.texts.say(
        "schedule.next",
        name=period_name(period),
        opens=shown(period.opens),
        deadline=shown(period.deadline),
    )


def _day(text: str, latest: int) -> int | None:
    digits = "".join(c for c in text if c.isdecimal())
    return _within(int(digits), latest) if 0 < len(digits) <= len(str(latest)) else None


def _within(day: int | None, latest: int) -> int | None:
    return day if day is not None and 1 <= day <= latest else None


def _rows(buttons: list[Button]) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(buttons[i : i + _ROW]) for i in range(0, len(buttons), _ROW))


STEPS = Steps(
    views={
        "m.sched": _show,
        "m.sone": _show_one,
        "m.sopen": _ask_opening,
        "m.sdue": _ask_deadline,
        "m.sprev": _preview,
    },
    deeds={"m.sset": _set, "m.soff": _off},
    takes={"m.sopen": _take_opening, "m.sdue": _take_deadline},
    asking=frozenset({"m.sopen", "m.sdue"}),
)
