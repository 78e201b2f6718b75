"""Re-encodes pictures to remove all metadata (place, time, camera)."""

from io import BytesIO

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
LARGEST = 25_000_000  # pixels in memory; a larger JPEG is reduced while it is decoded
LARGEST_PHOTO = 120_000_000  # pixels of a JPEG file
QUALITY = 92
_LOSSY = frozenset({"JPEG", "WEBP"})
# Output formats: most viewers can't show HEIC; of a multi-picture file it keeps one picture.
_OUTPUT_FORMATS = {"MPO": "JPEG", "HEIF": "JPEG"}


class TooLarge(ValueError):  # noqa: N818 - the name says what is wrong
    """The picture has more pixels than the limit."""


def reencoded(content: bytes, formats: tuple[str, ...] = FORMATS) -> tuple[bytes, str]:
    """Return the picture upright and without metadata, and the name of its format.

    Raise TooLarge, and Pillow's errors for a broken picture or another format.
    """
    from PIL import Image, ImageOps

    if "HEIF" in formats:
        from pi_heif import register_heif_opener

        register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None  # the limits below apply to what is decoded
    with Image.open(BytesIO(content), formats=formats) as picture:
        read = picture.format or ""
        form = _OUTPUT_FORMATS.get(read, read)
        if form == "JPEG" and read != "HEIF":
            if _points(picture.size) > LARGEST_PHOTO:
                raise TooLarge
            if _points(picture.size) > LARGEST:
                # JPEG can be decoded at a quarter of its size, without the full picture in memory.
                picture.draft(None, (picture.width // 4, picture.height // 4))
        if _points(picture.size) > LARGEST:
            raise TooLarge
        upright = ImageOps.exif_transpose(picture)
    upright.info = {k: v for k, v in upright.info.items() if k == "transparency"}
    upright.getexif().clear()
    if form == "JPEG" and upright.mode not in {"RGB", "L", "CMYK"}:
        upright = upright.convert("RGB")
    written = BytesIO()
    upright.save(written, form, **({"quality": QUALITY} if form in _LOSSY else {}))
    return written.getvalue(), form


def _points(size: tuple[int, int]) -> int:
    return size[0] * size[1]
