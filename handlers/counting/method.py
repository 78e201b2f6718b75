"""The counting method of a number: chosen by one tap, at any time; nothing waits for it."""

from typing import Annotated

from criteria.answers import COUNTING_METHODS, CountingMethod
from criteria.kinds import kind_of_value
from handlers.flow.arguments import Text, one_among
from handlers.flow.channel import Button, Reply, Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder
from handlers.flow.rights import WRITER
from handlers.flow.routes import Next, action, screen
from handlers.report.changes import return_to_report, store_method, view_to_change
from handlers.report.view import ReportView
from handlers.report.wording import value_text

_IN_TURN = "all"  # from the summary: one number after another


def ways_of(view: ReportView) -> tuple[CountingMethod, ...]:
    """Return the methods to choose from: the office does not count houses."""
    return tuple(way for way in COUNTING_METHODS if way != "houses" or not view.unit.office)


Changeable = Annotated[ReportView, view_to_change]
Method = Annotated[CountingMethod, one_among(lambda it: ways_of(it.before["view"]))]


@screen("w.ask", right=WRITER)
def ask(context: Context, view: Changeable, code: Text, turn: Text) -> Screen | None:
    """Show the answered number, and the methods to choose from."""
    answer = view.answers.get(code)
    if answer is None or answer.value is None or not kind_of_value(answer.value).has_total:
        return None
    texts, indicator = context.texts, view.indicator(code)
    page = ScreenBuilder(context).say(
        "how.ask",
        number=view.number_of(code),
        short=texts.short(indicator),
        value=value_text(answer.value, texts, indicator),
    )
    for way in ways_of(view):
        label = ("☑️ " if way == answer.how else "") + texts.say(f"how.button.{way}")
        page.row(Button(label, set_method.data(view, code, way, turn)))
    if turn == _IN_TURN:
        page.button("button.later", following.at(view, code))
        return page.button("button.to_summary", back.at(view)).screen()
    return page.button("button.to_question", back.at(view, code)).screen()


@action("w.set", right=WRITER)
def set_method(
    context: Context, view: Changeable, code: Text, way: Method, turn: Text
) -> Next | Reply | None:
    """Store the counting method of the number."""
    onward = following if turn == _IN_TURN else back
    return onward.act(context, store_method(context, view, code, way), code)


@action("w.all", right=WRITER)
def following(context: Context, view: Changeable, code: Text) -> Next | Reply | None:
    """Ask for the next number without a counting method; after the last show the summary."""
    number = view.number_of(code)
    after = next((one for one in view.without_method if view.number_of(one) > number), None)
    return Next(ask.at(view, after, _IN_TURN)) if after else back.act(context, view, "")


@action("w.back", right=WRITER)
def back(context: Context, view: Changeable, code: Text) -> Reply:
    """Return to the question, or to the summary."""
    return return_to_report(context, view, code, context.texts.say("how.left"))
