"""A picture 1080 pixels wide, with pixels counted from the top left, in colour-blind safe colours.

It needs the extra `pictures` (matplotlib), which is imported when the first picture is drawn.
"""

import io
import logging
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, Protocol

from criteria.scoring import Verdict
from handlers.exports.colours import FILLS

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties


WIDTH = 1080
MARGIN = 40
INNER = WIDTH - 2 * MARGIN
DPI = 100
_SMALLEST_LINE = 26  # a heading that would be smaller gets two lines
INK, PALE, PAPER, GRID = "#1A1A1A", "#595959", "#FFFFFF", "#D9D9D9"
MARKS = {
    Verdict.MET: "✓",
    Verdict.NOT_MET: "✗",
    Verdict.INSUFFICIENT: "?",
    Verdict.NOT_APPLICABLE: "–",
}
Align = Literal["left", "center", "right"]
BAR = 22


class Drawing(Protocol):
    """A surface to draw on: a picture for the chat, or one in a browser's page."""

    def text(
        self, x: float, y: float, text: str, size: float, *, colour: str = INK, bold: bool = False,
        align: Align = "left", width: float | None = None, least: float | None = None,
    ) -> float:  # fmt: skip
        """Write on the line whose middle is `y`; return its approximate width."""

    def box(
        self, x: float, y: float, width: float, height: float, fill: str, *,
        edge: str | None = None, hatch: str | None = None, thick: float = 1,
    ) -> None:  # fmt: skip
        """Draw a rectangle."""

    def line(
        self, xs: list[float], ys: list[float], colour: str = INK, *, thick: float = 2,
        dashed: bool = False, dots: bool = False,
    ) -> None:  # fmt: skip
        """Draw a line through points."""


class Canvas:
    """One picture; sizes of text are heights in pixels."""

    def __init__(self, height: int) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.height = height
        self._figure = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI, facecolor=PAPER)
        self._canvas: Any = FigureCanvasAgg(self._figure)  # it is typed only in part
        self._axes: Any = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_xlim(0, WIDTH)
        self._axes.set_ylim(height, 0)
        self._axes.axis("off")

    def text(
        self, x: float, y: float, text: str, size: float, *, colour: str = INK, bold: bool = False,
        align: Align = "left", width: float | None = None, least: float | None = None,
    ) -> float:  # fmt: skip
        """Write on the line whose middle is `y`; return its width.

        A text wider than `width` gets smaller, down to `least`, and is then cut with "…".
        """
        shown = drawable(text)
        while least is not None and width is not None and size > least:
            if self._width(shown, _font(size, bold=bold)) <= width:
                break
            size -= 1
        font = _font(size, bold=bold)
        if width is not None:
            shown = self._cut(shown, font, width)
        self._axes.text(
            x, y, shown, fontproperties=font, color=colour, ha=align, va="center_baseline",
            parse_math=False,
        )  # fmt: skip
        return self._width(shown, font)

    def heading(self, x: float, y: float, text: str, size: float, *, bold: bool = False) -> None:
        """Write a whole heading, on two lines if it is too wide for one."""
        shown, font = drawable(text), _font(_SMALLEST_LINE, bold=bold)
        if self._width(shown, font) <= INNER:
            self.text(x, y, shown, size, bold=bold, width=INNER, least=_SMALLEST_LINE)
            return
        words = shown.split(" ")
        wide = [self._width(" ".join(words[:n]), font) for n in range(len(words) + 1)]
        first = min(range(1, len(words) + 1), key=lambda n: max(wide[n], wide[-1] - wide[n]))
        for part, at in ((words[:first], y - 12), (words[first:], y + 12)):
            self.text(x, at, " ".join(part), 22, bold=bold, width=INNER, least=10)

    def box(
        self, x: float, y: float, width: float, height: float, fill: str, *,
        edge: str | None = None, hatch: str | None = None, thick: float = 1,
    ) -> None:  # fmt: skip
        """Draw a rectangle; a `hatch` has the colour of its edge."""
        from matplotlib.patches import Rectangle

        shape = Rectangle(
            (x, y), width, height, facecolor=fill, edgecolor=edge or fill, hatch=hatch,
            linewidth=thick * 72 / DPI if edge else 0,
        )  # fmt: skip
        self._axes.add_patch(shape)

    def line(
        self, xs: list[float], ys: list[float], colour: str = INK, *, thick: float = 2,
        dashed: bool = False, dots: bool = False,
    ) -> None:  # fmt: skip
        """Draw a line through points."""
        self._axes.plot(
            xs, ys, color=colour, linewidth=thick * 72 / DPI, linestyle="--" if dashed else "-",
            marker="o" if dots else None, markersize=14 * 72 / DPI, solid_joinstyle="round",
        )  # fmt: skip

    def png(self) -> bytes:
        """Return the finished picture; the same drawing gives the same bytes."""
        file = io.BytesIO()
        self._figure.savefig(file, format="png", dpi=DPI, metadata={"Software": None})
        return file.getvalue()

    def _width(self, text: str, font: "FontProperties") -> float:
        renderer = self._canvas.get_renderer()
        return float(renderer.get_text_width_height_descent(text, font, ismath=False)[0])

    def _cut(self, text: str, font: "FontProperties", width: float) -> str:
        while len(text) > 1 and self._width(text, font) > width:
            text = text.rstrip("…")[:-1].rstrip() + "…"
        return text


def drawable(text: str) -> str:
    """Return the text in composed letters, without characters that the font can't draw."""
    composed, known = unicodedata.normalize("NFC", text), _known_characters()
    found = "".join(one for one in composed if one.isspace() or ord(one) in known)
    return " ".join(found.split())


@cache
def _known_characters() -> frozenset[int]:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    logging.getLogger("matplotlib").setLevel(logging.WARNING)
    return frozenset(get_font(findfont(FontProperties(family="DejaVu Sans"))).get_charmap())


@cache
def _font(size: float, *, bold: bool) -> "FontProperties":
    from matplotlib.font_manager import FontProperties

    return FontProperties(
        family="DejaVu Sans", size=size * 72 / DPI, weight="bold" if bold else "normal"
    )


def draw_pieces(
    canvas: Drawing, yes: int, no: int, units: int, left: float, top: float, width: float
) -> None:
    """Draw a box for each unit: filled for yes, with a bar for no, hatched for missing."""
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
    canvas: Drawing, verdict: Verdict, filled: float | None, line: float, left: float, top: float,
    width: float,
) -> None:  # fmt: skip
    """Draw a bar up to `filled`, hatched while the verdict is open, and the threshold's line."""
    canvas.box(left, top, width, BAR, "#F7F7F7", edge=GRID)
    if filled is not None:
        open_ = verdict is Verdict.INSUFFICIENT
        edge, hatch = (INK, "///") if open_ else (None, None)
        fill = "#FFFFFF" if open_ else FILLS[verdict]
        canvas.box(left, top, filled, BAR, fill, edge=edge, hatch=hatch)
    canvas.line([left + line] * 2, [top - 4, top + BAR + 8], INK, thick=5)
