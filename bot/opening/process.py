"""Runs a child process that opens one file, and ends it when it takes too long."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from typing import Any, Literal

from bot.opening.limits import SECONDS

Task = Literal["evidence", "workbook"]
SECONDS_AT_MOST = SECONDS + 20  # of the wall clock: a busy machine is slow, too
# The child needs these to start; it gets no setting, so no token either.
_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "PYTHONPATH", "TMPDIR")


class NotOpened(Exception):  # noqa: N818 - what happened to the child, not a fault of the bot
    """The child ended without an answer: by its limits, by the system, or by a fault of its own."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the child says of the file, and the content that it made of it."""

    says: dict[str, Any]
    content: bytes


async def opened(task: Task, content: bytes | bytearray) -> Opened:
    """Have a child do `task` with a file's content; raises NotOpened when it ended over it."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-B", "-m", "bot.opening", task,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
    )  # fmt: skip
    try:
        async with asyncio.timeout(SECONDS_AT_MOST):
            answer, _ = await child.communicate(content)
    except TimeoutError:
        raise NotOpened(f"not done after {SECONDS_AT_MOST} seconds") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        raise NotOpened(f"ended with {child.returncode}")
    head, _, made = answer.partition(b"\n")
    return Opened(json.loads(head), made)
