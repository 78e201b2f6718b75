"""One bot for one SQLite file: a file lock that the system releases when the process ends."""

from pathlib import Path

from filelock import FileLock, Timeout

from storage.errors import AlreadyRunning


class ProcessLock:
    """A lock on a file next to the database; the bot holds it while it runs."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}.lock")
        # A soft lock would outlive a killed process. Any thread may release what another took.
        self._lock = FileLock(self._path, mode=0o600, thread_local=False, fallback_to_soft=False)

    def take(self) -> None:
        """Take the lock; raise AlreadyRunning if another process has it."""
        try:
            self._lock.acquire(blocking=False)
        except Timeout as taken:
            raise AlreadyRunning(str(self._path)) from taken

    def release(self) -> None:
        """Release the lock. The file stays, because another process may be taking the lock now."""
        self._lock.release()
