"""Folders that the program writes into, looked at before it does."""

import os
from pathlib import Path


def why_not_usable(data_dir: Path, evidence: str) -> str | None:
    """Why DATA_DIR can't be used, in one sentence; None when it can.

    Files come to their place by a rename, so what is in it must be on one disk.
    """
    folder = data_dir / evidence
    if folder.exists() and folder.stat().st_dev != data_dir.stat().st_dev:
        return f"{folder} is on another disk than {data_dir}; move all of DATA_DIR to that disk"
    return why_not_writable(data_dir)


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
