"""Scratch folders for files that are being written, and cleaning up after a killed process.

Each has its own folder below `.unfinished`, locked while its process runs. The system releases the
lock when the process ends, so an unlocked folder is abandoned and can be removed.
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

FOLDER = ".unfinished"


class Scratch:
    """A locked folder for files that are being written; close() or `with` removes it."""

    def __init__(self, path: Path, handle: int) -> None:
        self.path = path
        self._handle = handle

    @classmethod
    def below(cls, folder: Path, name: str | None = None) -> Self:
        """Create a scratch folder in `folder`, which is created too if it is missing."""
        parent = folder / FOLDER
        while True:
            parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                with _locked(parent):  # else left_behind() may find the new folder before its lock
                    path = parent / (name or secrets.token_hex(8))
                    path.mkdir(mode=0o700)
                    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
                    fcntl.flock(handle, fcntl.LOCK_EX)
            except FileNotFoundError:  # another close() has just removed the empty parent
                continue
            return cls(path, handle)

    @classmethod
    def beside(cls, target: Path, data_dir: Path) -> Self:
        """Create one on the same disk as `target`, so that a rename can move a file there.

        It is in `data_dir` when that is on the same disk, else in the target's folder. There the
        abandoned folders are removed first, since no regular clean-up looks there.
        """
        folder = target.absolute().parent
        folder.mkdir(parents=True, exist_ok=True)
        if data_dir.exists() and folder.stat().st_dev == data_dir.stat().st_dev:
            return cls.below(data_dir)
        for dead in left_behind(folder):
            dead.close()
        return cls.below(folder)

    def close(self) -> None:
        """Remove the folder with everything in it."""
        # Before the lock is released: nobody else may find the folder half removed.
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._handle)
        with suppress(OSError):  # not empty: other scratch folders exist
            self.path.parent.rmdir()

    def leave(self) -> None:
        """Release the lock but keep the folder; left_behind() will find it."""
        os.close(self._handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def left_behind(folder: Path) -> list[Scratch]:
    """The abandoned scratch folders in `folder`, now locked by the caller."""
    parent = folder / FOLDER
    if not parent.is_dir():
        return []
    with _locked(parent):
        taken = [(path, _try_lock(path)) for path in sorted(parent.iterdir()) if path.is_dir()]
    return [Scratch(path, handle) for path, handle in taken if handle is not None]


def _try_lock(path: Path) -> int | None:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:  # it belongs to another user
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:  # its process is still running
        os.close(handle)
        return None
    return handle


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
