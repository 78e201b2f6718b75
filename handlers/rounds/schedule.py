"""The schedule of rounds: monthly or quarterly, with the opening day and the due day."""

from datetime import timedelta
from typing import Annotated

from criteria.schedule import LATEST_OPENING, MONTH_END, Every, Period, Schedule, periods
from handlers.flow.arguments import one_among
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.press import Press
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Next, action, screen
from handlers.officer.access import OfficeCommune, today
from handlers.rounds.jobs import period_name
from handlers.rounds.opening.target import OfferedSet, offered_set, offered_sets
from handlers.rounds.wording import full_day, schedule_words
from storage.places.places import Commune
from storage.rounds import schedules

_OPENINGS = (1, 5, 10, 15, 20, 25)
_DAYS_TO_REPORT = (5, 7, 10, 14)
_ROW = 3

OneSet = Annotated[OfferedSet, offered_set]
HowOften = Annotated[Every, one_among(lambda _: Every)]
OpeningDay = Annotated[int, one_among(lambda _: range(1, LATEST_OPENING + 1))]
DueDay = Annotated[int, one_among(lambda _: range(1, MONTH_END + 1))]


@screen("m.sched", right=OFFICER)
def show(context: Context, commune: OfficeCommune) -> Screen:
    """Show the commune's schedule; with several sets ask for the set first."""
    texts, sets = context.texts, offered_sets(context)
    page = ScreenBuilder(context)
    if len(sets) == 1:
        _add_schedule(context, page, commune, sets[0])
    else:
        page.say("schedule.which", commune=commune.name).listed(
            sets,
            lambda one: Button(one.file.title(texts.language), show_one.data(commune, one)),
            show,
            commune,
        )
    return page.back(to("m.rounds", commune.id)).screen()


@screen("m.sone", right=OFFICER)
def show_one(context: Context, commune: OfficeCommune, criteria: OneSet) -> Screen:
    """Show the schedule of one of several sets."""
    page = ScreenBuilder(context)
    _add_schedule(context, page, commune, criteria)
    return page.back(show.at(commune)).screen()


def _add_schedule(
    context: Context, page: ScreenBuilder, commune: Commune, criteria: OfferedSet
) -> None:
    """Add the schedule of a set, its next round, and buttons to change it."""
    texts, found = context.texts, schedules.schedules_of(context.tx, commune.id)
    stored = next((one for one in found if one.criteria_id == criteria.file.id), None)
    page.say("schedule.title", commune=commune.name)
    if len(context.deployment.sets) > 1:
        page.say("period.set", title=criteria.file.title(texts.language))
    page.line()
    if stored is None:
        page.say("schedule.none")
    else:
        page.line(schedule_words(texts, stored.schedule))
        _add_next_round(context, page, next(periods(stored.schedule, stored.next_on)))
    page.row(
        ask_opening.button(texts, "schedule.button.month", commune, criteria, Every.MONTH),
        ask_opening.button(texts, "schedule.button.quarter", commune, criteria, Every.QUARTER),
    )
    if stored is not None:
        page.button("schedule.button.off", switch_off.at(commune, criteria))


@screen("m.sopen", right=OFFICER, asks=True)
def ask_opening(
    context: Context, commune: OfficeCommune, criteria: OneSet, every: HowOften
) -> Screen:
    """Ask on which day of the month, or of the quarter's last month, rounds open."""
    days = [Button(str(day), ask_deadline.data(commune, criteria, every, day)) for day in _OPENINGS]
    page = ScreenBuilder(context).say(f"schedule.ask_opening_{every.value}", latest=LATEST_OPENING)
    return page.grid(days, _ROW).back(show_one.at(commune, criteria)).screen()


@ask_opening.text
def take_opening(
    context: Context, text: str, commune: OfficeCommune, criteria: OneSet, every: HowOften
) -> Next:
    """Ask for the due day, with the typed opening day."""
    day = _day(text, LATEST_OPENING)
    if day is None:
        return _not_a_day(context, LATEST_OPENING)
    return Next(ask_deadline.at(commune, criteria, every, day))


@screen("m.sdue", right=OFFICER, asks=True)
def ask_deadline(
    context: Context, commune: OfficeCommune, criteria: OneSet, every: HowOften, opens: OpeningDay
) -> Screen:
    """Ask on which day of the month reports are due."""

    def choice(day: int) -> Press:
        return preview.at(commune, criteria, every, opens, day)

    likely = dict.fromkeys((opens + more - 1) % LATEST_OPENING + 1 for more in _DAYS_TO_REPORT)
    days = [Button(str(day), choice(day).data) for day in likely]
    days.append(Button(context.texts.say("schedule.button.month_end"), choice(MONTH_END).data))
    page = ScreenBuilder(context).say("schedule.ask_deadline", day=str(opens))
    return page.grid(days, _ROW).back(ask_opening.at(commune, criteria, every)).screen()


@ask_deadline.text
def take_deadline(
    context: Context, text: str, commune: OfficeCommune, criteria: OneSet, every: HowOften,
    opens: OpeningDay,
) -> Next:  # fmt: skip
    """Show the preview with the typed due day."""
    day = _day(text, MONTH_END)
    if day is None:
        return _not_a_day(context, MONTH_END)
    return Next(preview.at(commune, criteria, every, opens, day))


@screen("m.sprev", right=OFFICER)
def preview(
    context: Context, commune: OfficeCommune, criteria: OneSet, every: HowOften,
    opens: OpeningDay, deadline: DueDay,
) -> Screen:  # fmt: skip
    """Show the schedule and its first round before it is stored."""
    schedule = Schedule(every, opens, deadline)
    page = ScreenBuilder(context).say("schedule.set_ask").line()
    page.line(schedule_words(context.texts, schedule))
    _add_next_round(context, page, _first(context, schedule))
    page.button("button.right", set_it.at(commune, criteria, every, opens, deadline))
    return page.back(ask_deadline.at(commune, criteria, every, opens)).screen()


@action("m.sset", right=OFFICER)
def set_it(
    context: Context, commune: OfficeCommune, criteria: OneSet, every: HowOften,
    opens: OpeningDay, deadline: DueDay,
) -> Next:  # fmt: skip
    """Store the schedule; its rounds open automatically from now on."""
    schedule, of = Schedule(every, opens, deadline), criteria.file.id
    first = _first(context, schedule).opens
    schedules.set_schedule(context.tx, commune.id, of, schedule, first, **context.authorship)
    return Next(show_one.at(commune, criteria), context.texts.say("schedule.was_set"))


@action("m.soff", right=OFFICER)
def switch_off(context: Context, commune: OfficeCommune, criteria: OneSet) -> Next:
    """Switch the schedule off."""
    of = criteria.file.id
    schedules.set_schedule(context.tx, commune.id, of, None, None, **context.authorship)
    return Next(show_one.at(commune, criteria), context.texts.say("schedule.was_put_off"))


def _first(context: Context, schedule: Schedule) -> Period:
    """Return the schedule's first round; it opens tomorrow or later, as today one opens by hand."""
    return next(periods(schedule, today(context) + timedelta(days=1)))


def _add_next_round(context: Context, page: ScreenBuilder, period: Period) -> None:
    page.say(
        "schedule.next",
        name=period_name(period),
        opens=full_day(context, period.opens),
        deadline=full_day(context, period.deadline),
    )


def _not_a_day(context: Context, latest: int) -> Next:
    return Next(context.here, context.texts.say("schedule.not_a_day", latest=latest))


def _day(text: str, latest: int) -> int | None:
    """Return the day of the month in a typed text; None without a possible one."""
    digits = "".join(c for c in text if c.isdecimal())
    day = int(digits) if 0 < len(digits) <= len(str(latest)) else 0
    return day if 1 <= day <= latest else None
