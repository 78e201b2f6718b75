"""How a number was come by: one tap for each, whenever somebody likes; it holds nothing up."""

from criteria.answers import COUNTING_METHODS, CountingMethod
from criteria.kinds import kind_of_value
from handlers.flow.arguments import one_among, text
from handlers.flow.channel import Button, Reply, Screen
from handlers.flow.context import Context
from handlers.flow.page import Page
from handlers.flow.rights import WRITER
from handlers.flow.routes import Arguments, Next, action, argument, screen
from handlers.report.changes import came_back, tell_how, view_to_change
from handlers.report.view import ReportView
from handlers.report.wording import value_text

_IN_TURN = "all"  # from the summary: one number after the other


def ways_of(view: ReportView) -> tuple[CountingMethod, ...]:
    """What can be said: the office goes to no houses."""
    return tuple(way for way in COUNTING_METHODS if way != "houses" or not view.unit.office)


class _At(Arguments):
    view: ReportView = argument(view_to_change)
    code: str = argument(text)  # empty: none of the questions


class _Asking(_At):
    turn: str = argument(text)


class _Telling(_At):
    way: CountingMethod = argument(one_among(lambda it: ways_of(it.before["view"])))
    turn: str = argument(text)


@screen("w.ask", _Asking, right=WRITER)
def ask(context: Context, at: _Asking) -> Screen | None:
    """The number that stands, and the ways there are."""
    view, answer = at.view, at.view.answers.get(at.code)
    if answer is None or answer.value is None or not kind_of_value(answer.value).has_total:
        return None
    texts, indicator = context.texts, view.indicator(at.code)
    page = Page(context).say(
        "how.ask",
        number=view.number_of(at.code),
        short=texts.short(indicator),
        value=value_text(answer.value, texts, indicator),
    )
    for way in ways_of(view):
        label = ("☑️ " if way == answer.how else "") + texts.say(f"how.button.{way}")
        page.row(Button(label, tell.data(at, way=way)))
    if at.turn == _IN_TURN:
        page.button("button.later", following.at(at))
        return page.button("button.to_summary", back.at(view)).screen()
    return page.button("button.to_question", back.at(at)).screen()


@action("w.set", _Telling, right=WRITER)
def tell(context: Context, at: _Telling) -> Next | Reply | None:
    """Keep how the number was come by."""
    view = tell_how(context, at.view, at.code, at.way)
    onward = following if at.turn == _IN_TURN else back
    return onward.act(context, _At(view, at.code))


@action("w.all", _At, right=WRITER)
def following(context: Context, at: _At) -> Next | Reply | None:
    """Ask for the next number of which it isn't said yet; after the last show the summary."""
    view, number = at.view, at.view.number_of(at.code)
    code = next((one for one in view.untold if view.number_of(one) > number), None)
    if code is not None:
        return Next(ask.at(view, code, _IN_TURN))
    return back.act(context, _At(view, ""))


@action("w.back", _At, right=WRITER)
def back(context: Context, at: _At) -> Reply:
    """Back to the question, or to the summary."""
    return came_back(context, at.view, at.code, context.texts.say("how.left"))
