"""A link as a picture to be scanned."""

import io
from functools import partial
from importlib.util import find_spec

from handlers.flow.channel import Picture


def qr_picture(link: str, name: str) -> Picture | None:
    """The link's QR code as PNG; None where the extra that draws it isn't installed."""
    return Picture(f"{name}.png", partial(_drawn, link)) if find_spec("segno") else None


def _drawn(link: str) -> bytes:
    import segno

    written = io.BytesIO()
    segno.make(link, error="m").save(written, kind="png", scale=10, border=4)
    return written.getvalue()
