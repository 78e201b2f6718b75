"""Scratch folders for files that are being written, and their removal after a killed process.

Each has its own folder below `.unfinished`, and next to it a file that is locked while its process
runs. The system releases the lock when the process ends, so a folder without a lock is abandoned.
"""

import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import BaseFileLock, FileLock

FOLDER = ".unfinished"


class Scratch:
    """A locked folder for files that are being written; close() or `with` removes it."""

    def __init__(self, path: Path, lock: BaseFileLock) -> None:
        self.path = path
        self._lock = lock

    @classmethod
    def below(cls, folder: Path, name: str | None = None) -> Self:
        """Create a scratch folder in `folder`, and `folder` too if it is missing.

        A given `name` must never have been used before.
        """
        parent = folder / FOLDER
        path = parent / (name or secrets.token_hex(8))
        while True:
            parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                # Before the folder exists, because left_behind() must not find it without its lock.
                lock = _lock_of(path)
                lock.acquire()
            except FileNotFoundError:  # another close() has just removed the empty parent
                continue
            path.mkdir(mode=0o700)
            return cls(path, lock)

    @classmethod
    def beside(cls, target: Path, data_dir: Path) -> Self:
        """Create one on the same disk as `target`, so that a rename can move a file there.

        It is in `data_dir` if that is on the same disk, else in the target's folder. There the
        abandoned folders are removed first, because no regular clean-up includes that folder.
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
        # Before the lock is released: no other process may find the folder half removed.
        shutil.rmtree(self.path, ignore_errors=True)
        self._remove_lock()
        with suppress(OSError):  # not empty: other scratch folders exist
            self.path.parent.rmdir()

    def leave(self) -> None:
        """Release the lock but keep the folder; left_behind() will find it."""
        self._lock.release()

    def _remove_lock(self) -> None:
        """Remove the lock's file while it is locked, so that nobody takes a lock on a removed file.

        Windows removes no open file, and a removed file cannot have been opened there.
        """
        file = Path(self._lock.lock_file)
        try:
            file.unlink(missing_ok=True)
        except PermissionError:
            self._lock.release()
            # another process tries the lock at this moment, and removes the file
            with suppress(OSError):
                file.unlink(missing_ok=True)
        else:
            self._lock.release()

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
    """Return the abandoned scratch folders in `folder`, now locked by the caller."""
    parent = folder / FOLDER
    if not parent.is_dir():
        return []
    # A kill may leave the lock's file alone, and an older version left folders without one.
    found = {_folder_of(entry) for entry in parent.iterdir()}
    return [one for path in sorted(found) if (one := _locked(path)) is not None]


def _locked(path: Path) -> Scratch | None:
    """Return the scratch folder, locked; None while its process is running."""
    lock = _lock_of(path)
    try:
        lock.acquire(blocking=False)
    except OSError:  # locked, or it belongs to another user
        return None
    return Scratch(path, lock)


def _lock_of(path: Path) -> BaseFileLock:
    """Return the lock of a scratch folder; a soft lock would outlive a killed process."""
    file = path.with_name(f".{path.name}.lock")
    return FileLock(file, mode=0o600, thread_local=False, fallback_to_soft=False)


def _folder_of(entry: Path) -> Path:
    """Return the scratch folder that this entry is, or to which this lock file belongs."""
    return entry.with_name(entry.name.removeprefix(".").removesuffix(".lock"))
