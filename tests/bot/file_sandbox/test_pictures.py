"""Place, time and camera are removed from pictures, or the pictures are not kept."""

import base64
import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from bot.file_sandbox import pictures
from bot.file_sandbox.evidence import Clean, cleaned

SECRET = "Máy ảnh của Lan, 21.3456 N"
XMP = f"<x:xmpmeta><exif:GPSLatitude>{SECRET}</exif:GPSLatitude></x:xmpmeta>".encode()
# 40 × 20 pixels from an encoder that is not installed here, with a camera and a place.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAb1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAA"
    "AAAAADRpbG9jAAAAAERAAAIAAQAAAAAB4QABAAAAAAAAACoAAgAAAAACCwABAAAAAAAAAHYAAAA4aWluZgAAAAAAAgAAABVp"
    "bmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA/GlwcnAAAADcaXBjbwAAAHVo"
    "dmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQApQgEBA3AAAAMAkAAA"
    "AwAAAwAeoCCBBZbqrprm4CGgwIAAAAyAAAADAIRiAAEABkQBwXPBiQAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAA"
    "AABAAAAAQAAAAChjbGFwAAAAKAAAAAEAAAAUAAAAAf///+gAAAAC////1AAAAAIAAAAQcGl4aQAAAAADCAgIAAAAGGlwbWEA"
    "AAAAAAAAAQABBYECAwWEAAAAGmlyZWYAAAAAAAAADmNkc2MAAgABAAEAAACobWRhdAAAACYoAa8ZIV5CQO9dpb//fj7/WYX+"
    "JVt8pkqmlwTXiJkLA4GAjZGdOAAAAAZFeGlmAABNTQAqAAAACAACAQ8AAgAAABAAAAAmiCUABAAAAAEAAAA2AAAAAE0/eSA/"
    "bmggYz9hIExhbgAAAgABAAIAAAACTgAAAAACAAUAAAADAAAAVAAAAAAAAAAVAAAAAQAAABQAAAABAAAALAAAAAE="
)


def without_metadata(content):
    """The cleaned picture; None: it is refused."""
    made = cleaned(content)
    return made.content if isinstance(made, Clean) else None


def image(size=(40, 20)):
    return Image.new("RGB", size, (200, 30, 30))


def exif(orientation=None):
    made = Image.Exif()
    made[0x010F] = SECRET
    made[0x9286] = SECRET
    place = made.get_ifd(0x8825)
    place[1], place[2] = "N", (21.0, 20.0, 44.0)
    if orientation:
        made[0x0112] = orientation
    return made


def saved(form, picture=None, **more):
    written = BytesIO()
    (picture or image()).save(written, form, **more)
    return written.getvalue()


def with_jpeg_segments():
    """Add EXIF, XMP, IPTC, a comment, and data after the picture."""
    whole = saved("JPEG", exif=exif(), comment=SECRET.encode(), xmp=XMP)
    iptc = b"Photoshop 3.0\x008BIM\x04\x04" + SECRET.encode()
    segment = b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc
    return whole[:2] + segment + whole[2:] + SECRET.encode()


def with_png_chunks():
    """Add tEXt, zTXt, iTXt, eXIf, and an unknown chunk."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Lan")
    info.add_text("Comment", "Lan" * 99, zip=True)
    info.add_itxt("Location", SECRET)
    whole = saved("PNG", pnginfo=info, exif=exif())
    body = b"lnBx" + SECRET.encode()
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return whole[:33] + chunk + whole[33:]


def of_two_lenses():
    """A file of a telephone with several lenses: two JPEGs in one file (MPO)."""
    return saved("MPO", exif=exif(), save_all=True, append_images=[image()])


def moving(form):
    frames = [Image.new("RGB", (40, 20), (n, 0, 0)) for n in (10, 200)]
    return saved(form, frames[0], save_all=True, append_images=frames[1:], exif=exif())


CLEANED = {
    "jpeg": with_jpeg_segments,
    "png": with_png_chunks,
    "webp": lambda: saved("WEBP", exif=exif(), xmp=XMP),
    "heic": lambda: HEIC,
    "two lenses": of_two_lenses,
    "moving webp": lambda: moving("WEBP"),
    "moving png": lambda: moving("PNG"),
}
NOT_KEPT = {
    "broken heic": b"\x00\x00\x00\x18ftypheic" + SECRET.encode(),
    "gif": saved("GIF", comment=SECRET.encode()),
    "avif": saved("AVIF", exif=exif()),
    "tiff": saved("TIFF", exif=exif()),
    "film": b"\x00\x00\x00\x18ftypmp42" + SECRET.encode(),
    "quicktime": b"\x00\x00\x00\x08moov" + SECRET.encode(),
    "jpeg xl": b"\xff\x0a" + SECRET.encode(),
    "broken jpeg": with_jpeg_segments()[:200],
    "only a beginning": b"\xff\xd8\xff\xe1",
    "broken png": with_png_chunks()[:100],
    "broken webp": saved("WEBP", exif=exif())[:40],
}


@pytest.mark.parametrize("kind", CLEANED)
def test_the_place_time_and_camera_of_a_picture_are_removed(kind):
    before = CLEANED[kind]()
    assert b"Lan" in before
    after = without_metadata(before)
    for trace in (b"Lan", b"21.34", b"Exif", b"GPS", b"xmp", b"tEXt", b"iTXt", b"zTXt", b"eXIf"):
        assert trace not in after
    with Image.open(BytesIO(after)) as left:
        assert left.size == (40, 20)
        assert dict(left.getexif()) == {}


@pytest.mark.parametrize("kind", NOT_KEPT)
def test_a_picture_or_film_that_cannot_be_cleaned_is_not_kept(kind):
    assert without_metadata(NOT_KEPT[kind]) is None


def test_a_picture_taken_sideways_is_turned_upright():
    with Image.open(BytesIO(without_metadata(saved("JPEG", exif=exif(6))))) as left:
        assert left.size == (20, 40)


def test_a_photo_of_a_hundred_megapixels_is_kept_smaller(monkeypatch):
    monkeypatch.setattr(pictures, "LARGEST", 10_000)
    big = saved("JPEG", image((400, 200)), exif=exif())
    with Image.open(BytesIO(without_metadata(big))) as left:
        assert left.size == (100, 50)
        assert dict(left.getexif()) == {}
    assert without_metadata(saved("PNG", image((400, 200)))) is None


def test_a_small_file_with_enormous_dimensions_does_not_fill_memory():
    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    bomb = (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    )
    assert without_metadata(bomb + saved("PNG")[33:]) is None


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(CLEANED)), st.data())
def test_a_damaged_file_is_either_cleaned_or_not_kept(kind, data):
    content = bytearray(WHOLE[kind])
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(content[: data.draw(st.integers(0, len(content)))])
    after = without_metadata(cut)
    assert after is None or b"Lan" not in after


WHOLE = {kind: made() for kind, made in CLEANED.items()}
