"""The pictures and documents of signed URLs: copies in DATA_DIR for some minutes.

A copy contains what its reader was allowed to see when the address was made. The copy has a random
name; a label file next to it contains the real file name, which the address never shows.
"""

import asyncio
import errno
import os
import secrets
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from bot.service.clock import Clock
from bot.signed_urls.signing import NAME_BYTES, read_token, token_of
from storage.secret_key import derived_key

FOLDER = "addressed"
PATH = "/f/"
VALID_FOR = timedelta(
    minutes=15
)  # enough for previews and for a person who opens it a little later
_PURPOSE = "signed addresses"  # of the derived key
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True, slots=True)
class SignedUrl:
    """A public address, and the time until which it can be read, any number of times."""

    url: str
    until: datetime


@dataclass(frozen=True, slots=True)
class NoAddress:
    """The reason for no address: no PUBLIC_URL, or a full disk."""

    why: Literal["no_public_url", "no_room"]


class _Label(BaseModel):
    """The content of the label file next to a copy."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[1] = 1
    file_name: str
    until: AwareDatetime


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that can be read now."""

    path: Path
    file_name: str


class TemporaryFiles:
    """Makes signed URLs and finds their copies."""

    def __init__(self, public_url: str | None, data_dir: Path, clock: Clock) -> None:
        self._public_url = public_url
        self._folder = data_dir / FOLDER
        self._data_dir = data_dir
        self._clock = clock
        self._cached_key: bytes | None = None

    @property
    def is_public(self) -> bool:
        """Whether the installation has a public address."""
        return self._public_url is not None

    async def put(self, content: bytes | Path, file_name: str) -> SignedUrl | NoAddress:
        """Copy a picture or document and return its address; anybody with the address can read it.

        The caller has checked that the person may see it. For a file of evidence pass its path.
        """
        if self._public_url is None:
            return NoAddress("no_public_url")
        try:
            name, until = await asyncio.to_thread(self._put, content, file_name)
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            return NoAddress("no_room")
        return SignedUrl(f"{self._public_url}{PATH}{token_of(self._key, name, until)}", until)

    def find(self, token: str) -> Copy | None:
        """Return the copy of a token; None if it is forged or expired, or the copy is deleted."""
        name = read_token(self._key, token, self._clock.now())
        if not isinstance(name, bytes):
            return None
        copy = self._folder / name.hex()
        label = _label_of(copy)
        return Copy(copy, label.file_name) if label is not None and copy.is_file() else None

    @property
    def _key(self) -> bytes:
        if self._cached_key is None:
            self._cached_key = derived_key(self._data_dir, _PURPOSE)
        return self._cached_key

    def _put(self, content: bytes | Path, file_name: str) -> tuple[bytes, datetime]:
        now = self._clock.now()
        sweep(self._data_dir, now)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name, until = secrets.token_bytes(NAME_BYTES), now.replace(microsecond=0) + VALID_FOR
        copy = self._folder / name.hex()
        # The label first, because sweep() never deletes a copy without a label.
        label = _Label(file_name=file_name, until=until).model_dump_json()
        _write(_label_file(copy), label.encode())
        if isinstance(content, bytes):
            _write(copy, content)
        else:
            _link(content, copy)
        return name, until


def sweep(data_dir: Path, now: datetime) -> None:
    """Delete the copies whose addresses have expired."""
    folder = data_dir / FOLDER
    if not folder.is_dir():
        return
    for file in folder.glob("*.json"):
        copy = file.with_suffix("")
        label = _label_of(copy)
        if label is None or label.until <= now or label.until > now + VALID_FOR:
            copy.unlink(missing_ok=True)
            file.unlink(missing_ok=True)


def _label_file(copy: Path) -> Path:
    return copy.with_suffix(".json")


def _label_of(copy: Path) -> _Label | None:
    try:
        return _Label.model_validate_json(_label_file(copy).read_bytes())
    except (FileNotFoundError, ValidationError):  # swept, or incomplete after a killed process
        return None


def _write(file: Path, content: bytes) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)


def _link(source: Path, copy: Path) -> None:
    """Link the file under a second name; copy it if the disk can't link."""
    try:
        os.link(source, copy)
    except OSError as error:
        if error.errno not in {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP}:
            raise
        shutil.copyfile(source, copy)
        copy.chmod(0o600)
