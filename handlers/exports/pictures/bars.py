"""The bar under an indicator's name: how high it is, or in pieces for units that say yes."""

from criteria.scoring import Verdict
from handlers.exports.pictures.canvas import FILLS, GRID, INK, PALE, Canvas

BAR = 22


def draw_pieces(
    canvas: Canvas, yes: int, no: int, units: int, left: float, top: float, width: float
) -> None:
    """Draw a piece for each unit: full for yes, with a bar for no, hatched for missing."""
    count = max(1, units)
    piece = width / count
    gap = min(5.0, piece / 6)
    for place in range(count):
        x = left + place * piece
        if place < yes:
            canvas.box(x, top, piece - gap, BAR, FILLS[Verdict.MET])
        elif place < yes + no:
            canvas.box(x, top, piece - gap, BAR, FILLS[Verdict.NOT_MET])
            canvas.line([x + 3, x + piece - gap - 3], [top + BAR / 2] * 2, "#FFFFFF", thick=4)
        else:
            canvas.box(x, top, piece - gap, BAR, "#FFFFFF", edge=PALE, hatch="////")


def draw_bar(
    canvas: Canvas, verdict: Verdict, filled: float | None, line: float, left: float, top: float,
    width: float,
) -> None:  # fmt: skip
    """Draw a bar filled so far, hatched while it is open, and the line across it."""
    canvas.box(left, top, width, BAR, "#F7F7F7", edge=GRID)
    if filled is not None:
        open_ = verdict is Verdict.INSUFFICIENT
        edge, hatch = (INK, "///") if open_ else (None, None)
        fill = "#FFFFFF" if open_ else FILLS[verdict]
        canvas.box(left, top, filled, BAR, fill, edge=edge, hatch=hatch)
    canvas.line([left + line] * 2, [top - 4, top + BAR + 8], INK, thick=5)
