"""The installation's secret key: a file in DATA_DIR, never in the database nor in a backup.

The keys for keyed hashes of short codes and for signed URLs are derived from it.
"""

import hmac
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from storage.errors import StorageError
from storage.private_files import PERMISSIONS, give_to_owner_of_folder

FILE = "secret.key"
_BYTES = 32
_WRITTEN = re.compile(rf"[0-9a-f]{{{2 * _BYTES}}}\n?")


class DamagedKey(StorageError):  # noqa: N818
    """The file secret.key in DATA_DIR is damaged; bring it back from a copy, or delete it."""


def derived_key(data_dir: Path, purpose: str) -> bytes:
    """Return the key for a purpose; make the installation's key if there is none yet."""
    made = _read(data_dir) or _make(data_dir)
    return hmac.digest(made, purpose.encode(), "sha256")


def existing_key(data_dir: Path, purpose: str) -> bytes | None:
    """Return the key for a purpose; None if the installation has no key yet. It makes none."""
    kept = _read(data_dir)
    return hmac.digest(kept, purpose.encode(), "sha256") if kept is not None else None


def _read(data_dir: Path) -> bytes | None:
    try:
        text = (data_dir / FILE).read_text("ascii")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise DamagedKey from None
    if not _WRITTEN.fullmatch(text):
        raise DamagedKey
    return bytes.fromhex(text)


def _make(data_dir: Path) -> bytes:
    """Make a new key and return it; several processes at the same time all get the first one's."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    whole = data_dir / f".{FILE}.{secrets.token_hex(8)}"
    handle = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(f"{secrets.token_hex(_BYTES)}\n")
            file.flush()
            give_to_owner_of_folder(file.fileno(), data_dir)
            os.fsync(file.fileno())  # a key lost in a power cut would make printed codes useless
        with suppress(FileExistsError):  # another process was first: nothing is overwritten
            os.link(whole, data_dir / FILE)
    finally:
        whole.unlink()
    _sync_folder(data_dir)
    made = _read(data_dir)
    if made is None:
        raise DamagedKey
    return made


def _sync_folder(folder: Path) -> None:
    if not PERMISSIONS:  # Windows cannot open folders
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
