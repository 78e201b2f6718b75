"""The picture of the round's days: how many areas had sent by the end of each day."""

import textwrap
from datetime import date, timedelta

from criteria.scoring import Verdict
from handlers.exports.colours import FILLS
from handlers.exports.material import Material
from handlers.exports.pictures.canvas import GRID, INK, INNER, MARGIN, PALE, WIDTH, Canvas
from handlers.exports.pictures.layout import FOOT, HEAD, framed
from handlers.status.view import awaited
from handlers.texts import Texts, without_tags

_LEFT, _PLOT, _AXIS, _SPACE = 74, 500, 60, 20
_LINE, _LETTERS, _NAMES = 36, 66, 150


def days_picture(material: Material, texts: Texts) -> bytes:
    """Draw a bar for each day, the deadline as a line, and the names of missing areas."""
    awaited_lines = _awaited(material, texts)
    height = HEAD + _PLOT + _AXIS + _LINE * len(awaited_lines) + _SPACE + FOOT
    canvas = framed(material, texts, without_tags(texts.say("exports.picture.days")), height)
    plot = _Plot(material)
    _grid(canvas, plot)
    before = 0
    for day, total in plot.days:
        tall = plot.base - plot.height(total)
        x = plot.middle(day)
        canvas.box(x - plot.step * 0.4, plot.base - tall, plot.step * 0.8, tall, FILLS[Verdict.MET])
        if total != before:
            canvas.text(x, plot.base - tall - 18, str(total), 25, align="center", bold=True)
        before = total
    _axis(canvas, material, texts, plot)
    _deadline(canvas, material, texts, plot)
    for place, line in enumerate(awaited_lines):
        y = HEAD + _PLOT + _AXIS + 24 + place * _LINE
        canvas.text(MARGIN, y, line, 26, width=INNER)
    return canvas.png()


class _Plot:
    """The positions of days and counts."""

    def __init__(self, material: Material) -> None:
        self.days = material.reports_by_day()
        self.first = self.days[0][0]
        last = max(self.days[-1][0], material.day(material.status.round.deadline))
        self.count = (last - self.first).days + 1
        self.step = (INNER - _LEFT) / self.count
        self.areas = max(1, len(material.status.areas))
        self.top, self.base = HEAD + 40, HEAD + _PLOT

    def middle(self, day: date) -> float:
        """Return the x of a day's middle."""
        return MARGIN + _LEFT + ((day - self.first).days + 0.5) * self.step

    def height(self, count: int) -> float:
        """Return the y of a count."""
        return self.base - (self.base - self.top) * count / self.areas


def _grid(canvas: Canvas, plot: _Plot) -> None:
    for value in _ticks(plot.areas):
        y = plot.height(value)
        canvas.line([MARGIN + _LEFT, WIDTH - MARGIN], [y, y], GRID, thick=2)
        canvas.text(MARGIN + _LEFT - 14, y, str(value), 25, align="right", colour=PALE)


def _axis(canvas: Canvas, material: Material, texts: Texts, plot: _Plot) -> None:
    canvas.line([MARGIN + _LEFT, WIDTH - MARGIN], [plot.base, plot.base], INK, thick=2)
    for place in range(0, plot.count, max(1, -(-plot.count // 8))):
        day = plot.first + timedelta(days=place)
        label = texts.day(day, material.zone)
        canvas.text(plot.middle(day), plot.base + 30, label, 25, align="center")


def _deadline(canvas: Canvas, material: Material, texts: Texts, plot: _Plot) -> None:
    day = material.day(material.status.round.deadline)
    at = plot.middle(day) + plot.step / 2
    canvas.line([at, at], [plot.top - 20, plot.base], FILLS[Verdict.NOT_MET], thick=4, dashed=True)
    label = texts.say("exports.picture.deadline", day=texts.day(day, material.zone))
    # On the side with more space.
    if at < WIDTH / 2:
        canvas.text(at + 10, plot.top - 24, without_tags(label), 25)
    else:
        canvas.text(at - 10, plot.top - 24, without_tags(label), 25, align="right")


def _awaited(material: Material, texts: Texts) -> list[str]:
    """Return the lines that name the areas without a report."""
    status, lines = material.status, []
    for key, units in awaited(status):
        names = texts.listed((status.name(u, texts) for u in units), most=_NAMES)
        line = without_tags(texts.say(key, count=len(units), names=names))
        lines += textwrap.wrap(line.lstrip("📭↩️ "), _LETTERS)
    return lines


def _ticks(areas: int) -> list[int]:
    """Return round numbers up to the number of areas, which is the last one."""
    step = next((s for s in (1, 2, 5, 10, 20, 50, 100) if areas / s <= 7), areas)
    return [*range(0, areas - step // 2, step), areas]
