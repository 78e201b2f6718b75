"""Counting from house to house by two buttons; the sum over all members is the answer."""

from dataclasses import dataclass
from typing import Annotated

from criteria import wording as criteria_wording
from criteria.answers import Ratio
from criteria.counting import MOST_IN_A_HOUSE, Sum, Tally, add_up, read_counting
from criteria.definition import Indicator
from criteria.kinds import kind_of
from criteria.reading import read
from handlers.flow.arguments import Number, one_among
from handlers.flow.channel import Button, Reply, Screen
from handlers.flow.commands import command
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder
from handlers.flow.rights import REPORTER, WRITER
from handlers.flow.routes import GONE, Loading, Next, action, screen
from handlers.report.assigned_reports import AssignedReport, captions_of, tasks_of
from handlers.report.changes import offer_sum, own_view, return_to_report
from handlers.report.report_access import report_to_fill
from handlers.rounds.criteria_sets import round_text, set_of
from handlers.texts import Html
from storage.places import places
from storage.places.places import Unit
from storage.reports import counting, reports
from storage.reports.counting import Visit
from storage.reports.reports import Report
from storage.rounds import rounds
from storage.rounds.rounds import Round

_UNDO_WORDS = frozenset({"bớt", "bot", "less"})


# --- which area and which indicator ---------------------------------------------------------------


def _tasks(loading: Loading) -> list[AssignedReport]:
    """Return the tasks of the round in the address: one for each area of the person."""
    tasks = tasks_of(loading.context, office=False)
    return [one for one in tasks if one.round.id == loading.before["round_id"]]


def _countable(round_: Round) -> list[Indicator]:
    return [one for one in set_of(round_).asked_of(office=False) if kind_of(one.kind).has_total]


OwnTask = Annotated[AssignedReport, one_among(_tasks)]
IndicatorToCount = Annotated[Indicator, one_among(lambda it: _countable(it.before["task"].round))]


@command("dem", "count", place=20, menu=REPORTER.holds, refused="count.nothing")
def count_command(context: Context, text: str) -> Next | None:
    """Ask for the area; if there is only one, ask for the indicator."""
    tasks = tasks_of(context, office=False)
    if len(tasks) == 1:
        return Next(ask_indicator.at(tasks[0].round, tasks[0]))
    return Next(ask_area.at()) if tasks else None


@screen("c.areas", right=REPORTER)
def ask_area(context: Context) -> Screen:
    """Ask for the area to count in."""
    tasks = tasks_of(context, office=False)
    captions = captions_of(context, tasks)

    def label(task: AssignedReport) -> Button:
        return Button(captions[task], ask_indicator.data(task.round, task))

    page = ScreenBuilder(context).say("count.which_area")
    return page.listed(tasks, label, ask_area).home().screen()


@screen("c.which", right=REPORTER)
def ask_indicator(context: Context, round_id: Number, task: OwnTask) -> Screen:
    """Show the indicators that can be counted in this area, each with its present sum."""
    texts = context.texts
    report = reports.report_of(context.tx, task.round.id, task.unit.id)

    def label(one: Indicator) -> Button:
        counted = counting.count_of(context.tx, report.id, one.code) if report else Tally()
        caption: str = texts.short(one)
        if counted.total:
            caption += f" · {texts.number(counted.yes)}/{texts.number(counted.total)}"
        return Button(caption, begin.data(task.round, task, one))

    page = ScreenBuilder(context).say("count.which", unit=texts.unit(task.unit))
    return page.listed(_countable(task.round), label, ask_indicator, round_id, task).home().screen()


@action("c.open", right=REPORTER)
def begin(context: Context, round_id: Number, task: OwnTask, indicator: IndicatorToCount) -> Next:
    """Start the area's report, and show the counting of an indicator."""
    report = reports.start_report(context.tx, task.round.id, task.unit.id, context.now)
    return Next(count.at(report, indicator))


# --- counting -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CountedReport:
    """A report in which people count, with its round and area; open while it takes answers."""

    report: Report
    round: Round
    unit: Unit
    open: bool

    @property
    def id(self) -> int:
        """The report's id."""
        return self.report.id


def _counted(loading: Loading) -> object:
    """Return the report, if the person fills it in; else GONE."""
    tx, report = loading.context.tx, report_to_fill(loading)
    if not isinstance(report, Report):
        return GONE
    round_ = rounds.known_round(tx, report.round_id)
    is_open = rounds.is_open(tx, round_, report.unit_id, loading.context.now)
    return CountedReport(report, round_, places.unit(tx, report.unit_id), is_open)


def _visit(loading: Loading) -> Visit | None:
    tx, visit_id = loading.context.tx, loading.number
    counted, indicator = loading.before["counted"], loading.before["indicator"]
    return counting.visit_of(tx, counted.id, indicator.code, visit_id) if visit_id else None


Counted = Annotated[CountedReport, _counted]
Countable = Annotated[Indicator, one_among(lambda it: _countable(it.before["counted"].round))]
AtHouse = Annotated[Visit | None, _visit]  # the house being counted


@screen("c.at", right=WRITER, asks=True)
def count(context: Context, counted: Counted, indicator: Countable, visit: AtHouse) -> Screen:
    """Show the two buttons, the sum of all members, and this person's part."""
    texts, round_, counts = context.texts, counted.round, _sum(context, counted, indicator)
    if not counted.open:
        return (
            ScreenBuilder(context)
            .say("count.closed", round=round_text(round_, texts))
            .home()
            .screen()
        )
    text = indicator.text(texts.language)
    year = (round_.data_date or round_.opens_at).year
    meaning = criteria_wording.fill(text.definition, set_of(round_), year, texts.language)
    mine = counts.by_person.get(context.person.id, Tally())
    page = ScreenBuilder(context).say("count.ask", short=text.short, unit=text.unit or "")
    page.say("explain.meaning", definition=meaning).line()
    page.say("count.sum", unit=texts.unit(counted.unit), **_figures(counts.all))
    page.say("count.mine", **_figures(mine))
    page.button("count.button.yes", tap.at(counted, indicator, visit))
    page.button("count.button.no", tap.at(counted, indicator, visit, key="c.no"))
    page.button("count.button.back", undo.at(counted, indicator, visit))
    if visit is None:
        page.say("count.house_hint")
    else:
        page.line(_house(context, visit, counts))
        page.button(
            "count.button.leave_house", count.at(counted, indicator, None), house=visit.house
        )
    page.button("count.button.done", done.at(counted, indicator, visit))
    return page.button("button.to_question", back.at(counted, indicator, visit)).screen()


def _house(context: Context, visit: Visit, counts: Sum) -> Html:
    """Return the line of the house, with a note if it was counted before."""
    present = counts.visits.get(visit.house)
    key = "count.house" if present in {None, visit.id} else "count.house_again"
    if _superseded(visit, counts):
        key = "count.house_over"
    counted = counts.by_house.get(visit.house, Tally())
    return context.texts.say(key, house=visit.house, **_figures(counted))


def _superseded(visit: Visit, counts: Sum) -> bool:
    """Return whether somebody has started to count this house again."""
    return counts.visits.get(visit.house, 0) > visit.id


def _figures(counted: Tally) -> dict[str, int]:
    return {"yes": counted.yes, "no": counted.no, "total": counted.total}


def _sum(context: Context, counted: CountedReport, indicator: Indicator) -> Sum:
    return add_up(counting.parts_of(context.tx, counted.id, indicator.code))


@action("c.yes", right=WRITER, also=("c.no",))
def tap(context: Context, counted: Counted, indicator: Countable, visit: AtHouse) -> Next:
    """Count one yes or no."""
    tally = Tally(yes=1) if context.here.action == "c.yes" else Tally(no=1)
    return _add(context, counted, indicator, visit, tally)


def _add(
    context: Context, counted: CountedReport, indicator: Indicator, visit: Visit | None,
    tally: Tally,
) -> Next:  # fmt: skip
    here = count.at(counted, indicator, visit)
    if visit is not None:
        if _superseded(visit, _sum(context, counted, indicator)):
            return Next(here)  # the screen explains how to count there again
        if tally.total > MOST_IN_A_HOUSE:
            return Next(here, context.texts.say("count.too_many"))
    if counted.open:
        counting.tap(
            context.tx, counted.report, indicator.code, tally, visit=visit,
            by=context.person.id, now=context.now, update_id=context.incoming.number,
        )  # fmt: skip
    return Next(here)


@action("c.undo", right=WRITER)
def undo(context: Context, counted: Counted, indicator: Countable, visit: AtHouse) -> Next:
    """Remove the person's last tap."""
    here = count.at(counted, indicator, visit)
    if not counted.open:
        return Next(here)
    taken = counting.take_back(
        context.tx, counted.report, indicator.code,
        by=context.person.id, now=context.now, update_id=context.incoming.number,
    )  # fmt: skip
    key = "count.nothing_back" if taken is None else "count.taken_back"
    return Next(here, context.texts.say(key, **_figures(taken or Tally())))


@count.text
def typed(
    context: Context, text: str, counted: Counted, indicator: Countable, visit: AtHouse
) -> Next | Reply | None:
    """Handle a text typed while counting: "có", "nhà 12", "3 có 1 chưa", "nhầm"."""
    word = read(text, "yes_no").command
    here = count.at(counted, indicator, visit)
    if not counted.open:
        return Next(here)
    if word == "undo" or text.strip().lower() in _UNDO_WORDS:
        return undo.act(context, counted, indicator, visit)
    if word == "done":
        return done.act(context, counted, indicator, visit)
    reading = read_counting(text)
    if reading is None:
        return Next(here, context.texts.say("count.not_understood"))
    if reading.house is not None:
        visit = counting.begin_visit(
            context.tx, counted.report, indicator.code, reading.house,
            by=context.person.id, now=context.now,
        )  # fmt: skip
    if reading.counted is None:
        return Next(count.at(counted, indicator, visit))
    return _add(context, counted, indicator, visit, reading.counted)


# --- back to the report ---------------------------------------------------------------------------


@action("c.done", right=WRITER)
def done(context: Context, counted: Counted, indicator: Countable, visit: AtHouse) -> Next | Reply:
    """Take the sum over all members like a typed answer, to be checked and confirmed."""
    here, all_ = count.at(counted, indicator, visit), _sum(context, counted, indicator).all
    if not counted.open:
        return Next(here)
    if not all_.total:
        return Next(here, context.texts.say("count.nobody"))
    view, ratio = own_view(context, counted.report), Ratio(all_.yes, all_.total)
    return offer_sum(context, view, indicator.code, ratio, _left_message(context, indicator, all_))


@action("c.back", right=WRITER)
def back(context: Context, counted: Counted, indicator: Countable, visit: AtHouse) -> Reply:
    """Return to the question without an answer."""
    left = _left_message(context, indicator, _sum(context, counted, indicator).all)
    return return_to_report(context, own_view(context, counted.report), indicator.code, left)


def _left_message(context: Context, indicator: Indicator, tally: Tally) -> Html:
    short = context.texts.short(indicator)
    return context.texts.say("count.left", short=short, **_figures(tally))
