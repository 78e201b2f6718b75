"""The result: every indicator in its group against its line, and who is missing."""

from typing import Any

from bot.board.pages import Looking, page_of
from bot.board.results.heading import bare, heading
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

_WIDTH, _AIR = 320, 10


@page_of(whole_commune, "result.html", tab="status.button.overview", place=10, live=True)
def result(looking: Looking, status: RoundStatus) -> dict[str, Any]:
    """The page that a chair opens in a meeting."""
    texts = looking.texts
    last = status.last
    officer = status.commune.id in looking.context.office_communes
    missing = [
        (bare(texts.say(f"board.{key}", count=len(units))), units) for key, units in awaited(status)
    ]
    if officer and status.unjoined:
        missing.append((texts.say("board.unjoined", count=len(status.unjoined)), status.unjoined))
    return {
        **heading(looking, status),
        "last": texts.say("status.last_time", met=last.met, total=last.total) if last else "",
        "groups": groups_of(looking, status),
        "missing": [
            (caption, [(status.name(u, texts), looking.link(one_area, status, u)) for u in units])
            for caption, units in missing
        ],
        "all_in": bool(status.areas) and not awaited(status),
        "difficulties": status.difficulties,
        "by_totals": any(one.by_totals and one.certain for one in status.result.indicators),
    }


def groups_of(looking: Looking, status: StatusView) -> list[dict[str, Any]]:
    """The groups with their indicators, in the set's order."""
    texts = looking.texts
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
                    "rows": [_row(looking, status, one, texts) for one in members],
                }
            )
    return found


def _row(
    looking: Looking, status: StatusView, one: IndicatorResult, texts: Texts
) -> dict[str, Any]:
    shown = presentation_of(one.kind)
    chart = Svg(_WIDTH, BAR + 2 * _AIR)
    shown.draw(chart, one, 0, _AIR, _WIDTH)
    return {
        "code": one.code,
        "short": status.short(one.code, texts),
        "link": looking.link(one_indicator, status, one.code),
        "verdict": one.verdict.value,
        "mark": MARKS[one.verdict],
        "verdict_said": texts.say(f"status.verdict.{one.verdict.value}"),
        "said": status_text(status, one, texts),
        "figure": shown.figure(one, texts),
        "required": shown.required(one, texts),
        "chart": chart.html("bar", stretched=True),
    }
