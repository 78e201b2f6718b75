"""Files as Telegram stores them: stable ids, a path for downloading, sizes of pictures."""

import hashlib
import struct
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from bot.simulator.refusal import bad_request

MAX_DOWNLOAD = 20 * 1024 * 1024
MAX_PHOTO = 10 * 1024 * 1024
MAX_UPLOAD = 50 * 1024 * 1024
_SIDES = (90, 320, 800, 1280)
_PREFIX = {"photo": "AgAC", "document": "BQAC", "voice": "AwAC", "sticker": "CAAC", "video": "BAAC"}
_FOLDER = {
    "photo": ("photos", "jpg"),
    "document": ("documents", "bin"),
    "voice": ("voice", "oga"),
    "sticker": ("stickers", "webp"),
    "video": ("videos", "mp4"),
}


@dataclass(frozen=True, slots=True)
class SimulatedFile:
    """A stored file; one of `media_type` and `name` may be unknown."""

    file_id: str
    unique_id: str
    kind: str
    path: str
    content: bytes
    name: str | None = None
    media_type: str | None = None

    def described(self) -> dict[str, Any]:
        """Return the fields that every kind of file has in the Bot API."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
        }


class FileStore:
    """Stores files up to a total size; it deletes the oldest first."""

    def __init__(self, keep_bytes: int) -> None:
        self._keep = keep_bytes
        self._files: OrderedDict[str, SimulatedFile] = OrderedDict()
        self._by_path: dict[str, str] = {}
        self._bytes = 0

    def add(
        self,
        kind: str,
        content: bytes,
        name: str | None = None,
        media_type: str | None = None,
        variant: str = "x",
    ) -> SimulatedFile:
        """Store the content; the same content and kind get the same ids again."""
        digest = hashlib.sha256(f"{kind}/{variant}/{name}/".encode() + content).hexdigest()
        file_id = f"{_PREFIX[kind]}AgUAAxk{digest[:48]}"
        if file_id in self._files:
            self._files.move_to_end(file_id)
            return self._files[file_id]
        folder, ending = _FOLDER[kind]
        if kind == "document" and name and "." in name:
            ending = name.rsplit(".", 1)[1]
        path = f"{folder}/file_{len(self._by_path)}.{ending}"
        file = SimulatedFile(
            file_id, f"AQAD{digest[48:60]}{variant}", kind, path, content, name, media_type
        )
        self._files[file_id] = file
        self._by_path[path] = file_id
        self._bytes += len(content)
        self._delete_oldest()
        return file

    def _delete_oldest(self) -> None:
        while self._bytes > self._keep and len(self._files) > 1:
            _, file = self._files.popitem(last=False)
            self._bytes -= len(file.content)

    def find(self, file_id: str) -> SimulatedFile | None:
        """Return the file with this id; None without one."""
        return self._files.get(file_id)

    def at(self, path: str) -> SimulatedFile | None:
        """Return the file with this path for downloading; None without one."""
        return self._files.get(self._by_path.get(path, ""))

    def photo_sizes(self, content: bytes) -> list[dict[str, Any]]:
        """Return the PhotoSize objects of a picture, small ones first; all have the same bytes."""
        width, height = check_photo(content)
        sides = [side for side in _SIDES if side < max(width, height)] + [max(width, height)]
        sizes = []
        for place, side in enumerate(side for side in sides if side <= _SIDES[-1]):
            scale = min(side / max(width, height), 1)
            file = self.add("photo", content, None, "image/jpeg", variant="smxyw"[place])
            sizes.append(
                {
                    **file.described(),
                    "width": max(round(width * scale), 1),
                    "height": max(round(height * scale), 1),
                }
            )
        return sizes


def check_photo(content: bytes) -> tuple[int, int]:
    """Return width and height; refuse what Telegram doesn't accept as a photo."""
    if len(content) > MAX_PHOTO:
        raise bad_request(
            f"file of size {len(content)} bytes is too big for a photo; "
            f"the maximum size is {MAX_PHOTO} bytes"
        )
    measured = measure_image(content)
    if measured is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = measured
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height


def measure_image(content: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG or JPEG file (of a WebP file 512); None for other files."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return (width, height) if width and height else None
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return 512, 512
    if content.startswith(b"\xff\xd8"):
        return _measure_jpeg(content)
    return None


def _measure_jpeg(content: bytes) -> tuple[int, int] | None:
    place = 2
    while place + 9 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return (width, height) if width and height else None
        place += 2 + int(struct.unpack(">H", content[place + 2 : place + 4])[0])
    return None
