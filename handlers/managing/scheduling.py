"""Rounds that open by themselves: every month or quarter, on which day, due on which day."""

from datetime import date, timedelta

from criteria.schedule import LATEST_OPENING, MONTH_END, Every, Period, Schedule, periods
from handlers.by_the_clock import period_name
from handlers.channel import Button, Screen
from handlers.managing import office
from handlers.presses import Press, pack
from handlers.steps import Next, Said, Steps, back, button, to
from handlers.texts import Html
from handlers.turn import Turn
from storage import rounds, schedules
from storage.places import Commune

_OPENINGS = (1, 5, 10, 15, 20, 25)
_DAYS_TO_REPORT = (5, 7, 10, 14)
_ROW = 3


def _show(turn: Turn, press: Press, said: Said) -> Screen | None:
    commune = office.commune(turn, press.number(0))
    if commune is None:
        return None
    texts = turn.texts
    kept = schedules.schedules_of(turn.tx, commune.id)
    lines: list[str] = [texts.say("schedule.title", commune=commune.name), ""]
    for one in kept:
        lines.append(_in_words(turn, one.schedule))
        lines.append(_next_in_words(turn, next(periods(one.schedule, one.next_on))))
    if not kept:
        lines.append(texts.say("schedule.none"))
    rows: list[tuple[Button, ...]] = [
        (
            button(texts, "schedule.button.month", "m.sopen", commune.id, Every.MONTH.value),
            button(texts, "schedule.button.quarter", "m.sopen", commune.id, Every.QUARTER.value),
        )
    ]
    if kept:
        rows.append((button(texts, "schedule.button.off", "m.soff", commune.id),))
    return Screen("\n".join(lines), (*rows, back(texts, "m.rounds", commune.id)))


def _ask_opening(turn: Turn, press: Press, said: Said) -> Screen | None:
    commune, every = _about(turn, press)
    if commune is None or every is None:
        return None
    days = [Button(str(day), pack("m.sdue", commune.id, every.value, day)) for day in _OPENINGS]
    text = turn.texts.say(f"schedule.ask_opening_{every.value}", latest=LATEST_OPENING)
    return Screen(text, (*_rows(days), back(turn.texts, "m.sched", commune.id)))


def _take_opening(turn: Turn, press: Press, said: Said, text: str) -> Next | None:
    commune, every = _about(turn, press)
    if commune is None or every is None:
        return None
    day = _day(text, LATEST_OPENING)
    if day is None:
        return Next(press, turn.texts.say("schedule.not_a_day", latest=LATEST_OPENING))
    return Next(to("m.sdue", commune.id, every.value, day))


def _ask_deadline(turn: Turn, press: Press, said: Said) -> Screen | None:
    commune, every = _about(turn, press)
    opens = _within(press.number(2), LATEST_OPENING)
    if commune is None or every is None or opens is None:
        return None
    here = (commune.id, every.value, opens)
    days = [
        Button(str(day), pack("m.sprev", *here, day))
        for day in dict.fromkeys(
            (opens + more - 1) % LATEST_OPENING + 1 for more in _DAYS_TO_REPORT
        )
    ]
    days.append(button(turn.texts, "schedule.button.month_end", "m.sprev", *here, MONTH_END))
    text = turn.texts.say("schedule.ask_deadline", day=str(opens))
    return Screen(text, (*_rows(days), back(turn.texts, "m.sopen", commune.id, every.value)))


def _take_deadline(turn: Turn, press: Press, said: Said, text: str) -> Next | None:
    commune, every = _about(turn, press)
    opens = _within(press.number(2), LATEST_OPENING)
    if commune is None or every is None or opens is None:
        return None
    day = _day(text, MONTH_END)
    if day is None:
        return Next(press, turn.texts.say("schedule.not_a_day", latest=MONTH_END))
    return Next(to("m.sprev", commune.id, every.value, opens, day))


def _preview(turn: Turn, press: Press, said: Said) -> Screen | None:
    commune, schedule = _schedule(turn, press)
    if commune is None or schedule is None:
        return None
    texts = turn.texts
    lines = [
        texts.say("schedule.set_ask"),
        "",
        _in_words(turn, schedule),
        _next_in_words(turn, _first(turn, schedule)),
    ]
    here = (commune.id, schedule.every.value, schedule.opens_on, schedule.deadline_on)
    yes = (button(texts, "button.right", "m.sset", *here),)
    return Screen("\n".join(lines), (yes, back(texts, "m.sdue", *here[:3])))


def _set(turn: Turn, press: Press, said: Said) -> Next | None:
    commune, schedule = _schedule(turn, press)
    if commune is None or schedule is None:
        return None
    schedules.set_schedule(
        turn.tx, commune.id, _criteria(turn, commune), schedule, _first(turn, schedule).opens,
        turn.now, by=turn.person.id, way="button",
    )  # fmt: skip
    return Next(to("m.sched", commune.id), turn.texts.say("schedule.was_set"))


def _off(turn: Turn, press: Press, said: Said) -> Next | None:
    commune = office.commune(turn, press.number(0))
    if commune is None:
        return None
    for one in schedules.schedules_of(turn.tx, commune.id):
        schedules.set_schedule(
            turn.tx, commune.id, one.criteria_id, None, None, turn.now,
            by=turn.person.id, way="button",
        )  # fmt: skip
    return Next(to("m.sched", commune.id), turn.texts.say("schedule.was_put_off"))


def _about(turn: Turn, press: Press) -> tuple[Commune | None, Every | None]:
    known = press.text(1) in set(Every)
    return office.commune(turn, press.number(0)), Every(press.text(1)) if known else None


def _schedule(turn: Turn, press: Press) -> tuple[Commune | None, Schedule | None]:
    commune, every = _about(turn, press)
    opens = _within(press.number(2), LATEST_OPENING)
    deadline = _within(press.number(3), MONTH_END)
    if every is None or opens is None or deadline is None:
        return commune, None
    return commune, Schedule(every, opens, deadline)


def _criteria(turn: Turn, commune: Commune) -> str:
    """The set of the commune's newest round, else the first there is."""
    known = [one.id for one in turn.house.sets]
    used = [one.criteria_id for one in rounds.list_rounds(turn.tx, commune.id)]
    return next((one for one in used if one in known), known[0])


def _first(turn: Turn, schedule: Schedule) -> Period:
    """The first round it opens: tomorrow or later, since today one opens by hand."""
    return next(periods(schedule, office.today(turn) + timedelta(days=1)))


def _in_words(turn: Turn, schedule: Schedule) -> Html:
    texts = turn.texts
    due = "schedule.due_month_end" if schedule.deadline_on == MONTH_END else "schedule.due"
    if schedule.deadline_on <= schedule.opens_on:
        due = "schedule.due_next_month"
    return texts.say(
        f"schedule.{schedule.every.value}",
        day=str(schedule.opens_on),
        due=texts.say(due, day=str(schedule.deadline_on)),
    )


def _next_in_words(turn: Turn, period: Period) -> Html:
    def shown(day: date) -> Html:
        return Html(turn.texts.full_day(day, turn.house.zone))

    return turn.texts.say(
        "schedule.next",
        name=period_name(period),
        opens=shown(period.opens),
        deadline=shown(period.deadline),
    )


def _day(text: str, latest: int) -> int | None:
    digits = "".join(c for c in text if c.isdigit())
    return _within(int(digits), latest) if 0 < len(digits) <= len(str(latest)) else None


def _within(day: int | None, latest: int) -> int | None:
    return day if day is not None and 1 <= day <= latest else None


def _rows(buttons: list[Button]) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(buttons[i : i + _ROW]) for i in range(0, len(buttons), _ROW))


STEPS = Steps(
    views={
        "m.sched": _show,
        "m.sopen": _ask_opening,
        "m.sdue": _ask_deadline,
        "m.sprev": _preview,
    },
    deeds={"m.sset": _set, "m.soff": _off},
    takes={"m.sopen": _take_opening, "m.sdue": _take_deadline},
    asking=frozenset({"m.sopen", "m.sdue"}),
)
