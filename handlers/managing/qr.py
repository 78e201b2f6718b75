"""A link as a picture to be scanned."""

import io

from handlers.channel import Picture


def qr_picture(link: str, name: str) -> Picture | None:
    """The link's QR code as PNG; None where the extra that draws it isn't installed."""
    try:
        import segno
    except ImportError:
        return None
    written = io.BytesIO()
    segno.make(link, error="m").save(written, kind="png", scale=10, border=4)
    return Picture(f"{name}.png", written.getvalue())
