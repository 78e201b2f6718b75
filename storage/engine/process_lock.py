"""One bot for one SQLite file: a file lock that the system releases when the process ends."""

import fcntl
from pathlib import Path
from typing import IO

from storage.errors import AlreadyRunning


class ProcessLock:
    """An flock on a file beside the database, held while the bot runs."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}.lock")
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Take the lock; AlreadyRunning when another process has it."""
        file = self._path.open("a", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            file.close()
            raise AlreadyRunning(str(self._path)) from taken
        self._file = file

    def release(self) -> None:
        """Release the lock. The file stays: another process may be taking the lock just now."""
        if self._file is not None:
            self._file.close()
            self._file = None
