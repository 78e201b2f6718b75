"""The course over the rounds: how many indicators each met, and each share against its line."""

from typing import Any

from bot.board.pages import Looking, page
from bot.board.results.heading import heading
from bot.board.results.svg import Svg
from handlers.exports.material import Period, earlier_periods
from handlers.exports.pictures.canvas import WIDTH
from handlers.exports.pictures.trend import COLUMNS, STRIP, draw_counts, draw_strip, with_course
from handlers.flow.rights import READER
from handlers.kinds.base import presentation_of
from handlers.status.loading import RoundStatus
from storage.rounds import rounds


@page("course", "course.html", right=READER, tab="board.tab.course", place=30, live=True)
def course(looking: Looking, status: RoundStatus) -> dict[str, Any] | None:
    """The chart, and the same as a table."""
    texts = looking.texts
    round_ = rounds.round_by_id(looking.context.tx, status.id)
    if round_ is None:
        return None
    now = Period(status.round.name, status.result, status.areas_in, len(status.areas))
    periods = [*earlier_periods(looking.context.tx, round_), now]
    drawn = with_course(status.criteria.indicators)
    chart = Svg(WIDTH, COLUMNS + STRIP * len(drawn))
    draw_counts(chart, periods, 0)
    for place, one in enumerate(drawn):
        draw_strip(chart, periods, one, texts, COLUMNS + STRIP * place)
    results = [(one, [p.result_of(one) for p in periods]) for one in status.criteria.indicators]
    return {
        **heading(looking, status),
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
