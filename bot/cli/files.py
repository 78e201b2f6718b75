"""Files that commands write."""

import os
from pathlib import Path

from bot.cli.failure import Failure


def check_writable(file: Path) -> None:
    """Refuse, before anything is done, what can't be written afterwards."""
    folder = file.absolute().parent
    if not folder.is_dir():
        raise Failure(f"There is no folder {folder}.")
    if not os.access(file if file.exists() else folder, os.W_OK):
        raise Failure(f"{file} can't be written; choose another folder.")
