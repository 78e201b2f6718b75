"""The real program in its own process: its start time and its memory."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
POLL = 0.005


@asynccontextmanager
async def running(
    database: Path, address: str, token: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, float]]:
    """`python -m bot run` on a database, and the seconds until its log says that it runs."""
    log = database.with_suffix(".log")
    log.unlink(missing_ok=True)
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "TELEGRAM_BOT_TOKEN": token,
        "TELEGRAM_API_URL": address,
        "DATABASE_URL": f"sqlite+aiosqlite:///{database}",
        "DATA_DIR": str(database.parent / "data"),
    }
    began = time.perf_counter()
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            cwd=database.parent, env=environment, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        while "running" not in (said := log.read_text()):
            if process.returncode is not None or time.perf_counter() - began > PATIENCE:
                raise RuntimeError(said)
            await asyncio.sleep(POLL)
        yield process, time.perf_counter() - began
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


def memory(pid: int) -> float:
    """The process's resident memory, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(pid)
