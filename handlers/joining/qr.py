"""A link as a picture to be scanned."""

import io
from functools import partial
from importlib.util import find_spec

from handlers.flow.channel import Picture
from handlers.texts import Html


def qr_picture(link: str, name: str) -> Picture | None:
    """The link's QR code as PNG; None where the extra that draws it isn't installed."""
    return Picture(f"{name}.png", partial(_drawn, link), link) if find_spec("segno") else None


def _drawn(link: str) -> bytes:
    import segno

    written = io.BytesIO()
    segno.make(link, error="m").save(written, kind="png", scale=10, border=4)
    return written.getvalue()


def qr_drawing(link: str) -> Html:
    """The link's QR code as SVG, to stand in a page; empty without the extra that draws it."""
    if not find_spec("segno"):
        return Html("")
    import segno

    return Html(segno.make(link, error="m").svg_inline(scale=6, border=4, light="#fff"))
