"""How a number was come by: one tap for each, whenever somebody likes; it holds nothing up."""

from criteria.answers import COUNTING_METHODS, CountingMethod, Ratio
from handlers.flow.channel import Button, Reply, Screen
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import button, to
from handlers.flow.press import Press, pack
from handlers.report.back_to_report import back_in_report, came_back, view_beside
from handlers.report.rights import may_fill
from handlers.report.view import ReportView
from handlers.report.wording import value_text
from storage import reports

_IN_TURN = "all"  # from the summary: one number after the other


def ways_of(view: ReportView) -> tuple[CountingMethod, ...]:
    """What can be said: the office goes to no houses."""
    return tuple(way for way in COUNTING_METHODS if way != "houses" or not view.unit.office)


def _desk(context: Context, press: Press) -> ReportView | None:
    """The report of a press, if it is this person's to fill in and still open."""
    number = press.number(0)
    report = reports.report_by_id(context.tx, number) if number is not None else None
    if report is None or not may_fill(context, report):
        return None
    view = view_beside(context, report)
    return view if view.writable else None


def _ask(context: Context, press: Press, said: Said) -> Screen | None:
    """The number that stands, and the ways there are."""
    view, code = _desk(context, press), press.text(1)
    answer = view.answers.get(code) if view is not None else None
    if view is None or answer is None or not isinstance(answer.value, Ratio):
        return None
    texts, indicator = context.texts, view.indicator(code)
    ask = texts.say(
        "how.ask",
        number=view.number_of(code),
        short=indicator.text(texts.language).short,
        value=value_text(answer.value, texts, indicator),
    )
    here = (view.report.id, code)
    rows = [
        (
            Button(
                ("☑️ " if way == answer.how else "") + texts.say(f"how.button.{way}"),
                pack("w.set", *here, way, press.text(2)),
            ),
        )
        for way in ways_of(view)
    ]
    if press.text(2) == _IN_TURN:
        rows.append((button(texts, "button.later", "w.all", *here),))
        rows.append((button(texts, "button.to_summary", "w.back", view.report.id),))
    else:
        rows.append((button(texts, "button.to_question", "w.back", *here),))
    return Screen(ask, tuple(rows))


def _set(context: Context, press: Press, said: Said) -> Next | Reply | None:
    view, code = _desk(context, press), press.text(1)
    how: CountingMethod | None = next(
        (way for way in COUNTING_METHODS if way == press.text(2)), None
    )
    if view is None or how is None or how not in ways_of(view):
        return None
    reports.set_how(
        context.tx, view.report, code, how, by=context.person.id, way="button", now=context.now
    )
    if press.text(3) == _IN_TURN:
        return _onward(context, press)
    return _back(context, press, said)


def _onward(context: Context, press: Press, said: Said = ()) -> Next | Reply | None:
    """The next number, behind that of the press, of which it isn't said yet; then the summary."""
    view = _desk(context, press)
    if view is None:
        return None
    codes = untold(view)
    behind = [one for one in codes if view.number_of(one) > view.number_of(press.text(1))]
    if behind:
        return Next(to("w.ask", view.report.id, behind[0], _IN_TURN))
    return _back_to(context, view, None)


def untold(view: ReportView) -> list[str]:
    """The numbers of which nobody said how they were come by, in the order of the questions."""
    found = ((q.code, view.answers.get(q.code)) for q in view.questions)
    return [
        code
        for code, answer in found
        if answer is not None
        and isinstance(answer.value, Ratio)
        and answer.value.denominator
        and answer.how is None
    ]


def _back(context: Context, press: Press, said: Said) -> Reply | None:
    view = _desk(context, press)
    return _back_to(context, view, press.text(1) or None) if view is not None else None


def _back_to(context: Context, view: ReportView, code: str | None) -> Reply:
    reply = came_back(context, view, code)
    return back_in_report(context, reply, context.texts.say("how.left"))


STEPS = Steps(views={"w.ask": _ask}, deeds={"w.set": _set, "w.all": _onward, "w.back": _back})
