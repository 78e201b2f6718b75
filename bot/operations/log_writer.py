"""Writes the log from its own thread, so that a slow or closed reader can't block the program.

Without it a full pipe would block the event loop. A closed pipe would leave text in Python's
buffer, and a clean stop would end with exit code 120.
"""

import logging
import os
import threading
import time
from collections import deque

MOST = 10_000  # waiting lines; further ones are dropped and counted
SECONDS_AT_THE_END = 2.0
SECONDS_TO_TRY_AGAIN = 0.05  # when another process has set the pipe to non-blocking


class LogWriter(logging.Handler):
    """A logging handler over a file descriptor."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._waiting: deque[bytes] = deque()
        self._dropped = 0
        self._closed = False  # whether the reader has closed the pipe
        self._changed = threading.Condition()
        # A daemon thread, because a blocked write must not keep the process from ending.
        threading.Thread(target=self._serve, name="log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """Queue the line, without waiting."""
        try:
            line = self.format(record)
        except Exception as error:  # noqa: BLE001 - logging must not stop the program
            line = f"a line of {record.name} can't be written ({type(error).__name__})"
        with self._changed:
            if self._closed:
                return
            if len(self._waiting) >= MOST:
                self._dropped += 1
                return
            if self._dropped:
                self._waiting.append(f"{self._dropped} lines are left out here\n".encode())
                self._dropped = 0
            self._waiting.append(line.encode(errors="replace") + b"\n")
            self._changed.notify_all()

    def flush(self) -> None:
        """Wait a little until the queued lines are written; called at the program's end."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting or self._closed, SECONDS_AT_THE_END)

    def _serve(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
                line = self._waiting[0]
            written = self._write(line)
            with self._changed:
                self._waiting.popleft()
                if not written:
                    self._waiting.clear()
                    self._closed = True
                self._changed.notify_all()
            if not written:
                return

    def _write(self, line: bytes) -> bool:
        """Write the line; return False if the reader has closed the pipe."""
        while line:
            try:
                line = line[os.write(self._descriptor, line) :]
            except BlockingIOError:
                time.sleep(SECONDS_TO_TRY_AGAIN)
            except OSError:
                return False
        return True
