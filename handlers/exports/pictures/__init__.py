"""The pictures of a round for a telephone: 1080 pixels wide, at most about 1280 high."""

import threading

from handlers.exports.material import Material
from handlers.exports.pictures.days import days_picture
from handlers.exports.pictures.indicators import indicator_pictures
from handlers.exports.pictures.matrix import matrix_pictures
from handlers.exports.pictures.trend import course_pictures
from handlers.texts import Texts

__all__ = ["pictures_of"]

_drawing = threading.Lock()  # matplotlib's font engine is not thread-safe


def pictures_of(material: Material, texts: Texts) -> list[tuple[str, bytes]]:
    """Return all pictures with their names, the most important one first."""
    with _drawing:
        made = {
            "chi-tieu": indicator_pictures(material, texts),
            "khu": matrix_pictures(material, texts),
            "cac-ky": course_pictures(material, texts),
            "theo-ngay": [days_picture(material, texts)] if material.status.areas else [],
        }
    return [
        (f"{name}-{number}.png" if len(pages) > 1 else f"{name}.png", page)
        for name, pages in made.items()
        for number, page in enumerate(pages, start=1)
    ]
