"""The kinds of files that are accepted as evidence, by their content, and how each is cleaned.

It is a list of allowed kinds, because a list of forbidden kinds is never complete.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Literal

from bot.file_sandbox.process import ChildOutput

Why = Literal["unclean", "unopened", "unwanted"]
Kind = Literal["picture", "other picture", "pdf", "zip", "other"]
_MEDIA = {
    "JPEG": ("image/jpeg", ".jpg"),
    "PNG": ("image/png", ".png"),
    "WEBP": ("image/webp", ".webp"),
}
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_OTHER_PICTURES = (
    b"GIF8", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+", b"IIU\x00", b"8BPS", b"BM",
    b"\xff\x0a", b"\x00\x00\x00\x0cJXL ", b"\x00\x00\x00\x0cjP  ", b"FUJIFILM",
)  # fmt: skip
_AVIF = frozenset({b"avif", b"avis"})
_ALSO_JPEG = frozenset({".jpeg", ".jpe", ".jfif"})
_HEIC_NAMES = frozenset({".heic", ".heif", ".hif"})
_PDF_WITHIN = 1024  # bytes, because some programs write other data before the header


@dataclass(frozen=True, slots=True)
class Clean:
    """A file that can be stored. `ending` is the suffix for its name, with the dot."""

    content: bytes
    media_type: str
    ending: str

    def message(self) -> tuple[dict[str, Any], bytes]:
        """Return the child's output: JSON fields and content."""
        return {"media_type": self.media_type, "ending": self.ending}, self.content

    @staticmethod
    def of(answer: ChildOutput) -> "Clean | Why":
        """Return the clean file in the child's output, or why the file is refused."""
        fields = answer.fields
        if "why" in fields:
            why: Why = fields["why"]
            return why
        return Clean(answer.content, fields["media_type"], fields["ending"])


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A refused file; `reason` is for the log."""

    why: Why
    reason: str

    def message(self) -> tuple[dict[str, Any], bytes]:
        """Return the child's output: JSON fields without content."""
        return {"why": self.why, "reason": self.reason}, b""


def cleaned(content: bytes) -> Clean | RefusedFile:
    """Return the file without its metadata, or why it is refused; pass on a MemoryError."""
    kind = kind_of(content)
    clean = _CLEANING.get(kind)
    if clean is None:
        return RefusedFile("unclean" if kind == "other picture" else "unwanted", kind)
    try:
        made = clean(content)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the libraries raise many errors for broken files
        return RefusedFile("unclean" if kind == "picture" else "unopened", type(error).__name__)
    return made or RefusedFile("unwanted", kind)


def kind_of(content: bytes | bytearray) -> Kind:
    """Return the kind of a file, by its first bytes."""
    brand = content[8:12] if content[4:8] == b"ftyp" else b""
    if content.startswith(_PICTURES) or content[8:12] == b"WEBP" or brand in _HEIC:
        return "picture"
    if content.startswith(_OTHER_PICTURES) or brand in _AVIF:
        return "other picture"
    # Pictures come first, because a picture may contain the letters of a PDF header.
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return "pdf"
    return "zip" if content.startswith(b"PK\x03\x04") else "other"


def is_picture(content: bytes | bytearray) -> bool:
    """Return whether a file looks like a picture, of an accepted kind or not."""
    return kind_of(content) in {"picture", "other picture"}


def renamed(name: str | None, ending: str) -> str | None:
    """Return the name of a cleaned file; its suffix changes if a photo was converted to JPEG."""
    if name is None:
        return None
    suffix = PurePath(name).suffix
    if suffix.lower() == ending or (ending == ".jpg" and suffix.lower() in _ALSO_JPEG):
        return name
    return f"{name.removesuffix(suffix) if suffix.lower() in _HEIC_NAMES else name}{ending}"


def _picture(content: bytes) -> Clean:
    from bot.file_sandbox.pictures import reencoded

    made, form = reencoded(content)
    return Clean(made, *_MEDIA[form])


def _pdf(content: bytes) -> Clean:
    from bot.file_sandbox.pdf import without_metadata

    return Clean(without_metadata(content), "application/pdf", ".pdf")


def _office(content: bytes) -> Clean | None:
    from bot.file_sandbox.office import office_kind, without_metadata

    kind = office_kind(content)
    return Clean(without_metadata(content), *kind) if kind is not None else None


_CLEANING: dict[Kind, Callable[[bytes], Clean | None]] = {
    "picture": _picture,
    "pdf": _pdf,
    "zip": _office,
}
