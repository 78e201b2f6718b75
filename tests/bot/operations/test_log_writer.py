"""The thread of the log: the program never waits for a reader."""

import contextlib
import logging
import os
import threading
import time

import pytest

from bot.operations import log_writer
from bot.operations.log_writer import LogWriter


@pytest.fixture
def pipe():
    ends = os.pipe()
    yield ends
    for end in ends:
        with contextlib.suppress(OSError):
            os.close(end)


def logger_over(descriptor):
    writer = LogWriter(descriptor)
    logger = logging.getLogger(f"of {descriptor}")
    logger.propagate = False
    logger.handlers[:] = []
    logger.addHandler(writer)
    return logger, writer


def test_log_lines_are_written_in_order(pipe):
    reading, writing = pipe
    logger, writer = logger_over(writing)
    for number in range(100):
        logger.warning("dòng %d", number)
    writer.flush()
    assert os.read(reading, 100_000).decode().split("\n")[:-1] == [f"dòng {n}" for n in range(100)]


def test_a_full_pipe_blocks_nothing_and_dropped_lines_are_counted(pipe, monkeypatch):
    monkeypatch.setattr(log_writer, "MOST", 50)
    monkeypatch.setattr(log_writer, "SECONDS_AT_THE_END", 0.05)
    reading, writing = pipe
    logger, writer = logger_over(writing)
    began = time.monotonic()
    for _ in range(500):
        logger.warning("x" * 1000)
    writer.flush()
    assert time.monotonic() - began < 5
    found = bytearray()

    def read():
        while b"last" not in found:
            found.extend(os.read(reading, 100_000))

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    monkeypatch.setattr(log_writer, "SECONDS_AT_THE_END", 5)
    writer.flush()
    logger.warning("last")
    thread.join(5)
    lines = found.decode().splitlines()
    left_out = sum(int(line.split()[0]) for line in lines if "left out" in line)
    kept = sum(line.startswith("xxx") for line in lines)
    assert left_out > 0
    assert kept + left_out == 500
    assert lines[-1] == "last"


def test_nothing_more_is_written_to_a_closed_pipe(pipe):
    reading, writing = pipe
    logger, writer = logger_over(writing)
    os.close(reading)
    for _ in range(10):
        logger.warning("x")
        writer.flush()
    assert writer._closed
