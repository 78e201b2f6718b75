"""The result page: every indicator with its threshold, by group, and the missing areas."""

from typing import Any

from bot.board.pages import PageRequest, page_of
from bot.board.results.heading import heading, without_emoji
from bot.board.results.svg import Svg
from criteria.scoring import IndicatorResult
from handlers.exports.pictures.canvas import BAR, MARKS
from handlers.kinds.base import presentation_of
from handlers.status.areas import one_area
from handlers.status.indicators import one_indicator
from handlers.status.lines import status_text
from handlers.status.loading import RoundStatus
from handlers.status.overview import whole_commune
from handlers.status.view import StatusView, awaited
from handlers.texts import Texts

_WIDTH, _MARGIN = 320, 10


@page_of(whole_commune, "result.html", tab="status.button.overview", place=10, live=True)
def result(request: PageRequest, status: RoundStatus) -> dict[str, Any]:
    """Show the result of a round, the page that a chair opens in a meeting."""
    texts = request.texts
    last = status.last
    officer = status.commune.id in request.context.office_communes
    missing = [
        (without_emoji(texts.say(f"board.{key}", count=len(units))), units)
        for key, units in awaited(status)
    ]
    if officer and status.unjoined:
        missing.append((texts.say("board.unjoined", count=len(status.unjoined)), status.unjoined))
    return {
        **heading(request, status),
        "last": texts.say("status.last_time", met=last.met, total=last.total) if last else "",
        "groups": groups_of(request, status),
        "missing": [
            (caption, [(status.name(u, texts), request.link(one_area, status, u)) for u in units])
            for caption, units in missing
        ],
        "all_in": bool(status.areas) and not awaited(status),
        "difficulties": status.difficulties,
        "by_totals": any(one.by_totals and one.certain for one in status.result.indicators),
    }


def groups_of(request: PageRequest, status: StatusView) -> list[dict[str, Any]]:
    """Return the groups with their indicators, in the order of the criteria set."""
    texts = request.texts
    names = {one.code: one.name.text(texts.language) for one in status.criteria.groups}
    found: list[dict[str, Any]] = []
    for group in status.result.groups:
        members = [one for one in status.result.indicators if one.group == group.code]
        if members:
            found.append(
                {
                    "code": group.code,
                    "name": names[group.code],
                    "met": group.met,
                    "total": group.total,
                    "rows": [_row(request, status, one, texts) for one in members],
                }
            )
    return found


def _row(
    request: PageRequest, status: StatusView, one: IndicatorResult, texts: Texts
) -> dict[str, Any]:
    shown = presentation_of(one.kind)
    chart = Svg(_WIDTH, BAR + 2 * _MARGIN)
    shown.draw(chart, one, 0, _MARGIN, _WIDTH)
    return {
        "code": one.code,
        "short": status.short(one.code, texts),
        "link": request.link(one_indicator, status, one.code),
        "verdict": one.verdict.value,
        "mark": MARKS[one.verdict],
        "verdict_text": texts.say(f"status.verdict.{one.verdict.value}"),
        "line": status_text(status, one, texts),
        "figure": shown.figure(one, texts),
        "required": shown.required(one, texts),
        "chart": chart.html("bar", stretched=True),
    }
