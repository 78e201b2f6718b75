"""Charts of a page: the same drawings as the chat's pictures, as SVG.

Colours are classes, so that the style sheet can define them for each theme. A chart is hidden from
screen readers, because the page also shows its figures as text or in a table.
"""

from html import escape

from handlers.exports.colours import FILLS, SOFT
from handlers.exports.pictures.canvas import GRID, INK, PALE, Align
from handlers.texts import Html

_LETTER = 0.56  # the approximate width of a letter, as a part of its height
_CLASSES = {
    INK: "ink", PALE: "pale", GRID: "grid", "#FFFFFF": "paper", "#F7F7F7": "paper",
    **{colour: f"soft-{verdict.value}" for verdict, colour in SOFT.items()},
    **{colour: verdict.value for verdict, colour in FILLS.items()},
}  # fmt: skip
_ANCHORS = {"left": "start", "center": "middle", "right": "end"}


class Svg:
    """One chart; coordinates are in the units of its view box, from the top left."""

    def __init__(self, width: float, height: float, top: float = 0) -> None:
        self._view = f"0 {_n(top)} {_n(width)} {_n(height)}"
        self._parts: list[str] = []

    def text(
        self, x: float, y: float, text: str, size: float, *, colour: str = INK, bold: bool = False,
        align: Align = "left", width: float | None = None,
        least: float | None = None,  # noqa: ARG002 - letters aren't measured here
    ) -> float:  # fmt: skip
        """Draw a text with its vertical middle at `y`, squeezed to `width`; return its width."""
        wide = len(text) * size * _LETTER
        fitted = ""
        if width is not None and wide > width:
            fitted = f' textLength="{_n(width)}" lengthAdjust="spacingAndGlyphs"'
            wide = width
        weight = ' font-weight="bold"' if bold else ""
        self._parts.append(
            f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" dominant-baseline="central"'
            f' text-anchor="{_ANCHORS[align]}" class="f-{_class(colour)}"{weight}{fitted}>'
            f"{escape(text, quote=False)}</text>"
        )
        return wide

    def box(
        self, x: float, y: float, width: float, height: float, fill: str, *,
        edge: str | None = None, hatch: str | None = None, thick: float = 1,
    ) -> None:  # fmt: skip
        """Draw a rectangle."""
        shape = f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
        stroke = f' s-{_class(edge)}" stroke-width="{_n(thick)}' if edge else ""
        self._parts.append(f'<rect {shape} class="f-{_class(fill)}{stroke}"/>')
        if hatch:
            self._parts.append(f'<rect {shape} fill="url(#hatch)"/>')

    def line(
        self, xs: list[float], ys: list[float], colour: str = INK, *, thick: float = 2,
        dashed: bool = False, dots: bool = False,
    ) -> None:  # fmt: skip
        """Draw a line through points."""
        points = " ".join(f"{_n(x)},{_n(y)}" for x, y in zip(xs, ys, strict=True))
        dash = ' stroke-dasharray="12 7"' if dashed else ""
        self._parts.append(
            f'<polyline points="{points}" class="s-{_class(colour)}" stroke-width="{_n(thick)}"'
            f' fill="none"{dash}/>'
        )
        if dots:
            self._parts += [
                f'<circle cx="{_n(x)}" cy="{_n(y)}" r="7" class="f-{_class(colour)}"/>'
                for x, y in zip(xs, ys, strict=True)
            ]

    def html(self, name: str, *, stretched: bool = False) -> Html:
        """Return the SVG element with a class for its size; `stretched` fills the whole element."""
        shape = ' preserveAspectRatio="none"' if stretched else ""
        return Html(
            f'<svg class="{name}" viewBox="{self._view}"{shape} aria-hidden="true">'
            f"{''.join(self._parts)}</svg>"
        )


def _class(colour: str) -> str:
    return _CLASSES.get(colour, "ink")


def _n(number: float) -> str:
    """Return a number with at most one decimal, without trailing zeros."""
    return f"{number:.1f}".rstrip("0").rstrip(".")
