"""Which kinds of files are accepted as evidence, judged by their content, and how each is cleaned.

Only listed kinds are allowed, because a list of forbidden kinds is never complete.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Literal

from bot.file_sandbox.process import Opened

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
_PDF_WITHIN = 1024  # bytes: some programs write other data before the header


@dataclass(frozen=True, slots=True)
class Clean:
    """A file that can be kept. `ending` is the suffix for its name, with the dot."""

    content: bytes
    media_type: str
    ending: str

    def message(self) -> tuple[dict[str, Any], bytes]:
        """The child's answer: JSON fields and content."""
        return {"media_type": self.media_type, "ending": self.ending}, self.content

    @staticmethod
    def of(answer: Opened) -> "Clean | Why":
        """The clean file from the child's answer, or why there is none."""
        says = answer.says
        if "why" in says:
            why: Why = says["why"]
            return why
        return Clean(answer.content, says["media_type"], says["ending"])


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that isn't kept; `reason` is for the log."""

    why: Why
    reason: str

    def message(self) -> tuple[dict[str, Any], bytes]:
        """The child's answer: JSON fields without content."""
        return {"why": self.why, "reason": self.reason}, b""


def cleaned(content: bytes) -> Clean | Refused:
    """The file without its metadata, or why it is refused; a MemoryError is passed on."""
    kind = kind_of(content)
    clean = _CLEANING.get(kind)
    if clean is None:
        return Refused("unclean" if kind == "other picture" else "unwanted", kind)
    try:
        made = clean(content)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a file can be broken in a thousand ways
        return Refused("unclean" if kind == "picture" else "unopened", type(error).__name__)
    return made or Refused("unwanted", kind)


def kind_of(content: bytes | bytearray) -> Kind:
    """The kind of a file, by its first bytes."""
    brand = content[8:12] if content[4:8] == b"ftyp" else b""
    if content.startswith(_PICTURES) or content[8:12] == b"WEBP" or brand in _HEIC:
        return "picture"
    if content.startswith(_OTHER_PICTURES) or brand in _AVIF:
        return "other picture"
    # Pictures first: a picture file may contain the letters of a PDF header.
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return "pdf"
    return "zip" if content.startswith(b"PK\x03\x04") else "other"


def is_picture(content: bytes | bytearray) -> bool:
    """Whether it looks like a picture, of an accepted kind or not."""
    return kind_of(content) in {"picture", "other picture"}


def renamed(name: str | None, ending: str) -> str | None:
    """The name of a cleaned file: its ending changes when a photo was converted to JPEG."""
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
