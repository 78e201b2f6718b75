"""QR codes of links."""

import io
from functools import partial
from importlib.util import find_spec

from handlers.flow.channel import Picture
from handlers.texts import Html


def qr_picture(link: str, name: str) -> Picture | None:
    """Return the link's QR code as PNG; None without the extra that draws it."""
    return Picture(f"{name}.png", partial(_draw, link), link) if find_spec("segno") else None


def _draw(link: str) -> bytes:
    import segno

    file = io.BytesIO()
    segno.make(link, error="m").save(file, kind="png", scale=10, border=4)
    return file.getvalue()


def qr_drawing(link: str) -> Html:
    """Return the link's QR code as SVG for a page; empty without the extra that draws it."""
    if not find_spec("segno"):
        return Html("")
    import segno

    return Html(segno.make(link, error="m").svg_inline(scale=6, border=4, light="#fff"))
