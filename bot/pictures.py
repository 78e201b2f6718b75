"""Pictures without where, when and by whom they were taken.

What is a picture or a film and can't be cleaned is not kept: None. Anything else (a PDF, a sheet)
stays as it is.
"""

from io import BytesIO

import structlog

from bot.logs import report

log = structlog.get_logger(__name__)

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
LARGEST = 25_000_000  # pixels in memory; a larger photo is made smaller while it is read
LARGEST_PHOTO = 120_000_000  # of a JPEG on the disk: more isn't a photo but an attack on the memory
QUALITY = 92
# How files begin that viewers show as pictures or films, and what stands further on.
_CLEANABLE = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
_OTHERS = (
    b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+", b"IIU\x00", b"8BPS", b"\xff\x0a",
    b"\x00\x00\x00\x0cJXL ", b"\x00\x00\x00\x0cjP  ", b"\x1aE\xdf\xa3", b"FUJIFILM",
)  # fmt: skip
_FAMILIES = ((b"ftyp", 4), (b"moov", 4), (b"mdat", 4), (b"AVI ", 8))  # HEIC, AVIF, MP4, MOV, …


def without_metadata(content: bytes) -> bytes | None:
    """The picture, the right way up, with nothing but its points; None: it can't be cleaned."""
    if content.startswith(_OTHERS) or any(
        content[at : at + len(sign)] == sign for sign, at in _FAMILIES
    ):
        return None
    if not content.startswith(_CLEANABLE) and content[8:12] != b"WEBP":
        return content
    try:
        return _drawn_anew(content)
    except Exception as error:  # noqa: BLE001 - a file can be broken in a thousand ways
        report(log, "picture not cleaned", error)
        return None


def _drawn_anew(content: bytes) -> bytes | None:
    try:
        from PIL import Image, ImageOps
    except ImportError:  # without the extra `pictures` only what Telegram cleaned itself is kept
        return None
    Image.MAX_IMAGE_PIXELS = None  # the limits are here, by what is really read
    with Image.open(BytesIO(content), formats=FORMATS) as picture:
        form = picture.format or ""
        if form in {"JPEG", "MPO"}:
            form = "JPEG"
            if _points(picture.size) > LARGEST_PHOTO:
                return None
            if _points(picture.size) > LARGEST:
                picture.draft(None, (picture.width // 4, picture.height // 4))
        if _points(picture.size) > LARGEST:
            return None
        upright = ImageOps.exif_transpose(picture)
    upright.info = {k: v for k, v in upright.info.items() if k == "transparency"}
    upright.getexif().clear()
    written = BytesIO()
    upright.save(written, form, **({"quality": QUALITY} if form in {"JPEG", "WEBP"} else {}))
    return written.getvalue()


def _points(size: tuple[int, int]) -> int:
    return size[0] * size[1]
