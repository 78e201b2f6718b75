"""The picture of areas × indicators: a cell each; a missing value is hatched, never zero."""

from collections.abc import Sequence

from criteria.definition import Indicator
from criteria.scoring import Verdict
from handlers.exports.colours import SOFT
from handlers.exports.material import Material
from handlers.exports.pictures.canvas import GRID, INNER, MARGIN, MARKS, PALE, Canvas
from handlers.exports.pictures.layout import FOOT, HEAD, framed
from handlers.kinds.base import presentation_of
from handlers.texts import Texts, without_tags

# Messengers shrink pictures higher than 1280 pixels; further rows are on further pages.
MOST_ROWS = 17
MOST_COLUMNS = 8
_ROW = 50
_NAMES = 268
_CAPTIONS = 96
_LEGEND = 62


def matrix_pictures(material: Material, texts: Texts) -> list[bytes]:
    """Draw pages of units for every MOST_COLUMNS indicators of areas; the office is last."""
    status = material.status
    asked = [i for i in status.criteria.indicators if i.asks(office=False)]
    rows = [u for u in status.facts.units if any(i.asks(office=u == status.office) for i in asked)]
    blocks = [asked[n : n + MOST_COLUMNS] for n in range(0, len(asked), MOST_COLUMNS)]
    sheets = even_pages(rows, MOST_ROWS)
    pages = [(block, sheet) for block in blocks for sheet in sheets]
    return [
        _page(material, texts, block, sheet, (number, len(pages)))
        for number, (block, sheet) in enumerate(pages, start=1)
    ]


def even_pages(rows: Sequence[int], most: int) -> list[Sequence[int]]:
    """Divide rows into the fewest pages, all of about the same length."""
    count = -(-len(rows) // most)
    sizes = [len(rows) // count + (n < len(rows) % count) for n in range(count)]
    return [rows[sum(sizes[:n]) : sum(sizes[: n + 1])] for n in range(count)]


def _page(
    material: Material, texts: Texts, indicators: Sequence[Indicator], rows: Sequence[int],
    page: tuple[int, int],
) -> bytes:  # fmt: skip
    title = without_tags(texts.say("exports.picture.matrix"))
    if page[1] > 1:
        title += f" ({page[0]}/{page[1]})"
    height = HEAD + _CAPTIONS + _ROW * len(rows) + _LEGEND + FOOT
    canvas = framed(material, texts, title, height)
    width = (INNER - _NAMES) / max(1, len(indicators))
    for place, one in enumerate(indicators):
        _caption(canvas, one, texts, MARGIN + _NAMES + place * width, width)
    for number, unit in enumerate(rows):
        top = HEAD + _CAPTIONS + number * _ROW
        name = material.status.name(unit, texts)
        canvas.text(MARGIN, top + _ROW / 2, name, 27, width=_NAMES - 14, least=18)
        for place, one in enumerate(indicators):
            _cell(canvas, material, texts, unit, one, MARGIN + _NAMES + place * width, top, width)
    draw_legend(canvas, texts, height - FOOT - _LEGEND / 2 - 2)
    return canvas.png()


def _caption(canvas: Canvas, one: Indicator, texts: Texts, left: float, width: float) -> None:
    lines = caption_lines(texts.short(one), width)
    for place, line in enumerate(lines):
        y = HEAD + _CAPTIONS - 14 - (len(lines) - 1 - place) * 23
        canvas.text(left + width / 2, y, line, 20, align="center", width=width + 4, least=12)


def caption_lines(text: str, width: float) -> list[str]:
    """Divide a text into at most four lines of about this width (pixels)."""
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and len(joined) * 11.5 <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    while len(lines) > 4:
        shortest = min(range(len(lines) - 1), key=lambda n: len(lines[n]) + len(lines[n + 1]))
        lines[shortest : shortest + 2] = [" ".join(lines[shortest : shortest + 2])]
    return lines


def _cell(
    canvas: Canvas, material: Material, texts: Texts, unit: int, one: Indicator, left: float,
    top: float, width: float,
) -> None:  # fmt: skip
    office = unit == material.status.facts.office
    if not one.asks(office=office):
        return
    value = material.status.facts.counted.get((unit, one.code))
    x, y, wide, high = left + 2, top + 2, width - 4, _ROW - 4
    if value is None:
        canvas.box(x, y, wide, high, "#FFFFFF", edge=PALE, hatch="///")
        return
    verdict, text = presentation_of(one.kind).cell(value, one, texts)
    canvas.box(x, y, wide, high, SOFT[verdict], edge=GRID)
    size = 27 if len(text) < 5 else 24
    canvas.text(left + width / 2, top + _ROW / 2, text, size, align="center", width=width)


def draw_legend(canvas: Canvas, texts: Texts, y: float) -> float:
    """Draw the legend of the cells; return its right end."""
    x: float = MARGIN
    for verdict, hatch, key in (
        (Verdict.MET, None, "met"), (Verdict.NOT_MET, None, "not_met"),
        (Verdict.INSUFFICIENT, "///", "missing"), (Verdict.NOT_APPLICABLE, None, "not_applicable"),
    ):  # fmt: skip
        fill = "#FFFFFF" if hatch else SOFT[verdict]
        canvas.box(x, y - 17, 52, 34, fill, edge=PALE if hatch else GRID, hatch=hatch)
        mark = "" if hatch else MARKS[verdict]
        canvas.text(x + 26, y, mark, 24, align="center")
        x += 64
        x += canvas.text(x, y, texts.say(f"exports.picture.legend.{key}"), 23) + 24
    return x - 24
