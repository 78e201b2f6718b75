"""The bar under an indicator's name: how high it is, and one in pieces for units that say yes."""

from criteria.scoring import Verdict
from handlers.exports.pictures.canvas import FILLS, PALE, Drawing

BAR = 22


def draw_pieces(
    canvas: Drawing, yes: int, no: int, units: int, left: float, top: float, width: float
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
