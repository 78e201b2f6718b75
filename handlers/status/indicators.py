"""The status by indicator: the list, and one indicator with the values of all units."""

from typing import Annotated

from criteria.definition import Indicator
from criteria.scoring import IndicatorResult
from handlers.flow.arguments import one_among
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import PAGE, ScreenBuilder, button
from handlers.flow.rights import READER
from handlers.flow.routes import page
from handlers.kinds.base import presentation_of
from handlers.report.wording import value_text
from handlers.status.lines import MARKS, status_text, to_overview
from handlers.status.loading import RoundStatus
from handlers.status.view import StatusView
from handlers.texts import Html, Texts

_UNITS_PAGE = 20

IndicatorOfRound = Annotated[
    Indicator, one_among(lambda it: it.before["status"].criteria.indicators)
]


@page("s.inds", right=READER)
def all_indicators(context: Context, status: RoundStatus) -> Screen:
    """Show a page of indicators to open."""
    texts = context.texts

    def label(one: IndicatorResult) -> Button:
        caption = f"{MARKS[one.verdict]} {status.short(one.code, texts)}"
        return Button(caption, one_indicator.data(status, one.code))

    body = ScreenBuilder(context).say("status.indicators.title", round=status.round_title(texts))
    body.listed(status.result.indicators, label, all_indicators, status)
    return body.row(to_overview(status, texts)).screen()


@page("s.ind", right=READER)
def one_indicator(context: Context, status: RoundStatus, indicator: IndicatorOfRound) -> Screen:
    """Show the official wording, the figures, what decides, and a page of the units' values.

    An officer gets the button to confirm it.
    """
    texts = context.texts
    one = status.result.indicator(indicator.code)
    body = ScreenBuilder(context).say(
        "status.indicator.title",
        mark=MARKS[one.verdict],
        short=status.short(one.code, texts),
        verdict=texts.say(f"status.verdict.{one.verdict.value}"),
    )
    body.say("status.indicator.wording", wording=indicator.wording).line()
    body.line(status_text(status, one, texts), *_details(status, one, texts), "")
    for _, unit in body.paged(one.units, _UNITS_PAGE):
        value = status.facts.counted.get((unit, one.code))
        text = value_text(value, texts, indicator) if value is not None else Html("—")
        body.say("status.indicator.unit", unit=status.name(unit, texts), value=text)
    body.turned(one_indicator, status, indicator)
    officer = status.commune.id in context.office_communes
    if officer and indicator.confirmable and not status.closed:
        body.row(button(texts, "status.button.confirm", "conf", status.id, one.code))
    place = status.result.indicators.index(one) // PAGE
    to_list = all_indicators.button(texts, "status.button.indicators", status, page=place)
    return body.row(to_list, to_overview(status, texts)).screen()


def _details(status: StatusView, one: IndicatorResult, texts: Texts) -> list[Html]:
    lines = presentation_of(one.kind).details(status, one, texts)
    last = status.last_of(one)
    if last is not None:
        lines.append(presentation_of(last.kind).last_time(last, texts))
    return lines
