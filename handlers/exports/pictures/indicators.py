"""The picture of all indicators: shares with their thresholds, yes/no by the areas' answers."""

from criteria.scoring import IndicatorResult
from handlers.exports.colours import FILLS
from handlers.exports.material import Material
from handlers.exports.pictures.canvas import INNER, MARGIN, MARKS, Canvas
from handlers.exports.pictures.layout import FOOT, HEAD, framed
from handlers.kinds.base import presentation_of
from handlers.texts import Texts, without_tags

PAGE = 13
_ROW = 78
_MARK = 46
FIGURE = INNER * 0.66  # the width of a result with its rule
LEAST = 16


def indicator_pictures(material: Material, texts: Texts) -> list[bytes]:
    """Draw a page for every PAGE indicators."""
    found = material.status.result.indicators
    pages = [found[place : place + PAGE] for place in range(0, len(found), PAGE)]
    return [_page(material, texts, page) for page in pages]


def _page(material: Material, texts: Texts, indicators: tuple[IndicatorResult, ...]) -> bytes:
    title = without_tags(texts.say("exports.picture.indicators"))
    canvas = framed(material, texts, title, HEAD + _ROW * len(indicators) + FOOT)
    for place, one in enumerate(indicators):
        _row(canvas, material, texts, one, HEAD + place * _ROW)
    return canvas.png()


def _row(
    canvas: Canvas, material: Material, texts: Texts, one: IndicatorResult, top: float
) -> None:
    short = texts.short(material.status.criteria.indicator(one.code))
    colour = FILLS[one.verdict]
    canvas.text(MARGIN + 14, top + 22, MARKS[one.verdict], 40, colour=colour, bold=True,
                align="center")  # fmt: skip
    right = MARGIN + INNER
    shown = presentation_of(one.kind)
    figure = shown.picture_figure(material.status, one, texts)
    wide = canvas.text(right, top + 18, figure, 27, align="right", width=FIGURE, least=LEAST)
    canvas.text(
        MARGIN + _MARK, top + 18, short, 28, bold=True, width=INNER - _MARK - wide - 20, least=16
    )
    left, width = MARGIN + _MARK, INNER - _MARK
    shown.draw(canvas, one, left, top + 41, width)
