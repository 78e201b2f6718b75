"""The picture of all indicators: each share against its line, yes/no by what the areas said."""

from criteria.percent import line_text, percent_text
from criteria.scoring import IndicatorResult, RatioFigures, Verdict, YesNoFigures
from handlers.exports.material import Material
from handlers.exports.pictures.canvas import FILLS, GRID, INK, INNER, MARGIN, MARKS, PALE, Canvas
from handlers.exports.pictures.frame import FOOT, HEAD, framed
from handlers.status.lines import said
from handlers.texts import Texts, without_tags

PAGE = 13
_ROW = 78
_BAR = 22
_MARK = 46


def indicator_pictures(material: Material, texts: Texts) -> list[bytes]:
    """A page for every thirteen indicators."""
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
    short = material.status.criteria.indicator(one.code).text(texts.language).short
    colour = FILLS[one.verdict]
    canvas.text(MARGIN + 14, top + 22, MARKS[one.verdict], 40, colour=colour, bold=True,
                align="center")  # fmt: skip
    right = MARGIN + INNER
    figure = _figure(material, one, texts)
    wide = canvas.text(right, top + 18, figure, 27, align="right", width=INNER * 0.58)
    canvas.text(MARGIN + _MARK, top + 18, short, 28, bold=True, width=INNER - _MARK - wide - 20)
    left, width = MARGIN + _MARK, INNER - _MARK
    if one.ratio is not None:
        _ratio(canvas, one, one.ratio, left, top + 41, width)
    elif one.yes_no is not None:
        _yes_no(canvas, one, one.yes_no, left, top + 41, width)


def _figure(material: Material, one: IndicatorResult, texts: Texts) -> str:
    if one.ratio is None or not one.ratio.denominator:
        return without_tags(said(material.status, one, texts))
    ratio = one.ratio
    share = percent_text(ratio.numerator, ratio.denominator, ratio.threshold, texts.language)
    line = line_text(ratio.threshold, texts.language)
    shown = without_tags(texts.say("status.share", percent=share, line=line))
    if one.verdict is Verdict.INSUFFICIENT:
        areas = [unit for unit in one.units if unit != material.status.facts.office]
        counted = sum(unit not in one.missing for unit in areas)
        if areas:
            shown += ", " + texts.say("status.coverage", counted=counted, units=len(areas))
    return shown


def _ratio(
    canvas: Canvas, one: IndicatorResult, ratio: RatioFigures, left: float, top: float, width: float
) -> None:
    canvas.box(left, top, width, _BAR, "#F7F7F7", edge=GRID)
    if ratio.denominator:
        filled = width * ratio.numerator / ratio.denominator
        open_ = one.verdict is Verdict.INSUFFICIENT
        edge, hatch = (INK, "///") if open_ else (None, None)
        fill = "#FFFFFF" if open_ else FILLS[one.verdict]
        canvas.box(left, top, filled, _BAR, fill, edge=edge, hatch=hatch)
    line = left + width * ratio.threshold.numerator / ratio.threshold.denominator
    canvas.line([line, line], [top - 4, top + _BAR + 8], INK, thick=5)


def _yes_no(
    canvas: Canvas, one: IndicatorResult, figures: YesNoFigures, left: float, top: float,
    width: float,
) -> None:  # fmt: skip
    """A piece for each unit: full for yes, empty with a bar for no, hatched for missing."""
    count = max(1, len(one.units))
    piece = width / count
    gap = min(5.0, piece / 6)
    yes, no = len(figures.said_yes), len(figures.said_no)
    for place in range(count):
        x = left + place * piece
        if place < yes:
            canvas.box(x, top, piece - gap, _BAR, FILLS[Verdict.MET])
        elif place < yes + no:
            canvas.box(x, top, piece - gap, _BAR, FILLS[Verdict.NOT_MET])
            canvas.line([x + 3, x + piece - gap - 3], [top + _BAR / 2] * 2, "#FFFFFF", thick=4)
        else:
            canvas.box(x, top, piece - gap, _BAR, "#FFFFFF", edge=PALE, hatch="////")
