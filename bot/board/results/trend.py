"""The trend page: over the rounds, the number of met indicators, and each share."""

from typing import Any

from bot.board.pages import PageRequest, page
from bot.board.results.heading import heading
from bot.board.results.svg import Svg
from handlers.exports.material import RoundPeriod, earlier_periods
from handlers.exports.pictures.canvas import WIDTH
from handlers.exports.pictures.trend import COLUMNS, STRIP, draw_counts, draw_strip, with_course
from handlers.flow.rights import READER
from handlers.kinds.base import presentation_of
from handlers.status.loading import RoundStatus
from storage.rounds import rounds


@page("course", "course.html", right=READER, tab="board.tab.course", place=30, live=True)
def course(request: PageRequest, status: RoundStatus) -> dict[str, Any] | None:
    """Show the trend as a chart and as a table."""
    texts = request.texts
    round_ = rounds.round_by_id(request.context.tx, status.id)
    if round_ is None:
        return None
    now = RoundPeriod(status.round.name, status.result, status.areas_in, len(status.areas))
    periods = [*earlier_periods(request.context.tx, round_), now]
    drawn = with_course(status.criteria.indicators)
    chart = Svg(WIDTH, COLUMNS + STRIP * len(drawn))
    draw_counts(chart, periods, 0)
    for place, one in enumerate(drawn):
        draw_strip(chart, periods, one, texts, COLUMNS + STRIP * place)
    results = [(one, [p.result_of(one) for p in periods]) for one in status.criteria.indicators]
    return {
        **heading(request, status),
        "heading": texts.say("exports.picture.course", count=len(periods)),
        "chart": chart.html("course"),
        "periods": [(one.name, one.result.met, one.result.total) for one in periods],
        "rows": [
            (
                texts.short(one),
                [presentation_of(f.kind).figure(f, texts) if f else "—" for f in found],
            )
            for one, found in results
        ],
    }
