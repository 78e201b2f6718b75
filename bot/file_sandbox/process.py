"""Runs a child process that opens one file, and kills it when it takes too long."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from typing import Any, Literal

from bot.file_sandbox.limits import SECONDS

Task = Literal["evidence", "workbook"]
SECONDS_AT_MOST = SECONDS + 20  # of real time; on a busy machine the child waits for the processor
# The child needs these to start. It gets no settings, so no token either.
_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "PYTHONPATH", "TMPDIR", "SYSTEMROOT", "TEMP")


class ChildFailed(Exception):  # noqa: N818 - not an error of the bot
    """The child ended without a result: by its limits, by the system, or by a crash."""


@dataclass(frozen=True, slots=True)
class ChildOutput:
    """The child's output: JSON fields, and the cleaned content."""

    fields: dict[str, Any]
    content: bytes


async def run_in_child(task: Task, content: bytes | bytearray) -> ChildOutput:
    """Run `task` on a file's content in a child process; raise ChildFailed if the child fails."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-B", "-m", "bot.file_sandbox", task,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
    )  # fmt: skip
    try:
        async with asyncio.timeout(SECONDS_AT_MOST):
            answer, _ = await child.communicate(content)
    except TimeoutError:
        raise ChildFailed(f"not done after {SECONDS_AT_MOST} seconds") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        raise ChildFailed(f"ended with {child.returncode}")
    # The content follows the line of JSON as raw bytes, to avoid encoding megabytes.
    head, _, made = answer.partition(b"\n")
    return ChildOutput(json.loads(head), made)
