"""Counting from house to house: two large buttons, several members at once, the sum as answer."""

from dataclasses import dataclass, replace

from criteria import wording as criteria_wording
from criteria.answers import Ratio
from criteria.counting import MOST_IN_A_HOUSE, Sum, Tally, add_up, read_counting
from criteria.definition import Indicator
from criteria.kinds import kind_of
from criteria.reading import read
from handlers.flow.arguments import number, one_among
from handlers.flow.channel import Button, Reply, Screen
from handlers.flow.commands import command
from handlers.flow.context import Context
from handlers.flow.page import Page
from handlers.flow.rights import REPORTER, WRITER
from handlers.flow.routes import (
    GONE,
    Arguments,
    Loading,
    Next,
    NoArguments,
    action,
    argument,
    screen,
)
from handlers.report.assigned_reports import Task, captions_of, tasks_of
from handlers.report.changes import came_back, own_view, taken_over
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

_LESS = frozenset({"bớt", "bot", "less"})


# --- which area and which indicator ---------------------------------------------------------------


def _tasks(loading: Loading) -> list[Task]:
    """The tasks of the round before: one for each area that the person reports for."""
    tasks = tasks_of(loading.context, office=False)
    return [one for one in tasks if one.round.id == loading.before["round_id"]]


def _countable(round_: Round) -> list[Indicator]:
    return [one for one in set_of(round_).asked_of(office=False) if kind_of(one.kind).has_total]


class _Area(Arguments):
    round_id: int = argument(number)
    task: Task = argument(one_among(_tasks))


class _Chosen(_Area):
    indicator: Indicator = argument(one_among(lambda it: _countable(it.before["task"].round)))


@command("dem", "count", place=20, menu=REPORTER.holds, refused="count.nothing")
def count_command(context: Context, text: str) -> Next | None:
    """Where `/dem` leads: which area, or at once what is to be counted there."""
    tasks = tasks_of(context, office=False)
    if len(tasks) == 1:
        return Next(ask_indicator.at(tasks[0].round, tasks[0]))
    return Next(ask_area.at()) if tasks else None


@screen("c.areas", NoArguments, right=REPORTER)
def ask_area(context: Context, at: NoArguments) -> Screen:
    """Which of the person's areas it is counted in."""
    tasks = tasks_of(context, office=False)
    captions = captions_of(context, tasks)

    def made(task: Task) -> Button:
        return Button(captions[task], ask_indicator.data(task.round, task))

    page = Page(context).say("count.which_area")
    return page.listed(tasks, made, ask_area, at).home().screen()


@screen("c.which", _Area, right=REPORTER)
def ask_indicator(context: Context, at: _Area) -> Screen:
    """What can be counted in this area, each with what was counted so far."""
    texts, task = context.texts, at.task
    report = reports.report_of(context.tx, task.round.id, task.unit.id)

    def made(one: Indicator) -> Button:
        counted = counting.count_of(context.tx, report.id, one.code) if report else Tally()
        label: str = texts.short(one)
        if counted.total:
            label += f" · {texts.number(counted.yes)}/{texts.number(counted.total)}"
        return Button(label, begin.data(task.round, task, one))

    page = Page(context).say("count.which", unit=texts.unit(task.unit))
    return page.listed(_countable(task.round), made, ask_indicator, at).home().screen()


@action("c.open", _Chosen, right=REPORTER)
def begin(context: Context, at: _Chosen) -> Next:
    """Begin to count an indicator."""
    report = reports.start_report(context.tx, at.task.round.id, at.task.unit.id, context.now)
    return Next(count.at(report, at.indicator))


# --- counting -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Counted:
    """A report in which somebody counts, with its round and area; open while it takes answers."""

    report: Report
    round: Round
    unit: Unit
    open: bool

    @property
    def id(self) -> int:
        return self.report.id


def _counted(loading: Loading) -> object:
    """The report, for who fills it in."""
    tx, report = loading.context.tx, report_to_fill(loading)
    if not isinstance(report, Report):
        return GONE
    round_ = rounds.known_round(tx, report.round_id)
    is_open = rounds.is_open(tx, round_, report.unit_id, loading.context.now)
    return _Counted(report, round_, places.unit(tx, report.unit_id), is_open)


def _visit(loading: Loading) -> Visit | None:
    tx, visit_id = loading.context.tx, loading.number
    report, indicator = loading.before["of"].report, loading.before["indicator"]
    return counting.visit_of(tx, report.id, indicator.code, visit_id) if visit_id else None


class _At(Arguments):
    of: _Counted = argument(_counted)
    indicator: Indicator = argument(one_among(lambda it: _countable(it.before["of"].round)))
    visit: Visit | None = argument(_visit)  # the house one is at

    @property
    def key(self) -> tuple[Report, str]:
        """What the parts of the count are kept under."""
        return self.of.report, self.indicator.code


@screen("c.at", _At, right=WRITER, asks=True)
def count(context: Context, at: _At) -> Screen:
    """The two buttons, what all have counted, and what this person did."""
    texts, round_, whole = context.texts, at.of.round, _sum(context, at)
    if not at.of.open:
        return Page(context).say("count.closed", round=round_text(round_, texts)).home().screen()
    text = at.indicator.text(texts.language)
    year = (round_.data_date or round_.opens_at).year
    meaning = criteria_wording.fill(text.definition, set_of(round_), year, texts.language)
    mine = whole.by_person.get(context.person.id, Tally())
    page = Page(context).say("count.ask", short=text.short, unit=text.unit or "")
    page.say("explain.meaning", definition=meaning).line()
    page.say("count.sum", unit=texts.unit(at.of.unit), **_figures(whole.all))
    page.say("count.mine", **_figures(mine))
    page.button("count.button.yes", tap.at(at))
    page.button("count.button.no", tap.at(at, key="c.no"))
    page.button("count.button.back", undo.at(at))
    if at.visit is None:
        page.say("count.house_hint")
    else:
        page.line(_house(context, at.visit, whole))
        page.button("count.button.leave_house", count.at(at, visit=None), house=at.visit.house)
    page.button("count.button.done", done.at(at))
    return page.button("button.to_question", back.at(at)).screen()


def _house(context: Context, visit: Visit, whole: Sum) -> Html:
    """The house one is at; one that was counted before says so, until it is counted anew."""
    present = whole.visits.get(visit.house)
    key = "count.house" if present in {None, visit.id} else "count.house_again"
    if _superseded(visit, whole):
        key = "count.house_over"
    counted = whole.by_house.get(visit.house, Tally())
    return context.texts.say(key, house=visit.house, **_figures(counted))


def _superseded(visit: Visit, whole: Sum) -> bool:
    """Whether somebody has counted this house again since."""
    return whole.visits.get(visit.house, 0) > visit.id


def _figures(counted: Tally) -> dict[str, int]:
    return {"yes": counted.yes, "no": counted.no, "total": counted.total}


def _sum(context: Context, at: _At) -> Sum:
    return add_up(counting.parts_of(context.tx, at.of.id, at.indicator.code))


@action("c.yes", _At, right=WRITER, also=("c.no",))
def tap(context: Context, at: _At) -> Next:
    """Count one more."""
    return _add(context, at, Tally(yes=1) if context.here.action == "c.yes" else Tally(no=1))


def _add(context: Context, at: _At, tally: Tally) -> Next:
    if at.visit is not None:
        if _superseded(at.visit, _sum(context, at)):
            return Next(count.at(at))  # where it stands how to count there again
        if tally.total > MOST_IN_A_HOUSE:
            return Next(count.at(at), context.texts.say("count.too_many"))
    if at.of.open:
        counting.tap(
            context.tx, *at.key, tally, visit=at.visit,
            by=context.person.id, now=context.now, update_id=context.incoming.number,
        )  # fmt: skip
    return Next(count.at(at))


@action("c.undo", _At, right=WRITER)
def undo(context: Context, at: _At) -> Next:
    """Take back the person's last tap."""
    if not at.of.open:
        return Next(count.at(at))
    taken = counting.take_back(
        context.tx, *at.key,
        by=context.person.id, now=context.now, update_id=context.incoming.number,
    )  # fmt: skip
    key = "count.nothing_back" if taken is None else "count.taken_back"
    return Next(count.at(at), context.texts.say(key, **_figures(taken or Tally())))


@count.text
def typed(context: Context, at: _At, text: str) -> Next | Reply | None:
    """What is typed while counting: "có", "nhà 12", "3 có 1 chưa", "nhầm"."""
    word = read(text, "yes_no").command
    if not at.of.open:
        return Next(count.at(at))
    if word == "undo" or text.strip().lower() in _LESS:
        return undo.act(context, at)
    if word == "done":
        return done.act(context, at)
    said = read_counting(text)
    if said is None:
        return Next(count.at(at), context.texts.say("count.not_understood"))
    if said.house is not None:
        visit = counting.begin_visit(
            context.tx, *at.key, said.house, by=context.person.id, now=context.now
        )
        at = replace(at, visit=visit)
    return _add(context, at, said.counted) if said.counted is not None else Next(count.at(at))


# --- back into the report -------------------------------------------------------------------------


@action("c.done", _At, right=WRITER)
def done(context: Context, at: _At) -> Next | Reply:
    """The sum over all members goes the way of a typed answer: it is checked and confirmed."""
    counted = _sum(context, at).all
    if not at.of.open:
        return Next(count.at(at))
    if not counted.total:
        return Next(count.at(at), context.texts.say("count.nobody"))
    ratio, left = Ratio(counted.yes, counted.total), _left(context, at, counted)
    return taken_over(context, own_view(context, at.of.report), at.indicator.code, ratio, left)


@action("c.back", _At, right=WRITER)
def back(context: Context, at: _At) -> Reply:
    """Back to the question, without an answer."""
    left = _left(context, at, _sum(context, at).all)
    return came_back(context, own_view(context, at.of.report), at.indicator.code, left)


def _left(context: Context, at: _At, counted: Tally) -> Html:
    short = context.texts.short(at.indicator)
    return context.texts.say("count.left", short=short, **_figures(counted))
