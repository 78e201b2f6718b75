"""Removes authors, photo locations and attached files from PDFs."""

import re
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

# Metadata of the document and of objects, private data of programs, and attached files. The content
# of the files is dropped, too, because pikepdf doesn't write unreferenced objects.
_KEYS = ("/Metadata", "/PieceInfo", "/AF", "/EF", "/Thumb")
_OF_NAMES = ("/EmbeddedFiles", "/JavaScript")
_OF_ROOT = ("/OpenAction", "/AA", "/Collection")
_OF_NOTES = ("/T", "/NM", "/M", "/CreationDate")  # not of form fields, whose /T is the field's name
_JPEG_KEPT = frozenset({0xE0, 0xEE})  # JFIF and Adobe: needed to decode the colours
_JPEG_MARKER = re.compile(rb"\xff(?![\x00\xd0-\xd7\xff])")  # not within the image data
_SCAN, _END, _COMMENT = 0xDA, 0xD9, 0xFE
_JP2_BEGINS = b"\x00\x00\x00\x0cjP  "
_JP2_DROPPED = frozenset({b"uuid", b"xml ", b"uinf"})


def without_metadata(content: bytes) -> bytes:
    """Return the cleaned PDF; raise pikepdf's errors for a broken or locked one."""
    import pikepdf

    with pikepdf.open(BytesIO(content)) as pdf:
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        _drop(pdf.Root, _OF_ROOT)
        if "/Names" in pdf.Root:
            _drop(pdf.Root.Names, _OF_NAMES)
        _clean_objects(pdf)
        written = BytesIO()
        pdf.save(written)
        return written.getvalue()


def _clean_objects(pdf: "Pdf") -> None:
    import pikepdf

    for one in pdf.objects:
        if not isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            continue
        _drop(one, _KEYS)
        if one.get("/Subtype") == "/Image" and isinstance(one, pikepdf.Stream):
            _clean_photo(one)
    for page in pdf.pages:
        for note in page.obj.get("/Annots", ()):
            if note.get("/Subtype") != "/Widget":
                _drop(note, _OF_NOTES)


def _drop(one: "Object", keys: tuple[str, ...]) -> None:
    for key in keys:
        if key in one:
            del one[key]


def _clean_photo(image: "Object") -> None:
    """Remove location and camera from a photo that the PDF embeds as JPEG or JPEG 2000."""
    import pikepdf

    filters = image.get("/Filter")
    names = [str(one) for one in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    clean = _CLEANING.get(names[-1])
    if clean is None:
        return
    raw = image.read_raw_bytes()
    if names[:-1] == ["/FlateDecode"]:
        raw = zlib.decompress(raw)
    elif len(names) > 1:
        raise ValueError(f"a photo has the filters {names}")
    parms = image.get("/DecodeParms")
    if len(names) > 1 or not isinstance(parms, pikepdf.Dictionary | pikepdf.Array):
        parms = None
    image.write(clean(raw), filter=pikepdf.Name(names[-1]), decode_parms=parms)


def jpeg_without_segments(photo: bytes) -> bytes:
    """Return the JPEG without comments and application segments; the image data is unchanged."""
    if not photo.startswith(b"\xff\xd8"):
        raise ValueError("not a JPEG")
    cleaned, position = bytearray(photo[:2]), 2
    while found := _JPEG_MARKER.search(photo, position):
        marker = photo[found.end()]
        if marker == _END:
            break
        end = found.end() + 1 + int.from_bytes(photo[found.end() + 1 : found.end() + 3])
        if marker == _SCAN:  # the image data ends at the next marker
            following = _JPEG_MARKER.search(photo, end)
            end = following.start() if following else len(photo)
        if marker != _COMMENT and (marker in _JPEG_KEPT or not 0xE0 <= marker <= 0xEF):
            cleaned += photo[found.start() : end]
        position = end
    return bytes(cleaned) + b"\xff\xd9"


def jp2_without_boxes(photo: bytes) -> bytes:
    """Return the JPEG 2000 image without its metadata boxes."""
    if not photo.startswith(_JP2_BEGINS):  # a code stream without boxes
        return photo
    cleaned, position = bytearray(), 0
    while position < len(photo):
        size = int.from_bytes(photo[position : position + 4])
        kind = photo[position + 4 : position + 8]
        if size == 1:
            size = int.from_bytes(photo[position + 8 : position + 16])
        end = position + max(size, 8) if size else len(photo)
        if kind not in _JP2_DROPPED:
            cleaned += photo[position:end]
        position = end
    return bytes(cleaned)


_CLEANING = {"/DCTDecode": jpeg_without_segments, "/JPXDecode": jp2_without_boxes}
