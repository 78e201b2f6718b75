"""The picture of the rounds: how many indicators each met, and each share over the rounds."""

from collections.abc import Sequence

from criteria.definition import Indicator
from criteria.scoring import Verdict
from handlers.exports.colours import FILLS
from handlers.exports.material import Material, RoundPeriod
from handlers.exports.pictures.canvas import (
    GRID,
    INK,
    INNER,
    MARGIN,
    MARKS,
    PALE,
    WIDTH,
    Drawing,
)
from handlers.exports.pictures.layout import FOOT, HEAD, framed
from handlers.kinds.base import presentation_of
from handlers.texts import Texts, without_tags

MOST_STRIPS = 5
COLUMNS = 330
STRIP = 128
_NAMES = 390


def course_pictures(material: Material, texts: Texts) -> list[bytes]:
    """Draw pages with the counts of all rounds, and MOST_STRIPS indicators below."""
    drawn = with_course(material.status.criteria.indicators)
    pages = [drawn[n : n + MOST_STRIPS] for n in range(0, len(drawn), MOST_STRIPS)] or [[]]
    return [_page(material, texts, page) for page in pages]


def with_course(indicators: Sequence[Indicator]) -> list[Indicator]:
    """Return the indicators that have a curve."""
    return [one for one in indicators if presentation_of(one.kind).in_course]


def _page(material: Material, texts: Texts, indicators: Sequence[Indicator]) -> bytes:
    title = without_tags(texts.say("exports.picture.course", count=len(material.course)))
    canvas = framed(material, texts, title, HEAD + COLUMNS + STRIP * len(indicators) + FOOT)
    draw_counts(canvas, material.course, HEAD)
    for place, one in enumerate(indicators):
        draw_strip(canvas, material.course, one, texts, HEAD + COLUMNS + place * STRIP)
    return canvas.png()


def draw_counts(canvas: Drawing, course: Sequence[RoundPeriod], top: float) -> None:
    """Draw a column for each round: the number of indicators met."""
    base, tall = top + COLUMNS - 86, COLUMNS - 136
    for place, period in enumerate(course):
        x, width = _column(place, len(course))
        total = max(1, period.result.total)
        met = tall * period.result.met / total
        canvas.box(x - width / 2, base - tall, width, tall, "#FFFFFF", edge=GRID)
        canvas.box(x - width / 2, base - met, width, met, FILLS[Verdict.MET])
        shown = f"{period.result.met}/{period.result.total}"
        canvas.text(x, base - tall - 22, shown, 30, bold=True, align="center")
        for line, part in enumerate(period.name.split(" ", 1)):
            y, wide = base + 24 + line * 28, width + 24
            canvas.text(x, y, part, 23, align="center", width=wide, least=12)
    canvas.line([MARGIN, WIDTH - MARGIN], [base, base], PALE, thick=2)


def _column(place: int, count: int) -> tuple[float, float]:
    """Return the middle and the width of a round's column."""
    step = INNER / max(count, 3)
    left = MARGIN + (INNER - step * count) / 2
    return left + step * (place + 0.5), min(150.0, step * 0.62)


def draw_strip(
    canvas: Drawing, course: Sequence[RoundPeriod], one: Indicator, texts: Texts, top: float
) -> None:
    """Draw the curve of one indicator over the rounds, and its threshold."""
    canvas.line([MARGIN, WIDTH - MARGIN], [top, top], GRID, thick=1)
    shown = presentation_of(one.kind)
    results = [period.result_of(one) for period in course]
    canvas.text(MARGIN, top + 32, texts.short(one), 24, bold=True, width=_NAMES - 20, least=16)
    if one.threshold is not None:
        line = texts.say("exports.picture.line", line=shown.line(one, texts))
        canvas.text(MARGIN, top + 68, without_tags(line), 25, colour=PALE)
    heights = [shown.height(found) if found is not None else None for found in results]
    last = results[-1]
    if last is not None and heights[-1] is not None:
        figure = f"{MARKS[last.verdict]} {without_tags(shown.figure(last, texts))}"
        canvas.text(MARGIN, top + 102, figure, 27, colour=FILLS[last.verdict], bold=True)
    _curve(canvas, one, heights, top)


def _curve(canvas: Drawing, one: Indicator, shares: Sequence[float | None], top: float) -> None:
    known = [share for share in shares if share is not None]
    line = float(one.threshold) if one.threshold is not None else None
    low, high = _scale(known, line)
    left, right = MARGIN + _NAMES, WIDTH - MARGIN - 24

    def height(share: float) -> float:
        return top + STRIP - 20 - (share - low) / (high - low) * (STRIP - 40)

    if line is not None:
        canvas.line([left, WIDTH - MARGIN], [height(line)] * 2, INK, thick=3, dashed=True)
    step = (right - left - 40) / max(1, len(shares) - 1)
    points = [(left + 40 + n * step, height(s)) for n, s in enumerate(shares) if s is not None]
    if points:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        canvas.line(xs, ys, FILLS[Verdict.MET], thick=4, dots=True)


def _scale(known: Sequence[float], line: float | None) -> tuple[float, float]:
    """Return the values of the strip's lower and upper edge, around all values and the line."""
    values = [*known, *([line] if line is not None else [])] or [0.0, 1.0]
    low, high = min(values), max(values)
    space = max(0.02, (high - low) * 0.15)
    return low - space, high + space
