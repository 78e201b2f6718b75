"""What is being made lies in one folder, and what a killed process left there is known as such.

Each maker has a folder of its own below `.unfinished`, locked while the maker lives: a lock of the
system's ends with its process, however it dies. So nobody removes what another still needs.
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
    """A folder for what is being made; whoever makes it removes it with close() or `with`."""

    def __init__(self, path: Path, handle: int) -> None:
        self.path = path
        self._handle = handle

    @classmethod
    def below(cls, folder: Path, name: str | None = None) -> Self:
        """A new one in `folder`, which is made where it isn't there."""
        parent = folder / FOLDER
        while True:
            parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                with _locked(parent):  # nobody looks between its making and its locking
                    path = parent / (name or secrets.token_hex(8))
                    path.mkdir(mode=0o700)
                    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
                    fcntl.flock(handle, fcntl.LOCK_EX)
            except FileNotFoundError:  # another one's close() removed the empty parent meanwhile
                continue
            return cls(path, handle)

    @classmethod
    def beside(cls, target: Path, data_dir: Path) -> Self:
        """One from which a rename leads to `target`: in `data_dir` where both share a disk.

        Elsewhere, and where `data_dir` isn't there yet, it lies in the target's folder; what a
        killed maker left there is removed first, since nothing else looks there.
        """
        folder = target.absolute().parent
        folder.mkdir(parents=True, exist_ok=True)
        if data_dir.exists() and folder.stat().st_dev == data_dir.stat().st_dev:
            return cls.below(data_dir)
        for dead in left_behind(folder):
            dead.close()
        return cls.below(folder)

    def close(self) -> None:
        """Remove it with all that is left in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._handle)
        with suppress(OSError):  # others are at work
            self.path.parent.rmdir()

    def leave(self) -> None:
        """Let it lie, for the next look at what was left behind."""
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
    """What lies in `folder` and whose maker is dead, locked for whoever asks."""
    parent = folder / FOLDER
    if not parent.is_dir():
        return []
    with _locked(parent):
        taken = [(path, _take(path)) for path in sorted(parent.iterdir()) if path.is_dir()]
    return [Scratch(path, handle) for path, handle in taken if handle is not None]


def _take(path: Path) -> int | None:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:  # another user's
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:  # its maker lives
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
