"""Rounds that open by themselves: every month or quarter, on which day, due on which day."""

from datetime import timedelta

from criteria.schedule import LATEST_OPENING, MONTH_END, Every, Period, Schedule, periods
from handlers.flow.arguments import one_among
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import Page, to
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Arguments, Next, Resolver, action, argument, screen
from handlers.officer.access import InCommune, commune_of_office, today
from handlers.rounds.jobs import period_name
from handlers.rounds.opening.target import OfferedSet, offered_set, offered_sets
from handlers.rounds.wording import full_day, schedule_words
from storage.places.places import Commune
from storage.rounds import schedules

_OPENINGS = (1, 5, 10, 15, 20, 25)
_DAYS_TO_REPORT = (5, 7, 10, 14)
_ROW = 3


def _day_of_month(latest: int) -> Resolver:
    return one_among(lambda _: range(1, latest + 1))


class _OfSet(Arguments):
    """The commune and the set whose rounds are to open by themselves."""

    commune: Commune = argument(commune_of_office)
    criteria: OfferedSet = argument(offered_set)


class _Every(_OfSet):
    every: Every = argument(one_among(lambda _: Every))


class _Opens(_Every):
    opens: int = argument(_day_of_month(LATEST_OPENING))


class _Whole(_Opens):
    deadline: int = argument(_day_of_month(MONTH_END))

    @property
    def schedule(self) -> Schedule:
        """The schedule as it was asked for."""
        return Schedule(self.every, self.opens, self.deadline)


@screen("m.sched", InCommune, right=OFFICER)
def show(context: Context, at: InCommune) -> Screen:
    """The commune's schedule; with several sets first which one."""
    texts, sets = context.texts, offered_sets(context)
    page = Page(context)
    if len(sets) == 1:
        _say_schedule(context, page, _OfSet(at.commune, sets[0]))
    else:
        page.say("schedule.which", commune=at.commune.name).listed(
            sets,
            lambda one: Button(one.file.title(texts.language), show_one.data(at.commune, one)),
            show,
            at,
        )
    return page.back(to("m.rounds", at.commune.id)).screen()


@screen("m.sone", _OfSet, right=OFFICER)
def show_one(context: Context, at: _OfSet) -> Screen:
    """The schedule of one of several sets."""
    page = Page(context)
    _say_schedule(context, page, at)
    return page.back(show.at(at.commune)).screen()


def _say_schedule(context: Context, page: Page, at: _OfSet) -> None:
    """What opens by itself, and the ways to change it."""
    texts, found = context.texts, schedules.schedules_of(context.tx, at.commune.id)
    kept = next((one for one in found if one.criteria_id == at.criteria.file.id), None)
    page.say("schedule.title", commune=at.commune.name)
    if len(context.deployment.sets) > 1:
        page.say("period.set", title=at.criteria.file.title(texts.language))
    page.line()
    if kept is None:
        page.say("schedule.none")
    else:
        page.line(schedule_words(texts, kept.schedule))
        _say_next(context, page, next(periods(kept.schedule, kept.next_on)))
    page.row(
        ask_opening.button(texts, "schedule.button.month", at, every=Every.MONTH),
        ask_opening.button(texts, "schedule.button.quarter", at, every=Every.QUARTER),
    )
    if kept is not None:
        page.button("schedule.button.off", put_off.at(at))


@screen("m.sopen", _Every, right=OFFICER, asks=True)
def ask_opening(context: Context, at: _Every) -> Screen:
    """On which day of the month, or of the quarter's last one, rounds open."""
    days = [Button(str(day), ask_deadline.data(at, opens=day)) for day in _OPENINGS]
    page = Page(context).say(f"schedule.ask_opening_{at.every.value}", latest=LATEST_OPENING)
    return page.grid(days, _ROW).back(show_one.at(at)).screen()


@ask_opening.text
def take_opening(context: Context, at: _Every, text: str) -> Next:
    """Another day of the month."""
    day = _day(text, LATEST_OPENING)
    if day is None:
        return _not_a_day(context, LATEST_OPENING)
    return Next(ask_deadline.at(at, opens=day))


@screen("m.sdue", _Opens, right=OFFICER, asks=True)
def ask_deadline(context: Context, at: _Opens) -> Screen:
    """On which day of the month reports are due."""
    likely = dict.fromkeys((at.opens + more - 1) % LATEST_OPENING + 1 for more in _DAYS_TO_REPORT)
    days = [Button(str(day), preview.data(at, deadline=day)) for day in likely]
    days.append(preview.button(context.texts, "schedule.button.month_end", at, deadline=MONTH_END))
    page = Page(context).say("schedule.ask_deadline", day=str(at.opens))
    return page.grid(days, _ROW).back(ask_opening.at(at)).screen()


@ask_deadline.text
def take_deadline(context: Context, at: _Opens, text: str) -> Next:
    """Another day of the month."""
    day = _day(text, MONTH_END)
    return Next(preview.at(at, deadline=day)) if day else _not_a_day(context, MONTH_END)


@screen("m.sprev", _Whole, right=OFFICER)
def preview(context: Context, at: _Whole) -> Screen:
    """The schedule and the first round it opens, before it is kept."""
    page = Page(context).say("schedule.set_ask").line()
    page.line(schedule_words(context.texts, at.schedule))
    _say_next(context, page, _first(context, at.schedule))
    return page.button("button.right", set_it.at(at)).back(ask_deadline.at(at)).screen()


@action("m.sset", _Whole, right=OFFICER)
def set_it(context: Context, at: _Whole) -> Next:
    """Rounds open by themselves from now on."""
    opens, of = _first(context, at.schedule).opens, at.criteria.file.id
    schedules.set_schedule(context.tx, at.commune.id, of, at.schedule, opens, **context.authorship)
    return Next(show_one.at(at), context.texts.say("schedule.was_set"))


@action("m.soff", _OfSet, right=OFFICER)
def put_off(context: Context, at: _OfSet) -> Next:
    """Nothing opens by itself any more."""
    of = at.criteria.file.id
    schedules.set_schedule(context.tx, at.commune.id, of, None, None, **context.authorship)
    return Next(show_one.at(at), context.texts.say("schedule.was_put_off"))


def _first(context: Context, schedule: Schedule) -> Period:
    """The first round it opens: tomorrow or later, since today one opens by hand."""
    return next(periods(schedule, today(context) + timedelta(days=1)))


def _say_next(context: Context, page: Page, period: Period) -> None:
    page.say(
        "schedule.next",
        name=period_name(period),
        opens=full_day(context, period.opens),
        deadline=full_day(context, period.deadline),
    )


def _not_a_day(context: Context, latest: int) -> Next:
    return Next(context.here, context.texts.say("schedule.not_a_day", latest=latest))


def _day(text: str, latest: int) -> int | None:
    """The day of the month in a typed text."""
    digits = "".join(c for c in text if c.isdecimal())
    day = int(digits) if 0 < len(digits) <= len(str(latest)) else 0
    return day if 1 <= day <= latest else None
