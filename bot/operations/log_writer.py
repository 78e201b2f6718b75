"""Writes the log from a thread of its own: who reads it slowly, or no more, holds nobody up.

A full pipe would stop the event loop at the next line, and a closed one leaves text in Python's
buffer, which makes a clean stop exit 120.
"""

import logging
import os
import threading
import time
from collections import deque

MOST = 10_000  # lines that wait; further ones are left out, and how many is written
SECONDS_AT_THE_END = 2.0
SECONDS_TO_TRY_AGAIN = 0.05  # with a pipe that somebody set to non-blocking


class LogWriter(logging.Handler):
    """A logging handler over a file descriptor."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._waiting: deque[bytes] = deque()
        self._left_out = 0
        self._closed = False  # nobody reads any more
        self._changed = threading.Condition()
        threading.Thread(target=self._serve, name="log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """Have the line written; never waits."""
        try:
            line = self.format(record)
        except Exception as error:  # noqa: BLE001 - a line must not stop what it tells of
            line = f"a line of {record.name} can't be written ({type(error).__name__})"
        with self._changed:
            if self._closed:
                return
            if len(self._waiting) >= MOST:
                self._left_out += 1
                return
            if self._left_out:
                self._waiting.append(f"{self._left_out} lines are left out here\n".encode())
                self._left_out = 0
            self._waiting.append(line.encode(errors="replace") + b"\n")
            self._changed.notify_all()

    def flush(self) -> None:
        """Wait a little until what waits is written; called at the program's end."""
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
        """Whether somebody takes it."""
        while line:
            try:
                line = line[os.write(self._descriptor, line) :]
            except BlockingIOError:
                time.sleep(SECONDS_TO_TRY_AGAIN)
            except OSError:
                return False
        return True
