"""Checks of folders and files before the program writes to them."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from bot.language import gettext as _
from storage.private_files import PERMISSIONS


def why_not_usable(data_dir: Path, evidence: str) -> str | None:
    """Return a sentence if DATA_DIR can't be used; None if it can.

    The program moves files within it by renames, so all of it must be on one disk.
    """
    folder = data_dir / evidence
    if folder.exists() and folder.stat().st_dev != data_dir.stat().st_dev:
        return _(
            "{folder} is on another disk than {data_dir}; move all of DATA_DIR to that disk",
            folder=folder,
            data_dir=data_dir,
        )
    return why_not_writable(data_dir)


def why_not_writable(folder: Path) -> str | None:
    """Return a sentence if the folder can't be written; None if it can.

    For a missing folder it checks the nearest existing parent.
    """
    there = folder.absolute()
    while not there.exists():
        there = there.parent
    if not there.is_dir():
        return _("{there} is a file, and a folder is wanted there", there=there)
    if not os.access(there, os.W_OK | os.X_OK):
        return _(
            "{there} can't be written by the user who runs this; look at its owner and rights",
            there=there,
        )
    return None


def free_bytes(folder: Path) -> int:
    """Return the free bytes on the disk of the folder, which may not exist yet."""
    while not folder.exists():
        folder = folder.absolute().parent
    return shutil.disk_usage(folder).free


def why_not_as_root(folder: Path) -> str | None:
    """Return a sentence if root runs this and the folder belongs to another user; else None.

    That user couldn't use the files that root creates there.
    """
    # Access by root is always allowed, so ownership is what matters here.
    there = folder.absolute()
    while not there.exists():
        there = there.parent
    owner = there.stat().st_uid
    if not _is_root() or owner == 0:
        return None
    return _(
        "{there} belongs to {owner}; run this as that user, not as root",
        there=there,
        owner=_owner_of(there),
    )


def why_files_not_writable(files: Iterable[Path]) -> str | None:
    """Return a sentence for the first file that its folder's user can't write; else None."""
    for file in files:
        if not file.exists():
            continue
        owner, wanted = file.stat().st_uid, file.parent.stat().st_uid
        if not os.access(file, os.W_OK) or (owner == 0 and wanted != 0):
            return _(
                "{file} can't be written by the user who runs this; it belongs to {owner}, its "
                "folder to {wanted}",
                file=file,
                owner=_owner_of(file),
                wanted=_owner_of(file.parent),
            )
    return None


def _is_root() -> bool:
    return PERMISSIONS and os.geteuid() == 0


def _owner_of(path: Path) -> str:
    try:
        return path.owner()
    except (KeyError, NotImplementedError):  # a user without a name; Windows
        return _("user {user}", user=path.stat().st_uid)
