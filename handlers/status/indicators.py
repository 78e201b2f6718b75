"""By indicator: which one, and its figures with the values of every unit."""

from criteria.definition import Indicator
from criteria.percent import line_text, percent_text, share_text
from criteria.scoring import IndicatorResult, RatioFigures, Verdict
from handlers.flow.arguments import page_number
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import PAGE, Page, button, page_of
from handlers.flow.rights import READER
from handlers.flow.routes import argument, page
from handlers.report.wording import value_text
from handlers.status.access import OfRound, OnPage, indicator_of_status
from handlers.status.lines import (
    MARKS,
    areas_said,
    how_line,
    said,
    to_overview,
    unit_word,
)
from handlers.status.view import StatusView, listed
from handlers.texts import Html, Texts, shortened

_UNITS_PAGE = 20
_MOST = 300  # letters of names
_MOST_UNCOVERED = 3
_LONGEST_REASON = 300


class _Indicator(OfRound):
    indicator: Indicator = argument(indicator_of_status)
    page: int = argument(page_number)


@page("s.inds", OnPage, right=READER)
def all_indicators(context: Context, at: OnPage) -> Screen:
    """A page of indicators to open."""
    status, texts = at.status, context.texts

    def to_one(one: IndicatorResult) -> Button:
        label = f"{MARKS[one.verdict]} {status.short(one.code, texts)}"
        return Button(label, one_indicator.data(status, one.code))

    made = Page(context).say("status.indicators.title", round=status.round)
    made.listed(status.result.indicators, to_one, all_indicators, at)
    return made.row(to_overview(status, texts)).screen()


@page("s.ind", _Indicator, right=READER)
def one_indicator(context: Context, at: _Indicator) -> Screen:
    """The official wording, the figures, what would decide, and a page of the units' values.

    An officer can go on to confirm it.
    """
    status, indicator, texts = at.status, at.indicator, context.texts
    one = status.result.indicator(indicator.code)
    made = Page(context).say(
        "status.indicator.title",
        mark=MARKS[one.verdict],
        short=status.short(one.code, texts),
        verdict=texts.say(f"status.verdict.{one.verdict.value}"),
    )
    made.say("status.indicator.wording", wording=indicator.wording).line()
    made.line(said(status, one, texts), *_about(status, one, texts), "")
    units, number, pages = page_of(one.units, at.page, _UNITS_PAGE)
    for unit in units:
        value = status.facts.counted.get((unit, one.code))
        text = value_text(value, texts, indicator) if value is not None else Html("—")
        made.say("status.indicator.unit", unit=status.name(unit, texts), value=text)
    made.turned(number, pages, one_indicator, at)
    officer = status.commune_id in context.office_communes
    if officer and indicator.confirmable and not status.closed:
        made.row(button(texts, "status.button.confirm", "conf", status.id, one.code))
    place = status.result.indicators.index(one) // PAGE
    to_list = all_indicators.button(texts, "status.button.indicators", status, place)
    return made.row(to_list, to_overview(status, texts)).screen()


def _about(status: StatusView, one: IndicatorResult, texts: Texts) -> list[Html]:
    lines: list[Html] = []
    if one.ratio is not None:
        lines += _about_ratio(status, one, one.ratio, texts)
    if one.yes_no is not None and one.roll_up.value != "office":
        share = status.criteria.indicator(one.code).share
        line = line_text(share, texts.language) if share is not None else ""
        lines.append(texts.say(f"status.rule.{one.roll_up.value}", share=line))
        if one.verdict is Verdict.INSUFFICIENT:
            lines.append(texts.say("status.needed", count=one.yes_no.needed))
        elif one.yes_no.out_of_reach and one.confirmation is None:
            lines.append(texts.say("status.certainly_not"))
        if one.confirmation is not None:
            reason = shortened(one.confirmation.reason, _LONGEST_REASON)
            lines.append(texts.say("status.reason", reason=reason))
            lines.append(texts.say("status.areas_own", counts=areas_said(one.yes_no, texts)))
    lines += _last_time(status, one, texts)
    return lines


def _about_ratio(
    status: StatusView, one: IndicatorResult, ratio: RatioFigures, texts: Texts
) -> list[Html]:
    lines: list[Html] = []
    word = unit_word(status, one, texts)
    if ratio.denominator:
        counts = f"{texts.number(ratio.numerator)}/{texts.number(ratio.denominator)}"
        lines.append(texts.say("status.counts", counts=counts, unit=word))
    if one.missing and ratio.expected and ratio.denominator:
        lines.append(
            texts.say(
                "status.people_covered",
                counted=ratio.denominator,
                expected=ratio.expected,
                unit=word,
            )
        )
    if one.verdict is Verdict.INSUFFICIENT:
        lines += _what_decides(status, one, ratio, texts)
    elif one.missing and one.verdict is Verdict.NOT_MET:
        key = "status.certainly_not_by_totals" if one.by_totals else "status.certainly_not"
        lines.append(texts.say(key))
    elif one.by_totals:
        lines.append(texts.say("status.by_totals"))
    how = how_line(status, one, texts)
    lines += [how] if how is not None else []
    if ratio.gap and ratio.uncovered:
        most = ratio.uncovered[:_MOST_UNCOVERED]
        names = ", ".join(f"{status.name(o.unit, texts)} ({texts.number(o.count)})" for o in most)
        lines.append(texts.say("status.uncovered", names=names))
    return lines


def _what_decides(
    status: StatusView, one: IndicatorResult, ratio: RatioFigures, texts: Texts
) -> list[Html]:
    lines: list[Html] = []
    if ratio.unknown:
        names = listed((status.name(u, texts) for u in ratio.unknown), texts, most=_MOST)
        return [texts.say("status.figure_missing", names=names)]
    if ratio.low is not None and ratio.high is not None:
        lines.append(
            texts.say(
                "status.bounds",
                low=share_text(ratio.low, ratio.threshold, texts.language),
                high=share_text(ratio.high, ratio.threshold, texts.language),
            )
        )
    if ratio.deciding:
        names = listed((status.name(u, texts) for u in ratio.deciding), texts, most=_MOST)
        lines.append(texts.say("status.deciding", names=names))
    return lines


def _last_time(status: StatusView, one: IndicatorResult, texts: Texts) -> list[Html]:
    last = status.last_of(one)
    if last is None:
        return []
    verdict = texts.say(f"status.verdict.{last.verdict.value}")
    if last.ratio is None or not last.ratio.denominator:
        return [texts.say("status.last_verdict", verdict=verdict)]
    percent = percent_text(
        last.ratio.numerator, last.ratio.denominator, last.ratio.threshold, texts.language
    )
    return [texts.say("status.last_share", percent=percent, verdict=verdict)]
