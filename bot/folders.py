"""Folders that the program writes into, looked at before it does."""

import os
import shutil
from pathlib import Path


def why_not_writable(folder: Path) -> str | None:
    """Why nothing could be written into the folder, in one sentence; None when it could be.

    One that isn't there yet is judged by where it would be made.
    """
    there = folder.absolute()
    while not there.exists():
        there = there.parent
    if not there.is_dir():
        return f"{there} is a file, and a folder is wanted there"
    if not os.access(there, os.W_OK | os.X_OK):
        return f"{there} can't be written by the user who runs this; look at its owner and rights"
    return None


def free_bytes(folder: Path) -> int:
    """Bytes that are free where the folder is, or will be."""
    while not folder.exists():
        folder = folder.absolute().parent
    return shutil.disk_usage(folder).free
