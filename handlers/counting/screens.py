"""Counting from house to house: two large buttons, several members at once, the sum as answer."""

from dataclasses import dataclass, replace

from criteria import wording as criteria_wording
from criteria.answers import Ratio
from criteria.counting import MOST_IN_A_HOUSE, Sum, Tally, added_up, read_counting
from criteria.definition import Indicator, Kind
from criteria.reading import read
from handlers.flow.channel import Button, Reply, Screen
from handlers.flow.commands import command
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import button, listed, to, to_home
from handlers.flow.press import Press, pack
from handlers.flow.rights import REPORTER
from handlers.home import Task, tasks_of
from handlers.report.back_to_report import back_in_report, came_back, taken_over, view_beside
from handlers.report.rights import may_fill
from handlers.report.wording import unit_text
from handlers.rounds.criteria_sets import round_names, set_of
from handlers.texts import Html
from storage import counting, places, reports, rounds
from storage.counting import Visit
from storage.places import Unit
from storage.reports import Report
from storage.rounds import Round


@dataclass(frozen=True, slots=True)
class Count:
    """One indicator that is being counted in one area, by a member of it."""

    report: Report
    round: Round
    unit: Unit
    indicator: Indicator
    visit: Visit | None
    open: bool

    @property
    def here(self) -> tuple[int | str, ...]:
        """The arguments of its screens."""
        return (self.report.id, self.indicator.code, *((self.visit.id,) if self.visit else ()))


@command("dem", "count", place=20, menu=REPORTER.holds, refused="count.nothing")
def count_command(context: Context, text: str) -> Next | None:
    """Where `/dem` leads: which area, or at once what is to be counted there."""
    tasks = tasks_of(context, office=False)
    if len(tasks) == 1:
        return Next(to("c.which", tasks[0].round.id, tasks[0].unit.id))
    return Next(to("c.areas")) if tasks else None


# --- what is counted ------------------------------------------------------------------------------


def _areas(context: Context, press: Press, said: Said) -> Screen | None:
    tasks = tasks_of(context, office=False)
    names = round_names((task.round for task in tasks), context.texts.language)

    def made(task: Task) -> Button:
        label = unit_text(task.unit, context.texts)
        label = f"{label} · {names[task.round.id]}" if len(names) > 1 else label
        return Button(label, pack("c.which", task.round.id, task.unit.id))

    rows = listed(context.texts, tasks, press.number(0), made, lambda page: pack("c.areas", page))
    return Screen(context.texts.say("count.which_area"), (*rows, to_home(context.texts)))


def _which(context: Context, press: Press, said: Said) -> Screen | None:
    """What can be counted in this area, each with what was counted so far."""
    task = _task(context, press)
    if task is None:
        return None
    texts, report = context.texts, reports.report_of(context.tx, task.round.id, task.unit.id)

    def made(one: Indicator) -> Button:
        counted = counting.count_of(context.tx, report.id, one.code) if report else Tally()
        label: str = one.text(texts.language).short
        if counted.total:
            label += f" · {texts.number(counted.yes)}/{texts.number(counted.total)}"
        return Button(label, pack("c.open", task.round.id, task.unit.id, one.code))

    rows = listed(
        texts, _countable(task.round), press.number(2), made,
        lambda page: pack("c.which", task.round.id, task.unit.id, page),
    )  # fmt: skip
    ask = texts.say("count.which", unit=unit_text(task.unit, texts))
    return Screen(ask, (*rows, to_home(texts)))


def _open(context: Context, press: Press, said: Said) -> Next | None:
    task = _task(context, press)
    if task is None or all(one.code != press.text(2) for one in _countable(task.round)):
        return None
    report = reports.start_report(context.tx, task.round.id, task.unit.id, context.now)
    return Next(to("c.at", report.id, press.text(2)))


def _task(context: Context, press: Press) -> Task | None:
    here = (press.number(0), press.number(1))
    tasks = tasks_of(context, office=False)
    return next((task for task in tasks if (task.round.id, task.unit.id) == here), None)


def _countable(round_: Round) -> list[Indicator]:
    return [one for one in set_of(round_).asked_of(office=False) if one.kind is Kind.RATIO]


# --- counting -------------------------------------------------------------------------------------


def _found(context: Context, press: Press) -> Count | None:
    """The count of a press, for who fills the report in; None for anybody else."""
    report_id, code, visit_id = press.number(0), press.text(1), press.number(2)
    report = reports.report_by_id(context.tx, report_id) if report_id is not None else None
    if report is None or not may_fill(context, report):
        return None
    round_ = rounds.round_by_id(context.tx, report.round_id)
    indicator = (
        next((one for one in _countable(round_) if one.code == code), None) if round_ else None
    )
    if round_ is None or indicator is None:
        return None
    visit = None
    if visit_id is not None:
        visit = counting.visit_of(context.tx, report.id, code, visit_id)
    is_open = rounds.is_open(context.tx, round_, report.unit_id, context.now)
    return Count(report, round_, places.unit(context.tx, report.unit_id), indicator, visit, is_open)


def _counting(context: Context, press: Press, said: Said) -> Screen | None:
    """The two buttons, what all have counted, and what this person did."""
    count = _found(context, press)
    if count is None:
        return None
    whole = _summed(context, count)
    texts = context.texts
    if not count.open:
        return Screen(texts.say("count.closed", round=count.round.name), (to_home(texts),))
    text = count.indicator.text(texts.language)
    year = (count.round.data_date or count.round.opens_at).year
    meaning = criteria_wording.fill(text.definition, set_of(count.round), year, texts.language)
    lines = [
        texts.say("count.ask", short=text.short, unit=text.unit or ""),
        texts.say("explain.meaning", definition=meaning),
        "",
        texts.say("count.sum", unit=unit_text(count.unit, texts), **_counts(whole.all)),
        texts.say("count.mine", **_counts(whole.by_person.get(context.person.id, Tally()))),
    ]
    rows = [
        (button(texts, "count.button.yes", "c.yes", *count.here),),
        (button(texts, "count.button.no", "c.no", *count.here),),
        (button(texts, "count.button.back", "c.undo", *count.here),),
    ]
    if count.visit is None:
        lines.append(texts.say("count.house_hint"))
    else:
        lines.append(_house(context, count.visit, whole))
        leave = texts.say("count.button.leave_house", house=count.visit.house)
        rows.append((Button(leave, pack("c.at", *count.here[:2])),))
    rows.append((button(texts, "count.button.done", "c.done", *count.here),))
    rows.append((button(texts, "button.to_question", "c.back", *count.here),))
    return Screen("\n".join(lines), tuple(rows))


def _house(context: Context, visit: Visit, whole: Sum) -> Html:
    """The house one is at; one that was counted before says so, until it is counted anew."""
    counts_now = whole.visits.get(visit.house)
    key = "count.house" if counts_now in {None, visit.id} else "count.house_again"
    if _superseded(visit, whole):
        key = "count.house_over"
    counted = whole.by_house.get(visit.house, Tally())
    return context.texts.say(key, house=visit.house, **_counts(counted))


def _superseded(visit: Visit, whole: Sum) -> bool:
    """Whether somebody has counted this house again since."""
    return whole.visits.get(visit.house, 0) > visit.id


def _counts(counted: Tally) -> dict[str, int]:
    return {"yes": counted.yes, "no": counted.no, "total": counted.total}


def _tapped(context: Context, press: Press, said: Said) -> Next | None:
    count = _found(context, press)
    if count is None:
        return None
    return _counted(context, count, Tally(yes=1) if press.action == "c.yes" else Tally(no=1))


def _counted(context: Context, count: Count, tally: Tally) -> Next:
    if not count.open:
        return Next(to("c.at", *count.here))
    if count.visit is not None:
        if _superseded(count.visit, _summed(context, count)):
            return Next(to("c.at", *count.here))  # where it stands how to count there again
        if tally.total > MOST_IN_A_HOUSE:
            return Next(to("c.at", *count.here), context.texts.say("count.too_many"))
    counting.tap(
        context.tx, count.report, count.indicator.code, tally,
        visit=count.visit, by=context.person.id, now=context.now,
        update_id=context.incoming.update_id,
    )  # fmt: skip
    return Next(to("c.at", *count.here))


def _summed(context: Context, count: Count) -> Sum:
    return added_up(counting.parts_of(context.tx, count.report.id, count.indicator.code))


def _undo(context: Context, press: Press, said: Said) -> Next | None:
    count = _found(context, press)
    return _taken_back(context, count) if count is not None else None


def _taken_back(context: Context, count: Count) -> Next:
    if not count.open:
        return Next(to("c.at", *count.here))
    back = counting.take_back(
        context.tx, count.report, count.indicator.code,
        by=context.person.id, now=context.now, update_id=context.incoming.update_id,
    )  # fmt: skip
    key = "count.nothing_back" if back is None else "count.taken_back"
    return Next(to("c.at", *count.here), context.texts.say(key, **_counts(back or Tally())))


def _typed(context: Context, press: Press, said: Said, text: str) -> Next | Reply | None:
    """What is typed while counting: "có", "nhà 12", "3 có 1 chưa", "nhầm"."""
    count = _found(context, press)
    if count is None or not count.open:
        return Next(press) if count is not None else None
    command = read(text, "yes_no").command
    if command == "undo" or text.strip().lower() in _LESS:
        return _taken_back(context, count)
    if command == "done":
        return _done(context, press, said)
    typed = read_counting(text)
    if typed is None:
        return Next(press, context.texts.say("count.not_understood"))
    if typed.house is not None:
        visit = counting.begin_visit(
            context.tx, count.report, count.indicator.code, typed.house,
            by=context.person.id, now=context.now,
        )  # fmt: skip
        count = replace(count, visit=visit)
    if typed.counted is None:
        return Next(to("c.at", *count.here))
    return _counted(context, count, typed.counted)


_LESS = frozenset({"bớt", "bot", "less"})


# --- back into the report -------------------------------------------------------------------------


def _done(context: Context, press: Press, said: Said) -> Next | Reply | None:
    """The sum over all members goes the way of a typed answer: it is checked and confirmed."""
    count = _found(context, press)
    if count is None:
        return None
    counted = counting.count_of(context.tx, count.report.id, count.indicator.code)
    if not count.open or not counted.total:
        above = context.texts.say("count.nobody") if count.open else None
        return Next(to("c.at", *count.here), above)
    code = count.indicator.code
    ratio = Ratio(counted.yes, counted.total)
    reply = taken_over(context, view_beside(context, count.report), code, ratio)
    return _left(context, count, counted, reply)


def _back(context: Context, press: Press, said: Said) -> Next | Reply | None:
    count = _found(context, press)
    if count is None:
        return None
    counted = counting.count_of(context.tx, count.report.id, count.indicator.code)
    view = view_beside(context, count.report)
    return _left(context, count, counted, came_back(context, view, count.indicator.code))


def _left(context: Context, count: Count, counted: Tally, reply: Reply) -> Reply:
    short = count.indicator.text(context.texts.language).short
    text = context.texts.say("count.left", short=short, **_counts(counted))
    return back_in_report(context, reply, text)


STEPS = Steps(
    views={"c.areas": _areas, "c.which": _which, "c.at": _counting},
    deeds={
        "c.open": _open, "c.yes": _tapped, "c.no": _tapped, "c.undo": _undo,
        "c.done": _done, "c.back": _back,
    },
    takes={"c.at": _typed},
    asking=frozenset({"c.at"}),
)  # fmt: skip
